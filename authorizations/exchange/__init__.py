"""Files in and out, as plain Python: parse and emit, nothing stored."""
