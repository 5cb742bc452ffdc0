"""Reporting: a producer's own book by state and month, as charts, tables and CSV."""
