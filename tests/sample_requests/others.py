"""Sample requests of pcp, payment and documents."""

from __future__ import annotations

from suite.common.v1 import common_pb2 as common
from suite.documents.v1 import documents_service_pb2 as documents
from suite.documents.v1 import proof_documents_pb2 as proofs
from suite.documents.v1 import texts_pb2 as texts
from suite.payment.v1 import payment_service_pb2 as payment
from suite.pcp.v1 import pcp_pb2
from suite.pcp.v1 import pcp_service_pb2 as pcp

from deploy.local.demo.journey import STATE, ZIP
from gateway.edge.rpcs import DOCUMENTS, PCP
from tests.sample_requests.records import TODAY, SampleRecords, blank_pdf, new_key
from tests.sample_requests.sample import Sample, Samples
from tests.suite_calls import FRITZ, service_caller

ENROLLMENT_SERVICE = service_caller("enrollment")


def _find_provider(records: SampleRecords) -> str:
    found = records.ask(PCP["SearchProviders"], _provider_search(records))
    return str(next(one.pcp_id for one in found.providers if one.panel == "any"))


def _provider_search(records: SampleRecords) -> pcp.SearchProvidersRequest:
    return pcp.SearchProvidersRequest(
        plan_id=records.plans[0], plan_year=TODAY.year, zip=ZIP, accepting_only=True, radius_miles=50
    )


def _report_provider(records: SampleRecords) -> Sample:
    fault = pcp_pb2.EntryFault.values()[1]
    return Sample(pcp.ReportProviderRequest(pcp_id=_find_provider(records), fault=fault, note="The phone is another."))


def _choices(records: SampleRecords) -> list[pcp.MemberChoice]:
    chosen = pcp.MemberChoice(member_index=0, age=39, pcp_id=_find_provider(records))
    return [chosen, pcp.MemberChoice(member_index=1, age=7)]


def _assign_providers(records: SampleRecords) -> Sample:
    request = pcp.AssignProvidersRequest(
        record_number=records.draft().record_number,
        plan_id=records.plans[0],
        plan_year=TODAY.year,
        zip=ZIP,
        members=_choices(records),
    )
    return Sample(request, ENROLLMENT_SERVICE)


def _check_providers(records: SampleRecords) -> Sample:
    request = pcp.CheckProvidersRequest(
        plan_id=records.plans[0], plan_year=TODAY.year, zip=ZIP, members=_choices(records)
    )
    return Sample(request, ENROLLMENT_SERVICE)


PCP_SAMPLES: Samples = {
    "SearchProviders": lambda records: Sample(_provider_search(records)),
    "GetProvider": lambda records: Sample(pcp.GetProviderRequest(pcp_id=_find_provider(records))),
    "ReportProvider": _report_provider,
    "AssignProviders": _assign_providers,
    "CheckProviders": _check_providers,
}


def _open_payment(records: SampleRecords) -> Sample:
    amount = common.Money(cents=88_679)
    request = payment.OpenPaymentRequest(
        record_number=records.draft().record_number,
        state=STATE,
        writing_number=FRITZ.number,
        amount=amount,
        pay_now=True,
        months=[common.MonthDue(month=f"{TODAY:%Y-%m}", amount=amount)],
    )
    return Sample(request, ENROLLMENT_SERVICE)


PAYMENT_SAMPLES: Samples = {
    "OpenPayment": _open_payment,
    "GetPayment": lambda records: Sample(payment.GetPaymentRequest(record_number=records.submitted())),
    "CreatePaymentLink": lambda records: Sample(payment.CreatePaymentLinkRequest(record_number=records.submitted())),
    "CancelAutopay": lambda records: Sample(payment.CancelAutopayRequest(record_number=records.paid_with_autopay())),
}


def _add_proof(records: SampleRecords) -> proofs.AddProofDocumentRequest:
    return proofs.AddProofDocumentRequest(
        idempotency_key=new_key(),
        record_number=records.submitted(),
        kind="birth_certificate",
        media_type="application/pdf",
        content=blank_pdf(),
    )


def _get_proof_document(records: SampleRecords) -> Sample:
    added = records.ask(DOCUMENTS["AddProofDocument"], _add_proof(records)).document
    request = proofs.GetProofDocumentRequest(record_number=added.record_number, document_id=added.document_id)
    return Sample(request)


def _get_review_pdf(records: SampleRecords) -> Sample:
    review = records.signed_review()
    request = documents.GetReviewPdfRequest(record_number=review.record_number, review_id=review.review_id)
    return Sample(request)


DOCUMENTS_SAMPLES: Samples = {
    "GetApplicationPdf": lambda records: Sample(documents.GetApplicationPdfRequest(record_number=records.printed())),
    "GetProposalPdf": lambda records: Sample(documents.GetProposalPdfRequest(quote_id=records.quote().quote_id)),
    "GetReviewPdf": _get_review_pdf,
    "AddProofDocument": lambda records: Sample(_add_proof(records)),
    "ListProofDocuments": lambda records: Sample(proofs.ListProofDocumentsRequest(record_number=records.submitted())),
    "GetProofDocument": _get_proof_document,
    "GetText": lambda _: Sample(texts.GetTextRequest(kind="terms", state=STATE)),
}
