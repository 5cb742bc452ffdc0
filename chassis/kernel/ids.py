"""Identifiers of our own records."""

import uuid


def new_id() -> str:
    """A random 122-bit id as 36 characters; says nothing about time, order or person."""
    return str(uuid.uuid4())
