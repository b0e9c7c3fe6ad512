"""Mail, and what is due by the clock."""
