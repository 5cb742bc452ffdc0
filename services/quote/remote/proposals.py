"""Remote: proposal PDFs, from the documents service over the bus."""

from __future__ import annotations

from suite.documents.v1 import documents_service_pb2 as pb

from chassis.bus.client import BusClient

DOCUMENTS = pb.DESCRIPTOR.services_by_name["DocumentsService"]


class DocumentsProposals:
    """The port ``usecases.ports.ProposalPdfs``."""

    def __init__(self, bus: BusClient) -> None:
        self._bus = bus

    def pdf(self, quote_id: str, contact_email: str, language: str) -> bytes:
        request = pb.GetProposalPdfRequest(quote_id=quote_id, contact_email=contact_email, language=language)
        return self._bus.call(DOCUMENTS, "GetProposalPdf", request, pb.GetProposalPdfResponse).content
