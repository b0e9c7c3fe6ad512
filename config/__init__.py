"""The installation, not the product."""
