"""Directory files as carriers write them: what of each is taken, what is rejected, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stdnum import luhn

from services.pcp.directory.files import DirectoryUnreadable
from services.pcp.domain.network import PlanNetwork
from services.pcp.domain.provider import Gender, NewPatients, Panel
from tests.unit.services.pcp.directory.reading import Reading, read_directory, write_files
from tests.unit.services.pcp.directory.reading import read_entries as read

OFFICE = {"address": "1 Main St", "city": "Chicago", "state": "IL", "zip": "60601", "phone": "3125550101"}
INDIANA = {**OFFICE, "city": "Hammond", "state": "IN", "zip": "46320"}
NEW_YORK = {**OFFICE, "city": "New York", "state": "NY", "zip": "10003"}
PLAN = {"plan_id_type": "HIOS-PLAN-ID", "plan_id": "36096IL9900001", "network_tier": "PREFERRED", "years": [2026, 2027]}


def npi(number: int) -> str:
    return f"1{number:08d}" + luhn.calc_check_digit(f"808401{number:08d}")


def entry(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "npi": npi(number),
        "type": "INDIVIDUAL",
        "name": {"first": "Ana", "middle": None, "last": "Reyes", "suffix": None},
        "addresses": [OFFICE],
        "specialty": ["Family Medicine"],
        "accepting": "accepting",
        "plans": [PLAN],
        **changes,
    }


def reasons(reading: Reading) -> list[str]:
    return [one.reason for one in reading.rejected]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("npi", None, "there is no NPI"),
        ("npi", "1234567890", "the check digit of the NPI is wrong"),
        ("npi", "\u0661" * 10, "the check digit of the NPI is wrong"),
        ("name", None, "there is no first name"),
        ("name", "Ana Reyes", "there is no first name"),
        ("name", {"first": "ANA", "middle": "", "last": None}, "there is no last name"),
        ("name", {"first": "Ana\x00", "last": "Reyes"}, "there is no first name"),
        ("addresses", [], "there is no address"),
        ("addresses", None, "there is no address"),
        ("addresses", ["1 Main St"], "an address is not an object"),
        ("addresses", [OFFICE | {"city": None}], "an address lacks its city"),
        ("addresses", [OFFICE | {"state": "Illinois"}], "an address lacks its state of two letters"),
        ("addresses", [OFFICE | {"zip": "6060"}], "a ZIP is neither 5 nor 9 digits"),
        ("addresses", [OFFICE | {"zip": "60000"}], "a ZIP is unknown"),
        ("addresses", [NEW_YORK], "an address is too far from the markets: its ZIP has no known coordinates here"),
        ("specialty", None, "there is no specialty"),
        ("specialty", [], "there is no specialty"),
        ("type", None, "type is neither INDIVIDUAL nor FACILITY"),
        ("plans", None, "it names no plan with a HIOS id and years"),
        ("plans", [PLAN | {"years": None}], "it names no plan with a HIOS id and years"),
        ("plans", [PLAN | {"years": [True, "soon", 26]}], "it names no plan with a HIOS id and years"),
        ("plans", [PLAN | {"plan_id": "GOLD PLAN"}], "it names no plan with a HIOS id and years"),
        ("plans", ["36096IL9900001"], "it names no plan with a HIOS id and years"),
    ],
)
def test_an_entry_that_cannot_be_used_is_rejected_with_its_reason_and_the_other_is_taken(
    tmp_path: Path, field: str, value: object, reason: str
) -> None:
    reading = read(tmp_path, entry(1), entry(2, **{field: value}))
    assert [provider.npi for provider in reading.providers] == [npi(1)]
    assert [(one.position, one.reason) for one in reading.rejected] == [(2, reason)]
    assert any(f"rejected, 1 x: {reason} (first: entry 2" in line for line in reading.report.lines())


@pytest.mark.parametrize("missing", ["npi", "name", "addresses", "specialty", "type", "plans"])
def test_an_entry_without_one_of_its_keys_is_rejected(tmp_path: Path, missing: str) -> None:
    short = {key: value for key, value in entry(2).items() if key != missing}
    assert len(reasons(read(tmp_path, entry(1), short))) == 1


def test_an_entry_that_is_not_an_object_is_rejected(tmp_path: Path) -> None:
    assert reasons(read(tmp_path, entry(), "Ana Reyes", None, [])) == ["it is not an object"] * 3


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"npi": int(npi(1))}, {"npi": npi(1)}),
        ({"name": {"first": " Ana ", "middle": "M.", "last": "Reyes", "suffix": "Jr."}}, {"name": "Ana M. Reyes Jr."}),
        ({"type": "individual"}, {"npi": npi(1)}),
        ({"specialty": ["FAMILY MEDICINE"]}, {"specialty": "Family Medicine", "panel": Panel.ANY}),
        ({"specialty": ["Family Medicine Physician"]}, {"specialty": "Family Medicine", "panel": Panel.ANY}),
        ({"specialty": ["General Internal Medicine"]}, {"specialty": "Internal Medicine", "panel": Panel.ADULT}),
        ({"specialty": ["Pediatric Medicine"]}, {"specialty": "Pediatrics", "panel": Panel.PEDIATRIC}),
        ({"specialty": ["Nurse Practitioner, Family"]}, {"specialty": "Family Nurse Practitioner"}),
        ({"specialty": ["NURSE PRACTITIONER - FAMILY"]}, {"specialty": "Family Nurse Practitioner"}),
        ({"specialty": ["Internal Medicine & Pediatrics"]}, {"panel": Panel.ANY}),
        ({"specialty": ["207R00000X", "Internist"]}, {"specialty": "Internal Medicine"}),
        ({"specialty": ["Cardiology", "INTERNIST"]}, {"specialty": "Cardiology, Internal Medicine"}),
        ({"specialty": "Family Medicine"}, {"specialty": "Family Medicine"}),
        ({"specialty": None, "speciality": ["Family Medicine"]}, {"specialty": "Family Medicine"}),
        ({"accepting": "Y"}, {"new_patients": NewPatients.ACCEPTING}),
        ({"accepting": True}, {"new_patients": NewPatients.ACCEPTING}),
        ({"accepting": False}, {"new_patients": NewPatients.NOT_ACCEPTING}),
        ({"accepting": "NOT ACCEPTING"}, {"new_patients": NewPatients.NOT_ACCEPTING}),
        ({"accepting": None}, {"new_patients": NewPatients.NOT_ACCEPTING}),
        ({"accepting": "perhaps"}, {"new_patients": NewPatients.NOT_ACCEPTING}),
        ({"accepting": "accepting in some locations"}, {"new_patients": NewPatients.ACCEPTING}),
        ({"languages": ["ENGLISH", "spanish", "Spanish"]}, {"languages": ("English", "Spanish")}),
        ({"languages": "English, Spanish/Polish"}, {"languages": ("English", "Spanish", "Polish")}),
        ({"languages": ["", None, 7.5, {"name": "Polish"}]}, {"languages": ()}),
        ({"languages": None}, {"languages": ()}),
        ({"gender": "Female"}, {"gender": Gender.FEMALE}),
        ({"gender": "M"}, {"gender": Gender.MALE}),
        ({"gender": "OTHER"}, {"gender": Gender.OTHER}),
        ({"gender": None}, {"gender": None}),
        ({"last_updated_on": "2026-01-02"}, {"last_updated_on": date(2026, 1, 2)}),
        ({"last_updated_on": "2026-01-02T03:04:05Z"}, {"last_updated_on": date(2026, 1, 2)}),
        ({"last_updated_on": "last week"}, {"last_updated_on": None}),
    ],
)
def test_a_field_in_a_known_variant_spelling_is_read(
    tmp_path: Path, changes: dict[str, Any], expected: dict[str, Any]
) -> None:
    reading = read(tmp_path, entry(**changes))
    [provider] = reading.providers
    assert {name: getattr(provider, name) for name in expected} == expected


def test_every_line_of_the_table_of_specialties_gives_a_panel() -> None:
    from services.pcp.directory.specialties import read_table
    from services.pcp.domain.provider import PRIMARY_CARE

    table = read_table()
    assert set(table.values()) == set(PRIMARY_CARE)
    assert all(table[name.lower()] == name for name in PRIMARY_CARE)


def test_an_unknown_specialty_is_counted_and_shown(tmp_path: Path) -> None:
    words = ["Nurse Practitioner", "Dermatology", "Dermatology"]
    reading = read(tmp_path, entry(), *(entry(n, specialty=[word]) for n, word in enumerate(words, 2)))
    assert reading.report.other_specialties == {"Dermatology": 2, "Nurse Practitioner": 1}
    assert "not read as primary care, 2 x: Dermatology" in list(reading.report.lines())


@pytest.mark.parametrize(
    ("written", "zip_code"), [("606011234", "60601"), ("60601-1234", "60601"), (60601, "60601"), (606011234, "60601")]
)
def test_a_zip_of_nine_digits_or_a_number_is_its_first_five(tmp_path: Path, written: object, zip_code: str) -> None:
    [provider] = read(tmp_path, entry(addresses=[OFFICE | {"zip": written}])).providers
    assert provider.office.zip == zip_code


@pytest.mark.parametrize("other", [NEW_YORK, OFFICE | {"address": "PO Box 1", "zip": "60690"}, OFFICE | {"city": None}])
@pytest.mark.parametrize("first", [True, False])
def test_an_address_that_patients_cannot_go_to_is_skipped_and_counted(
    tmp_path: Path, other: dict[str, str], first: bool
) -> None:
    reading = read(tmp_path, entry(addresses=[other, OFFICE] if first else [OFFICE, other]))
    assert [(office.address, office.zip) for office in reading.entries[0].offices] == [("1 Main St", "60601")]
    assert reading.report.notes.total() == 1, "nothing is dropped without a word"


def test_every_address_is_an_office_and_the_first_is_where_the_provider_stands(tmp_path: Path) -> None:
    second = OFFICE | {"address": "2 Oak St", "zip": "60602"}
    [found] = read(tmp_path, entry(addresses=[OFFICE, second, INDIANA, OFFICE])).entries
    assert [(office.address, office.state) for office in found.offices] == [
        ("1 Main St", "IL"),
        ("2 Oak St", "IL"),
        ("1 Main St", "IN"),
    ]
    assert found.provider.office == found.offices[0]


def test_which_of_several_offices_take_new_patients_stays_open(tmp_path: Path) -> None:
    some = entry(accepting="accepting in some locations", addresses=[OFFICE, INDIANA])
    [provider] = read(tmp_path, some).providers
    assert provider.new_patients is NewPatients.SOME_LOCATIONS and provider.accepting


def test_a_gender_in_another_word_is_left_out_and_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, entry(gender="Dr."))
    assert reading.providers[0].gender is None
    assert reading.report.notes == {"the gender is none of Male, Female and Other: left out": 1}


def test_a_provider_without_a_phone_number_is_taken_and_counted(tmp_path: Path) -> None:
    reading = read(tmp_path, entry(addresses=[{key: value for key, value in OFFICE.items() if key != "phone"}]))
    assert reading.providers[0].office.phone == ""
    assert reading.report.notes == {"there is no phone number": 1}


def test_a_provider_without_npi_is_known_by_the_id_of_the_carrier(tmp_path: Path) -> None:
    reading = read(tmp_path, entry(npi=None, pcp_id="IL1"))
    assert [(one.pcp_id, one.npi) for one in reading.providers] == [("IL1", "")]
    assert reading.report.notes == {"there is no NPI: known by pcp_id alone": 1}


@pytest.mark.parametrize(
    "plan_id", ["36096IL9900001-01", "36096IL990000101", " 36096il9900001 ", "36096 IL 9900001", "36096IL9900001"]
)
def test_a_plan_id_with_a_variant_or_blanks_is_that_of_the_plan(tmp_path: Path, plan_id: str) -> None:
    reading = read(tmp_path, entry(plans=[PLAN | {"plan_id": plan_id, "years": ["2027"]}]))
    assert reading.networks == {PlanNetwork("36096IL9900001", 2027)}


def test_plans_of_the_first_edition_without_years_are_of_the_year_that_the_operator_names(tmp_path: Path) -> None:
    old = entry(plans=[{key: value for key, value in PLAN.items() if key != "years"}])
    assert reasons(read(tmp_path, old, entry(2))) == ["it names no plan with a HIOS id and years"]
    assert read(tmp_path, old, plan_year=2027).networks == {PlanNetwork("36096IL9900001", 2027)}


def test_one_plan_in_two_tiers_is_one_membership_a_year(tmp_path: Path) -> None:
    tiers = [PLAN | {"network_tier": tier} for tier in ("PREFERRED", "NON-PREFERRED")]
    assert len(read(tmp_path, entry(plans=tiers)).entries[0].plans) == 2


def test_a_group_listed_after_its_doctors_is_read_and_one_without_a_name_is_rejected(tmp_path: Path) -> None:
    group = {"type": "Facility", "facility_name": "Lantern", "medical_group_id": 201}
    reading = read(tmp_path, entry(medical_group_id="201"), group, {**group, "facility_name": None})
    assert (reading.entries[0].group_id, reading.groups["201"].name) == ("201", "Lantern")
    assert reasons(reading) == ["there is no facility_name"]


def test_up_to_two_in_a_hundred_entries_are_rejected_and_one_more_changes_nothing(tmp_path: Path) -> None:
    good, bad = [entry(n) for n in range(98)], [entry(n, npi=None) for n in range(3)]
    assert len(read(tmp_path, *good, *bad[:2], most=Decimal(2)).providers) == 98
    with pytest.raises(DirectoryUnreadable, match=r"was not changed.* 3\.0 %(.|\n)*there is no NPI"):
        read(tmp_path, *good, *bad, most=Decimal(2))


def test_specialists_do_not_count_toward_the_rejection_limit(tmp_path: Path) -> None:
    specialists = [entry(n, specialty=["Dermatology"]) for n in range(2, 200)]
    with pytest.raises(DirectoryUnreadable, match=r"50\.0 %"):
        read(tmp_path, entry(1), entry(2, npi=None), *specialists, most=Decimal(2))


def test_providers_far_from_the_markets_are_rejected_and_count_as_no_fault_of_the_file(tmp_path: Path) -> None:
    reading = read(tmp_path, entry(1), *(entry(n, addresses=[NEW_YORK]) for n in range(2, 9)), most=Decimal(2))
    assert len(reading.providers) == 1
    assert len(reading.rejected) == 7


GOOD = json.dumps([entry()]).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (GOOD[:-5], "providers.json is not a complete JSON file: .* at line 1, column"),
        (GOOD[:-1] + b",]", "providers.json is not a complete JSON file"),
        (b"", "providers.json is not a complete JSON file"),
        (b'{"providers": []}', "providers.json has to be a list"),
        (b"null", "providers.json has to be a list"),
        (b"[" * 200_000, "providers.json is not valid JSON"),
        (b"\xff\xfe\xfa", "providers.json is not valid JSON"),
        (b"[" + b"9" * 5000 + b"]", "providers.json is not valid JSON"),
        (b"[]", "among 0 entries is no primary care provider"),
        (json.dumps([entry(specialty=["Dermatology"])]).encode(), "among 1 entries is no primary care provider"),
    ],
)
def test_a_file_that_is_no_directory_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(DirectoryUnreadable, match=sentence):
        read_directory(write_files(tmp_path, content))


@pytest.mark.parametrize(
    ("index", "sentence"),
    [
        ({"plan_urls": []}, "names no file in provider_urls"),
        ({"provider_urls": []}, "names no file in provider_urls"),
        ({"provider_urls": "providers.json"}, "names no file in provider_urls"),
        ("providers.json", "has to be an object with provider_urls"),
        ({"provider_urls": ["providers.json", "https://example.org/providers.json"]}, "names providers.json twice"),
        ({"provider_urls": ["other.json"]}, "other.json cannot be read: No such file"),
    ],
)
def test_an_index_that_names_nothing_is_refused_with_a_sentence(tmp_path: Path, index: object, sentence: str) -> None:
    with pytest.raises(DirectoryUnreadable, match=sentence):
        read_directory(write_files(tmp_path, GOOD, index))


def test_a_mark_at_the_start_and_an_index_of_urls_are_read(tmp_path: Path) -> None:
    index = {"provider_urls": ["https://example.org/mrf/providers.json?v=2"], "plan_urls": [], "formulary_urls": []}
    assert len(read_directory(write_files(tmp_path, b"\xef\xbb\xbf" + GOOD, index)).providers) == 1
    (tmp_path / "alone.json").write_bytes(b"\xef\xbb\xbf\n " + GOOD)
    assert len(read_directory(tmp_path / "alone.json").providers) == 1, "a provider file needs no index"
