"""What changes the data: one verb, one transaction, one record."""
