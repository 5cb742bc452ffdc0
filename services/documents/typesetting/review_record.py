"""The record that the client reviewed and consented, as it is printed (45 CFR 155.220(j)(2)(ii)-(iii))."""

from __future__ import annotations

from datetime import UTC

from suite.enrollment.v1 import application_pb2, records_pb2

from services.documents.typesetting.application_fields import enum_label, read_date
from services.documents.typesetting.formatting import LANGUAGES, format_day, format_instant, format_text

Row = list[str]


def review_record(application: application_pb2.Application) -> list[Row]:
    """Label and value; empty where no client signed by a link."""
    if not application.HasField("client_review"):
        return []
    return consent_rows(application.client_review, application.state)


def consent_rows(consent: records_pb2.ReviewConsent, state: str) -> list[Row]:
    rows = [
        ["Signed by", format_text(consent.signer_name)],
        ["Signed as", signer_role(consent)],
        ["Reviewed and signed", format_instant(consent.signed_at.ToDatetime(UTC), state)],
        ["Language shown", LANGUAGES.get(consent.language, consent.language)],
        ["Assisted by", format_text(consent.producer_name)],
        ["Writing producer number", format_text(consent.writing_number)],
        ["Texts read", ", ".join(f"{one.kind} {one.version}" for one in consent.texts)],
        ["Record kept at least until", format_day(read_date(consent.keep_until))],
        ["Review link", consent.review_id],
        ["SHA-256 of what was shown", consent.sha256],
        ["Standing", _standing(consent, state)],
    ]
    return [[label, format_text(value)] for label, value in rows]


def signer_role(consent: records_pb2.ReviewConsent) -> str:
    return enum_label(records_pb2.ReviewSigner.Name(consent.signer), "REVIEW_SIGNER_")


def _standing(consent: records_pb2.ReviewConsent, state: str) -> str:
    if consent.HasField("withdrawn_at"):
        by = enum_label(records_pb2.ReviewParty.Name(consent.withdrawn_by), "REVIEW_PARTY_").lower()
        return f"Consent withdrawn {format_instant(consent.withdrawn_at.ToDatetime(UTC), state)}, by the {by}"
    return "In force" if consent.current else "The application was changed after it was signed"
