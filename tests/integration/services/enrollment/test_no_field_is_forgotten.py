"""Every field of the five steps is sent through contract, domain, PostgreSQL and JSON, and comes back.

A field that only the proto and the store know, and a converter does not, is taken and dropped without a word: no type
checker sees it. So each field has to stand in the applications below, or on the short list with its reason.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import cancellation_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as steps

from chassis.mapping import ToProto
from services.enrollment.contract import to_proto
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.people import Person
from services.enrollment.domain.steps import HouseholdStep
from tests.contract_fields import differences, every_field, filled_fields
from tests.integration.application_machine.harness import ContractHarness
from tests.integration.services.enrollment.whole_applications import (
    TODAY,
    ApplicationHistory,
    tell_december,
    tell_family,
    tell_texan_minor,
)

SENT_ONLY = {
    "suite.enrollment.v1.Person.ssn": "a number is never given back; ssn_last_four is",
    "suite.enrollment.v1.Person.remove_ssn": "an act, not an answer",
}
"""Fields of the steps that do not come back, each with its reason."""
GIVEN_ONLY = {
    "suite.enrollment.v1.Person.ssn_last_four": "worked out from the number",
    "suite.enrollment.v1.Address.county_name": "looked up by county_fips",
    "suite.common.v1.Producer.name": "looked up by the writing number",
    "suite.common.v1.Producer.company_name": "looked up by the writing number",
    "suite.common.v1.Producer.phone": "looked up by the writing number",
    "suite.common.v1.Producer.npn": "looked up by the writing number",
    "suite.common.v1.Producer.state": "looked up by the writing number",
}
"""Fields of the steps that nobody sends."""
NOT_IN_AN_APPLICATION = {
    "suite.enrollment.v1.Person.ssn": SENT_ONLY["suite.enrollment.v1.Person.ssn"],
    "suite.enrollment.v1.Person.remove_ssn": SENT_ONLY["suite.enrollment.v1.Person.remove_ssn"],
}
"""Fields of an application that no answer ever fills."""

PAID_AT = datetime(2026, 5, 20, 18, tzinfo=UTC)


@pytest.fixture
def harness(shared_harness: ContractHarness) -> ContractHarness:
    shared_harness.reset(TODAY)
    return shared_harness


STEPS = [
    getattr(steps, name).DESCRIPTOR
    for name in ("GeneralStep", "HouseholdStep", "PlansStep", "OtherCoverageStep", "SignaturesStep")
]


def lost_fields(story: ApplicationHistory) -> list[tuple[str, str]]:
    """Fields that were sent in a step and do not stand in the application that is read afterwards."""
    story.read()
    app = story.app
    found = {
        "GeneralStep": app.general,
        "HouseholdStep": app.household,
        "PlansStep": app.plans,
        "OtherCoverageStep": app.other_coverage,
        "SignaturesStep": app.signatures,
    }
    return [
        (name, path)
        for sent in story.sent
        for name, path in differences(sent, found[type(sent).__name__])
        if name not in SENT_ONLY
    ]


def test_every_field_of_a_step_comes_back_as_it_was_sent(harness: ContractHarness) -> None:
    stories = [tell_family(harness)]
    assert lost_fields(stories[0]) == []
    harness.reset(TODAY)
    stories.append(tell_texan_minor(harness))
    assert lost_fields(stories[1]) == []
    sent = filled_fields(message for story in stories for message in story.sent)
    untried = every_field(*STEPS) - sent - GIVEN_ONLY.keys() - {"suite.enrollment.v1.Person.person_id"}
    assert untried <= {"suite.enrollment.v1.Person.remove_ssn"}, "put these fields into the applications of this module"


def test_a_converter_that_forgets_a_field_is_noticed(harness: ContractHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ToProto, "declared", {})
    unset, unsent = ("ssn", "remove_ssn"), ("ssn", "ssn_fingerprint", "removes_ssn", "first_identity")
    ToProto(Person, steps.Person, unset=(*unset, "middle_initial"), unsent=(*unsent, "middle_initial"))
    monkeypatch.setattr(to_proto, "household", ToProto(HouseholdStep, steps.HouseholdStep))
    assert ("suite.enrollment.v1.Person.middle_initial", "people[0].middle_initial") in lost_fields(
        tell_family(harness)
    )


def test_every_field_of_an_application_is_filled_by_some_answer(harness: ContractHarness) -> None:
    quoted = service.StartEnrollmentRequest(idempotency_key="key-number-2", quote_id="q-medical")
    answers = [harness.call("StartEnrollment", quoted).application]
    harness.reset(TODAY)
    family_story = tell_family(harness)
    family_story.sign_by_link("1987-06-14", "Plokijuh", "Zebrina Plokijuh")
    family_story.submit()
    harness.pay("payment-1", family_story.app.record_number, PaymentStatus.SUCCESSFUL)
    harness.others.told = PaymentDetails(
        PaymentStatus.SUCCESSFUL, "C-1", "card ending 4242", "Another card was declined.", "bank account 6789", PAID_AT
    )
    family_story.read()
    cancellation = cancellation_pb2.CancelApplicationRequest(
        record_number=family_story.app.record_number,
        reason=pb.CANCEL_REASON_MOVED,
        asked_by=pb.CANCEL_PARTY_CLIENT,
        idempotency_key="key-number-3",
    )
    family_story.app = harness.call("CancelApplication", cancellation).application
    answers += [*family_story.answers, family_story.app]
    harness.reset(TODAY)
    failing = tell_family(harness)
    harness.others.surcharge = 1
    failing.submit()
    answers += failing.answers
    harness.reset(TODAY)
    minor = tell_texan_minor(harness)
    harness.others.none_within_miles = 60
    minor.submit()
    minor.change_contact()
    harness.clock.moment = datetime(2026, 7, 1, 18, tzinfo=UTC)
    minor.read()
    minor.terminate_coverage()
    answers += minor.answers
    harness.reset(date(2026, 12, 10))
    december = tell_december(harness)
    harness.others.surcharge = 1
    older = steps.HouseholdStep.FromString(december.app.household.SerializeToString())
    older.people[0].date_of_birth = "1985-04-03"
    december.save(household=older)
    answers += december.answers
    never = every_field(pb.Application.DESCRIPTOR) - filled_fields(answers)
    assert never == NOT_IN_AN_APPLICATION.keys()
