"""Domain: what is wrong with a policy or a file, and where. No value that a person typed is ever in it."""

from __future__ import annotations


class Unwritable(ValueError):
    """A policy that cannot be written as it is. Says the place or the code, never the value."""
