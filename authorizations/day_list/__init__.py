"""The list of the day: what waits for a person, in the order in which it should be done."""
