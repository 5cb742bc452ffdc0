"""A quote and the application that it becomes take the same people."""

import pytest

from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.rulebook import PACKS, read_rule_pack
from services.quote.domain.household import CHILD_UNTIL, PARENT_YEARS, SPOUSE_FROM, SPOUSE_OF_AGE


@pytest.mark.parametrize(
    "pack", [read_rule_pack(path) for path in sorted(PACKS.glob("*.yaml"))], ids=lambda pack: pack.version
)
def test_quotes_go_by_the_ages_of_every_rule_pack(pack: RulePack) -> None:
    ages = pack.household
    assert (ages.child_until, ages.spouse_from) == (CHILD_UNTIL, SPOUSE_FROM)
    assert (ages.spouse_of_age, ages.parent_years) == (SPOUSE_OF_AGE, PARENT_YEARS)
