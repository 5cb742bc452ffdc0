"""Proof of a life event, added to an application after it was submitted (rules.md 1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import Conflict, InvalidInput

# How the names of our copies end.
EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
# Two people reading one application have seen enough; without a bound one sign-in could fill the store.
MOST_DOCUMENTS = 50
# For whatever else the carrier wants to see.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """What the carrier's own upload takes (rules.md 1, S8); the contract says it, for the gateway too."""

    media_types: tuple[str, ...]
    max_bytes: int

    def check(self, media_type: str, content: bytes) -> None:
        """Refuse by kind and size, before anything is read."""
        if media_type not in self.media_types:
            raise InvalidInput.at("media_type", "Upload a PDF, PNG or JPG file.", rule="rules.md 1")
        if not 0 < len(content) <= self.max_bytes:
            limit = self.max_bytes // (1024 * 1024)
            message = f"The file is empty or larger than {limit} MB. Scan it at a lower resolution and upload it again."
            raise InvalidInput.at("content", message, rule="rules.md 1")


@dataclass(frozen=True, slots=True)
class ApplicationSummary:
    """What enrollment says about the application that is proven. ``asked``: kinds of documents, by the rule pack."""

    writing_number: str
    submitted: bool
    special_enrollment: bool
    asked: tuple[str, ...]

    def check_kind(self, kind: str) -> None:
        """Raise Conflict when no proof is wanted, InvalidInput when not this kind."""
        if not self.submitted:
            message = "You can add proof only after the application is submitted. Submit it first."
            raise Conflict(message, code="not_submitted")
        if not self.special_enrollment:
            message = "This application does not need proof because it was submitted during open enrollment."
            raise Conflict(message, code="no_proof_asked")
        if kind not in (*self.asked, OTHER):
            message = f"Choose the type of document: {', '.join((*self.asked, OTHER))}."
            raise InvalidInput.at("kind", message, rule="rules.md 1")


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """A file that was read and found harmless; an image is encoded again, so ``content`` differs from what came."""

    media_type: str
    content: bytes
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class ProofDocument:
    """``number`` counts the documents of one application, from 1; ``size`` in bytes."""

    document_id: str
    record_number: str
    writing_number: str
    number: int
    kind: str
    media_type: str
    size: int
    sha256: str
    pages: int
    added_at: datetime
    added_by: str

    @property
    def file_name(self) -> str:
        """Ours, never the sender's."""
        return f"{self.record_number}-proof-{self.number}.{EXTENSIONS[self.media_type]}"


@dataclass(frozen=True, slots=True)
class SepProofAdded:
    """Domain event."""

    document: ProofDocument


def check_document_count(number: int) -> None:
    if number > MOST_DOCUMENTS:
        message = f"This application already has {MOST_DOCUMENTS} documents. Send any others directly to the carrier."
        raise Conflict(message, code="too_many_documents")
