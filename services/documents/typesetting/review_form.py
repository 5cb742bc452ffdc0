"""A consent record as the template takes it: what the client was shown, and the record of the signature."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
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
# Labels and words whose code is not what they are called.
_NAMES = {
    "ssn_last_four": "Social Security number, last four digits",
    "pcp_id": "PCP ID",
    "medical_group_id": "Medical group ID",
    "hra_kind": "HRA type",
    "hra_start_date": "HRA start date",
    "hra_employer_name": "HRA employer",
    "hra_monthly_contribution": "HRA monthly contribution",
}
# What tells words of one question from those of another: "language_es".
_PREFIXES = ("language_", "ethnicity_", "identity_")


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
            return f"${Decimal(line.value):,.2f}"
        case pb.REVIEW_VALUE_WORD:
            return _readable(line.value)
    return format_text(line.value)


def _readable(code: str) -> str:
    if code in _NAMES:
        return _NAMES[code]
    plain = next((code.removeprefix(prefix) for prefix in _PREFIXES if code.startswith(prefix)), code)
    return plain.replace("_", " ").capitalize()
