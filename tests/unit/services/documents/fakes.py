"""Ports of documents in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from chassis.kernel import DomainError, Unavailable
from services.documents.domain.application import Application
from services.documents.domain.document import ApplicationPdf
from services.documents.domain.proposal import Proposal
from services.documents.remote.proposals import proposal
from services.documents.remote.to_domain import application
from services.documents.usecases.ports import Expected, Print
from tests.unit.services.documents.samples import offered, small


@dataclass
class FakeDocuments:
    rows: dict[str, Expected] = field(default_factory=dict)

    def get(self, record_number: str) -> Expected | None:
        return self.rows.get(record_number)

    def expect(self, record_number: str, writing_number: str) -> bool:
        return self.rows.setdefault(record_number, Expected(writing_number, None)).pdf is None

    def put(self, pdf: ApplicationPdf) -> bool:
        if self.rows[pdf.record_number].pdf is not None:
            return False
        self.rows[pdf.record_number] = Expected(pdf.writing_number, pdf)
        return True


class FakeWork:
    def __init__(self) -> None:
        self.documents = FakeDocuments()
        self.accepted: set[tuple[str, str]] = set()
        self.published: list[object] = []
        self.recorded: list[tuple[str, str]] = []

    @contextmanager
    def __call__(self) -> Iterator[FakeWork]:
        yield self

    def accept(self, consumer: str, message_id: str) -> bool:
        first = (consumer, message_id) not in self.accepted
        self.accepted.add((consumer, message_id))
        return first

    def publish(self, event: object) -> None:
        self.published.append(event)

    def record(self, at: datetime, actor: str, subject: str, action: str, summary: str, on_behalf_of: str = "") -> None:
        self.recorded.append((actor, action))


@dataclass
class FakeApplications:
    away: bool = False

    def get(self, record_number: str) -> Application:
        if self.away:
            raise Unavailable("away")
        return replace(application(small()), record_number=record_number)


@dataclass
class FakeTypesetter:
    made: int = 0

    def application(self, application: Application, at: datetime) -> Print:
        self.made += 1
        return Print(f"%PDF {application.record_number} {self.made}".encode(), ("terms 2026.1",))

    def proposal(self, proposal: Proposal, at: datetime) -> bytes:
        return b"%PDF proposal"


@dataclass
class FakeProposals:
    """Knows one quote."""

    refusal: DomainError | None = None

    def get(self, quote_id: str) -> Proposal:
        if self.refusal:
            raise self.refusal
        return proposal(offered())
