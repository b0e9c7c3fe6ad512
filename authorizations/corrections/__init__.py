"""Putting right what was typed wrongly about patients, coverages, courses and requests."""
