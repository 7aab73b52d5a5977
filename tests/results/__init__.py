"""Results: units, files, accounts and tables."""
