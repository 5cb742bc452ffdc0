"""``suite.documents.v1.DocumentsService``, for both doors."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.documents.v1 import documents_service_pb2 as pb

from chassis.contract import Contract
from chassis.identity import Caller
from services.documents.contract.proofs import ProofMethods
from services.documents.contract.texts import TextMethods
from services.documents.usecases.add_proof import AddProof
from services.documents.usecases.make_proposal_pdf import MakeProposalPdf
from services.documents.usecases.read_application_pdf import ReadApplicationPdf
from services.documents.usecases.read_proofs import ReadProofs
from services.documents.usecases.read_text import ReadText


class DocumentsContract(ProofMethods, TextMethods, Contract):
    descriptor = pb.DESCRIPTOR.services_by_name["DocumentsService"]

    def __init__(
        self,
        read: ReadApplicationPdf,
        propose: MakeProposalPdf,
        add_proof: AddProof,
        proofs: ReadProofs,
        text: ReadText,
    ) -> None:
        super().__init__()
        self._read = read
        self._propose = propose
        self._add_proof = add_proof
        self._proofs = proofs
        self._text = text

    def get_application_pdf(self, request: pb.GetApplicationPdfRequest, caller: Caller) -> pb.GetApplicationPdfResponse:
        pdf = self._read(request.record_number, caller.subject, caller.may_see)
        rendered_at = Timestamp()
        rendered_at.FromDatetime(pdf.rendered_at)
        return pb.GetApplicationPdfResponse(
            file_name=pdf.file_name, content=pdf.content, sha256=pdf.sha256, rendered_at=rendered_at
        )

    def get_proposal_pdf(self, request: pb.GetProposalPdfRequest, caller: Caller) -> pb.GetProposalPdfResponse:
        return pb.GetProposalPdfResponse(file_name="proposal.pdf", content=self._propose(request.quote_id, caller))
