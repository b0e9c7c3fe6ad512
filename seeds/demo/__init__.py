"""A made-up department to look at: nobody in it is real, everything in it was done by actions."""

from seeds.demo.department import LOGINS, DemoRefused, load_demo

__all__ = ["LOGINS", "DemoRefused", "load_demo"]
