"""Guards and helpers of PostgreSQL that every app uses."""
