"""What a client marks as wrong: all sections of the page are one form, so that nothing typed in another one is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import FormData
from suite.enrollment.v1 import client_review_pb2 as pb

from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.render import parse_number, read_text
from gateway.pages.review.visit import Visit
from gateway.user import GATEWAY

FORM = "remarks"
# The button: the section whose remark is to be saved.
SECTION = "section"
_ID = "[a-z_]{1,40}(?:-[0-9]{1,3})?"
_FIELD = re.compile(rf"{_ID}-(?:field|remark)|{SECTION}")


def section_id(section: str, person: int) -> str:
    """Of the element on the page; the names of its fields begin with it."""
    return f"{section}-{person}" if person else section


def read_remarks(fields: FormData) -> dict[str, str]:
    """As they were typed, by the name of the field, and the button that was pressed."""
    return {name: read_text(fields, name) for name in fields if _FIELD.fullmatch(name)}


def remark_of(typed: Mapping[str, str], section: str) -> tuple[str, str]:
    """Field and text of a section."""
    return typed.get(f"{section}-field", ""), typed.get(f"{section}-remark", "")


def find_unmarked(typed: Mapping[str, str]) -> list[str]:
    """The fields in which something is written that was not marked as wrong."""
    return [name for name, text in typed.items() if name.endswith("-remark") and text]


def leave_out(typed: Mapping[str, str], section: str) -> dict[str, str]:
    """The remarks of all other sections."""
    own = {SECTION, f"{section}-field", f"{section}-remark"}
    return {name: text for name, text in typed.items() if name not in own}


async def save_remark(visit: Visit, section: str, field: str, remark: str) -> None:
    """Without text it is taken back."""
    key, _, person = section.partition("-")
    asked = pb.SaveReviewRemarkRequest(
        review=visit.credentials, section=key, person=parse_number(person), field=field, remark=remark
    )
    await visit.gateway.services.ask(ENROLLMENT["SaveReviewRemark"], asked, pb.SaveReviewRemarkResponse, GATEWAY)
