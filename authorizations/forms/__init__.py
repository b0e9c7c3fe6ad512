"""What people type: one form for each decision. A form cleans; it never saves."""
