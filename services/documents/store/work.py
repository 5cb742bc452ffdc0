"""Store: the unit of work of documents."""

from __future__ import annotations

from functools import cached_property

from chassis.db import UnitOfWork
from services.documents.store.documents import DocumentRepository


class DocumentsWork(UnitOfWork):
    @cached_property
    def documents(self) -> DocumentRepository:
        return DocumentRepository(self.session)
