"""Requests to payers: decisions, documents, contacts, units as a ledger, deadlines."""
