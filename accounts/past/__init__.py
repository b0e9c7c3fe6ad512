"""Any page as it was known at a past moment."""
