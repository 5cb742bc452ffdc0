"""How the applicant is reached after submission: judged like the household step, kept apart from it, told once."""

from __future__ import annotations

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2 as after
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import AlreadyExists, Conflict, InvalidInput, NotFound, Stale
from services.enrollment.domain.carrier_grants import FieldGroup
from services.enrollment.domain.events import ContactChanged, ReviewOutdated
from services.enrollment.events.outgoing import event_to_proto
from tests.unit.services.enrollment.contract.test_coverage_termination import DENTAL_ALONE, terminate
from tests.unit.services.enrollment.contract.test_enrollment_cancellation import cancel
from tests.unit.services.enrollment.contract.test_submissions_for_carriers import grant, read
from tests.unit.services.enrollment.harness import EnrollmentHarness
from tests.unit.services.enrollment.review_harness import by_review, opened
from tests.unit.services.enrollment.samples import household

MOBILE = {"phone": "312-555-0142", "phone_type": "mobile", "email": "ada@example.com"}
LETTERS = {"street": "PO Box 12", "city": "Phoenix", "state": "AZ", "zip": "85001"}


def change(
    harness: EnrollmentHarness, app: Any, *, key: str = "", mailing: Any = None, **contact: Any
) -> application_pb2.Application:
    request = after.ChangeContactRequest(
        idempotency_key=key or harness.key(),
        record_number=app.record_number,
        version=app.version,
        contact=pb.Contact(**{**MOBILE, **contact}),
        mailing_address=pb.Address(**mailing) if mailing is not None else None,
    )
    application: application_pb2.Application = harness.call("ChangeContact", request).application
    return application


def told(harness: EnrollmentHarness) -> list[Any]:
    return [event_to_proto(event).message for event in harness.work.events if isinstance(event, ContactChanged)]


@pytest.fixture
def submitted(harness: EnrollmentHarness) -> application_pb2.Application:
    """Submitted on May 20, 2026 for June 1, with letters to the home address."""
    app = harness.calculate(harness.complete(contact=pb.Contact(**MOBILE)), "2026-06-01")
    found: application_pb2.Application = harness.submit(app)
    harness.clock.set_day("2026-05-25")
    return found


def test_the_change_stands_beside_the_step_which_stays_as_submitted(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    done = change(harness, submitted, mailing=LETTERS, phone="708-555-0199", phone_type="landline", email="")
    assert done.contact_change == application_pb2.ContactChange(
        changed_on="2026-05-25",
        contact=pb.Contact(phone="708-555-0199", phone_type="landline"),
        mailing_address=pb.Address(**LETTERS),
    )
    assert (done.household, done.status) == (submitted.household, submitted.status)
    assert harness.get(done) == done


def test_a_later_change_replaces_the_earlier_one_as_a_whole(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    moved = change(harness, submitted, mailing=LETTERS)
    harness.clock.set_day("2026-06-02")
    back = change(harness, moved, email="other@example.com")
    assert not back.contact_change.HasField("mailing_address")
    assert (back.contact_change.changed_on, back.contact_change.contact.email) == ("2026-06-02", "other@example.com")
    assert [(one.change, one.changed_on) for one in told(harness)] == [(1, "2026-05-25"), (2, "2026-06-02")]


def test_the_carrier_reads_the_newest_with_the_number_of_changes(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    grant(harness, FieldGroup.CONTACT)
    assert read(harness, submitted).contact_changes == 0
    done = change(harness, submitted, mailing=LETTERS, phone="708-555-0199")
    found = read(harness, done)
    assert (found.people[0].phone, found.people[0].email) == ("708-555-0199", "ada@example.com")
    assert (found.mailing_address, found.contact_changes) == (pb.Address(**LETTERS), 1)
    assert found.home_address.street == submitted.household.home_address.street
    again = change(harness, done, email="other@example.com")
    found = read(harness, again)
    assert (found.HasField("mailing_address"), found.contact_changes) == (False, 2)
    grant(harness)
    assert not read(harness, again).people[0].email


def test_events_and_the_timeline_hold_nothing_of_what_was_typed(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    change(harness, submitted, mailing=LETTERS, phone="708-555-0199", phone_type="landline", email="new@example.com")
    [event] = told(harness)
    assert (event.record_number, event.client_app_id) == (submitted.record_number, submitted.client_app_id)
    assert (event.state, event.writing_number) == ("IL", "220002580")
    [entry] = [entry for entry in harness.work.audit if entry.action == "contact.changed"]
    assert entry.actor == "producer@example.com"
    assert entry.summary == "Contact details changed: phone, phone type, email, mailing address."
    for value in ("708", "new@example.com", "PO Box", "Phoenix", "85001"):
        assert value.encode() not in event.SerializeToString() and value not in f"{entry}"


@pytest.mark.parametrize(
    ("contact", "mailing", "expected"),
    [
        ({"email": "new@example.com"}, None, "email"),
        ({"phone": "708-555-0199"}, LETTERS, "phone, mailing address"),
        ({"phone_type": "landline"}, None, "phone type"),
    ],
)
def test_the_timeline_names_the_fields_that_differ(
    harness: EnrollmentHarness,
    submitted: application_pb2.Application,
    contact: dict[str, str],
    mailing: dict[str, str] | None,
    expected: str,
) -> None:
    change(harness, submitted, mailing=mailing, **contact)
    [summary] = [entry.summary for entry in harness.work.audit if entry.action == "contact.changed"]
    assert summary == f"Contact details changed: {expected}."


@pytest.mark.parametrize(
    ("contact", "mailing", "expected"),
    [
        ({"phone": ""}, None, [("contact.phone", "R49")]),
        ({"phone_type": ""}, None, [("contact.phone_type", "R49")]),
        ({"phone": "555-0199"}, None, [("contact.phone", "R49")]),
        ({"phone_type": "fax"}, None, [("contact.phone_type", "R49")]),
        ({"email": "ada"}, None, [("contact.email", "R50")]),
        ({"email": "x" * 250 + "@a.example"}, None, [("contact.email", "")]),
        ({"text_messages_version": "1999.1"}, None, [("contact.text_messages_version", "R51")]),
        ({"electronic_delivery_version": "1999.1"}, None, [("contact.electronic_delivery_version", "R51")]),
        ({}, {}, [(f"mailing_address.{part}", "R48") for part in ("city", "state", "street", "zip")]),
        ({}, {**LETTERS, "zip": "60601"}, [("mailing_address.zip", "R48")]),
        ({}, {**LETTERS, "zip": "8500"}, [("mailing_address.zip", "R47")]),
        ({}, {**LETTERS, "state": "Arizona"}, [("mailing_address.state", "R47")]),
        ({}, {**LETTERS, "street": "<b>"}, [("mailing_address.street", "R48")]),
        (
            {"phone": "", "email": "ada"},
            {**LETTERS, "city": ""},
            [("contact.email", "R50"), ("contact.phone", "R49"), ("mailing_address.city", "R48")],
        ),
    ],
)
def test_values_are_judged_as_in_the_household_step_and_every_wrong_one_is_named(
    harness: EnrollmentHarness,
    submitted: application_pb2.Application,
    contact: dict[str, str],
    mailing: dict[str, str] | None,
    expected: list[tuple[str, str]],
) -> None:
    with pytest.raises(InvalidInput) as refused:
        change(harness, submitted, mailing=mailing, **contact)
    assert sorted((one.field, one.rule) for one in refused.value.problems) == expected
    assert not told(harness) and harness.get(submitted) == submitted


@pytest.mark.parametrize("field", ["version", "contact", "record_number"])
def test_what_is_required_is_named(
    harness: EnrollmentHarness, submitted: application_pb2.Application, field: str
) -> None:
    request = after.ChangeContactRequest(
        idempotency_key=harness.key(), record_number=submitted.record_number, version=1, contact=pb.Contact(**MOBILE)
    )
    request.ClearField(field)  # type: ignore[arg-type]  # any field of it
    with pytest.raises(InvalidInput) as refused:
        harness.call("ChangeContact", request)
    assert [one.field for one in refused.value.problems] == [field]


def test_what_the_carrier_has_already_is_no_change(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    with pytest.raises(Conflict) as refused:
        change(harness, submitted)
    assert refused.value.code == "nothing_changed"
    done = change(harness, submitted, mailing=LETTERS)
    with pytest.raises(Conflict) as refused:
        change(harness, done, mailing=LETTERS)
    assert refused.value.code == "nothing_changed"
    with pytest.raises(Conflict) as refused:
        change(harness, done, mailing=LETTERS, phone="(312) 555 0142")
    assert refused.value.code == "nothing_changed"
    assert len(told(harness)) == 1


def test_what_was_changed_since_it_was_read_is_not_overwritten(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    change(harness, submitted, email="first@example.com")
    with pytest.raises(Stale):
        change(harness, submitted, email="second@example.com")
    assert harness.get(submitted).contact_change.contact.email == "first@example.com"
    assert len(told(harness)) == 1


def test_the_same_key_changes_once_and_serves_no_other_change(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    first = change(harness, submitted, key="the-same-key", email="new@example.com")
    assert change(harness, submitted, key="the-same-key", email="new@example.com") == first
    with pytest.raises(AlreadyExists):
        change(harness, submitted, key="the-same-key", email="other@example.com")
    assert len(told(harness)) == 1


def test_only_a_submitted_application_that_is_not_cancelled_has_contact_details_to_change(
    harness: EnrollmentHarness,
) -> None:
    draft = harness.calculate(harness.complete(), "2026-06-01")
    with pytest.raises(Conflict) as refused:
        change(harness, draft)
    assert refused.value.code == "not_submitted"
    assert harness.get(draft).contact_change_refusal == refused.value.message
    submitted = harness.submit(draft)
    assert not submitted.contact_change_refusal
    done = cancel(harness, submitted)
    with pytest.raises(Conflict) as refused:
        change(harness, done)
    assert refused.value.code == "application_cancelled"
    assert done.contact_change_refusal == refused.value.message


def test_until_the_last_day_of_all_coverage_contact_details_change(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    harness.clock.set_day("2026-06-01")
    terminate(harness, submitted, "2026-07-31", DENTAL_ALONE)
    done = terminate(harness, submitted, "2026-06-30")
    harness.clock.set_day("2026-07-31")
    done = change(harness, done, email="last@example.com")
    harness.clock.set_day("2026-08-01")
    with pytest.raises(Conflict, match=r"ended on 7/31/2026") as refused:
        change(harness, done, email="late@example.com")
    assert refused.value.code == "coverage_terminated"
    assert harness.get(done).contact_change_refusal == refused.value.message


def test_medical_coverage_that_goes_on_keeps_contact_details_open(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    harness.clock.set_day("2026-06-01")
    done = terminate(harness, submitted, "2026-06-30", DENTAL_ALONE)
    harness.clock.set_day("2026-09-01")
    assert change(harness, done, email="new@example.com").contact_change


def test_another_producers_contact_details_cannot_be_changed(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    submitted.record_number = "A-9999"
    with pytest.raises(NotFound):
        change(harness, submitted, email="new@example.com")


def test_a_new_mobile_number_and_a_new_email_address_are_consents_beside_those_of_the_submission(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    before = list(submitted.acceptances)
    assert {one.kind for one in before} >= {"text-messages", "electronic-delivery"}
    done = change(harness, submitted, email="new@example.com")
    assert list(done.acceptances[: len(before)]) == before
    [added] = done.acceptances[len(before) :]
    assert (added.kind, added.version, added.recorded_by) == (
        "electronic-delivery",
        "2026.1",
        "producer@example.com",
    )
    assert added.accepted_at.ToDatetime() == harness.clock.now().replace(tzinfo=None)
    assert added.person_id == done.household.people[0].person_id
    landline = change(harness, done, email="", phone="708-555-0199", phone_type="landline")
    assert list(landline.acceptances) == list(done.acceptances)
    contact = landline.contact_change.contact
    assert (contact.text_messages_version, contact.electronic_delivery_version) == ("", "")
    mobile = change(harness, landline, email="", phone="708-555-0199")
    assert [one.kind for one in mobile.acceptances[len(done.acceptances) :]] == ["text-messages"]


def test_the_client_is_found_by_the_new_phone_and_starts_the_next_application_with_it(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    change(harness, submitted, phone="708-555-0199", email="new@example.com")
    [client] = harness.call("SearchClients", service.SearchClientsRequest(phone="708-555-0199")).clients
    assert (client.first_name, client.contact.email) == ("Ada", "new@example.com")
    assert not harness.call("SearchClients", service.SearchClientsRequest(phone="312-555-0142")).clients


def test_the_spouse_is_reached_as_before(harness: EnrollmentHarness) -> None:
    own = pb.Contact(phone="312-555-0177", phone_type="landline")
    applicant = household().people[0]
    spouse = pb.Person(
        relationship=common.RELATIONSHIP_SPOUSE,
        first_name="Ben",
        last_name="Sample",
        date_of_birth="1988-02-10",
        sex=common.SEX_MALE,
        tobacco_use=False,
        contact=own,
    )
    app = harness.calculate(harness.complete(people=[applicant, spouse]), "2026-06-01")
    done = change(harness, harness.submit(app), phone="708-555-0199")
    grant(harness, FieldGroup.CONTACT)
    assert [one.phone for one in read(harness, done).people] == ["708-555-0199", "312-555-0177"]


def test_what_the_client_signed_by_a_link_still_holds(harness: EnrollmentHarness) -> None:
    app = by_review(harness)
    opened(harness, app).sign()
    submitted = harness.submit(harness.get(app))
    done = change(harness, submitted, mailing=LETTERS, phone="708-555-0199", email="new@example.com")
    assert done.client_review == submitted.client_review and done.client_review.current
    assert not [event for event in harness.work.events if isinstance(event, ReviewOutdated)]
