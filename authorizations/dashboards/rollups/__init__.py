"""Counts of figures stored by day and month, and the proof that they are what the rows say."""
