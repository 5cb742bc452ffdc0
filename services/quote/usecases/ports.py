"""Ports: what the use cases of quotes need from outside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.kernel import Caller
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.quote import Quote


class Catalogues(Protocol):
    def current(self) -> Catalogue:
        """The newest stored state. Call it outside transactions: it takes a connection of its own."""
        ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last quote of the page before."""

    created_at: datetime
    quote_id: str


class Quotes(Protocol):
    """The stored quotes, inside one transaction. Each look goes through the caller who looks."""

    def add(self, quote: Quote) -> None: ...
    def save(self, quote: Quote) -> None: ...

    def get(self, quote_id: str, caller: Caller, *, lock: bool = False) -> Quote:
        """NotFound for an unknown quote and for somebody else's alike; ``lock`` until the transaction ends."""
        ...

    def newest(self, caller: Caller, after: Cursor | None, limit: int) -> Sequence[Quote]: ...


class Work(Protocol):
    """One transaction; see ``chassis.db.UnitOfWork``."""

    @property
    def quotes(self) -> Quotes: ...
    def repeated(self, principal: str, operation: str, key: str, content: bytes) -> str | None: ...
    def remember(self, principal: str, operation: str, key: str, result: str) -> None: ...
    def publish(self, event: object) -> None: ...
    def record(
        self, at: datetime, actor: str, subject: str, action: str, summary: str, on_behalf_of: str = ""
    ) -> None: ...


class Transactions(Protocol):
    def __call__(self) -> AbstractContextManager[Work]: ...
