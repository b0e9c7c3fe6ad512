"""A private PostgreSQL for demo, development and tests: nothing to install, nothing left
running.
"""
