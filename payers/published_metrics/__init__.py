"""What payers publish about their own decisions, entered and shown."""
