"""Texts of letters to payers, dated and cited."""
