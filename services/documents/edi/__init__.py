"""Carrier profiles of the 834: files and their form."""
