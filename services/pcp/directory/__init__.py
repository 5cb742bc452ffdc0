"""Reads provider directories in the layout that every QHP issuer publishes (45 CFR 156.230(c))."""
