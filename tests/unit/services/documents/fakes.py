"""Ports of documents in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from chassis.kernel import DomainError, NotFound, Unavailable
from services.documents.domain.application import Application
from services.documents.domain.document import ApplicationPdf, Trouble
from services.documents.domain.proof import Case, Inspected, ProofDocument
from services.documents.domain.proposal import Proposal
from services.documents.remote.proposals import proposal
from services.documents.remote.to_domain import application
from services.documents.usecases.ports import Expected, KeptProof, Print
from services.documents.usecases.read_proofs import unknown_document
from tests.fakes.unit_of_work import FakeUnitOfWork
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

    def note_trouble(self, record_number: str, trouble: Trouble) -> bool:
        row = self.rows[record_number]
        if row.pdf is None:
            self.rows[record_number] = replace(row, trouble=trouble)
        return row.pdf is None


@dataclass
class FakeProofs:
    rows: dict[str, KeptProof] = field(default_factory=dict)

    def next_number(self, record_number: str) -> int:
        return len(self.of(record_number)) + 1

    def add(self, document: ProofDocument, content: bytes) -> None:
        self.rows[document.document_id] = KeptProof(document, content)

    def of(self, record_number: str) -> list[ProofDocument]:
        return [kept.document for kept in self.rows.values() if kept.document.record_number == record_number]

    def get(self, record_number: str, document_id: str) -> KeptProof:
        kept = self.rows.get(document_id)
        if kept is None or kept.document.record_number != record_number:
            raise unknown_document()
        return kept


CASE = Case("107864325", submitted=True, special_enrollment=True, asked=("birth_certificate",))


@dataclass
class FakeCases:
    """A-0638, which asks for a birth certificate."""

    case: Case = field(default_factory=lambda: CASE)

    def get(self, record_number: str) -> Case:
        if record_number != "A-0638":
            raise NotFound("There is no application with this record number among yours.")
        return self.case


@dataclass
class FakeInspector:
    """Finds every file as it should be."""

    looked: int = 0

    def inspect(self, content: bytes, media_type: str) -> Inspected:
        self.looked += 1
        return Inspected(media_type, content, 1)


class FakeWork(FakeUnitOfWork):
    def __init__(self) -> None:
        super().__init__()
        self.documents = FakeDocuments()
        self.proofs = FakeProofs()


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
    fault: Exception | None = None

    def application(self, application: Application, at: datetime) -> Print:
        if self.fault:
            raise self.fault
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
