"""The same people on several applications: what is asked at the start, what is found, what submission refuses (R14)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import clients_pb2 as clients
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import Caller, CallerKind, Conflict, InvalidInput, NotFound, NotReady, Stale, WritingNumber
from services.enrollment.domain.enums import Status, Step
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

RESUME = clients.EXISTING_APPLICATION_CHOICE_RESUME
CREATE_NEW = clients.EXISTING_APPLICATION_CHOICE_CREATE_NEW
MISTAKE = clients.NEW_APPLICATION_REASON_MISTAKE_IN_OTHER
STRANGER = Caller(CallerKind.PRODUCER, "other@example.com", (WritingNumber("990000001", "IL", "OTHER", "OTHER"),))


def quoted(quote_id: str = "q-2") -> Any:
    """A quote for Ada Sample, who is the applicant of ``samples.household`` too."""
    quote = samples.quote()
    ada = replace(quote.members[-1], first_name="Ada", last_name="Sample")
    return replace(quote, quote_id=quote_id, members=(*quote.members[:-1], ada))


def applied(harness: EnrollmentHarness, ssn: str = "") -> Any:
    app = harness.start()
    household = samples.household()
    household.people[0].ssn = ssn
    return harness.save(app, household=household)


def status(harness: EnrollmentHarness, app: Any, new: Status) -> None:
    stored = harness.state.applications[app.record_number]
    harness.state.applications[app.record_number] = replace(stored, status=new)


def timeline(harness: EnrollmentHarness, record_number: str) -> str:
    return " ".join(row.summary for row in harness.work.audit if row.subject == record_number)


def found(harness: EnrollmentHarness, app: Any, caller: Any = None) -> Any:
    request = clients.FindDuplicatesRequest(record_number=app.record_number)
    return harness.call("FindDuplicates", request, *([caller] if caller else []))


def explain(harness: EnrollmentHarness, app: Any, reason: Any = MISTAKE, version: int = 0) -> Any:
    request = clients.ExplainDuplicatesRequest(
        record_number=app.record_number, version=version or app.version, reason=reason
    )
    return harness.call("ExplainDuplicates", request).application


def from_client(harness: EnrollmentHarness, client_id: str = "client-1", caller: Any = None, **answer: Any) -> Any:
    request = clients.StartClientEnrollmentRequest(idempotency_key=harness.key(), client_id=client_id, **answer)
    return harness.call("StartClientEnrollment", request, *([caller] if caller else []))


def test_a_quote_for_somebody_with_an_open_application_asks(harness: EnrollmentHarness) -> None:
    applied(harness)
    harness.quotes.saved = quoted()
    asked = harness.enroll(key="the-same-key")
    assert (asked.outcome, asked.incomplete_record_number) == ("choice_needed", "A-0001")
    [one] = asked.duplicates
    assert (one.record_number, one.can_be_resumed) == ("A-0001", True)
    assert list(one.matches) == [clients.DUPLICATE_MATCH_SAME_NAME_AND_BIRTH_DATE]
    assert harness.enroll(RESUME, key="the-same-key").application.record_number == "A-0001"
    assert len(harness.state.applications) == 1


@pytest.mark.parametrize("last_name", ["O\u2019Neil", "ONEIL", "O Neil", "\u00d3'N\u00e9il"])
def test_the_same_name_typed_another_way_is_asked_about(harness: EnrollmentHarness, last_name: str) -> None:
    household = samples.household()
    household.people[0].last_name = "O'Neil"
    harness.save(harness.start(), household=household)
    quote = samples.quote()
    ada = replace(quote.members[-1], first_name="\u00c1DA", last_name=last_name)
    harness.quotes.saved = replace(quote, members=(*quote.members[:-1], ada))
    assert harness.enroll().outcome == "choice_needed"
    harness.quotes.saved = replace(quote, members=(*quote.members[:-1], replace(ada, first_name="Adam")))
    assert harness.enroll().outcome == "started", "the control: another name is another person"


def test_a_new_one_beside_one_that_was_only_started_needs_no_reason(harness: EnrollmentHarness) -> None:
    applied(harness)
    harness.quotes.saved = quoted()
    assert harness.enroll(CREATE_NEW).application.record_number == "A-0002"


def test_a_new_one_beside_a_submitted_one_needs_a_reason_which_the_timeline_keeps(harness: EnrollmentHarness) -> None:
    status(harness, applied(harness), Status.SUBMITTED)
    earlier = harness.state.applications["A-0001"]
    harness.state.applications["A-0001"] = replace(earlier, provisional_date=samples.quote().effective_date)
    harness.quotes.saved = quoted()
    with pytest.raises(InvalidInput) as refused:
        harness.enroll(CREATE_NEW)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("reason", "R14")]
    app = harness.enroll(CREATE_NEW, reason=MISTAKE).application
    told = timeline(harness, app.record_number)
    assert "in addition to A-0001, because the other one has a mistake" in told
    assert "Ada" not in told and "Sample" not in told


@pytest.mark.parametrize(
    ("new", "asks"),
    [
        (Status.FAILED, True),
        (Status.SUBMITTING, True),
        (Status.SUBMITTED, True),
        (Status.EXPIRED, False),
        (Status.CANCELLED, False),
    ],
)
def test_a_submission_for_the_same_year_is_a_duplicate_until_it_ends(
    harness: EnrollmentHarness, new: Status, asks: bool
) -> None:
    harness.quotes.saved = quoted("q-1")
    status(harness, harness.enroll().application, new)
    harness.quotes.saved = quoted()
    assert (harness.enroll().outcome == "choice_needed") is asks


def test_a_submission_for_another_plan_year_is_no_duplicate(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quoted("q-1")
    status(harness, harness.enroll().application, Status.SUBMITTED)
    earlier = harness.state.applications["A-0001"]
    assert earlier.provisional_date
    last_year = earlier.provisional_date.replace(year=2025)
    harness.state.applications["A-0001"] = replace(earlier, provisional_date=last_year)
    harness.quotes.saved = quoted()
    assert harness.enroll().outcome == "started"


def test_a_submitted_application_cannot_be_resumed(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quoted("q-1")
    status(harness, harness.enroll().application, Status.SUBMITTED)
    harness.quotes.saved = quoted()
    asked = harness.enroll(RESUME)
    assert (asked.outcome, asked.incomplete_record_number) == ("choice_needed", "")
    assert harness.enroll(RESUME, record_number="A-0001").outcome == "choice_needed"


def test_one_of_several_is_resumed_by_its_number_and_never_one_that_was_not_offered(harness: EnrollmentHarness) -> None:
    applied(harness)
    applied(harness)
    harness.start()
    harness.quotes.saved = quoted()
    assert harness.enroll().incomplete_record_number == "A-0002"
    assert harness.enroll(RESUME, record_number="A-0001").application.record_number == "A-0001"
    assert harness.enroll(RESUME, record_number="A-0003").outcome == "choice_needed"


def test_a_duplicate_of_another_producer_is_never_mentioned(harness: EnrollmentHarness) -> None:
    applied(harness)
    theirs = quoted()
    harness.quotes.saved = replace(theirs, producer=replace(theirs.producer, writing_number="990000001"))
    answer = harness.enroll(caller=STRANGER)
    assert answer.outcome == "started"
    assert not found(harness, answer.application, STRANGER).duplicates
    harness.quotes.saved = theirs
    assert harness.enroll().outcome == "choice_needed", "the control: under the same writing number it is found"


def test_duplicates_say_why_they_match_and_only_to_their_producer(harness: EnrollmentHarness) -> None:
    first, second = applied(harness, "536904399"), applied(harness, "536904399")
    [one] = found(harness, second).duplicates
    assert one.record_number == first.record_number
    assert list(one.matches) == [
        clients.DUPLICATE_MATCH_SAME_SSN,
        clients.DUPLICATE_MATCH_SAME_NAME_AND_BIRTH_DATE,
        clients.DUPLICATE_MATCH_SAME_PHONE,
    ]
    assert not one.explained
    with pytest.raises(NotFound):
        found(harness, second, STRANGER)


def test_an_explanation_covers_what_was_there_and_nothing_that_comes_later(harness: EnrollmentHarness) -> None:
    applied(harness)
    second = explain(harness, applied(harness))
    applied(harness)
    answer = found(harness, second)
    assert {one.record_number: one.explained for one in answer.duplicates} == {"A-0001": True, "A-0003": False}
    assert answer.reason == MISTAKE
    assert "Kept in addition to A-0001" in timeline(harness, second.record_number)


def test_an_explanation_needs_a_reason_an_occasion_and_the_version_that_was_read(harness: EnrollmentHarness) -> None:
    alone = applied(harness)
    with pytest.raises(NotReady):
        explain(harness, alone)
    second = applied(harness)
    with pytest.raises(InvalidInput):
        explain(harness, second, 99)
    with pytest.raises(Stale):
        explain(harness, second, version=second.version - 1)
    status(harness, second, Status.SUBMITTED)
    with pytest.raises(Conflict):
        explain(harness, second)


def numbered(harness: EnrollmentHarness) -> Any:
    """An application to which nothing is missing, with a social security number."""
    app = harness.complete()
    household = samples.household()
    household.people[0].ssn = "536904399"
    return harness.save(app, household=household)


def test_the_same_number_is_submitted_twice_only_with_a_reason(harness: EnrollmentHarness) -> None:
    assert harness.submit(numbered(harness)).status == pb.APPLICATION_STATUS_SUBMITTED
    second = numbered(harness)
    assert harness.missing(second) == [(pb.STEP_HOUSEHOLD, "people[0].ssn")]
    with pytest.raises(NotReady) as refused:
        harness.submit(second)
    [problem] = refused.value.problems
    assert (problem.field, problem.rule) == ("household.people[0].ssn", "R14")
    assert "A-0001" in problem.message and "4399" not in problem.message
    second = explain(harness, second)
    assert not harness.missing(second)
    assert harness.submit(second).status == pb.APPLICATION_STATUS_SUBMITTED


def test_every_save_leads_back_to_a_number_that_was_sent_already(harness: EnrollmentHarness) -> None:
    harness.submit(numbered(harness))
    second = numbered(harness)
    for saved in (
        second,
        harness.save(second, signatures=steps_pb2.SignaturesStep(payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_LATER)),
        harness.calculate(harness.get(second)),
    ):
        assert saved.current_step == harness.get(second).current_step == pb.STEP_HOUSEHOLD
        assert harness.state.steps_shown[second.record_number] is Step.HOUSEHOLD
    explained = explain(harness, harness.get(second))
    assert explained.current_step == pb.STEP_SIGNATURES
    assert harness.state.steps_shown[second.record_number] is Step.SIGNATURES


def test_a_reason_for_one_submission_does_not_let_another_one_through(harness: EnrollmentHarness) -> None:
    harness.submit(numbered(harness))
    third = explain(harness, numbered(harness))
    harness.submit(numbered_beside(harness))
    assert harness.missing(third) == [(pb.STEP_HOUSEHOLD, "people[0].ssn")]


def numbered_beside(harness: EnrollmentHarness) -> Any:
    return explain(harness, numbered(harness))


def test_a_client_fills_the_form_but_for_what_has_to_be_answered_anew(harness: EnrollmentHarness) -> None:
    status(harness, applied(harness, "536904399"), Status.EXPIRED)
    answer = from_client(harness)
    assert answer.outcome == "started"
    app = answer.application
    [person] = app.household.people
    assert (person.first_name, person.date_of_birth) == ("Ada", "1987-06-14")
    assert (app.household.home_address.street, app.household.contact.phone) == ("200 E Randolph St", "312-555-0142")
    assert not person.HasField("tobacco_use") and person.ssn_last_four == ""
    harness.save(app, household=samples.household())
    assert timeline(harness, app.record_number).startswith("Application started for a known client.")


def test_a_client_with_an_open_application_asks_like_a_quote(harness: EnrollmentHarness) -> None:
    applied(harness)
    assert from_client(harness).outcome == "choice_needed"
    assert from_client(harness, choice=RESUME).application.record_number == "A-0001"
    assert from_client(harness, choice=CREATE_NEW, reason=MISTAKE).application.record_number == "A-0002"


def test_another_producers_client_answers_like_an_unknown_one(harness: EnrollmentHarness) -> None:
    applied(harness)
    answers = []
    for client_id, caller in (("client-1", STRANGER), ("client-9", samples.PRODUCER)):
        with pytest.raises(NotFound) as refused:
            from_client(harness, client_id, caller)
        answers.append((refused.value.message, refused.value.code))
    assert answers[0] == answers[1]


def test_a_client_who_moved_starts_under_another_number_without_the_old_address(harness: EnrollmentHarness) -> None:
    applied(harness)
    texan = WritingNumber("107864325", "TX", "FRITZ, CALVIN C", "FRITZ, CALVIN C")
    caller = replace(samples.PRODUCER, writing_numbers=(*samples.PRODUCER.writing_numbers, texan))
    app = from_client(harness, caller=caller, writing_number="107864325").application
    assert (app.state, app.household.home_address.zip, app.household.people[0].first_name) == ("TX", "", "Ada")
    with pytest.raises(NotFound):
        from_client(harness, writing_number="107864325")


def test_the_same_key_starts_one_application_for_a_client(harness: EnrollmentHarness) -> None:
    status(harness, applied(harness), Status.EXPIRED)
    request = clients.StartClientEnrollmentRequest(idempotency_key="key-number-1", client_id="client-1")
    numbers = {harness.call("StartClientEnrollment", request).application.record_number for _ in range(2)}
    assert len(numbers) == 1
