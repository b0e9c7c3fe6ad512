"""Changing when and whether a course is treated: its first day, holds, its end."""
