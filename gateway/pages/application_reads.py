"""What the pages of one application ask the services for, the steps' as well as its details'."""

from __future__ import annotations

from starlette.requests import Request
from suite.documents.v1 import documents_service_pb2, proof_documents_pb2, texts_pb2
from suite.enrollment.v1 import application_pb2, enrollment_service_pb2, records_pb2, rules_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from chassis.kernel import NotFound, Unavailable
from gateway.edge.context import get_gateway
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT
from gateway.edge.service_calls import ask_service
from gateway.store.user_rows import find_names

Application = application_pb2.Application
Readiness = enrollment_service_pb2.GetReadinessResponse

EDITABLE = (application_pb2.APPLICATION_STATUS_INCOMPLETE, application_pb2.APPLICATION_STATUS_FAILED)
"""What can still be changed and submitted."""
SENT = (application_pb2.APPLICATION_STATUS_SUBMITTED, application_pb2.APPLICATION_STATUS_CANCELLED)
"""What was submitted, whatever came of it."""


async def read_application(request: Request, record_number: str = "") -> Application:
    """The application that the address names; NotFound for somebody else's."""
    answer = await ask_service(
        request,
        ENROLLMENT["GetApplication"],
        enrollment_service_pb2.GetApplicationRequest(
            record_number=record_number or request.path_params["record_number"]
        ),
        enrollment_service_pb2.GetApplicationResponse,
    )
    return answer.application


async def read_readiness(request: Request, record_number: str) -> Readiness:
    """What submission would refuse now, step by step."""
    return await ask_service(
        request,
        ENROLLMENT["GetReadiness"],
        enrollment_service_pb2.GetReadinessRequest(record_number=record_number),
        Readiness,
    )


async def list_timeline(request: Request) -> list[records_pb2.TimelineEntry]:
    answer = await ask_service(
        request,
        ENROLLMENT["GetTimeline"],
        enrollment_service_pb2.GetTimelineRequest(record_number=request.path_params["record_number"]),
        enrollment_service_pb2.GetTimelineResponse,
    )
    return list(answer.entries)


async def find_payment(request: Request, application: Application) -> payment_pb2.Payment | None:
    """As the payment service has it at this moment; None before submission, and while that service is away."""
    if application.status not in SENT:
        return None
    try:
        answer = await ask_service(
            request,
            PAYMENT["GetPayment"],
            payment_service_pb2.GetPaymentRequest(record_number=application.record_number),
            payment_service_pb2.GetPaymentResponse,
        )
    except (NotFound, Unavailable):
        return None
    return answer.payment if answer.HasField("payment") else None


async def list_proofs(request: Request, application: Application) -> list[proof_documents_pb2.ProofDocument]:
    """Oldest first; none before submission, and none while the documents service is away."""
    if application.status not in SENT:
        return []
    try:
        answer = await ask_service(
            request,
            DOCUMENTS["ListProofDocuments"],
            proof_documents_pb2.ListProofDocumentsRequest(record_number=application.record_number),
            proof_documents_pb2.ListProofDocumentsResponse,
        )
    except (NotFound, Unavailable):
        return []
    return list(answer.documents)


async def read_rules(request: Request, application: Application) -> rules_pb2.EnrollmentRules:
    """The application's own rule pack: what its forms offer, ask, show and lock today, and its labels."""
    answer = await ask_service(
        request,
        ENROLLMENT["GetEnrollmentRules"],
        rules_pb2.GetEnrollmentRulesRequest(state=application.state, rule_pack=application.rule_pack),
        rules_pb2.GetEnrollmentRulesResponse,
    )
    return answer.rules


def version_of(rules: rules_pb2.EnrollmentRules, kind: str) -> str:
    """The version of a text that is in force; empty where the state has no such text."""
    return next((one.version for one in rules.disclosures if one.kind == kind), "")


async def read_legal_text(request: Request, kind: str, state: str, version: str) -> texts_pb2.LegalText:
    answer = await ask_service(
        request,
        DOCUMENTS["GetText"],
        texts_pb2.GetTextRequest(kind=kind, state=state, text_version=version),
        texts_pb2.GetTextResponse,
    )
    return answer.text


async def read_pdf(request: Request) -> documents_service_pb2.GetApplicationPdfResponse:
    return await ask_service(
        request,
        DOCUMENTS["GetApplicationPdf"],
        documents_service_pb2.GetApplicationPdfRequest(
            record_number=request.path_params["record_number"], language=request.query_params.get("language", "")
        ),
        documents_service_pb2.GetApplicationPdfResponse,
    )


async def read_names(request: Request, logins: set[str]) -> dict[str, str]:
    """Sign-in name -> the person's name, for those who have an account here."""
    async with get_gateway(request).database.autocommit_read() as connection:
        return await find_names(connection, sorted(logins))
