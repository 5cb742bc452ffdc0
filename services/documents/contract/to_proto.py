"""Domain -> proto."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.documents.v1 import proof_documents_pb2, texts_pb2

from services.documents.domain.legal_text import LegalText
from services.documents.domain.proof import ProofDocument


def proof_document(found: ProofDocument) -> proof_documents_pb2.ProofDocument:
    added_at = Timestamp()
    added_at.FromDatetime(found.added_at)
    return proof_documents_pb2.ProofDocument(
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


def legal_text(request: texts_pb2.GetTextRequest, found: LegalText) -> texts_pb2.LegalText:
    sections = (
        texts_pb2.TextSection(
            heading=heading,
            paragraphs=[texts_pb2.TextParagraph(text=block.text, item=block.kind == "item") for block in blocks],
        )
        for heading, blocks in found.sections()
    )
    return texts_pb2.LegalText(
        kind=request.kind,
        version=found.version,
        state=request.state,
        title=found.title,
        sections=sections,
        sample_notice="Sample wording, not legal text",
    )
