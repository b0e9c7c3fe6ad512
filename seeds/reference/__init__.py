"""The published books: codes, limits, amounts, payers, policies, each with its source."""

from seeds.reference.loader import Loaded, SeedRefused, load_reference

__all__ = ["Loaded", "SeedRefused", "load_reference"]
