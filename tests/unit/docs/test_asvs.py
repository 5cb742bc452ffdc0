"""docs/asvs.md has every number of ASVS 5.0, levels 1 and 2, and each row a test or a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/asvs.md"
# Of the standard: number and level.
NUMBERS = dict(line.split() for line in (Path(__file__).parent / "asvs_numbers.txt").read_text().splitlines())


def find_faults(page: str) -> Iterator[str]:
    for level in ("1", "2"):
        part = page.partition(f"## Level {level}")[2].partition("\n## ")[0]
        rows = re.findall(r"^\| ([\d.]+) \| (.+) \| (.*) \|$", part, re.MULTILINE)
        found = [number for number, _, _ in rows]
        wanted = {number for number, at in NUMBERS.items() if at == level}
        yield from (f"{number} is missing" for number in sorted(wanted - set(found)))
        yield from (f"{number} is not of level {level}" for number in sorted(set(found) - wanted))
        yield from (f"{number} is there {count} times" for number, count in Counter(found).items() if count > 1)
        for number, _, shown in rows:
            if not re.match(r"`tests/|(Reason|Not applicable|Open): \S", shown):
                yield f"{number} has neither test nor reason"


def test_every_number_is_there_once_with_a_test_or_a_reason() -> None:
    assert Counter(NUMBERS.values()) == {"1": 70, "2": 183}
    assert list(find_faults(PAGE.read_text())) == []


def test_a_number_that_is_missing_invented_or_empty_is_found() -> None:
    """The control."""
    page = PAGE.read_text()
    page = re.sub(r"^\| 1\.2\.1 \|", "| 1.2.99 |", page, count=1, flags=re.MULTILINE)
    page = re.sub(r"^(\| 1\.2\.2 \| .+?) \| .* \|$", r"\1 | soon |", page, count=1, flags=re.MULTILINE)
    assert list(find_faults(page)) == [
        "1.2.1 is missing",
        "1.2.99 is not of level 1",
        "1.2.2 has neither test nor reason",
    ]
