"""The day at the machine: day sheet, corrections, image review, paper and reconciliation."""
