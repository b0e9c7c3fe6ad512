"""Triggers of the database beside the models: what is guarded and what is computed there."""
