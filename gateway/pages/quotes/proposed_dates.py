"""What the rules of a state say of the effective date of a quote: the one to start with (R33a), and another's needs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from suite.enrollment.v1 import rules_pb2
from suite.quote.v1 import quote_pb2

from chassis.kernel import DomainError
from gateway.edge.context import require_session
from gateway.edge.rpcs import ENROLLMENT
from gateway.edge.service_calls import ask_service
from gateway.pages.forms.typed_values import write_date
from gateway.pages.quotes.household_form import HouseholdForm
from gateway.user import DelegatedAction

Proposals = Mapping[str, rules_pb2.ProposedEffectiveDate]


async def propose_dates(request: Request) -> Proposals:
    """By state, for the states of the person's writing numbers; without those that cannot be asked now."""
    session = await require_session(request)
    states = sorted({number.state for number in session.user.numbers_for(DelegatedAction.QUOTE)})
    found = await asyncio.gather(*(_propose(request, state) for state in states))
    return {state: proposal for state, proposal in zip(states, found, strict=True) if proposal}


def follow_state(form: HouseholdForm, proposals: Proposals, state: str) -> rules_pb2.ProposedEffectiveDate | None:
    """Put the state's date into the form, unless the person typed another; the proposal that the page explains.

    Before a state is chosen: the date that all states share, or else none.
    """
    days = {one.effective_date for one in proposals.values()}
    shared = next(iter(proposals.values())) if len(days) == 1 else None
    proposal = proposals.get(state, shared)
    if form.effective_date == form.proposed_date:
        form.effective_date = form.proposed_date = write_date(proposal.effective_date) if proposal else ""
    return proposal


async def read_date_notice(request: Request, quote: quote_pb2.Quote) -> str:
    """What coverage from the quote's date needs; empty where the rules have nothing to say."""
    rules = await _read_rules(request, quote.state, quote.effective_date)
    return rules.effective_date_notice if rules else ""


async def _propose(request: Request, state: str) -> rules_pb2.ProposedEffectiveDate | None:
    rules = await _read_rules(request, state)
    return rules.proposed_effective_date if rules and rules.proposed_effective_date.effective_date else None


async def _read_rules(request: Request, state: str, effective_date: str = "") -> rules_pb2.EnrollmentRules | None:
    asked = rules_pb2.GetEnrollmentRulesRequest(state=state, effective_date=effective_date)
    try:
        answer = await ask_service(
            request, ENROLLMENT["GetEnrollmentRules"], asked, rules_pb2.GetEnrollmentRulesResponse
        )
    except DomainError:  # a quote can do without
        return None
    return answer.rules
