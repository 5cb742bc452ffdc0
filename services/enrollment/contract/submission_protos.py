"""Contract: a submitted application for one carrier, as a proto message."""

from __future__ import annotations

from suite.enrollment.v1 import submission_pb2 as pb

from chassis.mapping import REST, ToProto
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.people import Person
from services.enrollment.domain.pricing import PlanLine, PremiumLine
from services.enrollment.domain.self_identification import SelfIdentification
from services.enrollment.domain.submission import Submission

_premium = ToProto(PremiumLine, pb.SubmittedPremium, unsent=REST)
_provider = ToProto(AssignedPcp, pb.SubmittedProvider, unsent=REST)
_policy = ToProto(
    PlanLine,
    pb.SubmittedPolicy,
    members=lambda line: map(_premium, line.members),
    at_call=("providers",),
    unsent=REST,
)
_person = ToProto(
    Person,
    pb.SubmittedPerson,
    phone=lambda person: person.contact.phone if person.contact else "",
    email=lambda person: person.contact.email if person.contact else "",
    spoken_language=lambda person: _answers(person).spoken_language,
    written_language=lambda person: _answers(person).written_language,
    ethnicities=lambda person: _answers(person).ethnicities,
    identities=lambda person: _answers(person).identities,
    unsent=REST,
)
submission_to_proto = ToProto(
    Submission,
    pb.Submission,
    policies=lambda submission: [
        _policy(one, providers=map(_provider, submission.providers_of(one))) for one in submission.policies
    ],
    people=lambda submission: map(_person, submission.people),
    unsent=("providers",),
)


def _answers(person: Person) -> SelfIdentification:
    return person.self_identification or SelfIdentification(scheme="")
