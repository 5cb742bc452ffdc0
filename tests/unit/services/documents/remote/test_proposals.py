"""A proposal holds what the quote says, in every field that is printed."""

from __future__ import annotations

import dataclasses
from datetime import date

from suite.common.v1 import common_pb2 as common

from chassis.kernel import Money
from services.documents.domain.proposal import MemberShare, PlanOffer, ProposalProducer
from services.documents.remote import proposals
from tests.unit.services.documents.samples import offered

SHARES = (
    MemberShare(0, Money(49_006), "Age 40, rating area 1: illustrative rate, made up."),
    MemberShare(1, Money(49_006), "Age 39, rating area 1: illustrative rate, made up."),
)


def test_a_proposal_takes_over_place_date_producer_and_people_of_the_quote() -> None:
    message = offered(2)
    message.quote.producer.company_name = "Sample Agency"
    found = proposals.proposal(message)
    assert (found.state, found.county, found.zip) == ("IL", "Cook County", "60601")
    assert found.effective_date == date(2026, 6, 1)
    assert found.producer == ProposalProducer(
        *("FRITZ, CALVIN C", "220002580", "Sample Agency"), phone="3125550118", npn="1000000001"
    )
    assert [dataclasses.astuple(one) for one in found.people] == [("Ann Example", "self", 40), ("", "child", 39)]
    assert [plan.name for plan in found.selected] == ["Blue Precision Silver HMO", "BlueCare Dental 1D"]
    assert [plan.dental for plan in found.selected] == [False, True]
    assert [[plan.name for plan in plans] for plans in found.alternatives] == [
        ["Bronze HMO", "Gold PPO"],
        ["BlueCare Dental 2A"],
    ]


def test_an_offered_plan_has_every_field_of_the_quoted_one() -> None:
    message = offered(2)
    plan = message.alternatives[0].plan
    plan.out_of_pocket_maximum.cents, plan.hsa_eligible, plan.exchange = 910_000, True, common.EXCHANGE_ON
    assert proposals.proposal(message).alternatives[0][0] == PlanOffer(
        name="Bronze HMO",
        dental=False,
        metal_level="Bronze",
        plan_type="HMO",
        network="A network",
        on_exchange=True,
        deductible=Money(250_000),
        out_of_pocket_maximum=Money(910_000),
        hsa_eligible=True,
        illustrative=True,
        premium=Money(98_012),
        members=SHARES,
        family_deductible=Money(500_000),
        family_out_of_pocket_maximum=None,
        benefits={"Generic Drugs": "Bronze copay"},
    )
