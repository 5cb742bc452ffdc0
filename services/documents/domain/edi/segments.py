"""Domain: one segment of X12, written. No value can hold what ends an element, a component or a segment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from chassis.kernel import transliterate
from services.documents.domain.edi.faults import Unwritable

ELEMENT, COMPONENT, REPETITION, TERMINATOR = "*", ":", "^", "~"
DELIMITERS = ELEMENT + COMPONENT + REPETITION + TERMINATOR
# The segment of a name, and whose it is: the insured's, which a member is, or the primary care provider's.
NAME, INSURED, PRIMARY_CARE = "NM1", "IL", "P3"
# Letters, digits and signs of X12's basic and extended character sets, without the delimiters.
_LETTERS = r"!-)+-9;-\]_a-}"
# A value, with no blank at either end and no two together; and a segment of such values.
_PLAIN = re.compile(rf"(?:[{_LETTERS}]+(?: [{_LETTERS}]+)*)?")
_PLAIN_SEGMENT = re.compile(rf"[{_LETTERS}*]+(?: [{_LETTERS}*]+)*")
_BLANKED = str.maketrans(dict.fromkeys(DELIMITERS, " "))


class CompositeElement(str):
    """An element that was put together from values already written."""

    __slots__ = ()


def write_segment(name: str, *elements: str) -> str:
    """Raises Unwritable. Empty elements at the end are left out, as X12 asks."""
    text = ELEMENT.join((name, *elements))
    if not _is_plain(text, len(elements)):
        text = ELEMENT.join((name, *(write_value(name, one) for one in elements)))
    return text.rstrip(ELEMENT) + TERMINATOR


def _is_plain(text: str, elements: int) -> bool:
    """Whether every value can stay as it is: nearly all can, and one look at the whole takes a third of the time."""
    if text.count(ELEMENT) != elements or not _PLAIN_SEGMENT.fullmatch(text):
        return False
    return "* " not in text and " *" not in text


def write_value(name: str, value: str) -> str:
    """In ASCII; a delimiter and a control character become a blank, and blanks become one."""
    if _PLAIN.fullmatch(value) or type(value) is CompositeElement:
        return value
    plain = " ".join(transliterate(value).translate(_BLANKED).split())
    if _PLAIN.fullmatch(plain):
        return plain
    raise Unwritable(f"a value of {name} has letters that an 834 cannot carry")


def write_date(day: date) -> str:
    """Format D8."""
    return day.isoformat().replace("-", "")


def repeat_components(values: Iterable[tuple[str, ...]]) -> CompositeElement:
    """The repetitions of one composite element."""
    return CompositeElement(REPETITION.join(COMPONENT.join(one) for one in values))
