"""Store: deletes documents whose time of keeping is over, row and content alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from services.documents.store.contents import DocumentContents
from services.documents.usecases.ports import DeletedDocument


def delete_documents(
    session: Session, contents: DocumentContents, old: Select[Any], most: int
) -> list[DeletedDocument]:
    """Up to ``most`` of the rows that ``old`` finds; those that another worker has in hand are passed over."""
    found = session.scalars(old.limit(most).with_for_update(skip_locked=True)).all()
    for row in found:
        # first: a row whose blob is gone is deleted the next time, a blob without its row never
        contents.delete(row.blob)
        session.delete(row)
    return [DeletedDocument(row.record_number, row.writing_number) for row in found]
