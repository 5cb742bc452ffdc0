"""Worked examples of effective dates; every row of the table is in test_decision_table."""

from datetime import date

import pytest

from services.enrollment.domain.dates import first_of_next_month, months_due
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent
from services.enrollment.rulebook import Rulebook

BOOK = Rulebook()


def on(day: str) -> Circumstances:
    today = date.fromisoformat(day)
    return Circumstances(today, BOOK.on(today))


def dates(kind: str, event: str, selected: str) -> list[str]:
    step = GeneralStep(life_events=(LifeEvent(kind, date.fromisoformat(event)),))
    return [str(option.effective_date) for option in effective_dates(step, "TX", on(selected)).options]


@pytest.mark.parametrize(
    ("kind", "event", "selected", "expected"),
    [
        ("birth", "2026-03-02", "2026-04-10", ["2026-03-02", "2026-05-01"]),
        ("birth", "2026-01-10", "2026-01-20", ["2026-01-10", "2026-02-01"]),
        ("birth", "2028-02-29", "2028-02-29", ["2028-02-29", "2028-03-01"]),
        ("loss_of_coverage", "2026-05-31", "2026-05-20", ["2026-06-01"]),
        ("loss_of_coverage", "2026-05-31", "2026-05-31", ["2026-06-01"]),
        ("loss_of_coverage", "2026-05-31", "2026-06-10", ["2026-07-01"]),
        ("loss_of_coverage", "2026-06-30", "2026-05-20", ["2026-07-01"]),
        ("marriage", "2025-05-21", "2025-05-21", ["2025-06-01"]),
        ("marriage", "2026-12-31", "2026-12-31", ["2027-01-01"]),
        ("marriage", "2028-02-29", "2028-02-29", ["2028-03-01"]),
    ],
)
def test_the_vectors_of_the_decision_table(kind: str, event: str, selected: str, expected: list[str]) -> None:
    assert dates(kind, event, selected) == expected


def test_coverage_that_ends_later_may_be_replaced_up_to_60_days_before() -> None:
    assert dates("loss_of_coverage", "2026-07-19", "2026-05-20") == ["2026-08-01", "2026-07-01"]
    assert not dates("loss_of_coverage", "2026-07-20", "2026-05-20")


def test_a_marriage_ahead_gives_no_date_yet() -> None:
    assert not dates("marriage", "2026-05-21", "2026-05-20")


def test_a_refusal_names_the_exact_days() -> None:
    step = GeneralStep(life_events=(LifeEvent("marriage", date(2026, 3, 1)),))
    [refusal] = effective_dates(step, "TX", on("2026-05-01")).refused
    assert (refusal.window_first_day, refusal.window_last_day) == (date(2026, 3, 1), date(2026, 4, 30))
    assert "between 3/2/2026 and 5/1/2026" in refusal.explanation


def test_of_several_events_the_earliest_date_stands_first_and_the_late_event_is_refused() -> None:
    step = GeneralStep(
        life_events=(
            LifeEvent("marriage", date(2026, 5, 2)),
            LifeEvent("birth", date(2026, 5, 4)),
            LifeEvent("loss_of_coverage", date(2026, 1, 31)),
        )
    )
    found = effective_dates(step, "IL", on("2026-05-20"))
    assert [(str(o.effective_date), o.life_event) for o in found.options] == [
        ("2026-05-04", "birth"),
        ("2026-06-01", "marriage"),
        ("2026-06-01", "birth"),
    ]
    assert [r.place for r in found.refused] == [2]
    assert found.options[0].rule == "birth@2026.1"


@pytest.mark.parametrize(
    ("state", "selected", "expected"),
    [
        # Get Covered Illinois moved both of its days in its first season
        ("IL", "2025-12-16", "2026-01-01"),
        ("IL", "2025-12-31", "2026-01-01"),
        ("IL", "2026-01-01", "2026-02-01"),
        ("IL", "2026-01-31", "2026-02-01"),
        ("TX", "2025-12-15", "2026-01-01"),
        ("TX", "2025-12-16", "2026-02-01"),
        # HealthCare.gov moved the cut for 1 January 2025 by three days, in its own states
        ("TX", "2024-12-18", "2025-01-01"),
        ("IL", "2024-12-18", "2025-01-01"),
        ("TX", "2024-12-19", "2025-02-01"),
        ("NM", "2024-12-16", "2025-02-01"),
        # beWellnm's own cut for 1 January 2024
        ("NM", "2023-12-31", "2024-01-01"),
        ("TX", "2023-12-31", "2024-02-01"),
        ("TX", "2026-11-23", "2027-01-01"),
        ("IL", "2026-12-31", "2027-01-01"),
    ],
)
def test_open_enrollment_follows_its_window(state: str, selected: str, expected: str) -> None:
    [option] = effective_dates(GeneralStep(special_enrollment=False), state, on(selected)).options
    assert str(option.effective_date) == expected
    assert option.life_event == ""


@pytest.mark.parametrize(("state", "day"), [("TX", "2026-01-16"), ("IL", "2026-02-01"), ("NM", "2026-01-16")])
def test_the_day_after_a_window_is_closed(state: str, day: str) -> None:
    assert not effective_dates(GeneralStep(special_enrollment=False), state, on(day)).options


def test_days_that_no_exchange_announced_say_so_to_the_producer() -> None:
    [option] = effective_dates(GeneralStep(special_enrollment=False), "IL", on("2026-12-20")).options
    assert "federal limits: Get Covered Illinois had not announced" in option.explanation
    assert "11/28/2026" in option.explanation
    [refusal] = effective_dates(GeneralStep(special_enrollment=False), "NM", on("2027-02-01")).refused
    assert "federal limits: beWellnm" in refusal.explanation


@pytest.mark.parametrize(("state", "day"), [("TX", "2026-11-20"), ("IL", "2025-12-20")])
def test_announced_days_come_without_a_caution(state: str, day: str) -> None:
    [option] = effective_dates(GeneralStep(special_enrollment=False), state, on(day)).options
    assert "federal limits" not in option.explanation


def test_outside_open_enrollment_the_next_window_is_named() -> None:
    found = effective_dates(GeneralStep(special_enrollment=False), "TX", on("2026-12-16"))
    assert not found.options
    assert "11/1/2027 to 12/15/2027" in found.refused[0].explanation
    assert found.refused[0].field == "special_enrollment"


def test_a_retroactive_date_owes_every_month_since() -> None:
    assert months_due(date(2026, 3, 2), date(2026, 4, 10)) == 2
    assert months_due(date(2026, 12, 31), date(2027, 2, 1)) == 3
    assert months_due(date(2026, 7, 1), date(2026, 5, 20)) == 1


def test_december_is_followed_by_january() -> None:
    assert first_of_next_month(date(2026, 12, 31)) == date(2027, 1, 1)
