"""Domain: what a client was shown, as one text whose hash is the evidence of it.

JSON with sorted keys and without blanks, in UTF-8: whoever has the text can compute the hash with any tool.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Step
from services.enrollment.domain.reviewed_content import ReviewLine, ReviewSection, ReviewValue, list_review_sections

# Of the form itself: another way of writing the same content takes the next number.
FORMAT = 1


def write_canonical_form(record_number: str, sections: Sequence[ReviewSection]) -> str:
    content = {"format": FORMAT, "record_number": record_number, "sections": [asdict(one) for one in sections]}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_form_of(app: Application) -> str:
    return write_canonical_form(app.record_number, list_review_sections(app))


def hash_form(form: str) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(form.encode()).hexdigest()


def read_canonical_form(form: str) -> tuple[ReviewSection, ...]:
    """The sections of a form that was written here; none of an empty text."""
    found = json.loads(form)["sections"] if form else []
    return tuple(ReviewSection(one["key"], one["person"], tuple(map(_line, one["lines"]))) for one in found)


def _line(found: dict[str, str]) -> ReviewLine:
    kind = ReviewValue(found["kind"])
    return ReviewLine(Step(found["step"]), found["field"], found["label"], kind, found["value"])
