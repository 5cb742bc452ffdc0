"""Inspection: what a file is found to be, on its way between the two processes."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why a file is refused."""

    UNKNOWN = "unknown"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_DETAILED = "too_detailed"
    TOO_LONG = "too_long"
    TOO_COMPLEX = "too_complex"


SENTENCES = {
    Fault.UNKNOWN: "This is no PDF, PNG or JPG file, whatever its name says. Send one of the three.",
    Fault.DAMAGED: "The file is damaged or cut off. Scan or save it again.",
    Fault.ENCRYPTED: "The PDF needs a password or a certificate to open. Save it without one.",
    Fault.ACTIVE: "The PDF holds scripts, attachments or a form that acts. Print it to a plain PDF.",
    Fault.TOO_DETAILED: "The picture has too many points. Scan it at a lower resolution, as JPG.",
    Fault.TOO_LONG: "The PDF has too many pages. Send only those that prove the event.",
    Fault.TOO_COMPLEX: "The file could not be read in reasonable time. Print it to a plain PDF, or scan it.",
}


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault
