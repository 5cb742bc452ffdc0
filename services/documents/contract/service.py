"""``suite.documents.v1.DocumentsService``, for gRPC and bus alike."""

from __future__ import annotations

from dataclasses import dataclass

from suite.documents.v1 import documents_service_pb2 as pb
from suite.documents.v1 import proof_documents_pb2, texts_pb2

from chassis.contract import Contract, command_of
from chassis.kernel import Caller
from chassis.mapping import REST, ToProto
from services.documents.contract import to_proto
from services.documents.domain.document import ApplicationPdf, name_file
from services.documents.domain.legal_text import ENGLISH
from services.documents.usecases.add_proof_document import AddProofDocument, Upload
from services.documents.usecases.get_application_pdf import GetApplicationPdf
from services.documents.usecases.get_proof_document import GetProofDocument
from services.documents.usecases.get_proposal_pdf import GetProposalPdf
from services.documents.usecases.get_review_pdf import GetReviewPdf
from services.documents.usecases.get_text import GetText
from services.documents.usecases.list_proof_documents import ListProofDocuments


@dataclass(frozen=True, slots=True)
class UseCases:
    """What the methods call."""

    get_application_pdf: GetApplicationPdf
    get_proposal_pdf: GetProposalPdf
    add_proof_document: AddProofDocument
    list_proof_documents: ListProofDocuments
    get_proof_document: GetProofDocument
    get_review_pdf: GetReviewPdf
    get_text: GetText


_application_pdf = ToProto(ApplicationPdf, pb.GetApplicationPdfResponse, unsent=REST)


class DocumentsContract(Contract):
    descriptor = pb.DESCRIPTOR.services_by_name["DocumentsService"]

    def __init__(self, use_cases: UseCases) -> None:
        super().__init__()
        self._use_cases = use_cases

    def get_application_pdf(self, request: pb.GetApplicationPdfRequest, caller: Caller) -> pb.GetApplicationPdfResponse:
        language = request.language or ENGLISH
        answer = _application_pdf(self._use_cases.get_application_pdf(caller, request.record_number, language))
        answer.file_name = name_file(request.record_number, language)
        return answer

    def get_proposal_pdf(self, request: pb.GetProposalPdfRequest, caller: Caller) -> pb.GetProposalPdfResponse:
        language = request.language or ENGLISH
        content = self._use_cases.get_proposal_pdf(caller, request.quote_id, request.contact_email, language)
        return pb.GetProposalPdfResponse(file_name=name_file("proposal", language), content=content)

    def get_review_pdf(self, request: pb.GetReviewPdfRequest, caller: Caller) -> pb.GetReviewPdfResponse:
        content = self._use_cases.get_review_pdf(caller, request.record_number, request.review_id)
        return pb.GetReviewPdfResponse(file_name=f"{request.record_number}-consent.pdf", content=content)

    def add_proof_document(
        self, request: proof_documents_pb2.AddProofDocumentRequest, caller: Caller
    ) -> proof_documents_pb2.AddProofDocumentResponse:
        command = command_of(caller, "add_proof_document", request.idempotency_key, request)
        upload = Upload(request.record_number, request.kind, request.media_type, request.content)
        document = self._use_cases.add_proof_document(command, upload)
        return proof_documents_pb2.AddProofDocumentResponse(document=to_proto.proof_document(document))

    def list_proof_documents(
        self, request: proof_documents_pb2.ListProofDocumentsRequest, caller: Caller
    ) -> proof_documents_pb2.ListProofDocumentsResponse:
        found = self._use_cases.list_proof_documents(caller, request.record_number)
        return proof_documents_pb2.ListProofDocumentsResponse(documents=map(to_proto.proof_document, found))

    def get_proof_document(
        self, request: proof_documents_pb2.GetProofDocumentRequest, caller: Caller
    ) -> proof_documents_pb2.GetProofDocumentResponse:
        stored = self._use_cases.get_proof_document(caller, request.record_number, request.document_id)
        document = stored.document
        return proof_documents_pb2.GetProofDocumentResponse(
            file_name=document.file_name, content=stored.content, media_type=document.media_type
        )

    def get_text(self, request: texts_pb2.GetTextRequest, _caller: Caller) -> texts_pb2.GetTextResponse:
        found = self._use_cases.get_text(request.kind, request.state, request.text_version, request.language or ENGLISH)
        return texts_pb2.GetTextResponse(text=to_proto.legal_text(request, found))
