"""Submitted applications as a carrier may read them, fetched from enrollment over the bus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import steps_pb2, submission_pb2

from chassis.bus.client import BusClient
from chassis.kernel import Money, put_first_name_first
from services.documents.domain.edi.enrollment import (
    Guardian,
    InsuranceLine,
    Maintenance,
    Member,
    MemberAddress,
    MemberChange,
    MemberName,
    MemberProvider,
    MemberRelationship,
    MemberSex,
    PolicyEnrollment,
    PolicyProducer,
)
from services.documents.domain.edi.faults import Unwritable
from services.documents.domain.edi.submitted_policy import PlannedTransaction
from services.documents.remote.applications import ENROLLMENT

_COVERAGES = {
    InsuranceLine.MEDICAL: common_pb2.COVERAGE_MEDICAL,
    InsuranceLine.DENTAL: common_pb2.COVERAGE_DENTAL,
}
_RELATIONSHIPS: Mapping[int, MemberRelationship] = {
    common_pb2.Relationship.Value(f"RELATIONSHIP_{one.name}"): one for one in MemberRelationship
}
_SEXES: Mapping[int, MemberSex] = {common_pb2.Sex.Value(f"SEX_{one.name}"): one for one in MemberSex}
# One event of ours, and a reason of its own in an 834 for each kind of arrangement.
_NEW_HRA_OFFER = "new_hra_offer"


class EnrollmentSubmissions:
    """The port ``usecases.carrier_ports.Submissions``."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def get_policy(self, carrier: str, planned: PlannedTransaction) -> PolicyEnrollment:
        request = submission_pb2.GetSubmissionRequest(record_number=planned.policy.record_number, carrier=carrier)
        answer = self._bus.call(ENROLLMENT, "GetSubmission", request, submission_pb2.GetSubmissionResponse)
        return to_policy(answer.submission, planned)


def to_policy(submission: submission_pb2.Submission, planned: PlannedTransaction) -> PolicyEnrollment:
    """Raises Unwritable for what no 834 can be without."""
    policy = planned.policy
    plan = next((one for one in submission.policies if one.coverage == _COVERAGES[policy.line]), None)
    if plan is None or plan.plan_id != policy.plan_id:
        raise Unwritable("enrollment gives this carrier another plan than the one that was submitted")
    if submission_pb2.FIELD_GROUP_BIRTH_DATE not in submission.field_groups:
        raise Unwritable("the carrier's grant has no birth dates, and an 834 cannot be without them")
    premiums = {one.member_index: Money(one.monthly_premium.cents) for one in plan.members}
    providers = {one.member_index: _provider(one) for one in plan.providers}
    guardian = submission.guardian if submission.HasField("guardian") else None
    is_change = planned.maintenance is Maintenance.CHANGE
    return PolicyEnrollment(
        control_number=planned.control_number,
        maintenance=planned.maintenance,
        policy_id=policy.policy_id,
        subscriber_id=policy.subscriber_id,
        application_id=policy.subscriber_id,
        plan_id=policy.plan_id,
        line=policy.line,
        state=submission.state,
        begins_on=policy.begins_on,
        submitted_at=submission.submitted_at.ToDatetime(UTC),
        premium=policy.premium,
        members=tuple(
            replace(
                _member(person, f"{policy.subscriber_id}{place + 1:02d}", premiums.get(place, Money(0))),
                provider=providers.get(place),
                # Phone, email or mailing address; ADDRESS is another home, and no application changes that.
                change=MemberChange.DEMOGRAPHIC if is_change and place == 0 else MemberChange.UNCHANGED,
            )
            for place, person in enumerate(submission.people)
        ),
        home_address=_address(submission.home_address),
        reason=planned.reason,
        effective_on=planned.effective_on,
        # It opened the enrollment, and no change since.
        event="" if is_change else _event(submission),
        producer=PolicyProducer(put_first_name_first(submission.producer.name), submission.producer.npn),
        mailing_address=_address(submission.mailing_address) if submission.HasField("mailing_address") else None,
        responsible_person=Guardian(MemberName(guardian.last_name, guardian.first_name, guardian.middle_initial))
        if guardian
        else None,
        payment_transaction_id=submission.payment_transaction_id,
        rating_area=plan.rating_area,
        contact_changes=submission.contact_changes,
    )


def _member(person: submission_pb2.SubmittedPerson, member_id: str, premium: Money) -> Member:
    return Member(
        member_id=member_id,
        relationship=_RELATIONSHIPS[person.relationship],
        name=MemberName(person.last_name, person.first_name, person.middle_initial, person.suffix.rstrip(".")),
        date_of_birth=date.fromisoformat(person.date_of_birth),
        sex=_SEXES[person.sex],
        premium=premium,
        ssn=person.ssn,
        tobacco_use=person.tobacco_use if person.HasField("tobacco_use") else None,
        disabled_dependent=person.disabled_dependent,
        phone=person.phone,
        email=person.email,
        spoken_language=person.spoken_language,
        written_language=person.written_language,
        identities=tuple(person.identities),
        ethnicities=tuple(person.ethnicities),
    )


def _provider(provider: submission_pb2.SubmittedProvider) -> MemberProvider:
    office = _address(provider.office) if provider.HasField("office") else None
    return MemberProvider(provider.pcp_id, provider.npi, office)


def _address(address: steps_pb2.Address) -> MemberAddress:
    return MemberAddress(
        street=address.street,
        city=address.city,
        state=address.state,
        zip=address.zip,
        unit=address.unit,
        county_fips=address.county_fips,
    )


def _event(submission: submission_pb2.Submission) -> str:
    if submission.life_event == _NEW_HRA_OFFER and submission.hra_kind:
        return f"new_{submission.hra_kind.lower()}_offer"
    return submission.life_event
