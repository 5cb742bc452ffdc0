"""Use cases: what enrollment needs from its store and from the other services."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import UnitOfWork
from services.enrollment.domain.address_tokenizer import TypedAddress
from services.enrollment.domain.application import Application
from services.enrollment.domain.assigned_pcp import AssignedPcp
from services.enrollment.domain.client import ClientFilter, ClientProfile
from services.enrollment.domain.client_review import ClientReview
from services.enrollment.domain.duplicate_enrollment_check import DuplicateEnrollment
from services.enrollment.domain.duplicates import Duplicate
from services.enrollment.domain.enums import Status, Step
from services.enrollment.domain.events import ApplicationExpired
from services.enrollment.domain.first_payment import FirstPayment, FirstPaymentTerms
from services.enrollment.domain.payment_details import PaymentDetails
from services.enrollment.domain.pricing import PlanLine, PricingBasis
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.steps import Address, HouseholdStep
from services.enrollment.usecases.book_ports import Book
from services.enrollment.usecases.dtos import (
    CheckedPcps,
    Client,
    PcpSelection,
    SavedQuote,
    TimelineEntry,
    ZipCounty,
)
from services.enrollment.usecases.overview_ports import ApplicationLists, Deadlines

# Writing numbers whose records may be seen; None: all (another service asks).
Numbers = Collection[str] | None


class Rulebook(Protocol):
    def on(self, day: date) -> RulePack: ...

    def version(self, version: str) -> RulePack:
        """Raises LookupError for a pack that this release lacks, as after a roll-back."""
        ...


class QuoteService(Protocol):
    """The quote service; every call may raise Unavailable."""

    def quote(self, quote_id: str) -> SavedQuote:
        """Raises NotFound."""
        ...

    def price(self, basis: PricingBasis) -> tuple[PlanLine, ...]:
        """Raises InvalidInput or NotFound when a plan cannot be had by this household, there, on that date."""
        ...


class ProviderService(Protocol):
    """The pcp service."""

    def assign(
        self, record_number: str, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]
    ) -> tuple[AssignedPcp, ...]: ...

    def check(self, plan_id: str, plan_year: int, zip_code: str, pcp_selections: Sequence[PcpSelection]) -> CheckedPcps:
        """What ``assign`` would decide now; nothing is kept. Raises Unavailable sooner than ``assign``."""
        ...


class PaymentService(Protocol):
    """The payment service."""

    def open(self, terms: FirstPaymentTerms) -> FirstPayment:
        """As it was opened, or as it is when it cannot be changed any more."""
        ...

    def find(self, record_number: str) -> PaymentDetails:
        """Raises NotFound, and Unavailable soon: a page waits for it."""
        ...


class Applications(Protocol):
    def next_sequence_number(self) -> int:
        """From the one counter behind both identifiers; nobody else gets a number until the transaction ends."""
        ...

    def add(self, app: Application, next_step: Step | None) -> None: ...

    def get(
        self, record_number: str, *, for_update: bool = False, visible_to: Collection[str] | None = None
    ) -> Application | None:
        """``visible_to``: writing numbers, of which it has to be one; None: any."""
        ...

    def lock(self, read: Application) -> Application | None:
        """The application as it is now, and stays until the transaction ends; not read twice where it is ``read``."""
        ...

    def status(self, record_number: str) -> Status | None:
        """Alone, for anyone who waits for it to change."""
        ...

    def writing_number(self, record_number: str) -> str | None:
        """Alone, for a line of the timeline; None: there is no such application."""
        ...

    def save(self, app: Application, next_step: Step | None, *, read_version: int, saved: str = "") -> None:
        """Raises Stale when somebody saved after ``read_version`` was read. ``saved``: who saved what."""
        ...

    def is_last_save(self, app: Application, saved: str) -> bool:
        """Whether the last change of the application is this save."""
        ...

    def set_next_step(self, record_number: str, next_step: Step | None) -> None:
        """In the lists, when what only the stored people show leads back to another step."""
        ...

    def find_known_numbers(self, app: Application) -> set[str]:
        """Ids of people whose number came in again and is the stored one, by blind index."""
        ...

    def with_fingerprints(self, step: HouseholdStep) -> HouseholdStep:
        """The step with the fingerprint of each number that came in, as it will be stored."""
        ...

    def unseal_ssns(self, record_number: str) -> Mapping[str, str]:
        """The numbers themselves by person_id, of those who gave one: for nobody but a carrier with a grant."""
        ...

    def timeline(self, record_number: str, after: int, size: int) -> list[TimelineEntry]:
        """Oldest first, those behind the entry with the id ``after``."""
        ...

    def expire(self, days: Mapping[str, date], now: datetime, limit: int) -> list[ApplicationExpired]:
        """Mark what expired before its state's day, and drop its deadlines."""
        ...

    def stuck(self, changed_before: Sequence[datetime], queued: int, limit: int) -> list[Application]:
        """Submissions without outcome, locked; left out are the newest, as many as are ``queued``, and those that
        somebody else works on.

        ``changed_before[n]`` is for those that were asked for again n times.
        """
        ...


class Clients(Protocol):
    """People known from quotes and applications, each once for a writing number."""

    def keep(self, profile: ClientProfile, now: datetime) -> tuple[str, bool]:
        """The client's id, and whether the person was unknown; somebody known is brought up to date."""
        ...

    def quoted(self, client_id: str, quote_id: str, effective_date: date, now: datetime) -> None:
        """Notes a quote of the client; again without effect."""
        ...

    def drop_ssn(self, profile: ClientProfile) -> None:
        """Takes the profile's last four digits from the person; those of another application, if any, take their place.

        Whom somebody else is just saving is left alone, so that nobody waits for anybody in a circle.
        """
        ...

    def forget(self, profile: ClientProfile) -> None:
        """Drops the person unless a quote or an application still knows one of this name and birth date."""
        ...

    def get(self, client_id: str) -> Client | None:
        """Without its counts."""
        ...

    def search(self, wanted: ClientFilter, numbers: Collection[str], limit: int) -> list[Client]:
        """Those of the writing numbers to whom everything wanted applies, in order of name."""
        ...


class Duplicates(Protocol):
    """The same people on other applications and quotes of one writing number; never across writing numbers."""

    def at_start(self, writing_number: str, profile: ClientProfile | None, quote_id: str) -> list[Duplicate]:
        """Drafts of the quote, and applications that cover the person.

        Nobody else asks the same of this quote or person until the transaction ends.
        """
        ...

    def of(self, app: Application) -> list[Duplicate]:
        """Surest first, quotes last."""
        ...

    def sent(self, app: Application, *, lock: bool = False) -> list[DuplicateEnrollment]:
        """Sent applications with a social security number of this one, for the same year and a coverage of it
        that has not ended before this one begins.

        With ``lock``, nobody else asks of these numbers until the transaction ends.
        """
        ...


class ClientReviews(Protocol):
    """Reviews by link. Kept ten years, whatever becomes of the application (45 CFR 155.220(j)(2))."""

    def add(self, review: ClientReview) -> None: ...

    def save(self, review: ClientReview) -> None: ...

    def get(self, review_id: str, *, lock: bool = False) -> ClientReview | None: ...

    def of_application(self, record_number: str) -> Sequence[ClientReview]:
        """Newest first."""
        ...

    def move(self, record_number: str, writing_number: str) -> None:
        """The application goes on under another writing number, and its reviews with it."""
        ...

    def delete_untouched_since(self, before: datetime, limit: int) -> Sequence[ClientReview]:
        """Drops those of which nothing happened since, at the reviews and at their applications; gives them."""
        ...


class AwaitedOutcome(Protocol):
    def wait(self, seconds: float) -> bool:
        """True as soon as it is there; False when it was not told by then, which may also mean that it was missed."""
        ...


class SubmissionOutcomes(Protocol):
    """Tells when a submission has its outcome."""

    def expect(self, record_number: str) -> AbstractContextManager[AwaitedOutcome]:
        """Begins before the submission is requested, so that no outcome comes unheard."""
        ...


class ZipGeography(Protocol):
    def counties(self, zip_code: str) -> list[ZipCounty]: ...
    def counties_in(self, states: Collection[str]) -> list[ZipCounty]:
        """All of these states, by name."""
        ...

    def counties_of(self, zip_codes: Collection[str]) -> dict[str, list[ZipCounty]]: ...

    def addresses(self, typed: TypedAddress, state: str, limit: int) -> list[Address]:
        """Streets and places; an empty state stands for all."""
        ...

    def towns(self, words: Sequence[str], state: str, limit: int) -> list[Address]: ...


class AddressSearch(Protocol):
    """Finds addresses while one is typed; may raise Unavailable. Which one is used: ENROLLMENT_ADDRESS_SEARCH."""

    def __call__(self, text: str, state: str, limit: int) -> list[Address]:
        """Best first; the county may be missing, it is looked up by the ZIP code. An empty state stands for all."""
        ...


class EnrollmentUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with the repositories of enrollment."""

    @property
    def applications(self) -> Applications: ...

    @property
    def clients(self) -> Clients: ...

    @property
    def duplicates(self) -> Duplicates: ...

    @property
    def client_reviews(self) -> ClientReviews: ...

    @property
    def lists(self) -> ApplicationLists: ...

    @property
    def deadlines(self) -> Deadlines: ...

    @property
    def book(self) -> Book: ...

    @property
    def places(self) -> ZipGeography: ...
