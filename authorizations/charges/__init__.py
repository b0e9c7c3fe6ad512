"""The coder's work: queue, moves, returns, disputes, overrides, evidence."""
