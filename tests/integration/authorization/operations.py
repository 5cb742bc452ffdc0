"""Every rpc and every operation of the API, with a request that is good but for what it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message

from chassis.contract import request_class
from gateway.api.endpoint import fill_body
from gateway.api.from_json import fill_message, set_text
from gateway.api.openapi_examples import BODIES
from gateway.api.route_table import ROUTES
from gateway.api.routing.route import WHOLE, Route
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE
from tests.integration.authorization.world import Records, World

SERVICES = {"quote": QUOTE, "enrollment": ENROLLMENT, "pcp": PCP, "payment": PAYMENT, "documents": DOCUMENTS}
_NAMED = {
    "quote": "GetQuote SelectPlans UpdateQuote ArchiveQuote RestoreQuote CopyQuote Requote CreateShareLink "
    "ListShareLinks RevokeShareLink GetProposal DeliverQuote StartEnrollment GetProposalPdf",
    "draft": "GetApplication SaveStep ListEffectiveDates SetEffectiveDate GetRatingBasis CheckPlanChange GetReadiness "
    "CancelApplication TerminateCoverage ChangeContact ConfirmPayable FindDuplicates ExplainDuplicates",
    "reviewed": "ListReviews GetReview RevokeReview GetReviewPdf",
    "sent": "SubmitApplication GetTimeline SendForReview GetSubmission GetPayment CreatePaymentLink CancelAutopay "
    "GetApplicationPdf AddProofDocument ListProofDocuments GetProofDocument",
    "client": "GetClient StartClientEnrollment",
    "number": "CreateQuote StartApplication",
}
NAMED = {rpc: kind for kind, rpcs in _NAMED.items() for rpc in rpcs.split()}
"""Rpc -> which record of somebody's it names; the others name none."""
PARTS = {
    "RevokeShareLink": "link_id",
    "GetReview": "review_id",
    "RevokeReview": "review_id",
    "GetReviewPdf": "review_id",
}
PARTS |= {"GetProofDocument": "document_id"}
"""Rpcs that name a thing below a record as well."""
PLAN = "36096IL9900003-00"
# Of a version that nobody has saved yet: whoever may save is told so, and nothing is saved.
STALE = "999999"
_RATED = {name: BODIES["ComparePlans"][name] for name in ("state", "zip", "county_fips", "effective_date", "members")}
_BODIES: Mapping[str, Mapping[str, Any]] = {"PriceSelection": {**_RATED, "medical_plan_id": PLAN}}


@dataclass(frozen=True)
class Operation:
    """One rpc, or one operation of the API that it answers."""

    service: str
    rpc: MethodDescriptor
    route: Route | None = None

    @property
    def name(self) -> str:
        return f"{self.route.verb} {self.route.path}" if self.route else self.rpc.full_name

    @property
    def kind(self) -> str:
        before = self.route.basis_rpc if self.route else None
        return NAMED.get((before or self.rpc).name, "")

    @property
    def example(self) -> Mapping[str, Any]:
        name = f"SaveStep_{self.route.body}" if self.route and self.rpc.name == "SaveStep" else self.rpc.name
        return BODIES.get(name, _BODIES.get(name, {}))


def every_rpc() -> Iterator[Operation]:
    for service, methods in SERVICES.items():
        for rpc in methods.values():
            yield Operation(service, rpc)


def every_route() -> Iterator[Operation]:
    for route in ROUTES:
        yield Operation(route.rpc.full_name.split(".")[1], route.rpc, route)


def fields_of(operation: Operation, world: World, records: Records) -> dict[str, str]:
    """What the request says outside its body: of the record, and what the rpc has to be told besides."""
    of_record = {
        "quote": {"quote_id": records.quote_id, "link_id": records.link_id},
        "draft": {"record_number": records.draft},
        "reviewed": {"record_number": records.reviewed, "review_id": records.review_id},
        "sent": {"record_number": records.sent, "document_id": records.document_id},
        "client": {"client_id": records.client_id},
        "number": {"writing_number": records.number},
        "": {},
    }
    besides: dict[str, dict[str, str]] = {
        "ListCounties": {"zip": "60601"},
        "GetPlan": {"plan_id": PLAN, "plan_year": "2026"},
        "SearchPlans": {"coverage": "medical"},
        "ListApplications": {"status": "incomplete"},
        "CheckPlanChange": {"medical_plan_id": PLAN},
        "SearchProviders": {"plan_id": PLAN, "plan_year": "2026", "zip": "60601"},
        "GetProvider": {"pcp_id": world.pcp_id},
        "ReportProvider": {"pcp_id": world.pcp_id},
        "OpenSharedQuote": {"token": world.share_token},
        "GetEnrollmentRules": {"state": "IL"},
        "GetText": {"kind": "terms", "state": "IL"},
        "AddProofDocument": {"kind": "birth_certificate"},
        "GetSubmission": {"carrier": "sample-carrier"},
    }
    return {**of_record[operation.kind], **besides.get(operation.rpc.name, {})}


def message_of(operation: Operation, world: World, records: Records, key: str) -> Message:
    """For gRPC and the bus. An rpc that is for services alone gets an empty one: who is admitted is told what lacks."""
    rpc, message = operation.rpc, request_class(operation.rpc)()
    routed = next((one for one in ROUTES if one.rpc is rpc and not one.basis_rpc), None)
    example = dict(operation.example)
    if "writing_number" in example:
        example["writing_number"] = records.number
    if rpc.name == "SaveStep":
        fill_message(message.other_coverage, BODIES["SaveStep_other_coverage"])  # type: ignore[attr-defined]  # its field
    elif example and routed and routed.body == WHOLE:
        fill_body(routed, message, example)
    elif example:
        fill_message(message, example)
    if rpc.name == "AddProofDocument":
        message.media_type, message.content = "application/pdf", b"%PDF-"  # type: ignore[attr-defined]  # as above
    if rpc.name == "ListApplicants":  # everybody's, of which the answer keeps those that one may see
        message.record_numbers.extend(one.draft for one in world.records.values())  # type: ignore[attr-defined]  # as above
    values = {**fields_of(operation, world, records), "idempotency_key": key, "version": STALE}
    for name, value in values.items():
        if name in rpc.input_type.fields_by_name:
            set_text(message, name, value, name)
    return message
