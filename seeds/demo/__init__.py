"""A made-up department to look at: nobody in it is real, everything in it was done by actions."""

from seeds.demo.department import LOGINS, PASSWORD, load_demo

__all__ = ["LOGINS", "PASSWORD", "load_demo"]
