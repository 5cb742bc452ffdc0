"""Answers for what is not there, the same for what the caller may not see."""

from __future__ import annotations

from chassis.kernel import NotFound


def application_not_found() -> NotFound:
    return NotFound("No application with this record number is available to you.")


def proof_document_not_found() -> NotFound:
    return NotFound("This document was not found in your applications.")


def quote_not_found() -> NotFound:
    return NotFound("This quote was not found. Open it from your list of quotes.")
