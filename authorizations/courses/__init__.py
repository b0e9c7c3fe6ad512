"""Patients, their coverage, their courses and the calendar of treatments."""
