"""Contract: the five steps of an application, as proto messages."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from services.enrollment.domain.application import Application
from services.enrollment.domain.steps import Producer, Signer
from services.enrollment.wire.values import iso
from services.enrollment.wire.words import number


def producer(value: Producer) -> common_pb2.Producer:
    return common_pb2.Producer(
        writing_number=value.writing_number, name=value.name, company_name=value.company_name, state=value.state
    )


def general(app: Application) -> pb.GeneralStep:
    return pb.GeneralStep(
        producer=producer(app.producer),
        special_enrollment=app.general.special_enrollment,
        life_events=[
            pb.LifeEvent(kind=event.kind, date=iso(event.date), prior_coverage_attested=event.prior_coverage_attested)
            for event in app.general.life_events
        ],
    )


def plans(app: Application) -> pb.PlansStep:
    step = app.plans
    return pb.PlansStep(
        medical_plan_id=step.medical_plan_id,
        dental_plan_id=step.dental_plan_id,
        pediatric_dental_attested=step.pediatric_dental_attested,
        pediatric_dental_version=step.pediatric_dental_version,
        pcp_same_for_all=step.pcp_same_for_all,
        pcp_choices=[
            pb.PcpChoice(
                member_index=c.member_index,
                pcp_id=c.pcp_id,
                medical_group_id=c.medical_group_id,
                person_id=_id_at(app, c.member_index),
            )
            for c in step.pcp_choices
        ],
    )


def other_coverage(app: Application) -> pb.OtherCoverageStep:
    step = app.other_coverage
    return pb.OtherCoverageStep(
        replaces_coverage=step.replaces_coverage,
        replaced=[
            pb.ReplacedCoverage(
                member_index=r.member_index,
                insurer=r.insurer,
                policy_number=r.policy_number,
                termination_date=iso(r.termination_date),
                person_id=_id_at(app, r.member_index),
            )
            for r in step.replaced
        ],
        has_other_coverage=step.has_other_coverage,
        others=[
            pb.OtherCoverage(
                member_index=o.member_index,
                name_on_policy=o.name_on_policy,
                member_number=o.member_number,
                group_id=o.group_id,
                person_id=_id_at(app, o.member_index),
            )
            for o in step.others
        ],
        proxy_agreed=step.proxy_agreed,
        proxy_version=step.proxy_version,
        replacement_rights_shown=step.replacement_rights_shown,
        replacement_rights_version=step.replacement_rights_version,
    )


def signatures(app: Application) -> pb.SignaturesStep:
    step = app.signatures
    representative = step.authorized_representative
    return pb.SignaturesStep(
        authorized_representative=_signer(representative) if representative else None,
        guardian=_signer(step.guardian) if step.guardian else None,
        consumer_choice_agreed=step.consumer_choice_agreed,
        consumer_choice_version=step.consumer_choice_version,
        payment_choice=number(step.payment_choice),
    )


def _id_at(app: Application, member_index: int) -> str:
    people = app.household.people
    return people[member_index].person_id if 0 <= member_index < len(people) else ""


def _signer(value: Signer) -> pb.Signer:
    return pb.Signer(
        first_name=value.first_name,
        middle_initial=value.middle_initial,
        last_name=value.last_name,
        relationship_to_applicant=value.relationship_to_applicant,
    )
