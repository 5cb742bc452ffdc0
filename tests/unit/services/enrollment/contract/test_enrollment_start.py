"""Starting applications, from blank and from a quote (R11, R14-R26)."""

from dataclasses import replace

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import clients_pb2 as clients
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import AlreadyExists, Caller, CallerKind, Conflict, Forbidden, NotFound, NotReady, Unavailable
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

RESUME = clients.EXISTING_APPLICATION_CHOICE_RESUME
CREATE_NEW = clients.EXISTING_APPLICATION_CHOICE_CREATE_NEW
REASON = clients.NEW_APPLICATION_REASON_CLIENT_ASKED


def test_both_numbers_advance_together(harness: EnrollmentHarness) -> None:
    first, second = harness.start(), harness.start()
    assert (first.record_number, first.client_app_id) == ("A-0001", 606)
    assert (second.record_number, second.client_app_id) == ("A-0002", 607)
    assert first.expires_on == "2026-08-18"
    assert first.general.special_enrollment
    assert first.rule_pack == "2026.1"


def test_the_same_key_starts_one_application(harness: EnrollmentHarness) -> None:
    request = service.StartApplicationRequest(idempotency_key="key-number-1", writing_number="220002580")
    numbers = {harness.call("StartApplication", request).application.record_number for _ in range(3)}
    assert numbers == {"A-0001"}
    assert len(harness.work.events) == 1


def test_an_application_cannot_start_under_another_producers_writing_number(harness: EnrollmentHarness) -> None:
    request = service.StartApplicationRequest(idempotency_key="key-number-1", writing_number="999999999")
    with pytest.raises(NotFound):
        harness.call("StartApplication", request)


def test_another_producers_record_answers_like_an_unknown_one(harness: EnrollmentHarness) -> None:
    app = harness.start()
    stranger = Caller(CallerKind.PRODUCER, "other@example.com", ())
    answers = []
    for number, caller in ((app.record_number, stranger), ("A-9999", samples.PRODUCER)):
        with pytest.raises(NotFound) as refused:
            harness.call("GetApplication", service.GetApplicationRequest(record_number=number), caller)
        answers.append((refused.value.message, refused.value.code))
    assert answers[0] == answers[1]


def test_a_quote_fills_the_form_with_the_primary_applicant_first(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote()
    app = harness.enroll().application
    people = [(p.relationship, p.first_name, p.date_of_birth) for p in app.household.people]
    assert people == [
        (common.RELATIONSHIP_SELF, "", "1987-06-14"),
        (common.RELATIONSHIP_CHILD, "Cal", "2019-09-03"),
    ]
    assert harness.state.applications[app.record_number].quoted_at == samples.QUOTED_AT, "what reports count from"
    assert app.household.people[0].tobacco_use
    assert not app.household.people[1].HasField("tobacco_use")
    assert app.household.home_address.county_fips == "17031"
    assert app.household.form_type == pb.FORM_TYPE_MEDICAL_DENTAL
    assert app.header.effective_date == "2026-06-01"
    assert app.effective_date == ""
    assert app.header.monthly_premium.cents == 2 * (101 + 11) * 100
    assert list(app.locked) == ["producer", "form_type", "special_enrollment"]


def test_a_dental_quote_fixes_the_dental_form(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote(medical_plan_id="")
    app = harness.enroll().application
    assert app.household.form_type == pb.FORM_TYPE_DENTAL


def test_a_quote_with_a_draft_asks_what_to_do(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote()
    harness.enroll()
    asked = harness.enroll(key="the-same-key")
    assert (asked.outcome, asked.incomplete_record_number) == ("choice_needed", "A-0001")
    assert harness.enroll(RESUME, key="the-same-key").application.record_number == "A-0001"
    assert harness.enroll(CREATE_NEW, reason=REASON).application.record_number == "A-0002"
    assert len(harness.state.applications) == 2


def test_repeating_the_first_start_gives_its_application_and_asks_nothing(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote()
    first = harness.enroll(key="the-same-key")
    again = harness.enroll(key="the-same-key")
    assert again.outcome == "started"
    assert again.application.record_number == first.application.record_number
    with pytest.raises(AlreadyExists):
        harness.enroll(CREATE_NEW, key="the-same-key")


def test_an_on_exchange_quote_leads_to_the_exchange_and_starts_nothing(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote(on_exchange=True, exchange_target="SBE", exchange_url="https://example.com")
    answer = harness.enroll()
    assert (answer.outcome, answer.exchange_target) == ("on_exchange_redirect", "SBE")
    assert not harness.state.applications


def test_a_delegate_cannot_complete_an_on_exchange_enrollment(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote(on_exchange=True)
    with pytest.raises(Forbidden):
        harness.enroll(caller=replace(samples.PRODUCER, kind=CallerKind.DELEGATE))


def test_a_quote_is_enrolled_only_by_its_producer_and_only_with_a_plan_in_time(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote()
    with pytest.raises(NotFound):
        harness.enroll(caller=Caller(CallerKind.PRODUCER, "other@example.com", ()))
    harness.quotes.saved = samples.quote(medical_plan_id="", dental_plan_id="")
    with pytest.raises(NotReady):
        harness.enroll()
    harness.quotes.saved = samples.quote(expired=True)
    with pytest.raises(Conflict):
        harness.enroll()


def test_without_quote_nothing_is_started(harness: EnrollmentHarness) -> None:
    harness.quotes.saved, harness.quotes.failure = samples.quote(), Unavailable("away")
    with pytest.raises(Unavailable):
        harness.enroll()
    assert not harness.state.applications
