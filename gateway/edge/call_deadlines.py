"""How long the gateway waits for a service's answer: one table for pages and API.

Whoever waits is a person at a screen, so a call ends at `chassis.rpc.client.DEADLINE_SECONDS` unless the table says why
it needs more. A call that changes something gets time enough to answer on a busy machine: one that was saved and not
answered looks to a person as if it had failed.
"""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.descriptor import MethodDescriptor

from chassis.rpc.client import DEADLINE_SECONDS

# Rates every plan of a county, or the chosen ones again, for up to 20 people; fetches rates that are not in memory.
_PRICING = (
    "SearchPlans",
    "ComparePlans",
    "PriceSelection",
    "CreateQuote",
    "GetQuote",
    "ListQuotes",
    "UpdateQuote",
    "SelectPlans",
    "CopyQuote",
    "Requote",
    "OpenSharedQuote",
)
# Asks the quote service for prices and the PCP service for every provider, over the bus.
_CHECKING = (
    "StartEnrollment",
    "StartClientEnrollment",
    "SaveStep",
    "ListEffectiveDates",
    "SetEffectiveDate",
    "CheckPlanChange",
    "GetReadiness",
    "SendForReview",
    "ReadReview",
)
# Fetches a file of some megabytes, and looks at the application first.
_FILES = ("GetApplicationPdf", "GetReviewPdf", "GetProofDocument")
_FIVE_SECONDS = 5.0

_SECONDS: Mapping[str, float] = {
    **dict.fromkeys((*_PRICING, *_CHECKING, *_FILES), _FIVE_SECONDS),
    # waits up to 8 seconds for the outcome, so that most people see it at once (SubmitApplication)
    "SubmitApplication": 12.0,
    # a proposal is typeset, from two calls over the bus, and the mail server may take some seconds
    "GetProposalPdf": 15.0,
    "DeliverQuote": 15.0,
    # a file is read by a process of its own, which may have to wait for its turn (services/documents/inspection)
    "AddProofDocument": 20.0,
}


def deadline_of(rpc: MethodDescriptor) -> float:
    """Seconds."""
    return _SECONDS.get(rpc.name, DEADLINE_SECONDS)
