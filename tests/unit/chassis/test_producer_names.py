"""Producers as their clients call them."""

from __future__ import annotations

import pytest

from chassis.kernel import put_first_name_first


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [
        ("FRITZ, CALVIN C", "CALVIN C FRITZ"),
        ("O'BRIEN-DIAZ, MARY JO, JR", "MARY JO O'BRIEN-DIAZ, JR"),
        ("SAMPLE AGENCY, INC.", "SAMPLE AGENCY, INC."),
        ("SAMPLE AGENCY LLC", "SAMPLE AGENCY LLC"),
        ("", ""),
    ],
)
def test_the_first_name_comes_first_and_an_agency_keeps_its_name(recorded: str, shown: str) -> None:
    assert put_first_name_first(recorded) == shown
