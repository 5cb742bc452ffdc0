"""Store: the unit of work of quote."""

from __future__ import annotations

from functools import cached_property

from chassis.db import PostgresUnitOfWork
from services.quote.store.quotes import QuoteRepository
from services.quote.store.share_links import ShareLinkRepository


class UnitOfWork(PostgresUnitOfWork):
    @cached_property
    def quotes(self) -> QuoteRepository:
        return QuoteRepository(self.session)

    @cached_property
    def share_links(self) -> ShareLinkRepository:
        return ShareLinkRepository(self.session)
