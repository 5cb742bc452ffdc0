"""Page tokens: sealed, and good for the same person and the same list alone."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Caller, CallerKind, InvalidInput
from chassis.paging import PageTokens, list_id_of

TOKENS = PageTokens.with_key(bytes(32))
FRITZ, OLGA = (Caller(CallerKind.PRODUCER, name) for name in ("fritz@example.com", "olga@example.com"))
CURSOR = ("canaryson adams", 4711)
INCOMPLETE = application_pb2.APPLICATION_STATUS_INCOMPLETE


def asking(token: str = "", size: int = 0, **more: object) -> pb.ListApplicationsRequest:
    page = common.Page(token=token, size=size)
    return pb.ListApplicationsRequest(status=INCOMPLETE, page=page, **more)  # type: ignore[arg-type]  # made up here


@dataclass(frozen=True, slots=True)
class NamedRow:
    value: str
    number: int


def test_a_token_leads_back_to_its_cursor_whatever_the_size_of_the_next_page() -> None:
    token = TOKENS.make(CURSOR, list_id_of(asking(), FRITZ))
    again = asking(token, size=7)
    assert TOKENS.read(again.page, list_id_of(again, FRITZ), NamedRow) == NamedRow(*CURSOR)
    assert TOKENS.read(common.Page(), list_id_of(asking(), FRITZ), NamedRow) is None
    assert TOKENS.make(None, list_id_of(asking(), FRITZ)) == ""


def test_a_token_shows_nothing_of_the_name_that_it_holds() -> None:
    token = TOKENS.make(CURSOR, list_id_of(asking(), FRITZ))
    opened = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert b"canaryson" not in opened
    assert TOKENS.make(CURSOR, list_id_of(asking(), FRITZ)) != token


@pytest.mark.parametrize(
    ("other", "who"),
    [
        (asking(), OLGA),
        (asking(filter=pb.ApplicationFilter(state="TX")), FRITZ),
        (asking(order=pb.ApplicationOrder(by=pb.APPLICATION_COLUMN_APPLICANT)), FRITZ),
        (pb.SearchApplicationsRequest(status=INCOMPLETE), FRITZ),
    ],
    ids=["another person", "another filter", "another order", "another rpc"],
)
def test_a_token_is_refused_for_anything_else(other: pb.ListApplicationsRequest, who: Caller) -> None:
    page = common.Page(token=TOKENS.make(CURSOR, list_id_of(asking(), FRITZ)))
    with pytest.raises(InvalidInput) as refusal:
        TOKENS.read(page, list_id_of(other, who), NamedRow)
    assert refusal.value.problems[0].field == "page.token"


@pytest.mark.parametrize("token", ["x", "A-0638", "????", "e30", "\u00e9", "A" * 5000, "12345"])
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput):
        TOKENS.read(common.Page(token=token), list_id_of(asking(), FRITZ), NamedRow)


def test_an_altered_token_is_refused() -> None:
    token = TOKENS.make(CURSOR, list_id_of(asking(), FRITZ))
    for place in (0, len(token) // 2, len(token) - 2):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(InvalidInput):
            TOKENS.read(common.Page(token=altered), list_id_of(asking(), FRITZ), NamedRow)


def test_a_token_of_another_key_is_refused() -> None:
    token = PageTokens.with_key(b"another key of thirty-two bytes!").make(CURSOR, "a list")
    with pytest.raises(InvalidInput):
        TOKENS.read(common.Page(token=token), "a list", NamedRow)


@pytest.mark.parametrize(
    "older",
    [
        [*CURSOR, "more than this release knows"],
        ["canaryson adams"],
        [4711, 4711],
        ["canaryson adams", "4711"],
        [None, 1],
    ],
    ids=["one value more", "one value less", "a number for a text", "a text for a number", "nothing for a text"],
)
def test_a_cursor_of_another_release_is_refused(older: list[Any]) -> None:
    token = TOKENS.make(older, "a list")
    with pytest.raises(InvalidInput, match="Start again at the first page") as refusal:
        TOKENS.read(common.Page(token=token), "a list", NamedRow)
    assert refusal.value.problems[0].field == "page.token"


@pytest.mark.parametrize("older", [["an-id", "another"], [4711], []])
def test_an_id_of_another_release_is_refused(older: list[Any]) -> None:
    token = TOKENS.make(older, "a list")
    with pytest.raises(InvalidInput):
        TOKENS.read(common.Page(token=token), "a list", str)


def test_a_cursor_of_any_text_comes_back_whole() -> None:
    token = TOKENS.make(["36096IL9900001"], "a list")
    assert TOKENS.read(common.Page(token=token), "a list", str) == "36096IL9900001"
