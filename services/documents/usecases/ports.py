"""What the use cases of documents need of the outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from chassis.kernel import Unavailable, UnitOfWork
from services.documents.domain.document import ApplicationPdf, RenderFailure
from services.documents.domain.legal_text import ENGLISH
from services.documents.domain.proof import ApplicationSummary, InspectedFile, ProofDocument
from services.documents.domain.proposal import Proposal


class Proposals(Protocol):
    def get_proposal(self, quote_id: str) -> Proposal:
        """The quote with plans to compare; NotFound, NotReady without a selection, Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished PDF and the legal texts that are in it."""

    content: bytes
    texts: tuple[str, ...]


class Typesetter(Protocol):
    def application(self, record_number: str, at: datetime, language: str = ENGLISH) -> RenderedPdf:
        """The submitted application as PDF/UA-1 and PDF/A-2a; the same application and instant give the same bytes.

        Unavailable while enrollment cannot be reached, Conflict when the document can never be made.
        """
        ...

    def proposal(self, proposal: Proposal, at: datetime, language: str = ENGLISH) -> bytes:
        """The proposal, to the same standards."""
        ...

    def review(self, record_number: str, review_id: str, at: datetime) -> bytes:
        """The record of a review that a client signed; NotFound, Conflict while it is not signed."""
        ...


@dataclass(frozen=True, slots=True)
class RequestedPdf:
    """A document that has been asked for; ``failure`` says why its ``pdf`` is not there yet."""

    writing_number: str
    pdf: ApplicationPdf | None
    failure: RenderFailure | None = None


@dataclass(frozen=True, slots=True)
class DeletedDocument:
    """A document that need not be kept any more, and is gone."""

    record_number: str
    writing_number: str


@dataclass(frozen=True, slots=True)
class MovedDocument:
    """A damaged one stays where it is."""

    document_id: str
    is_damaged: bool


class BlobLocked(Unavailable):
    """The store keeps the blob until its time is over, whoever asks."""

    def __init__(self) -> None:
        super().__init__("The store of documents keeps this one until its time is over.")


class AnotherStore(Exception):
    """More blobs have no document than have one: it is the store of another database."""


class Blobs(Protocol):
    """Where contents lie that are not in the database; both raise Unavailable when it does not answer."""

    def list_names(self, written_before: datetime) -> Iterable[str]: ...

    def delete(self, name: str) -> None:
        """Also when it is gone already; BlobLocked before its time."""
        ...


class ApplicationPdfs(Protocol):
    def find_pdf(self, record_number: str) -> RequestedPdf | None: ...

    def find_writing_number(self, record_number: str) -> str | None:
        """That of an application whose document was requested, without reading the document."""
        ...

    def request_pdf(self, record_number: str, writing_number: str) -> bool:
        """Note that the document will be made; True while it is not there yet."""
        ...

    def save_pdf(self, pdf: ApplicationPdf) -> bool:
        """Keep it; False, and nothing is changed, when there is one already."""
        ...

    def note_failure(self, record_number: str, failure: RenderFailure) -> bool:
        """False when the document is there after all."""
        ...

    def delete_made_before(self, day: date, most: int) -> list[DeletedDocument]:
        """The oldest first; Unavailable when the store of contents cannot be reached."""
        ...

    def move_next(self, after: str) -> MovedDocument | None:
        """Of the documents whose content lies in the database, by their ids, the one behind ``after``; None when there
        is none. Unavailable when the store of contents cannot be reached."""
        ...

    def find_blobs(self, names: Sequence[str]) -> set[str]:
        """Those of the names that a document of this kind has."""
        ...


class ApplicationSummaries(Protocol):
    def get_summary(self, record_number: str) -> ApplicationSummary:
        """What enrollment says; NotFound, Unavailable."""
        ...


class Inspector(Protocol):
    def inspect(self, content: bytes, media_type: str) -> InspectedFile:
        """Read the file; InvalidInput when it is not what it should be, Unavailable when it cannot be read now."""
        ...


@dataclass(frozen=True, slots=True)
class StoredProof:
    document: ProofDocument
    content: bytes


class Proofs(Protocol):
    def next_number(self, record_number: str) -> int:
        """From 1; nobody else gets a number of this application until the transaction ends."""
        ...

    def add_proof(self, document: ProofDocument, content: bytes) -> None: ...

    def list_proofs(self, record_number: str) -> list[ProofDocument]:
        """Oldest first, without content."""
        ...

    def get_proof(self, record_number: str, document_id: str) -> StoredProof:
        """Raises NotFound."""
        ...

    def delete_made_before(self, day: date, most: int) -> list[DeletedDocument]:
        """The oldest first; Unavailable when the store of contents cannot be reached."""
        ...

    def move_next(self, after: str) -> MovedDocument | None:
        """Of the documents whose content lies in the database, by their ids, the one behind ``after``; None when there
        is none. Unavailable when the store of contents cannot be reached."""
        ...

    def find_blobs(self, names: Sequence[str]) -> set[str]:
        """Those of the names that a document of this kind has."""
        ...


class DocumentsUnitOfWork(UnitOfWork, Protocol):
    """The open transaction, with the repositories of documents."""

    @property
    def application_pdfs(self) -> ApplicationPdfs: ...
    @property
    def proofs(self) -> Proofs: ...
