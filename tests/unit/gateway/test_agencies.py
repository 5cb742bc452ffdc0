"""The file of agencies: what a hierarchy may be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.identity.agencies import Agency, BadHierarchy, read_agencies
from gateway.user import DelegatedAction

GOOD = """
agencies:
  - name: Lakeside Benefits
    upline_actions: [quote, enroll]
    members:
      - {email: Top@example.com}
      - {email: middle@example.com, upline: top@example.com}
      - {email: low@example.com, upline: Middle@example.com}
"""


def read(tmp_path: Path, text: str) -> Sequence[Agency]:
    file = tmp_path / "agencies.yaml"
    file.write_text(text)
    return read_agencies(file)


def test_a_hierarchy_is_read_whatever_the_case_of_addresses(tmp_path: Path) -> None:
    [agency] = read(tmp_path, GOOD)
    assert agency.upline_actions == (DelegatedAction.QUOTE, DelegatedAction.ENROLL)
    assert agency.uplines == {
        "top@example.com": None,
        "middle@example.com": "top@example.com",
        "low@example.com": "middle@example.com",
    }


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("Top@example.com}", "Top@example.com, upline: low@example.com}"), "would stand above himself"),
        (("upline: top@", "upline: nobody@"), "nobody@example.com stands above middle@example.com and is not a member"),
        (("low@example.com, upline: Middle", "middle@example.com, upline: top"), "a member is listed twice"),
        (("[quote, enroll]", "[fly]"), "upline_actions"),
        (("Lakeside Benefits", '""'), "name"),
        (("members:", "member:"), "member"),
        (("agencies:", "agency:"), "agencies"),
    ],
    ids=["circle", "stranger above", "twice", "unknown action", "no name", "unknown key", "no agencies"],
)
def test_what_is_no_hierarchy_is_refused(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(BadHierarchy, match=sentence):
        read(tmp_path, GOOD.replace(*change))


def test_a_producer_is_in_one_agency(tmp_path: Path) -> None:
    other = "  - {name: Hillside, members: [{email: low@example.com}]}\n"
    with pytest.raises(BadHierarchy, match="a producer can be in one agency only"):
        read(tmp_path, GOOD + other)
