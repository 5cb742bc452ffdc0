"""Equal people on PostgreSQL: found by blind indexes, within one writing number alone, by one of two at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel import Command, Money
from services.enrollment.domain.application import Application
from services.enrollment.domain.cancellation import CancelParty
from services.enrollment.domain.duplicates import Duplicate, DuplicateExplanation, DuplicateMatch, NewApplicationReason
from services.enrollment.domain.enums import Coverage, Relationship, Status, Step
from services.enrollment.domain.pricing import PlanLine
from services.enrollment.domain.steps import Contact
from services.enrollment.domain.termination import CoverageTermination, TerminationReason
from services.enrollment.usecases.application_service import ApplicationView
from services.enrollment.usecases.duplicates import DuplicateAnswer, DuplicateChoiceNeeded
from services.enrollment.usecases.start_client_enrollment import StartClientEnrollment
from tests.integration.services.enrollment.client_harness import (
    ADA,
    CAL,
    FRITZ,
    OTHER,
    ClientHarness,
    caller,
    quoted,
)


def duplicates(harness: ClientHarness, app: Application) -> list[Duplicate]:
    with harness.transactions() as work:
        return work.duplicates.of(app)


def sent(
    harness: ClientHarness, app: Application, coverage: Coverage = Coverage.MEDICAL, year: int = 2026
) -> Application:
    """As if it was submitted, with a plan of this coverage, for this year."""
    priced = with_plan(harness, app, coverage, year)
    return store(harness, priced, status=Status.SUBMITTED)


def with_plan(
    harness: ClientHarness, app: Application, coverage: Coverage = Coverage.MEDICAL, year: int = 2026
) -> Application:
    line = PlanLine(coverage, "P-1", "Plan", "PPO", "Gold", Money(100), (), "illustrative")
    return store(harness, app, plan_lines=(line,), provisional_date=date(year, 6, 1))


def store(harness: ClientHarness, app: Application, **changes: object) -> Application:
    changed = app.changed(harness.clock.now(), **changes)
    with harness.transactions() as work:
        work.applications.save(changed, Step.PLANS, read_version=app.version)
    return changed


def found(harness: ClientHarness, app: Application) -> list[str]:
    with harness.transactions() as work:
        return [one.record_number for one in work.duplicates.sent(app)]


def test_an_application_is_found_by_number_by_name_and_by_phone(harness: ClientHarness) -> None:
    by_all = harness.apply(ADA)
    by_ssn = harness.apply(replace(ADA, last_name="Married"), contact=Contact())
    by_name = harness.apply(replace(ADA, ssn="", first_name=" ada "), contact=Contact())
    by_phone = harness.apply(replace(ADA, ssn="", first_name="Eve"), contact=Contact("+1 312 555 0142", "mobile"))
    as_spouse = harness.apply(
        replace(ADA, first_name="Bob", ssn=""),
        replace(ADA, relationship=Relationship.SPOUSE, ssn=""),
        contact=Contact(),
    )
    harness.apply(replace(ADA, first_name="Zed", ssn=""), contact=Contact())
    mine = harness.apply(ADA, CAL)
    found = {one.record_number: one.matches for one in duplicates(harness, mine)}
    assert found == {
        by_all.record_number: (
            DuplicateMatch.SAME_SSN,
            DuplicateMatch.SAME_NAME_AND_BIRTH_DATE,
            DuplicateMatch.SAME_PHONE,
        ),
        by_ssn.record_number: (DuplicateMatch.SAME_SSN,),
        by_name.record_number: (DuplicateMatch.SAME_NAME_AND_BIRTH_DATE,),
        as_spouse.record_number: (DuplicateMatch.SAME_NAME_AND_BIRTH_DATE,),
        by_phone.record_number: (DuplicateMatch.SAME_PHONE,),
    }
    in_order = list(found)
    assert (in_order[0], in_order[-1]) == (by_all.record_number, by_phone.record_number)


def test_quotes_of_the_person_are_found_but_not_the_applications_own(harness: ClientHarness) -> None:
    harness.hear(quoted("Ada"), "q-1")
    harness.hear(quoted("Ada"), "q-2")
    app = store(harness, harness.apply(ADA), quote_id="q-1")
    [one] = duplicates(harness, app)
    assert (one.quote_id, one.record_number, one.effective_date) == ("q-2", "", date(2026, 6, 1))


def test_an_expired_or_cancelled_application_is_no_duplicate(harness: ClientHarness) -> None:
    for status in (Status.EXPIRED, Status.CANCELLED):
        store(harness, harness.apply(ADA), status=status)
    assert not duplicates(harness, harness.apply(ADA))


def test_duplicates_never_reveal_another_producers_application_or_quote(harness: ClientHarness) -> None:
    harness.apply(ADA, producer=OTHER)
    harness.hear(quoted("Ada", number=OTHER.writing_number), "q-1")
    mine = harness.apply(ADA)
    assert not duplicates(harness, mine)
    sent(harness, harness.apply(ADA, producer=OTHER))
    assert not found(harness, with_plan(harness, mine))
    harness.apply(ADA)
    harness.hear(quoted("Ada"), "q-2")
    assert len(duplicates(harness, mine)) == 2, "the control: under the same writing number both are found"


def test_a_number_clashes_only_with_what_was_sent_for_its_year_and_coverage(harness: ClientHarness) -> None:
    sent(harness, harness.apply(ADA), Coverage.DENTAL)
    sent(harness, harness.apply(ADA), year=2025)
    with_plan(harness, harness.apply(ADA))
    mine = with_plan(harness, harness.apply(ADA))
    assert not found(harness, mine)
    other = sent(harness, harness.apply(replace(ADA, first_name="Eve")))
    assert found(harness, mine) == [other.record_number]


@pytest.mark.parametrize(
    ("ended", "last_day", "clashes"),
    [
        (Coverage.MEDICAL, date(2026, 5, 31), False),
        (Coverage.MEDICAL, date(2026, 6, 1), True),
        (Coverage.DENTAL, date(2026, 5, 31), True),
    ],
)
def test_coverage_that_ended_before_the_new_one_begins_is_no_duplicate(
    harness: ClientHarness, ended: Coverage, last_day: date, clashes: bool
) -> None:
    first = sent(harness, harness.apply(ADA))
    reason, party = TerminationReason.MOVED, CancelParty.CLIENT
    store(harness, first, terminations=(CoverageTermination(ended, date(2026, 5, 2), last_day, reason, party),))
    assert bool(found(harness, with_plan(harness, harness.apply(ADA)))) is clashes


def test_of_two_submissions_at_once_with_one_number_the_second_is_told(harness: ClientHarness) -> None:
    apps = [with_plan(harness, harness.apply(ADA)) for _ in range(4)]

    def submit(app: Application) -> bool:
        with harness.transactions() as work:
            if work.duplicates.sent(app, lock=True):
                return False
            changed = app.changed(harness.clock.now(), status=Status.SUBMITTING)
            work.applications.save(changed, Step.PLANS, read_version=app.version)
            return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(submit, apps)) == 1


def test_of_four_tabs_that_start_for_one_client_one_starts(harness: ClientHarness) -> None:
    client_id, _ = harness.hear(quoted("Ada"))
    start = StartClientEnrollment(harness.service)

    def begin(tab: int) -> ApplicationView | DuplicateChoiceNeeded:
        return start(
            Command(caller(FRITZ), "start_enrollment", f"key-of-tab-{tab}", b"x"), client_id, "", DuplicateAnswer()
        )

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(begin, range(4)))
    assert sum(isinstance(answer, ApplicationView) for answer in answers) == 1


def test_an_explanation_comes_back_as_it_was_stored(harness: ClientHarness) -> None:
    explanation = DuplicateExplanation(NewApplicationReason.CLIENT_ASKED, ("A-0001",))
    app = store(harness, harness.apply(ADA), explained=explanation)
    with harness.transactions() as work:
        found = work.applications.get(app.record_number)
    assert found and found.explained == explanation
