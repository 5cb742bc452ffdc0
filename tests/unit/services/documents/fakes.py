"""Ports of documents in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from chassis.kernel import DomainError, FixedClock, NotFound
from services.documents.contract.service import DocumentsContract, UseCases
from services.documents.contract.upload_limits import UPLOAD_LIMITS
from services.documents.domain.document import ApplicationPdf, RenderFailure
from services.documents.domain.legal_text import ENGLISH
from services.documents.domain.proof import ApplicationSummary, InspectedFile, ProofDocument
from services.documents.domain.proposal import Proposal
from services.documents.remote.proposals import proposal
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts, LegalTexts
from services.documents.usecases.add_proof_document import AddProofDocument
from services.documents.usecases.get_application_pdf import GetApplicationPdf
from services.documents.usecases.get_proof_document import GetProofDocument
from services.documents.usecases.get_proposal_pdf import GetProposalPdf
from services.documents.usecases.get_review_pdf import GetReviewPdf
from services.documents.usecases.get_text import GetText
from services.documents.usecases.list_proof_documents import ListProofDocuments
from services.documents.usecases.not_found import proof_document_not_found
from services.documents.usecases.ports import DeletedDocument, MovedDocument, RenderedPdf, RequestedPdf, StoredProof
from tests.fakes.unit_of_work import FakeUnitOfWork
from tests.unit.services.documents.samples import offered

CLOCK = FixedClock.at("2026-03-12")


@dataclass
class FakeApplicationPdfs:
    rows: dict[str, RequestedPdf] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)

    def find_pdf(self, record_number: str) -> RequestedPdf | None:
        return self.rows.get(record_number)

    def find_writing_number(self, record_number: str) -> str | None:
        requested = self.rows.get(record_number)
        return requested.writing_number if requested else None

    def request_pdf(self, record_number: str, writing_number: str) -> bool:
        return self.rows.setdefault(record_number, RequestedPdf(writing_number, None)).pdf is None

    def save_pdf(self, pdf: ApplicationPdf) -> bool:
        if self.rows[pdf.record_number].pdf is not None:
            return False
        self.rows[pdf.record_number] = RequestedPdf(pdf.writing_number, pdf)
        return True

    def note_failure(self, record_number: str, failure: RenderFailure) -> bool:
        row = self.rows[record_number]
        if row.pdf is None:
            self.rows[record_number] = replace(row, failure=failure)
        return row.pdf is None

    def move_next(self, after: str) -> MovedDocument | None:
        return None

    def delete_made_before(self, day: date, most: int) -> list[DeletedDocument]:
        old = [one.pdf for one in self.rows.values() if one.pdf and one.pdf.rendered_at.date() < day][:most]
        return [
            DeletedDocument(name, self.rows.pop(name).writing_number) for name in (pdf.record_number for pdf in old)
        ]

    def find_blobs(self, names: Sequence[str]) -> set[str]:
        return set(names) & self.blobs


@dataclass
class FakeProofs:
    rows: dict[str, StoredProof] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)

    def next_number(self, record_number: str) -> int:
        return len(self.list_proofs(record_number)) + 1

    def add_proof(self, document: ProofDocument, content: bytes) -> None:
        self.rows[document.document_id] = StoredProof(document, content)

    def list_proofs(self, record_number: str) -> list[ProofDocument]:
        return [kept.document for kept in self.rows.values() if kept.document.record_number == record_number]

    def get_proof(self, record_number: str, document_id: str) -> StoredProof:
        kept = self.rows.get(document_id)
        if kept is None or kept.document.record_number != record_number:
            raise proof_document_not_found()
        return kept

    def move_next(self, after: str) -> MovedDocument | None:
        return None

    def delete_made_before(self, day: date, most: int) -> list[DeletedDocument]:
        old = [one.document for one in self.rows.values() if one.document.added_at.date() < day][:most]
        for document in old:
            del self.rows[document.document_id]
        return [DeletedDocument(one.record_number, one.writing_number) for one in old]

    def find_blobs(self, names: Sequence[str]) -> set[str]:
        return set(names) & self.blobs


SUMMARY = ApplicationSummary("107864325", submitted=True, special_enrollment=True, asked=("birth_certificate",))


@dataclass
class FakeApplicationSummaries:
    """A-0638, which asks for a birth certificate."""

    summary: ApplicationSummary = field(default_factory=lambda: SUMMARY)
    asked: int = 0

    def get_summary(self, record_number: str) -> ApplicationSummary:
        self.asked += 1
        if record_number != "A-0638":
            raise NotFound("The words of another service.")
        return self.summary


@dataclass
class FakeInspector:
    """Finds every file as it should be."""

    looked: int = 0

    def inspect(self, content: bytes, media_type: str) -> InspectedFile:
        self.looked += 1
        return InspectedFile(media_type, content, 1)


class FakeWork(FakeUnitOfWork):
    def __init__(self) -> None:
        super().__init__()
        self.application_pdfs = FakeApplicationPdfs()
        self.proofs = FakeProofs()


def no_carrier(*_told: object) -> None:
    """In place of what keeps submissions and cancellations for a carrier's next file."""


def _named(language: str) -> str:
    return "" if language == ENGLISH else f" {language}"


@dataclass
class FakeTypesetter:
    made: int = 0
    fault: Exception | None = None
    proposed: Proposal | None = None

    def application(self, record_number: str, at: datetime, language: str = ENGLISH) -> RenderedPdf:
        if self.fault:
            raise self.fault
        self.made += 1
        return RenderedPdf(f"%PDF {record_number} {self.made}{_named(language)}".encode(), ("terms 2026.1",))

    def proposal(self, proposal: Proposal, at: datetime, language: str = ENGLISH) -> bytes:
        if self.fault:
            raise self.fault
        self.proposed = proposal
        return f"%PDF proposal{_named(language)}".encode()

    def review(self, record_number: str, review_id: str, at: datetime) -> bytes:
        if self.fault:
            raise self.fault
        return f"%PDF {record_number} {review_id}".encode()


@dataclass
class FakeProposals:
    """Knows one quote."""

    refusal: DomainError | None = None

    def get_proposal(self, quote_id: str) -> Proposal:
        if self.refusal:
            raise self.refusal
        return proposal(offered())


def documents_contract(
    work: FakeWork,
    summaries: FakeApplicationSummaries | None = None,
    inspector: FakeInspector | None = None,
    proposals: FakeProposals | None = None,
    typesetter: FakeTypesetter | None = None,
) -> DocumentsContract:
    """The contract over the ports in memory, with the shipped texts."""
    return DocumentsContract(
        UseCases(
            get_application_pdf=GetApplicationPdf(work, typesetter or FakeTypesetter(), CLOCK),
            get_proposal_pdf=GetProposalPdf(work, proposals or FakeProposals(), typesetter or FakeTypesetter(), CLOCK),
            add_proof_document=AddProofDocument(
                work, summaries or FakeApplicationSummaries(), inspector or FakeInspector(), UPLOAD_LIMITS, CLOCK
            ),
            list_proof_documents=ListProofDocuments(work, summaries or FakeApplicationSummaries()),
            get_proof_document=GetProofDocument(work, CLOCK),
            get_review_pdf=GetReviewPdf(
                work, summaries or FakeApplicationSummaries(), typesetter or FakeTypesetter(), CLOCK
            ),
            get_text=GetText(CarrierTexts(LegalTexts(), read_carriers())),
        )
    )
