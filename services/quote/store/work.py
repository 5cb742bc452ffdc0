"""Store: the unit of work of quote."""

from __future__ import annotations

from functools import cached_property

from chassis.db import PostgresUnitOfWork
from services.quote.store.quotes import StoredQuotes
from services.quote.store.share_links import StoredShareLinks


class UnitOfWork(PostgresUnitOfWork):
    @cached_property
    def quotes(self) -> StoredQuotes:
        return StoredQuotes(self.session)

    @cached_property
    def share_links(self) -> StoredShareLinks:
        return StoredShareLinks(self.session)
