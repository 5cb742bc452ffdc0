"""Carrier profiles: what a file says, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from services.documents.domain.edi.carrier_profile import MaintenanceCodes
from services.documents.domain.edi.enrollment import Maintenance, MemberChange, MemberRelationship
from services.documents.edi.profile_files import SHIPPED, BadCarrierProfile, find_profile, load_profile

SAMPLE = yaml.safe_load((SHIPPED / "sample-carrier.1.yaml").read_text())


def save(folder: Path, changes: dict[str, object], name: str = "carrier.2.yaml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump({**SAMPLE, **changes}))
    return path


def test_a_carriers_profile_is_laid_over_the_shared_one(tmp_path: Path) -> None:
    changed = load_profile(
        save(tmp_path, {"relationships": {"child": "G8"}, "sends": ["race"], "initial": ["021", "AI", ""]})
    )
    shared = load_profile(SHIPPED / "sample-carrier.1.yaml")
    assert (changed.name, changed.version) == ("carrier", 2)
    assert changed.relationships == {**shared.relationships, MemberRelationship.CHILD: "G8"}
    assert changed.initial == MaintenanceCodes("021", "AI")
    assert changed.sends == {"race"}, "a list is taken as a whole"
    assert changed.endings == shared.endings


def test_the_shared_profile_has_codes_for_whatever_can_become_of_a_policy() -> None:
    profile = load_profile(SHIPPED / "sample-carrier.1.yaml")
    assert set(profile.changes) == set(MemberChange)
    assert set(profile.endings) == {Maintenance.CANCELLATION, Maintenance.TERMINATION}
    assert set(profile.categories) == set(Maintenance)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"colour": "blue"}, "colour"),
        ({"insurer_tax_id": "12-3456789"}, "insurer_tax_id"),
        ({"partners": {"usage": "X"}}, "partners"),
        ({"partners": {**SAMPLE["partners"], "sender_id": "A" * 16}}, "partners.sender_id"),
        ({"partners": {**SAMPLE["partners"], "receiver_id": "A*B"}}, "partners.receiver_id"),
        ({"insurer_name": "SAMPLE~CARRIER"}, "insurer_name"),
        ({"time_zone": "America/Springfield"}, "time_zone"),
        ({"sends": ["shoe_size"]}, "sends"),
        ({"initial": ["999", "EC", ""]}, "initial"),
        ({"changes": {"added": ["021"]}}, "changes.added"),
        ({"race_codes": {"white": "2106"}}, "race_codes.white"),
        ({"exchange_id": "{county}"}, "exchange_id"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, changes: dict[str, object], place: str) -> None:
    with pytest.raises(BadCarrierProfile, match=rf"^carrier\.2\.yaml: {place}"):
        load_profile(save(tmp_path, changes))


@pytest.mark.parametrize("name", ["carrier.yaml", "carrier.0.yaml", "Carrier.1.yaml"])
def test_a_file_name_without_a_version_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadCarrierProfile, match="with its version"):
        load_profile(save(tmp_path, {}, name))


@pytest.mark.parametrize("extends", ["../../etc/passwd", 7, "unknown.1"])
def test_only_a_profile_can_be_extended(tmp_path: Path, extends: object) -> None:
    with pytest.raises(BadCarrierProfile):
        load_profile(save(tmp_path, {"extends": extends}))


def test_a_profile_may_say_everything_itself(tmp_path: Path) -> None:
    whole = {**yaml.safe_load((SHIPPED / "individual-market.1.yaml").read_text()), **SAMPLE}
    del whole["extends"]
    path = tmp_path / "whole.1.yaml"
    path.write_text(yaml.safe_dump(whole))
    assert load_profile(path).changes == load_profile(SHIPPED / "sample-carrier.1.yaml").changes


def test_the_newest_version_of_a_carriers_profile_is_used(tmp_path: Path) -> None:
    shipped = (SHIPPED / "sample-carrier.1.yaml").read_text()
    for version in (2, 10):
        (tmp_path / f"my-carrier.{version}.yaml").write_text(shipped)
    (tmp_path / "my-carrier-two.11.yaml").write_text(shipped)
    assert find_profile("my-carrier", tmp_path).version == 10
