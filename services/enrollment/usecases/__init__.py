"""Use cases: one file each, each with its own transaction; what they need from outside is in ``ports``."""
