"""Rule packs are validated when they are read."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.enrollment.domain.identifiers import Identifiers
from services.enrollment.rulebook import PACKS, Rulebook, read

GOOD = (PACKS / "2026.yaml").read_text()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("expiry_days: 90", "expiry_days: 0"),
        ("days_after: 60", "days_afterwards: 60"),
        ("starts: [date_of_event", "starts: [date_of_whatever"),
        ("last_day: 2026-01-15", "last_day: 2026-01-16"),
        ("valid_from: 2025-11-01", "valid_from: soon"),
    ],
)
def test_a_wrong_pack_is_refused(tmp_path: Path, right: str, wrong: str) -> None:
    assert right in GOOD
    path = tmp_path / "2026.yaml"
    path.write_text(GOOD.replace(right, wrong, 1))
    with pytest.raises(ValidationError):
        read(path)


def test_two_packs_of_one_version_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(ValueError, match="version"):
        Rulebook(tmp_path).loaded()


def test_record_numbers_have_four_digits_and_go_on_past_them() -> None:
    assert (Identifiers(638).record_number, Identifiers(638).client_app_id) == ("A-0638", 1243)
    assert Identifiers(12345).record_number == "A-12345"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("  proxy: [", "  praxis: ["),
        ('  proxy: ["2026.1"]\n', ""),
        ('  proxy: ["2026.1"]', "  proxy: []"),
        ("  2026: {self_only: 6450", "  2026: {self_only: 0"),
    ],
)
def test_a_pack_names_a_version_of_every_text_and_sound_caps(tmp_path: Path, right: str, wrong: str) -> None:
    test_a_wrong_pack_is_refused(tmp_path, right, wrong)


def test_every_scheme_file_can_be_offered_and_an_unknown_one_cannot(tmp_path: Path) -> None:
    path = tmp_path / "2026.yaml"
    path.write_text(GOOD.replace("[hhs-4302-2011]", "[hhs-4302-2011, omb-spd15-2024]"))
    both = read(path).identity_schemes
    assert [scheme.scheme for scheme in both] == ["hhs-4302-2011", "omb-spd15-2024"]
    assert (len(both[0].ethnicities), len(both[0].identities)) == (6, 15)
    path.write_text(GOOD.replace("[hhs-4302-2011]", "[hhs-4302-2012]"))
    with pytest.raises(FileNotFoundError):
        read(path)


def test_the_cap_of_a_year_to_come_is_the_last_one_known() -> None:
    pack = read(PACKS / "2026.yaml")
    caps = [pack.qsehra_cap(year) for year in (2023, 2025, 2030)]
    assert [cap and str(cap.self_only) for cap in caps] == [None, "6350.00", "6450.00"]
