"""Contract: the method about texts."""

from __future__ import annotations

from suite.documents.v1 import texts_pb2 as pb

from chassis.kernel import Caller
from services.documents.domain.legal_text import LegalText
from services.documents.usecases.read_text import ReadText


class TextMethods:
    """Part of ``DocumentsContract``."""

    _text: ReadText

    def get_text(self, request: pb.GetTextRequest, _caller: Caller) -> pb.GetTextResponse:
        found = self._text(request.kind, request.state, request.text_version)
        return pb.GetTextResponse(text=_message(request, found))


def _message(request: pb.GetTextRequest, found: LegalText) -> pb.LegalText:
    sections = (
        pb.TextSection(
            heading=heading,
            paragraphs=[pb.TextParagraph(text=block.text, item=block.kind == "item") for block in blocks],
        )
        for heading, blocks in found.sections()
    )
    return pb.LegalText(
        kind=request.kind,
        version=found.version,
        state=request.state,
        title=found.title,
        sections=sections,
        sample_notice="Sample wording, not legal text",
    )
