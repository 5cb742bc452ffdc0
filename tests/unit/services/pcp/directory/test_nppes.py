"""The dissemination file of NPPES: what is read of a row, and which files are none. Everybody is made up."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from services.pcp.directory.files import DirectoryUnreadable
from services.pcp.directory.nppes import NppesFile
from services.pcp.domain.provider import Gender
from services.pcp.domain.registration import NppesCheck, NppesRow, Registration

COLUMNS = (
    "NPI",
    "Entity Type Code",
    "Replacement NPI",
    "Provider Last Name (Legal Name)",
    "NPI Deactivation Reason Code",
    "NPI Deactivation Date",
    "NPI Reactivation Date",
    "Provider Sex Code",
    *(
        name
        for number in range(1, 16)
        for name in (
            f"Healthcare Provider Taxonomy Code_{number}",
            f"Healthcare Provider Primary Taxonomy Switch_{number}",
        )
    ),
)
FAMILY, CARDIOLOGY, PEDIATRICS = "207Q00000X", "207RC0000X", "208000000X"
NPI = "1234567893"


def row(npi: str = NPI, *codes: str, **more: str) -> dict[str, str]:
    taxonomies = {f"Healthcare Provider Taxonomy Code_{number}": code for number, code in enumerate(codes, 1)}
    return {"NPI": npi, "Entity Type Code": "1", **taxonomies, **more}


def write(path: Path, *rows: dict[str, str], columns: Iterable[str] = COLUMNS) -> Path:
    """Every value in quotation marks, as CMS writes them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns), quoting=csv.QUOTE_ALL, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(path: Path) -> list[NppesRow]:
    return list(NppesFile(path, lambda *_: None).rows())


def test_taxonomies_of_primary_care_are_read_from_every_place_and_others_left_out(tmp_path: Path) -> None:
    codes = [CARDIOLOGY] * 13 + [FAMILY, PEDIATRICS]
    (found,) = read(write(tmp_path / "npidata.csv", row(NPI, *codes, **{"Provider Sex Code": "F"})))
    assert found == NppesRow(
        Registration(NPI, None, Gender.FEMALE), is_person=True, specialties=frozenset({"Family Medicine", "Pediatrics"})
    )


@pytest.mark.parametrize(
    ("deactivated", "reactivated", "since"),
    [
        ("", "", None),
        ("05/01/2026", "", date(2026, 5, 1)),
        ("05/01/2026", "06/15/2026", None),
        ("05/01/2026", "06/15/2020", date(2026, 5, 1)),
        ("13/45/2026", "", None),
    ],
)
def test_an_npi_is_deactivated_until_it_is_reactivated(
    tmp_path: Path, deactivated: str, reactivated: str, since: date | None
) -> None:
    dates = {"NPI Deactivation Date": deactivated, "NPI Reactivation Date": reactivated}
    (found,) = read(write(tmp_path / "npidata.csv", row(**dates)))
    assert found.registration.deactivated_on == since


def test_the_column_of_before_2025_gives_the_gender(tmp_path: Path) -> None:
    columns = [name.replace("Provider Sex Code", "Provider Gender Code") for name in COLUMNS]
    path = write(tmp_path / "npidata.csv", row(**{"Provider Gender Code": "M"}), columns=columns)
    assert read(path)[0].registration.gender is Gender.MALE


def test_a_file_of_another_kind_is_refused_with_the_columns_that_it_lacks(tmp_path: Path) -> None:
    path = write(tmp_path / "other.csv", columns=["NPI", "Entity Type Code", "Created Date"])
    with pytest.raises(DirectoryUnreadable, match=r"lacks NPI Deactivation Date, .*Taxonomy Code_1\. Nothing"):
        read(path)


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        (b'"1234567893","1"\n', "line 3: it has 2 columns and not 38"),
        (b'"1234567893,"1"\n', "line 3: "),
        (b'"1234567893","\xff"\n', "it is not written in UTF-8"),
    ],
)
def test_a_broken_row_is_told_with_its_line(tmp_path: Path, broken: bytes, line: str) -> None:
    path = write(tmp_path / "npidata.csv", row())
    path.write_bytes(path.read_bytes() + broken)
    with pytest.raises(DirectoryUnreadable, match=line):
        read(path)


@pytest.mark.parametrize(
    ("found", "finding"),
    [
        (NppesRow(Registration(NPI, None, None), True, frozenset({"Family Medicine"})), None),
        (NppesRow(Registration(NPI, None, None), True, frozenset({"Pediatrics"})), "the specialty is another one"),
        (NppesRow(Registration(NPI, None, None), True, frozenset()), "no taxonomy is primary care"),
        (NppesRow(Registration(NPI, None, None), False, frozenset()), "the NPI is that of an organization"),
        (NppesRow(Registration(NPI, date(2026, 5, 1), None), None, frozenset()), "the NPI is deactivated"),
    ],
)
def test_what_speaks_against_an_entry_is_counted_once(found: NppesRow, finding: str | None) -> None:
    check = NppesCheck(listed=1)
    check.judge(found, "Family Medicine, Geriatric Medicine")
    assert list(check.findings) == ([finding] if finding else [])


def test_findings_are_counted_in_full_and_shown_in_part() -> None:
    check = NppesCheck(listed=100)
    for number in range(30):
        check.judge(NppesRow(Registration(f"{number}", date(2026, 5, 1), None), None, frozenset()), "Pediatrics")
    lines = list(check.lines())
    assert lines[1:3] == ["30 x: the NPI is deactivated", "  NPI 0 on 5/1/2026"]
    assert len(lines) == 22
