"""Contract: steps 3 to 5 of a request, as domain values."""

from __future__ import annotations

from suite.enrollment.v1 import steps_pb2 as pb

from services.enrollment.contract.reading import Form
from services.enrollment.domain.steps import (
    OtherCoverage,
    OtherCoverageStep,
    PcpChoice,
    PlansStep,
    ReplacedCoverage,
    SignaturesStep,
    Signer,
)
from services.enrollment.domain.vocabulary import PaymentChoice
from services.enrollment.wire.words import word


def plans(message: pb.PlansStep) -> PlansStep:
    choices = (
        PcpChoice(c.member_index, c.pcp_id.strip(), c.medical_group_id.strip(), c.person_id)
        for c in message.pcp_choices
    )
    return PlansStep(
        medical_plan_id=message.medical_plan_id,
        dental_plan_id=message.dental_plan_id,
        pediatric_dental_attested=message.pediatric_dental_attested,
        pcp_choices=tuple(choices),
        pediatric_dental_version=message.pediatric_dental_version,
        pcp_same_for_all=message.pcp_same_for_all,
    )


def other_coverage(message: pb.OtherCoverageStep, form: Form) -> OtherCoverageStep:
    replaced = []
    for index, sent in enumerate(message.replaced):
        ends = form.day(f"replaced[{index}].termination_date", sent.termination_date)
        insurer, policy = sent.insurer.strip(), sent.policy_number.strip()
        replaced.append(ReplacedCoverage(sent.member_index, insurer, policy, ends, sent.person_id))
    return OtherCoverageStep(
        replaces_coverage=message.replaces_coverage,
        replaced=tuple(replaced),
        has_other_coverage=message.has_other_coverage,
        others=tuple(_other(sent) for sent in message.others),
        proxy_agreed=message.proxy_agreed,
        proxy_version=message.proxy_version,
        replacement_rights_shown=message.replacement_rights_shown,
        replacement_rights_version=message.replacement_rights_version,
    )


def signatures(message: pb.SignaturesStep) -> SignaturesStep:
    representative = message.authorized_representative if message.HasField("authorized_representative") else None
    return SignaturesStep(
        authorized_representative=_signer(representative) if representative else None,
        guardian=_signer(message.guardian) if message.HasField("guardian") else None,
        consumer_choice_agreed=message.consumer_choice_agreed,
        payment_choice=word(PaymentChoice, message.payment_choice),
        consumer_choice_version=message.consumer_choice_version,
    )


def _other(sent: pb.OtherCoverage) -> OtherCoverage:
    return OtherCoverage(
        member_index=sent.member_index,
        name_on_policy=sent.name_on_policy.strip(),
        member_number=sent.member_number.strip(),
        group_id=sent.group_id.strip(),
        person_id=sent.person_id,
    )


def _signer(sent: pb.Signer) -> Signer:
    return Signer(
        first_name=sent.first_name.strip(),
        middle_initial=sent.middle_initial.strip(),
        last_name=sent.last_name.strip(),
        relationship_to_applicant=sent.relationship_to_applicant.strip(),
    )
