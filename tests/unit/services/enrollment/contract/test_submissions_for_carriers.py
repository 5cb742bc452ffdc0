"""A carrier reads its own plans of a submitted application, and of the people what its grant names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.documents.v1 import documents_events_pb2
from suite.enrollment.v1 import application_pb2, cancellation_pb2, records_pb2, submission_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, CallerKind, NotFound
from services.enrollment.contract.service import EnrollmentContract
from services.enrollment.domain.carrier_grants import CarrierGrant, FieldGroup
from services.enrollment.domain.enums import Coverage, PaymentStatus
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.policy_decision import CarrierDecision, CarrierTransaction, PolicyDecision
from services.enrollment.events.incoming import to_policy_decision
from tests.access_rules import may_call
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

DOCUMENTS = Caller(CallerKind.SERVICE, "documents")
CARRIER, SSN = "sample-carrier", "536904399"
# Field groups, and where their values are in the answer.
PLACES = {
    FieldGroup.BIRTH_DATE: ("date_of_birth",),
    FieldGroup.CONTACT: ("phone", "email"),
    FieldGroup.TOBACCO: ("tobacco_use",),
    FieldGroup.LANGUAGE: ("spoken_language", "written_language"),
    FieldGroup.RACE: ("ethnicities", "identities"),
    FieldGroup.SSN: ("ssn",),
    FieldGroup.PROVIDER: (),  # stands at the plan
}


@pytest.fixture
def submitted(harness: EnrollmentHarness) -> application_pb2.Application:
    """A mother with all that can be granted, and a child."""
    home = samples.household()
    adult = home.people[0]
    adult.ssn = SSN
    adult.self_identification.CopyFrom(
        records_pb2.SelfIdentification(
            scheme="hhs-4302-2011",
            spoken_language="es",
            written_language="en",
            identities=["white"],
            ethnicities=["cuban"],
        )
    )
    contact = pb.Contact(phone="312-555-0142", phone_type="mobile", email="ada@example.com")
    people = [adult, home.people[1]]
    app = harness.calculate(harness.complete(people=people, contact=contact), "2026-06-01")
    found: application_pb2.Application = harness.submit(app)
    return found


def grant(harness: EnrollmentHarness, *groups: FieldGroup, issuer: str = "36096") -> None:
    harness.grants[CARRIER] = CarrierGrant(frozenset([issuer]), frozenset(groups))


def read(
    harness: EnrollmentHarness, app: application_pb2.Application, caller: Caller = DOCUMENTS, carrier: str = CARRIER
) -> submission_pb2.Submission:
    request = submission_pb2.GetSubmissionRequest(record_number=app.record_number, carrier=carrier)
    found: submission_pb2.Submission = harness.call("GetSubmission", request, caller).submission
    return found


def timeline(harness: EnrollmentHarness, app: application_pb2.Application) -> list[Any]:
    request = service.GetTimelineRequest(record_number=app.record_number)
    return list(harness.call("GetTimeline", request).entries)


@pytest.mark.parametrize("granted", list(FieldGroup))
def test_a_field_group_is_given_with_its_grant_and_no_other_comes_along(
    harness: EnrollmentHarness, submitted: application_pb2.Application, granted: FieldGroup
) -> None:
    grant(harness, granted)
    adult = read(harness, submitted).people[0]
    assert adult.first_name == "Ada"
    given = {field.name for field, _ in adult.ListFields()}
    for group, names in PLACES.items():
        for name in names:
            is_given = name in given
            assert is_given == (group is granted), name


def providers_of(found: submission_pb2.Submission) -> dict[str, list[submission_pb2.SubmittedProvider]]:
    return {common.Coverage.Name(one.coverage): list(one.providers) for one in found.policies}


def test_providers_stand_at_the_medical_plan_of_a_carrier_with_their_grant(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    """As chosen or assigned on the day: nobody asks pcp again."""
    harness.providers.failure = AssertionError("the directory of today is not asked")
    grant(harness, FieldGroup.PROVIDER)
    office = pb.Address(street="10 Example Street", city="Chicago", state="IL", zip="60601")
    expected = [
        submission_pb2.SubmittedProvider(member_index=place, pcp_id="P1", npi="2000001174", office=office)
        for place in (0, 1)
    ]
    assert providers_of(read(harness, submitted)) == {"COVERAGE_MEDICAL": expected, "COVERAGE_DENTAL": []}
    others = [group for group in FieldGroup if group is not FieldGroup.PROVIDER]
    grant(harness, *others)
    assert not any(providers_of(read(harness, submitted)).values())


def test_whoever_is_left_to_the_carrier_has_no_provider(harness: EnrollmentHarness) -> None:
    harness.providers.none_within_miles = 60
    app = harness.calculate(harness.complete(), "2026-06-01")
    plans = pb.PlansStep()
    plans.CopyFrom(app.plans)
    plans.pcp_choices.add(member_index=1, pcp_id="P2")
    app = harness.save(app, plans=plans)
    grant(harness, FieldGroup.PROVIDER)
    found = providers_of(read(harness, harness.submit(app)))["COVERAGE_MEDICAL"]
    assert [(one.member_index, one.pcp_id) for one in found] == [(1, "P2")]


def test_without_any_field_group_no_private_value_is_in_the_answer(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    grant(harness)
    sent = read(harness, submitted).SerializeToString()
    for value in (SSN, "1987-06-14", "312-555-0142", "ada@example.com", "white", "cuban"):
        assert value.encode() not in sent
    grant(harness, *FieldGroup)
    assert SSN.encode() in read(harness, submitted).SerializeToString()  # the search above would find it


def test_the_plans_and_everybodys_part_of_the_premium_add_up(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    grant(harness)
    policies = read(harness, submitted).policies
    assert [one.coverage for one in policies] == [common.COVERAGE_MEDICAL, common.COVERAGE_DENTAL]
    for policy in policies:
        assert sum(one.monthly_premium.cents for one in policy.members) == policy.monthly_premium.cents > 0


def test_another_carrier_one_without_a_grant_and_a_draft_get_the_same_answer(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    with pytest.raises(NotFound) as without:
        read(harness, submitted)
    grant(harness, *FieldGroup, issuer="30751")
    with pytest.raises(NotFound) as others:
        read(harness, submitted)
    grant(harness, *FieldGroup)
    with pytest.raises(NotFound) as draft:
        read(harness, harness.start())
    assert str(without.value) == str(others.value) == str(draft.value)
    assert "submission.read" not in [entry.action for entry in timeline(harness, submitted)]


@pytest.mark.parametrize("caller", [samples.PRODUCER, Caller(CallerKind.SERVICE, "gateway")])
def test_nobody_reads_it_but_the_service_that_writes_carriers_files(caller: Caller) -> None:
    method = EnrollmentContract.descriptor.methods_by_name["GetSubmission"]
    assert not may_call(method, caller)
    assert may_call(method, Caller(CallerKind.SERVICE, "documents"))


def test_each_reading_is_in_the_timeline_with_what_was_granted(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    grant(harness, FieldGroup.SSN, FieldGroup.BIRTH_DATE)
    read(harness, submitted)
    read(harness, submitted)
    entries = [entry for entry in timeline(harness, submitted) if entry.action == "submission.read"]
    assert [entry.summary for entry in entries] == ["The submission was read for sample-carrier: birth date, ssn."] * 2
    assert {entry.actor for entry in entries} == {"documents"}


def test_a_cancelled_application_can_still_be_read_to_tell_the_carrier(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    grant(harness, FieldGroup.BIRTH_DATE)
    request = cancellation_pb2.CancelApplicationRequest(
        idempotency_key=harness.key(),
        record_number=submitted.record_number,
        reason=application_pb2.CANCEL_REASON_MOVED,
        asked_by=application_pb2.CANCEL_PARTY_CLIENT,
    )
    harness.call("CancelApplication", request)
    assert read(harness, submitted).record_number == submitted.record_number


def decision_of(
    coverage: Coverage,
    decision: CarrierDecision,
    reason: str = "",
    answers: CarrierTransaction = CarrierTransaction.ENROLLMENT,
) -> PolicyDecision:
    return PolicyDecision("SAMPLE CARRIER", coverage, decision, reason, answers)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (decision_of(Coverage.DENTAL, CarrierDecision.ACCEPTED),
         "SAMPLE CARRIER accepted the dental enrollment."),
        (decision_of(Coverage.MEDICAL, CarrierDecision.REJECTED, "NM1 8: 8", CarrierTransaction.CANCELLATION),
         "SAMPLE CARRIER rejected the medical cancellation: NM1 8: 8."),
        (decision_of(Coverage.DENTAL, CarrierDecision.REJECTED, "DTP 12: 8", CarrierTransaction.TERMINATION),
         "SAMPLE CARRIER rejected the dental termination: DTP 12: 8."),
        (decision_of(Coverage.MEDICAL, CarrierDecision.REJECTED, "PER 15: 8", CarrierTransaction.CONTACT_CHANGE),
         "SAMPLE CARRIER rejected the contact details for the medical coverage: PER 15: 8."),
        (decision_of(Coverage.MEDICAL, CarrierDecision.EFFECTUATED),
         "SAMPLE CARRIER effectuated the medical coverage."),
        (decision_of(Coverage.MEDICAL, CarrierDecision.CANCELLED, "59"),
         "SAMPLE CARRIER cancelled the medical coverage: 59."),
        (decision_of(Coverage.DENTAL, CarrierDecision.TERMINATED, "14 TERM", CarrierTransaction.TERMINATION),
         "SAMPLE CARRIER terminated the dental coverage: 14 TERM."),
    ],
)  # fmt: skip  # reads across, as a table
def test_what_a_carrier_answers_is_in_the_timeline_once(
    harness: EnrollmentHarness, submitted: application_pb2.Application, decision: PolicyDecision, expected: str
) -> None:
    for _ in range(2):
        harness.on_policy_decided("enrollment.policy", "message-1", submitted.record_number, decision)
    entries = [entry for entry in timeline(harness, submitted) if entry.action.startswith("policy.")]
    assert [(entry.action, entry.summary) for entry in entries] == [(f"policy.{decision.decision}", expected)]


@pytest.mark.parametrize(
    ("told", "answers"),
    [
        ({}, CarrierTransaction.ENROLLMENT),
        ({"of_cancellation": True}, CarrierTransaction.CANCELLATION),
        (
            {"of_cancellation": True, "answers": documents_events_pb2.CARRIER_TRANSACTION_TERMINATION},
            CarrierTransaction.TERMINATION,
        ),
        ({"answers": documents_events_pb2.CARRIER_TRANSACTION_CONTACT_CHANGE}, CarrierTransaction.CONTACT_CHANGE),
        ({"answers": 99}, None),
    ],
    ids=["an enrollment, as told before", "a cancellation, as told before", "termination", "change", "of tomorrow"],
)
def test_what_a_decision_answers_is_read_also_of_an_earlier_release(
    told: dict[str, Any], answers: CarrierTransaction | None
) -> None:
    event = documents_events_pb2.PolicyDecided(
        coverage=common.COVERAGE_DENTAL, decision=documents_events_pb2.CARRIER_DECISION_REJECTED, **told
    )
    found = to_policy_decision(event)
    assert (found.answers if found else None) is answers


def test_the_payment_is_named_as_the_carrier_knows_it_or_not_at_all(
    harness: EnrollmentHarness, submitted: application_pb2.Application
) -> None:
    grant(harness)
    assert read(harness, submitted).payment_transaction_id == ""
    at = datetime(2026, 5, 20, 18, tzinfo=UTC)
    told = PaymentDetails(PaymentStatus.BILL_LATER, "C-1", "carrier's payment page", "", "", at, "0000000000638")
    harness.payments.told = told
    assert read(harness, submitted).payment_transaction_id == "0000000000638"
