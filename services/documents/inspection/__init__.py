"""Inspection: reads files that strangers made, in a process of its own that may break without harm."""
