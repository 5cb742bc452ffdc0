"""Every row of the decision table of rules.md 3, with the sources that say so as the names of the tests."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from services.enrollment.domain.effective_dates import DateChoice, DateRefusalReason, effective_dates
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent
from services.enrollment.rulebook import Rulebook

BOOK = Rulebook()
PACK = BOOK.version("2026.1")
# Event, day of selection -> every date on which coverage may begin. Written out, not worked out.
Cases = dict[tuple[str, str], list[str]]

DAY_OR_NEXT_FIRST: Cases = {
    ("2026-03-10", "2026-03-10"): ["2026-03-10", "2026-04-01"],
    ("2026-03-10", "2026-04-19"): ["2026-03-10", "2026-05-01"],
    ("2028-02-29", "2028-03-31"): ["2028-02-29", "2028-04-01"],
    ("2026-12-31", "2026-12-31"): ["2026-12-31", "2027-01-01"],
    ("2026-04-01", "2026-04-01"): ["2026-04-01", "2026-05-01"],
}
NEXT_FIRST: Cases = {
    ("2026-03-10", "2026-03-10"): ["2026-04-01"],
    ("2026-03-10", "2026-05-09"): ["2026-06-01"],
    ("2026-12-31", "2026-12-31"): ["2027-01-01"],
    ("2028-02-29", "2028-02-29"): ["2028-03-01"],
}
LOSS: Cases = {
    ("2026-05-31", "2026-05-20"): ["2026-06-01"],
    ("2026-05-31", "2026-05-31"): ["2026-06-01"],
    ("2026-05-31", "2026-06-10"): ["2026-07-01"],
    ("2026-05-31", "2026-04-20"): ["2026-06-01"],  # covered to the end of the month: nothing to overlap with
    ("2026-03-10", "2026-02-28"): ["2026-04-01", "2026-03-01"],  # selected before the month of the loss
    ("2026-03-10", "2026-03-01"): ["2026-04-01"],  # in that month the overlap is gone
    ("2026-12-31", "2026-12-31"): ["2027-01-01"],
    ("2028-02-29", "2028-01-15"): ["2028-03-01"],
}
# COBRA itself goes on, so no month ends in which both would overlap.
LOSS_WITHOUT_OVERLAP: Cases = LOSS | {("2026-03-10", "2026-02-28"): ["2026-04-01"]}
HRA: Cases = {
    ("2026-03-10", "2026-02-18"): ["2026-04-01"],
    ("2026-03-01", "2026-02-27"): ["2026-03-01"],  # starts on a first: that day
    ("2026-03-01", "2026-03-01"): ["2026-04-01"],
    ("2026-03-10", "2026-04-09"): ["2026-05-01"],
    ("2027-01-01", "2026-12-31"): ["2027-01-01"],
}
UNPAID: Cases = {
    ("2026-03-10", "2026-01-20"): ["2026-04-01"],  # not before the event
    ("2026-03-10", "2026-02-18"): ["2026-04-01"],
    ("2026-03-10", "2026-04-09"): ["2026-05-01"],
}


@dataclass(frozen=True)
class Row:
    """``sources``: S numbers of rules.md, with K for what is not read anywhere. ``first_year``: the first plan year
    whose pack has the event.
    """

    kind: str
    before: int
    after: int
    cases: Cases
    sources: str
    first_year: int = BOOK.packs[0].plan_year


ROWS = [
    Row("birth", 0, 60, DAY_OR_NEXT_FIRST, "S19 S20"),
    Row("adoption", 0, 60, DAY_OR_NEXT_FIRST, "S19 S20"),
    Row("placement_for_adoption", 0, 60, DAY_OR_NEXT_FIRST, "S19 S20"),
    Row("foster_placement", 0, 60, DAY_OR_NEXT_FIRST, "S19 S20"),
    Row("court_order", 0, 60, DAY_OR_NEXT_FIRST, "S19 S21"),
    Row("marriage", 0, 60, NEXT_FIRST, "S20 S22"),
    Row("divorce", 0, 60, NEXT_FIRST, "S19"),
    Row("death_of_policy_holder", 0, 60, NEXT_FIRST, "S6 S19"),
    Row("loss_of_coverage", 60, 60, LOSS, "S7 S19 S20"),
    Row("loss_of_job_coverage", 60, 60, LOSS, "S7 S19 S20"),
    Row("cobra_exhausted", 60, 60, LOSS, "S7 S19 S20"),
    Row("loss_of_medicaid", 60, 90, LOSS, "S7 K"),
    Row("cobra_subsidy_ended", 60, 60, LOSS_WITHOUT_OVERLAP, "K"),
    Row("medicaid_denied", 0, 60, NEXT_FIRST, "S70 K"),
    Row("aged_off", 60, 60, LOSS, "S7 S19 S20"),
    Row("policy_year_ended", 60, 60, LOSS, "S7 S19 S20"),
    Row("permanent_move", 0, 60, NEXT_FIRST, "S19 S22 S23"),
    Row("new_hra_offer", 60, 60, HRA, "S24 K"),
    Row("employer_did_not_pay", 60, 60, UNPAID, "S19"),
    Row("release_from_incarceration", 0, 60, NEXT_FIRST, "S19"),
    Row("domestic_abuse", 0, 60, NEXT_FIRST, "S19"),
    Row("americorps", 0, 60, NEXT_FIRST, "S19"),
    Row("contract_violation", 0, 60, NEXT_FIRST, "S19 K"),
    Row("enrollment_error", 0, 60, NEXT_FIRST, "S19 K"),
]
EXCHANGE_ONLY = {"citizenship": "S2 S6", "tribal_membership": "S2 S6", "income_change": "S2 S6"}

each_row = pytest.mark.parametrize("row", ROWS, ids=[f"{row.kind} ({row.sources})" for row in ROWS])


def dates(kind: str, event: date, selected: date) -> list[str]:
    step = GeneralStep(life_events=(LifeEvent(kind, event),))
    found = effective_dates(step, "TX", Circumstances(selected, BOOK.on(selected)))
    assert bool(found.options) != bool(found.refused)
    return [str(option.effective_date) for option in found.options]


@each_row
def test_coverage_begins_as_the_table_says(row: Row) -> None:
    for (event, selected), expected in row.cases.items():
        assert dates(row.kind, date.fromisoformat(event), date.fromisoformat(selected)) == expected, (event, selected)


@each_row
def test_the_last_day_of_the_window_is_in_and_the_next_is_out(row: Row) -> None:
    event = date(max(PACK.plan_year, row.first_year), 6, 15)
    assert dates(row.kind, event, event + timedelta(row.after))
    assert not dates(row.kind, event, event + timedelta(row.after + 1))
    assert dates(row.kind, event, event - timedelta(row.before))
    assert not dates(row.kind, event, event - timedelta(row.before + 1))


@each_row
def test_the_sources_stand_with_the_rule(row: Row) -> None:
    assert " ".join(BOOK.packs[-1].life_events[row.kind].sources) == row.sources


@pytest.mark.parametrize("kind", EXCHANGE_ONLY, ids=[f"{kind} ({s})" for kind, s in EXCHANGE_ONLY.items()])
def test_an_event_that_only_the_exchange_grants_gives_a_hint_and_no_date(kind: str) -> None:
    step = GeneralStep(life_events=(LifeEvent(kind, date(2026, 5, 2)),))
    found = effective_dates(step, "IL", Circumstances(date(2026, 5, 20), PACK))
    [refusal] = found.refused
    assert not found.options
    assert (refusal.reason, refusal.field) == (DateRefusalReason.EXCHANGE_ONLY, "life_events[0].kind")
    assert "Get Covered Illinois" in refusal.explanation
    assert (refusal.window_first_day, refusal.window_last_day) == (None, None)
    assert " ".join(PACK.life_events[kind].sources) == EXCHANGE_ONLY[kind]


def test_every_life_event_of_every_pack_has_a_row() -> None:
    for pack in BOOK.packs:
        rows = {row.kind for row in ROWS if row.first_year <= pack.plan_year}
        assert set(pack.life_events) == rows | set(EXCHANGE_ONLY), pack.version


def test_known_reasons_of_the_834_file_stand_with_their_events() -> None:
    """rules.md 13."""
    codes = {"birth": "02", "adoption": "05", "marriage": "32", "divorce": "01", "permanent_move": "43"}
    assert {kind: PACK.life_events[kind].reason_code for kind in codes} == codes
    assert PACK.life_events["loss_of_coverage"].reason_code == "33"


def test_only_marriage_and_a_move_ask_about_coverage_before() -> None:
    asking = {kind for kind, rule in PACK.life_events.items() if rule.prior_coverage}
    assert asking == {"marriage", "permanent_move"}


BEFORE_2024 = {pack.version for pack in BOOK.packs if pack.plan_year < 2024}
LOSSES = sorted(row.kind for row in ROWS if row.cases is LOSS)


@pytest.mark.parametrize("kind", LOSSES)
def test_a_mid_month_loss_overlaps_only_when_it_is_asked_for(kind: str) -> None:
    """88 FR 25740 gives the date; taking it by default would charge half a month twice."""
    step = GeneralStep(life_events=(LifeEvent(kind, date(2026, 3, 10)),))
    found = effective_dates(step, "TX", Circumstances(date(2026, 2, 20), PACK))
    following, overlapping = found.options
    assert (overlapping.effective_date, overlapping.overlaps) == (date(2026, 3, 1), True)
    assert (following.effective_date, following.overlaps) == (date(2026, 4, 1), False)
    assert found.default == following
    assert found.chosen(DateChoice(date=date(2026, 3, 1))) == overlapping
    assert found.chosen(DateChoice(life_event=kind)) == following


@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("version", sorted(BEFORE_2024))
def test_packs_before_2024_know_no_overlap(kind: str, version: str) -> None:
    pack = BOOK.version(version)
    step = GeneralStep(life_events=(LifeEvent(kind, date(2022, 3, 10)),))
    [option] = effective_dates(step, "TX", Circumstances(date(2022, 2, 20), pack)).options
    assert option.effective_date == date(2022, 4, 1)


def test_an_earlier_event_goes_before_a_later_overlap() -> None:
    events = (LifeEvent("loss_of_coverage", date(2026, 4, 10)), LifeEvent("birth", date(2026, 2, 2)))
    found = effective_dates(GeneralStep(life_events=events), "TX", Circumstances(date(2026, 3, 20), PACK))
    assert found.default and found.default.effective_date == date(2026, 2, 2)
