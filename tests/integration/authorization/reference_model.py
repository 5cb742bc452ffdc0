"""Who may do what, written down once more and by hand: the model that every decision of the suite is compared with.

It knows nothing of the contracts' options nor of the code that reads them. An operation that is not in its tables has
no rule here, and the test of them fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """What somebody is told. ``ADMITTED``: anything that only who may do it is told, a refusal of its content too."""

    ADMITTED = "admitted"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Leave:
    """What somebody may do under somebody else's writing number, from ``starts_at`` on and before ``ends_at``."""

    number: str
    actions: frozenset[str]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    revoked: bool = False

    def counts(self, now: datetime) -> bool:
        begun = self.starts_at is None or self.starts_at <= now
        return begun and not self.revoked and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class Person:
    """Somebody who signs in: own writing numbers, and leave under those of others."""

    email: str
    own: frozenset[str] = frozenset()
    leave: tuple[Leave, ...] = ()

    def numbers(self, action: str, now: datetime) -> frozenset[str]:
        given = (one for one in self.leave if one.counts(now) and (action == "view" or action in one.actions))
        return self.own | {one.number for one in given}


@dataclass(frozen=True)
class Caller:
    """Who asks: nobody, a person, a service by itself, or a service for a person."""

    person: Person | None = None
    service: str = ""
    # with a token that has ended, or that a key signed which nobody trusts
    believed: bool = True


@dataclass(frozen=True)
class Target:
    """What is asked for: nothing in particular, a record under a number, or something that there is not."""

    number: str = ""
    exists: bool = True


@dataclass(frozen=True)
class Rule:
    """``people``: the action that they need, empty where they may not call."""

    people: str = ""
    services: frozenset[str] = frozenset()
    for_people: frozenset[str] = frozenset()


def _rule(people: str = "", services: str = "", for_people: str = "") -> Rule:
    return Rule(people, frozenset(services.split()), frozenset(for_people.split()))


VIEW, QUOTE, ENROLL, SUBMIT, PAY = (_rule(action) for action in ("view", "quote", "enroll", "submit", "pay"))
LINK = _rule(services="gateway")
"""For whoever has the secret of a link; the gateway asks."""

RULES: Mapping[str, Mapping[str, Rule]] = {
    "quote": {
        "ListCounties": VIEW,
        "SearchPlans": VIEW,
        "GetPlan": VIEW,
        "ComparePlans": VIEW,
        "PriceSelection": _rule("view", services="enrollment"),
        "PriceCensus": VIEW,
        "CreateQuote": QUOTE,
        "ListQuotes": VIEW,
        "GetQuoteReport": VIEW,
        "GetQuote": _rule("view", services="enrollment"),
        "SelectPlans": QUOTE,
        "UpdateQuote": QUOTE,
        "ArchiveQuote": QUOTE,
        "RestoreQuote": QUOTE,
        "CopyQuote": QUOTE,
        "Requote": QUOTE,
        "CreateShareLink": QUOTE,
        "ListShareLinks": VIEW,
        "RevokeShareLink": QUOTE,
        "OpenSharedQuote": LINK,
        "GetProposal": _rule("view", for_people="documents"),
        "DeliverQuote": QUOTE,
    },
    "enrollment": {
        "StartApplication": ENROLL,
        "StartEnrollment": ENROLL,
        "GetApplication": _rule("view", services="documents", for_people="payment"),
        "ListApplications": VIEW,
        "SearchApplications": VIEW,
        "ListDeadlines": VIEW,
        "SaveStep": ENROLL,
        "GetEnrollmentRules": _rule("view", services="documents"),
        "ListEffectiveDates": VIEW,
        "SetEffectiveDate": ENROLL,
        "GetRatingBasis": VIEW,
        "CheckPlanChange": VIEW,
        "GetReadiness": VIEW,
        "SubmitApplication": SUBMIT,
        "CancelApplication": SUBMIT,
        "TerminateCoverage": SUBMIT,
        "ChangeContact": SUBMIT,
        "ConfirmPayable": VIEW,
        "GetSubmission": _rule(services="documents"),
        "GetTimeline": VIEW,
        "SearchClients": VIEW,
        "GetClient": VIEW,
        "ListApplicants": VIEW,
        "ListAwaitedReviews": VIEW,
        "GetEnrollmentReport": VIEW,
        "StartClientEnrollment": ENROLL,
        "FindDuplicates": VIEW,
        "ExplainDuplicates": ENROLL,
        "SearchAddresses": VIEW,
        "SendForReview": ENROLL,
        "ListReviews": VIEW,
        "GetReview": _rule("view", for_people="documents"),
        "RevokeReview": ENROLL,
        "OpenReview": LINK,
        "ReadReview": LINK,
        "SaveReviewRemark": LINK,
        "ReturnReview": LINK,
        "SignReview": LINK,
        "WithdrawReview": LINK,
    },
    "pcp": {
        "SearchProviders": VIEW,
        "GetProvider": VIEW,
        "ReportProvider": VIEW,
        "AssignProviders": _rule(services="enrollment"),
        "CheckProviders": _rule(services="enrollment"),
    },
    "payment": {
        "OpenPayment": _rule(services="enrollment"),
        "GetPayment": _rule("view", services="enrollment"),
        "CreatePaymentLink": PAY,
        "CancelAutopay": PAY,
    },
    "documents": {
        "GetApplicationPdf": VIEW,
        "GetProposalPdf": _rule("view", for_people="quote"),
        "GetReviewPdf": VIEW,
        "AddProofDocument": ENROLL,
        "ListProofDocuments": VIEW,
        "GetProofDocument": VIEW,
        "GetText": _rule("view", services="gateway"),
    },
}
"""Service -> rpc -> who may call it."""

ANYBODY = frozenset({"POST /sessions", "POST /oauth/token", "GET /deadline-feeds/{secret}.ics", "GET /openapi.json"})
"""Operations of the API that need no sign-in: a password, or a secret in header or address, is what they ask for."""
SIGNED_IN = frozenset(
    {
        "GET /sessions",
        "DELETE /sessions",
        "DELETE /sessions/current",
        "DELETE /sessions/others",
        "DELETE /sessions/{session_id}",
        "GET /me",
        "GET /producers",
        "GET /notifications",
        "POST /notifications/read",
        "GET /deadline-feeds",
        "POST /deadline-feeds",
        "DELETE /deadline-feeds/{feed_id}",
        "GET /delegations",
        "GET /delegation-changes",
    }
)
"""About the person alone who is signed in."""
PRODUCERS = frozenset({"PUT /delegations", "DELETE /delegations/{delegate_id}/{writing_number}"})


@dataclass(frozen=True)
class Model:
    """``now``: by the business clock."""

    now: datetime
    rules: Mapping[str, Mapping[str, Rule]] = field(default_factory=lambda: RULES)

    def decide(self, caller: Caller, service: str, rpc: str, target: Target) -> Decision:
        """Of one call of a service, over gRPC or the bus."""
        rule = self.rules[service][rpc]
        if not caller.believed or not (caller.person or caller.service):
            return Decision.UNAUTHENTICATED
        if caller.service and caller.service not in rule.services | rule.for_people:
            return Decision.FORBIDDEN
        if caller.person and rule.people:
            return self._find(caller.person.numbers(rule.people, self.now), target)
        if caller.service in rule.services:
            return Decision.ADMITTED if target.exists else Decision.NOT_FOUND
        return Decision.FORBIDDEN

    def decide_over_http(self, caller: Caller, service: str, rpc: str, target: Target) -> Decision:
        """Of an operation that this rpc answers. Whoever has less leave for it than to look is told that this may be
        the reason, for what there is not as well.
        """
        found = self.decide(caller, service, rpc, target)
        action = self.rules[service][rpc].people
        if found is Decision.NOT_FOUND and caller.person:
            allowed, seen = caller.person.numbers(action, self.now), caller.person.numbers("view", self.now)
            return Decision.FORBIDDEN if allowed != seen else found
        return found

    @staticmethod
    def _find(numbers: frozenset[str], target: Target) -> Decision:
        if not target.exists or (target.number and target.number not in numbers):
            return Decision.NOT_FOUND
        return Decision.ADMITTED
