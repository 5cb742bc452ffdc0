"""A consent record as the template takes it: what the client was shown, and the record of the signature."""

from __future__ import annotations

from datetime import date
from typing import Any

from suite.enrollment.v1 import client_review_pb2 as pb

from services.documents.typesetting.carriers import CarrierBranding
from services.documents.typesetting.formatting import NOT_GIVEN, format_day, format_text
from services.documents.typesetting.review_record import consent_rows

_TITLES = {
    "coverage": "Coverage",
    "plans": "Plans and premium",
    "contact": "Address and contact",
    "other_coverage": "Other coverage",
    "signatures": "Signatures and payment",
    "producer": "Producer",
}


def create_review_form(
    found: pb.GetReviewResponse, state: str, carrier: CarrierBranding, texts: list[dict[str, Any]]
) -> dict[str, Any]:
    """Keys are those that ``review.typ`` reads."""
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "record_number": found.review.record_number,
        "record": consent_rows(found.review.consent, state),
        "sections": [_section(one) for one in found.sections],
        "texts": texts,
    }


def _section(section: pb.ReviewSection) -> dict[str, Any]:
    title = _TITLES.get(section.key, f"Person {section.person}")
    return {"title": title, "lines": [[_readable(line.label), _value(line)] for line in section.lines]}


def _value(line: pb.ReviewLine) -> str:
    if not line.value:
        return NOT_GIVEN
    match line.kind:
        case pb.REVIEW_VALUE_DATE:
            return format_day(date.fromisoformat(line.value))
        case pb.REVIEW_VALUE_MONEY:
            return f"${float(line.value):,.2f}"
        case pb.REVIEW_VALUE_WORD:
            return _readable(line.value)
    return format_text(line.value)


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()
