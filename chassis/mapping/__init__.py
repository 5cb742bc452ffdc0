"""Copies the fields of domain values and proto messages by their names, so that a converter holds its exceptions only.

A pair is declared once, at import, and is refused there when a field of either side has no partner of the same name
and is on no list: a forgotten field stops the service instead of being dropped without a word (docs/adr/0006).
"""

from __future__ import annotations

from chassis.mapping.from_proto import FromProto
from chassis.mapping.problems import Problems
from chassis.mapping.shapes import REST
from chassis.mapping.to_proto import ToProto, timestamp_to_proto

__all__ = ["REST", "FromProto", "Problems", "ToProto", "timestamp_to_proto"]
