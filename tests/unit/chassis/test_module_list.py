"""The chassis' own table of contents names modules that exist."""

from __future__ import annotations

import re
from importlib.util import find_spec

import chassis


def test_every_module_that_the_chassis_names_exists() -> None:
    named = re.findall(r"``(\w+)``", str(chassis.__doc__))
    assert len(named) > 10
    assert [name for name in named if not find_spec(f"chassis.{name}")] == []
