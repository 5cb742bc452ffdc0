"""Contract: the methods about proof documents."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.documents.v1 import proof_documents_pb2 as pb

from chassis.kernel import Caller
from services.documents.domain.proof import ProofDocument
from services.documents.usecases.add_proof import AddProof, Upload
from services.documents.usecases.read_proofs import ReadProofs


class ProofMethods:
    """Part of ``DocumentsContract``."""

    _add_proof: AddProof
    _proofs: ReadProofs

    def add_proof_document(self, request: pb.AddProofDocumentRequest, caller: Caller) -> pb.AddProofDocumentResponse:
        upload = Upload(
            request.record_number,
            request.kind,
            request.media_type,
            request.content,
            request.idempotency_key,
            request.SerializeToString(deterministic=True),
        )
        return pb.AddProofDocumentResponse(document=_document(self._add_proof(caller, upload)))

    def list_proof_documents(
        self, request: pb.ListProofDocumentsRequest, caller: Caller
    ) -> pb.ListProofDocumentsResponse:
        found = self._proofs.of(caller, request.record_number)
        return pb.ListProofDocumentsResponse(documents=map(_document, found))

    def get_proof_document(self, request: pb.GetProofDocumentRequest, caller: Caller) -> pb.GetProofDocumentResponse:
        kept = self._proofs.one(caller, request.record_number, request.document_id)
        document = kept.document
        return pb.GetProofDocumentResponse(
            file_name=document.file_name, content=kept.content, media_type=document.media_type
        )


def _document(found: ProofDocument) -> pb.ProofDocument:
    added_at = Timestamp()
    added_at.FromDatetime(found.added_at)
    return pb.ProofDocument(
        document_id=found.document_id,
        record_number=found.record_number,
        kind=found.kind,
        media_type=found.media_type,
        size=found.size,
        sha256=found.sha256,
        pages=found.pages,
        added_at=added_at,
        added_by=found.added_by,
    )
