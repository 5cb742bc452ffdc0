"""A consent record as the template takes it: what the client was shown, and the record of the signature."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.form_words import FormWords, get_form_words
from services.documents.typesetting.carriers import CarrierBranding
from services.documents.typesetting.formatting import NOT_GIVEN, format_text
from services.documents.typesetting.record_texts import get_record_texts
from services.documents.typesetting.review_record import consent_record


def create_review_form(
    found: pb.GetReviewResponse, state: str, carrier: CarrierBranding, texts: list[dict[str, Any]]
) -> dict[str, Any]:
    """Keys are those that ``review.typ`` reads. All of it is in the language in which the client signed."""
    words = get_form_words(found.review.consent.language)
    say = dict(get_record_texts(words.language))
    number = found.review.record_number
    return {
        "carrier": {"name": carrier.name, "color": carrier.color},
        "language": words.language,
        "say": {**say, "title": say["title"].format(record_number=number)},
        "record_number": number,
        "record": consent_record(found.review.consent, state, words.language, texts),
        "sections": [_section(words, one) for one in found.sections],
        "texts": texts,
    }


def _section(words: FormWords, section: pb.ReviewSection) -> dict[str, Any]:
    name = next((line.value for line in section.lines if line.label == "name"), "")
    return {
        "title": format_text(words.section(section.key, section.person, name)),
        "lines": [[words.label(line.label), _value(words, line)] for line in section.lines],
    }


def _value(words: FormWords, line: pb.ReviewLine) -> str:
    if not line.value:
        return NOT_GIVEN
    match line.kind:
        case pb.REVIEW_VALUE_DATE:
            return words.day(date.fromisoformat(line.value))
        case pb.REVIEW_VALUE_MONEY:
            return f"${Decimal(line.value):,.2f}"
        case pb.REVIEW_VALUE_WORD:
            return words.word(line.value)
    return format_text(words.address(line.value, line.county))
