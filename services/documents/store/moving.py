"""Store: takes a content out of its row into the blob store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from services.documents.domain.document import DocumentDamaged
from services.documents.domain.retention import DocumentKind
from services.documents.store.contents import DocumentContents
from services.documents.usecases.ports import MovedDocument


def move_content(
    session: Session, contents: DocumentContents, kind: DocumentKind, left: Select[Any], identify: Any, made: Any
) -> MovedDocument | None:
    """The first row that ``left`` finds; one that another run has in hand is passed over. ``identify`` and ``made`` are
    the columns of its id and of the instant from which its years are counted."""
    row = session.scalars(left.order_by(identify).limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    document_id: str = getattr(row, identify.key)
    try:
        row.blob = contents.move(kind, row, document_id, getattr(row, made.key))
    except DocumentDamaged:
        return MovedDocument(document_id, is_damaged=True)
    row.content = None
    session.flush()
    return MovedDocument(document_id, is_damaged=False)
