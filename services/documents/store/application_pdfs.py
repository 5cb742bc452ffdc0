"""Store: the PDFs of applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.db.batching import deferred
from services.documents.domain.document import ApplicationPdf, RenderFailure
from services.documents.domain.retention import DocumentKind
from services.documents.store.contents import DocumentContents
from services.documents.store.moving import move_content
from services.documents.store.retention import delete_documents
from services.documents.store.tables import ApplicationPdfRow as Row
from services.documents.usecases.ports import DeletedDocument, MovedDocument, RequestedPdf

_KIND = DocumentKind.APPLICATION_PDF
_PDFS: Any = Row.__table__
# Built once: building costs more than running them.
_REQUEST = deferred(upsert(_PDFS).on_conflict_do_nothing())
_WRITING_NUMBER = select(_PDFS.c.writing_number).where(_PDFS.c.record_number == bindparam("whose"))
_IS_MADE = select(_PDFS.c.rendered_at.is_not(None)).where(_PDFS.c.record_number == bindparam("whose"))
_SAVE = (
    update(_PDFS)
    .where(_PDFS.c.record_number == bindparam("whose"), _PDFS.c.rendered_at.is_(None))
    .returning(_PDFS.c.record_number)
)


class ApplicationPdfRepository:
    def __init__(self, session: Session, contents: DocumentContents) -> None:
        self._session = session
        self._contents = contents

    def find_pdf(self, record_number: str) -> RequestedPdf | None:
        row = self._session.get(Row, record_number)
        if row is None:
            return None
        if row.rendered_at is None:
            return RequestedPdf(row.writing_number, None, RenderFailure(row.trouble) if row.trouble else None)
        content = self._contents.load(_KIND, row, record_number)
        pdf = ApplicationPdf(record_number, row.writing_number, content, row.rendered_at, tuple(row.texts))
        return RequestedPdf(row.writing_number, pdf)

    def find_writing_number(self, record_number: str) -> str | None:
        found: str | None = self._session.scalar(_WRITING_NUMBER, {"whose": record_number})
        return found

    def request_pdf(self, record_number: str, writing_number: str) -> bool:
        new = {"record_number": record_number, "writing_number": writing_number, "texts": []}
        self._session.execute(_REQUEST, new)
        return not self._session.scalar(_IS_MADE, {"whose": record_number})

    def save_pdf(self, pdf: ApplicationPdf) -> bool:
        # of two that finish at once the second waits for the row and then finds the first one's document
        lies = self._contents.save(_KIND, pdf.content, pdf.record_number, pdf.rendered_at)
        made = {**lies, "rendered_at": pdf.rendered_at, "texts": list(pdf.texts), "trouble": None}
        kept = self._session.execute(_SAVE, {"whose": pdf.record_number, **made})
        if kept.first() is not None:
            return True
        self._contents.delete(lies["blob"])
        return False

    def note_failure(self, record_number: str, failure: RenderFailure) -> bool:
        noted = self._session.execute(
            update(Row)
            .where(Row.record_number == record_number, Row.rendered_at.is_(None))
            .values(trouble=failure.value)
            .returning(Row.record_number)
        )
        return noted.first() is not None

    def delete_made_before(self, day: date, most: int) -> list[DeletedDocument]:
        old = select(Row).where(Row.rendered_at < day).order_by(Row.rendered_at)
        return delete_documents(self._session, self._contents, old, most)

    def move_next(self, after: str) -> MovedDocument | None:
        left = select(Row).where(Row.content.is_not(None), Row.record_number > after)
        return move_content(self._session, self._contents, _KIND, left, Row.record_number, Row.rendered_at)

    def find_blobs(self, names: Sequence[str]) -> set[str]:
        return set(self._session.scalars(select(Row.blob).where(Row.blob.in_(names))))
