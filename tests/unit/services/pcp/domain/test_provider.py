import pytest

from services.pcp.domain.provider import Panel, component_id, panel_of


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
