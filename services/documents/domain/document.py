"""A document that was made and is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ApplicationPdf:
    """The PDF of one application. ``writing_number``: whose application it is. ``texts``: "terms 2026.1", ..."""

    record_number: str
    writing_number: str
    content: bytes
    rendered_at: datetime
    texts: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        return f"{self.record_number}.pdf"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


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
