"""What a line is worth by contract or published amount, and what law takes off it."""
