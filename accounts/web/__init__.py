"""What every page and request of the site passes through."""
