"""Contract: the five steps of an application, as proto messages."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.mapping import ToProto
from services.enrollment.domain.application import Application
from services.enrollment.domain.steps import (
    GeneralStep,
    OtherCoverage,
    OtherCoverageStep,
    PcpChoice,
    PlansStep,
    Producer,
    ReplacedCoverage,
    SignaturesStep,
)

producer = ToProto(Producer, common_pb2.Producer)
signatures = ToProto(SignaturesStep, pb.SignaturesStep)
_general = ToProto(GeneralStep, pb.GeneralStep, at_call=("producer",))
# People are named by their ids too, which the steps do not keep: they are in the household.
_plans = ToProto(PlansStep, pb.PlansStep, at_call=("pcp_choices",))
_pcp_choice = ToProto(PcpChoice, pb.PcpChoice, at_call=("person_id",))
_other_coverage = ToProto(OtherCoverageStep, pb.OtherCoverageStep, at_call=("replaced", "others"))
_replaced = ToProto(ReplacedCoverage, pb.ReplacedCoverage, at_call=("person_id",))
_other = ToProto(OtherCoverage, pb.OtherCoverage, at_call=("person_id",))


def general_to_proto(app: Application) -> pb.GeneralStep:
    return _general(app.general, producer=producer(app.producer))


def plans_to_proto(app: Application) -> pb.PlansStep:
    choices = app.plans.pcp_choices
    return _plans(app.plans, pcp_choices=[_pcp_choice(one, person_id=_id_at(app, one.member_index)) for one in choices])


def other_coverage(app: Application) -> pb.OtherCoverageStep:
    step = app.other_coverage
    return _other_coverage(
        step,
        replaced=[_replaced(one, person_id=_id_at(app, one.member_index)) for one in step.replaced],
        others=[_other(one, person_id=_id_at(app, one.member_index)) for one in step.others],
    )


def _id_at(app: Application, member_index: int) -> str:
    people = app.household.people
    return people[member_index].person_id if 0 <= member_index < len(people) else ""
