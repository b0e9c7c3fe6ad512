"""Whom to call: numbers, hours, portals and addresses of payers and of who decides for them."""
