import csv
import json
import re
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from services.pcp.data.illustrative.generate import Point, miles
from services.pcp.directory.fields import is_npi
from services.pcp.directory.files import ILLUSTRATIVE, MOST_GIGABYTES, DirectoryUnreadable, QhpDirectory
from services.pcp.directory.files import ZIPS as ZIP_FILE
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import Panel
from tests.unit.services.pcp.directory.reading import read_directory, read_entries

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


# Houston is 28 miles from its middle to its last ZIP.
FARTHEST_IN_A_CITY = 30


def test_an_entry_of_the_cms_layout_becomes_a_provider(tmp_path: Path) -> None:
    reading = read_entries(tmp_path, entry())
    (provider,) = reading.providers
    assert (provider.pcp_id, provider.name) == ("1234567893", "Martin Van Nostrand")
    assert provider.office.address == "123 Park Ave, Suite 120"
    assert provider.panel is Panel.PEDIATRIC
    assert not provider.accepting
    assert not provider.illustrative
    assert reading.networks == {PlanNetwork("12345XX9876543", 2026), PlanNetwork("12345XX9876543", 2027)}


def test_specialists_and_hospitals_are_left_out(tmp_path: Path) -> None:
    hospital = {"npi": "1234567893", "type": "FACILITY", "facility_name": "Hospital", "facility_type": ["Hospital"]}
    reading = read_entries(tmp_path, entry(), entry(npi=None, specialty=["Dermatology"]), hospital)
    assert len(reading.providers) == 1
    assert reading.rejected == []


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


@pytest.mark.parametrize("alone", [True, False])
def test_files_that_are_too_long_are_refused_before_they_are_read(tmp_path: Path, alone: bool) -> None:
    files(tmp_path, entry(), provider_urls=["providers.json", "more.json"])
    (tmp_path / "more.json").write_text("[")
    with (tmp_path / "more.json").open("ab") as sparse:
        sparse.truncate(MOST_GIGABYTES * 10**9 + (1 if alone else 0))
    path = tmp_path / ("more.json" if alone else "index.json")
    with pytest.raises(DirectoryUnreadable, match=r"longer than 20 GB together\. Nothing was changed"):
        _ = QhpDirectory(path).digest


def test_the_digest_changes_with_the_content_only(tmp_path: Path) -> None:
    first, again = files(tmp_path, entry()).digest, files(tmp_path, entry()).digest
    assert first == again
    assert files(tmp_path, entry(accepting="accepting")).digest != first


def test_the_shipped_directory_is_illustrative_and_sound() -> None:
    reading = read_directory(ILLUSTRATIVE)
    assert (reading.rejected, reading.report.notes, reading.report.other_specialties) == ([], {}, {})
    assert len(reading.providers) > 400
    assert all(provider.illustrative and is_npi(provider.npi) for provider in reading.providers)
    assert all(provider.npi.startswith("2") for provider in reading.providers), "no NPI of a real person"
    assert len({provider.pcp_id for provider in reading.providers}) == len(reading.providers)


def test_shipped_offices_have_addresses_of_the_list_and_telephone_numbers_kept_for_fiction() -> None:
    with (ILLUSTRATIVE.parent / "offices.csv").open(encoding="utf-8", newline="") as file:
        listed = {(row["street"], row["city"], row["state"], row["zip"]) for row in csv.DictReader(file)}
    offices = [office for entry in read_directory(ILLUSTRATIVE).entries for office in entry.offices]
    assert {(office.address, office.city, office.state, office.zip) for office in offices} <= listed
    assert all(re.fullmatch(r"[0-9]{3}55501[0-9]{2}", office.phone) for office in offices)


def test_no_shipped_office_stands_in_a_zip_whose_coordinates_are_far_from_its_city() -> None:
    """ZIPs of post office boxes stand at the middle of their county: 59620 of Helena is 42 miles from the town."""
    with ZIP_FILE.open(encoding="utf-8", newline="") as file:
        zips = {row["zip"]: row for row in csv.DictReader(file)}
    towns: defaultdict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in zips.values():
        towns[row["state"], row["city"]].append((float(row["latitude"]), float(row["longitude"])))
    far = set()
    for entry in json.loads(ILLUSTRATIVE.with_name("providers.json").read_text()):
        for office in entry["addresses"]:
            row, town = zips[office["zip"][:5]], towns[office["state"], office["city"]]
            middle = median(one[0] for one in town), median(one[1] for one in town)
            if miles((float(row["latitude"]), float(row["longitude"])), middle) > FARTHEST_IN_A_CITY:
                far.add((office["city"], row["zip"]))
    assert far == set()


def test_every_shipped_network_can_take_people_of_any_age() -> None:
    reading = read_directory(ILLUSTRATIVE)
    for network in reading.networks:
        members = [entry.provider for entry in reading.entries if network in entry.plans]
        for age in (0, 17, 18, 70):
            assert any(not provider.refusal(age) for provider in members), (network, age)


def test_medical_groups_of_illinois_have_three_digits() -> None:
    entries = read_directory(ILLUSTRATIVE).entries
    groups = {entry.group_id for entry in entries if entry.group_id and entry.provider.office.state == "IL"}
    assert groups
    assert all(len(group) == 3 and group.isdigit() for group in groups)
