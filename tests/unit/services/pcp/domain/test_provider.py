import pytest

from services.pcp.domain.network import component_id
from services.pcp.domain.provider import Panel, find_specialty, name_language, panel_of


@pytest.mark.parametrize(
    ("panel", "age", "taken"),
    [
        (Panel.PEDIATRIC, 0, True),
        (Panel.PEDIATRIC, 18, True),
        (Panel.PEDIATRIC, 19, False),
        (Panel.ADULT, 17, False),
        (Panel.ADULT, 18, True),
        (Panel.ANY, 0, True),
        (Panel.ANY, 99, True),
    ],
)
def test_a_panel_takes_the_ages_it_is_for(panel: Panel, age: int, taken: bool) -> None:
    assert panel.takes(age) is taken


def test_the_specialty_decides_the_panel() -> None:
    assert panel_of(["Pediatrics"]) is Panel.PEDIATRIC
    assert panel_of(["Internal Medicine", "Cardiology"]) is Panel.ADULT
    assert panel_of(["Internal Medicine", "Pediatrics"]) is Panel.ANY


def test_a_specialist_is_no_primary_care_provider() -> None:
    assert panel_of(["Dermatology", "Oncology"]) is None


def test_every_variant_of_a_plan_has_the_same_network() -> None:
    assert component_id("36096IL9900001-00") == component_id("36096IL9900001-01") == component_id("36096IL9900001")


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("SPANISH", "Spanish"),
        ("spanish", "Spanish"),
        ("american sign language", "American Sign Language"),
        ("CHINESE (mandarin)", "Chinese (Mandarin)"),
        ("o'odham", "O'odham"),
        ("español", "Español"),
        ("Hmong-mien", "Hmong-Mien"),
    ],
)
def test_a_language_has_one_spelling(written: str, named: str) -> None:
    assert name_language(written) == named == name_language(named)


def test_a_specialty_is_found_in_either_case_and_no_other_is() -> None:
    assert find_specialty("pediatric NURSE practitioner") == "Pediatric Nurse Practitioner"
    assert find_specialty("Surgery") is None
