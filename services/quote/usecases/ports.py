"""Ports: what the use cases of quotes need from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import Caller, UnitOfWork
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.quote import Quote
from services.quote.domain.quote_search import QuoteSearch
from services.quote.domain.sharing import ShareLink


class Catalogues(Protocol):
    def current(self) -> Catalogue:
        """The newest stored state. Call it outside transactions: it takes a connection of its own."""
        ...


@dataclass(frozen=True, slots=True)
class QuoteReportSearch:
    """Both days are business dates in the quote's state, and included. An empty state: all."""

    first: date
    last: date
    state: str
    numbers: Collection[str]


@dataclass(frozen=True, slots=True)
class QuoteFigures:
    """One state in one month: "2026-05". ``with_plans``: plans are chosen today."""

    state: str
    month: str
    made: int
    with_plans: int


class Quotes(Protocol):
    """The stored quotes, inside one transaction. Each look goes through the caller who looks."""

    def add(self, quote: Quote) -> None: ...
    def save(self, quote: Quote) -> None: ...

    def get(self, quote_id: str, caller: Caller, *, lock: bool = False) -> Quote:
        """NotFound for an unknown quote and for somebody else's alike; ``lock`` until the transaction ends."""
        ...

    def find(self, quote_id: str) -> Quote | None:
        """For a share link, which nobody has to sign in for."""
        ...

    def page(
        self, caller: Caller, search: QuoteSearch, after: str | None, limit: int, now: datetime
    ) -> Sequence[Quote]:
        """In the search's order, those after the quote of that id."""
        ...

    def count(self, caller: Caller, search: QuoteSearch, now: datetime) -> int:
        """How many the search finds on all pages together."""
        ...

    def count_duplicates(self, quotes: Sequence[Quote]) -> Mapping[str, int]:
        """By quote id: how many others there are for the same client and effective date; missing without a name."""
        ...

    def figures(self, search: QuoteReportSearch) -> list[QuoteFigures]:
        """By month, then by state."""
        ...

    def expire(self, now: datetime, limit: int) -> Sequence[Quote]:
        """Mark quotes whose plan year is over; those that somebody else is marking are left out."""
        ...


class ShareLinks(Protocol):
    def add(self, link: ShareLink) -> None: ...
    def save(self, link: ShareLink) -> None: ...
    def get(self, link_id: str, *, lock: bool = False) -> ShareLink | None: ...

    def of_quote(self, quote_id: str) -> Sequence[ShareLink]:
        """Newest first, at most 100."""
        ...

    def delivered(self, link_id: str, now: datetime) -> bool:
        """Note that the link goes out by email; False when it did before."""
        ...


class QuoteUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with the repositories of quote."""

    @property
    def quotes(self) -> Quotes: ...
    @property
    def share_links(self) -> ShareLinks: ...


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """An email with one attached PDF."""

    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    file_name: str
    pdf: bytes = field(repr=False)


class Mailer(Protocol):
    def must_be_ready(self) -> None:
        """Raises Unavailable where no way to send is set up."""
        ...

    def send(self, message: EmailMessage) -> None:
        """Raises Unavailable when the mail server does not take it, InvalidInput at ``email`` when it never will."""
        ...


class ProposalPdfs(Protocol):
    def pdf(self, quote_id: str, contact_email: str, language: str) -> bytes:
        """The proposal in the language, from the documents service; Unavailable when that does not answer.

        ``contact_email``: the producer's, printed where it is known.
        """
        ...
