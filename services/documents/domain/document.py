"""A document that was made and is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel import Conflict
from services.documents.domain.legal_text import ENGLISH


@dataclass(frozen=True, slots=True)
class ApplicationPdf:
    """The PDF of one application. ``writing_number``: whose application it is. ``texts``: "terms 2026.1", ...

    The one that is kept is in English.
    """

    record_number: str
    writing_number: str
    content: bytes
    rendered_at: datetime
    texts: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        return name_file(self.record_number, ENGLISH)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def name_file(stem: str, language: str) -> str:
    """ "A-0638.pdf"; "A-0638-es.pdf" in another language than English."""
    return f"{stem}.pdf" if language == ENGLISH else f"{stem}-{language}.pdf"


class DocumentDamaged(Conflict):
    """What the store gives back is not what was saved."""

    code = "document_damaged"

    def __init__(self) -> None:
        super().__init__("This document was damaged where it is kept. Give its number to the help desk.")


class RenderFailure(StrEnum):
    """Why a document that was asked for is late: it failed and is tried again, or it failed for good."""

    RETRIED = "retried"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class ApplicationPdfRendered:
    """Domain event: the PDF can be had. ``size`` in bytes."""

    record_number: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ApplicationPdfFailed:
    """Domain event: the PDF was given up."""

    record_number: str
    writing_number: str
