import json
from pathlib import Path
from typing import Any

import pytest

from services.pcp.directory.fields import is_npi
from services.pcp.directory.files import DirectoryUnreadable, QhpDirectory
from services.pcp.domain.provider import Panel

ZIPS = "zip,city,state,latitude,longitude,source\n60601,Chicago,IL,41.8865,-87.6233,listed\n"


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "npi": "1234567893",
        "type": "INDIVIDUAL",
        "name": {"first": "Martin", "middle": "Van", "last": "Nostrand"},
        "addresses": [
            {
                "address": "123 Park Ave",
                "address_2": "Suite 120",
                "city": "Chicago",
                "state": "IL",
                "zip": "60601",
                "phone": "3125550112",
            }
        ],
        "specialty": ["Pediatrics"],
        "accepting": "not accepting",
        "plans": [{"plan_id_type": "HIOS-PLAN-ID", "plan_id": "12345XX9876543", "years": [2026, 2027]}],
        **changes,
    }


def files(folder: Path, *entries: dict[str, Any], **index: Any) -> QhpDirectory:
    (folder / "providers.json").write_text(json.dumps(entries))
    (folder / "index.json").write_text(json.dumps({"provider_urls": ["providers.json"], **index}))
    (folder / "zips.csv").write_text(ZIPS)
    return QhpDirectory(folder / "index.json", [folder / "zips.csv"])


def test_an_entry_of_the_cms_layout_becomes_a_provider(tmp_path: Path) -> None:
    directory = files(tmp_path, entry()).directory()
    (provider,) = directory.providers
    assert (provider.pcp_id, provider.name) == ("1234567893", "Martin Van Nostrand")
    assert provider.office.address == "123 Park Ave, Suite 120"
    assert provider.panel is Panel.PEDIATRIC
    assert not provider.accepting
    assert not provider.illustrative
    assert [(m.plan_id, m.plan_year) for m in directory.memberships] == [
        ("12345XX9876543", 2026),
        ("12345XX9876543", 2027),
    ]


def test_specialists_and_hospitals_are_left_out(tmp_path: Path) -> None:
    hospital = {"npi": "1234567893", "type": "FACILITY", "facility_name": "Hospital", "facility_type": ["Hospital"]}
    report = files(tmp_path, entry(), entry(npi=None, specialty=["Dermatology"]), hospital).report
    assert len(report.directory.providers) == 1
    assert report.tally.rejected == []


def test_an_index_reaches_no_file_outside_its_folder(tmp_path: Path) -> None:
    for url in (
        "../providers.json",
        "..",
        "",
        "/etc/hosts",
        "https://example.org/",
        "https://example.org/a/..",
        7,
        None,
    ):
        with pytest.raises(DirectoryUnreadable, match="beside the index"):
            _ = files(tmp_path, entry(), provider_urls=[url]).digest


def test_the_digest_changes_with_the_content_only(tmp_path: Path) -> None:
    first, again = files(tmp_path, entry()).digest, files(tmp_path, entry()).digest
    assert first == again
    assert files(tmp_path, entry(accepting="accepting")).digest != first


def test_the_shipped_directory_is_illustrative_and_sound() -> None:
    report = QhpDirectory().report
    directory = report.directory
    assert (report.tally.rejected, report.tally.notes, report.tally.other_specialties) == ([], {}, {})
    assert len(directory.providers) > 400
    assert all(provider.illustrative and is_npi(provider.npi) for provider in directory.providers)
    assert all(provider.npi.startswith("2") for provider in directory.providers), "no NPI of a real person"
    assert len({provider.pcp_id for provider in directory.providers}) == len(directory.providers)


def test_every_shipped_network_can_take_people_of_any_age() -> None:
    directory = QhpDirectory().directory()
    providers = {provider.pcp_id: provider for provider in directory.providers}
    networks: dict[tuple[str, int], list[str]] = {}
    for member in directory.memberships:
        networks.setdefault((member.plan_id, member.plan_year), []).append(member.pcp_id)
    for network, members in networks.items():
        for age in (0, 17, 18, 70):
            assert any(not providers[pcp_id].refusal(age) for pcp_id in members), (network, age)


def test_medical_groups_of_illinois_have_three_digits() -> None:
    providers = QhpDirectory().directory().providers
    groups = {provider.group.group_id for provider in providers if provider.group and provider.office.state == "IL"}
    assert groups
    assert all(len(group) == 3 and group.isdigit() for group in groups)
