"""Inspection: what the scan of a file found, on its way between the two processes."""

from __future__ import annotations

from enum import StrEnum


class FileProblem(StrEnum):
    """Why a file is refused."""

    UNKNOWN = "unknown"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_DETAILED = "too_detailed"
    TOO_LONG = "too_long"
    TOO_COMPLEX = "too_complex"


MESSAGES = {
    FileProblem.UNKNOWN: "This file is not a PDF, PNG or JPG. Upload a PDF, PNG or JPG file.",
    FileProblem.DAMAGED: "The file is damaged or incomplete. Scan or save it again.",
    FileProblem.ENCRYPTED: "The PDF requires a password or certificate to open. Save it without one.",
    FileProblem.ACTIVE: "The PDF contains scripts, attachments or an active form. Print it to a new PDF.",
    FileProblem.TOO_DETAILED: "The image resolution is too high. Scan it at a lower resolution, as a JPG.",
    FileProblem.TOO_LONG: "The PDF has too many pages. Upload only the pages that prove the life event.",
    FileProblem.TOO_COMPLEX: "The file took too long to read. Print it to a new PDF, or scan it.",
}


class FileRefused(Exception):
    """The file is not taken."""

    def __init__(self, fault: FileProblem) -> None:
        super().__init__(fault)
        self.fault = fault
