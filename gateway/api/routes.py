"""The route table: everything that one address of the API says about one rpc, and nothing else.

A ``{name}`` in a path fills the request field of that name; ``Idempotency-Key`` and ``If-Match`` fill
``idempotency_key`` and ``version`` wherever the request has them. The OpenAPI document comes from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2
from suite.payment.v1 import payment_service_pb2
from suite.pcp.v1 import pcp_service_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.rpc.client import DEADLINE_SECONDS

PREFIX = "/api/v1"
# Submission answers after a bounded wait for its outcome (docs/explanation/architecture.md).
SUBMISSION_DEADLINE_SECONDS = 12.0
# A proposal is made of two calls over the bus, and the mail server may take some seconds.
DELIVERY_DEADLINE_SECONDS = 15.0
# A search rates every plan of a county for up to 20 people.
SEARCH_DEADLINE_SECONDS = 5.0
WHOLE = "*"

QUOTE = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"].methods_by_name
ENROLLMENT = enrollment_service_pb2.DESCRIPTOR.services_by_name["EnrollmentService"].methods_by_name
PCP = pcp_service_pb2.DESCRIPTOR.services_by_name["PcpService"].methods_by_name
PAYMENT = payment_service_pb2.DESCRIPTOR.services_by_name["PaymentService"].methods_by_name
DOCUMENTS = documents_service_pb2.DESCRIPTOR.services_by_name["DocumentsService"].methods_by_name


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one address."""

    verb: str
    path: str
    rpc: MethodDescriptor
    summary: str
    # Query parameter -> request field; a dot goes into a message.
    query: Mapping[str, str] = field(default_factory=dict)
    # Words that the API uses for a query value where the proto has another.
    aliases: Mapping[str, str] = field(default_factory=dict)
    # WHOLE: the body is the request; a name: the body is that field; None: there is no body.
    body: str | None = None
    # May be sent without a body.
    body_optional: bool = False
    # The version that was read has to come along.
    if_match_required: bool = False
    deadline: float = DEADLINE_SECONDS
    success: int = 200
    media_type: str = "application/json"
    # Where a thing that was made can be read: a format of the answer's fields.
    location: str = ""
    # Answers without a sign-in; the gateway asks in its own name.
    public: bool = False

    @property
    def creates(self) -> bool:
        return "idempotency_key" in self.rpc.input_type.fields_by_name

    @property
    def versioned(self) -> bool:
        return "version" in self.rpc.input_type.fields_by_name

    @property
    def path_fields(self) -> list[str]:
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def unwrapped(self) -> str | None:
        """``GetQuoteResponse`` holds one message and nothing else: the answer is that message."""
        fields = self.rpc.output_type.fields
        if len(fields) == 1 and fields[0].message_type and not fields[0].is_repeated:
            return fields[0].name
        return None


_PAGE = {"page_size": "page.size", "page_token": "page.token"}
_APPLICATION = "/applications/{record_number}"


def _step(path: str, step: str, title: str) -> Route:
    return Route(
        "PUT",
        f"{_APPLICATION}/steps/{path}",
        ENROLLMENT["SaveStep"],
        f"Save the step {title}",
        body=step,
        if_match_required=True,
    )


ROUTES = (
    Route(
        "GET",
        "/counties",
        QUOTE["ListCounties"],
        "Counties of a ZIP code",
        query={"zip": "zip", "plan_year": "plan_year"},
    ),
    Route(
        "POST",
        "/plan-searches",
        QUOTE["SearchPlans"],
        "Plans and premiums for a household",
        body=WHOLE,
        deadline=SEARCH_DEADLINE_SECONDS,
    ),
    Route(
        "GET",
        "/plans/{plan_id}",
        QUOTE["GetPlan"],
        "One plan with its benefits, variants and documents",
        query={"plan_year": "plan_year"},
    ),
    Route(
        "POST",
        "/plan-comparisons",
        QUOTE["ComparePlans"],
        "Up to four plans side by side for a household",
        body=WHOLE,
        deadline=SEARCH_DEADLINE_SECONDS,
    ),
    Route(
        "GET",
        "/quotes",
        QUOTE["ListQuotes"],
        "Saved quotes, by client, state, effective date and status",
        query={
            "client_name": "client_name",
            "state": "state",
            "effective_from": "effective_from",
            "effective_to": "effective_to",
            "status": "status",
            "order": "order",
            **_PAGE,
        },
    ),
    Route(
        "POST",
        "/quotes",
        QUOTE["CreateQuote"],
        "Save a new quote",
        body=WHOLE,
        success=201,
        location="/quotes/{0.quote_id}",
    ),
    Route("GET", "/quotes/{quote_id}", QUOTE["GetQuote"], "One quote", deadline=SEARCH_DEADLINE_SECONDS),
    Route("PUT", "/quotes/{quote_id}/selection", QUOTE["SelectPlans"], "Select plans for a quote", body=WHOLE),
    Route(
        "POST",
        "/quotes/{quote_id}/copies",
        QUOTE["CopyQuote"],
        "Copy a quote",
        success=201,
        location="/quotes/{0.quote_id}",
    ),
    Route(
        "POST",
        "/quotes/{quote_id}/requotes",
        QUOTE["Requote"],
        "Quote again for another effective date, and see what changes",
        body=WHOLE,
        success=201,
        location="/quotes/{0.quote.quote_id}",
    ),
    Route(
        "GET",
        "/quotes/{quote_id}/proposal.pdf",
        DOCUMENTS["GetProposalPdf"],
        "The proposal as a PDF",
        media_type="application/pdf",
        deadline=DELIVERY_DEADLINE_SECONDS,
    ),
    Route(
        "POST",
        "/quotes/{quote_id}/deliveries",
        QUOTE["DeliverQuote"],
        "Send the proposal and a share link by email",
        body=WHOLE,
        success=201,
        deadline=DELIVERY_DEADLINE_SECONDS,
    ),
    Route("GET", "/quotes/{quote_id}/share-links", QUOTE["ListShareLinks"], "Links that show a quote"),
    Route(
        "POST",
        "/quotes/{quote_id}/share-links",
        QUOTE["CreateShareLink"],
        "A link that shows the quote without a sign-in",
        body=WHOLE,
        body_optional=True,
        success=201,
    ),
    Route(
        "DELETE",
        "/quotes/{quote_id}/share-links/{link_id}",
        QUOTE["RevokeShareLink"],
        "Revoke a share link",
        success=204,
    ),
    Route("GET", "/shared-quotes/{token}", QUOTE["OpenSharedQuote"], "What a share link shows", public=True),
    Route(
        "POST",
        "/quotes/{quote_id}/enrollment",
        ENROLLMENT["StartEnrollment"],
        "Enroll in the selected plans",
        body=WHOLE,
        body_optional=True,
        deadline=SEARCH_DEADLINE_SECONDS,
    ),
    Route(
        "GET",
        "/applications",
        ENROLLMENT["ListApplications"],
        "Completed, incomplete or failed applications",
        query={"status": "status", **_PAGE},
        aliases={"completed": "submitted"},
    ),
    Route(
        "POST",
        "/applications",
        ENROLLMENT["StartApplication"],
        "Start an application",
        body=WHOLE,
        success=201,
        location="/applications/{0.record_number}",
    ),
    Route("GET", _APPLICATION, ENROLLMENT["GetApplication"], "One application"),
    _step("general", "general", "General Information"),
    _step("household", "household", "Household"),
    _step("plans", "plans", "Plan Selection"),
    _step("other-coverage", "other_coverage", "Other Coverage"),
    _step("signatures", "signatures", "Signatures"),
    Route(
        "GET",
        f"{_APPLICATION}/effective-dates",
        ENROLLMENT["ListEffectiveDates"],
        "Possible effective dates, and why others are refused",
    ),
    Route(
        "POST",
        f"{_APPLICATION}/effective-date",
        ENROLLMENT["SetEffectiveDate"],
        "Calculate or choose the effective date",
        body=WHOLE,
        body_optional=True,
        if_match_required=True,
        deadline=SEARCH_DEADLINE_SECONDS,
    ),
    Route("GET", f"{_APPLICATION}/readiness", ENROLLMENT["GetReadiness"], "What submission would refuse now"),
    Route(
        "POST",
        f"{_APPLICATION}/submission",
        ENROLLMENT["SubmitApplication"],
        "Submit an application",
        deadline=SUBMISSION_DEADLINE_SECONDS,
    ),
    Route("GET", f"{_APPLICATION}/payment", PAYMENT["GetPayment"], "Payment of an application"),
    Route("POST", f"{_APPLICATION}/payment", PAYMENT["CreatePaymentLink"], "One-time link to the payment page"),
    Route(
        "GET",
        f"{_APPLICATION}/application.pdf",
        DOCUMENTS["GetApplicationPdf"],
        "The application as a PDF",
        media_type="application/pdf",
        deadline=SEARCH_DEADLINE_SECONDS,
    ),
    Route("GET", f"{_APPLICATION}/timeline", ENROLLMENT["GetTimeline"], "What happened to an application"),
    Route(
        "GET",
        "/providers",
        PCP["SearchProviders"],
        "Primary care providers of a plan near a ZIP code",
        query={
            "plan_id": "plan_id",
            "plan_year": "plan_year",
            "zip": "zip",
            "name": "name",
            "accepting_only": "accepting_only",
            **_PAGE,
        },
    ),
    Route("GET", "/clients", ENROLLMENT["SearchClients"], "Clients known by name", query={"name": "name"}),
    Route(
        "GET",
        "/addresses",
        ENROLLMENT["SearchAddresses"],
        "Addresses that begin with a text",
        query={"text": "text", "state": "state"},
    ),
)


def success_status(route: Route, answer: Message) -> int:
    """202 while a submission is still under way: ask again with GET."""
    application = getattr(answer, "application", None)
    submitting = application_pb2.APPLICATION_STATUS_SUBMITTING
    if route.rpc.name == "SubmitApplication" and application and application.status == submitting:
        return 202
    return route.success
