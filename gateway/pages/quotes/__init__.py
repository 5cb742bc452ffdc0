"""Quotes: the household form, plans, review, sharing, and the way into enrollment (R8-R19)."""
