"""The list from which coders work: its groups, filters and assignment."""
