"""Domain -> proto."""

from __future__ import annotations

from suite.documents.v1 import proof_documents_pb2, texts_pb2

from chassis.mapping import ToProto
from services.documents.domain.legal_text import LegalText
from services.documents.domain.proof import ProofDocument

proof_document = ToProto(ProofDocument, proof_documents_pb2.ProofDocument, unsent=("writing_number", "number"))


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
        sample_notice=found.sample_notice,
        language=found.language,
    )
