"""Page tokens: sealed, and good for the same person and the same list alone."""

from __future__ import annotations

import base64

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_overview_pb2 as pb
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Caller, CallerKind, InvalidInput
from services.enrollment.contract import overview_protos
from services.enrollment.contract.page_tokens import PageTokens, size_of
from services.enrollment.domain.application_list import Column, Place

TOKENS = PageTokens.with_key(base64.b64encode(bytes(32)).decode())
FRITZ, OLGA = (Caller(CallerKind.PRODUCER, name) for name in ("fritz@example.com", "olga@example.com"))
PLACE = Place("canaryson adams", 4711)
INCOMPLETE = application_pb2.APPLICATION_STATUS_INCOMPLETE


def asking(token: str = "", size: int = 0, **more: object) -> pb.ListApplicationsRequest:
    page = common.Page(token=token, size=size)
    return pb.ListApplicationsRequest(status=INCOMPLETE, page=page, **more)  # type: ignore[arg-type]  # made up here


def test_a_token_leads_back_to_its_place_whatever_the_size_of_the_next_page() -> None:
    token = TOKENS.give(PLACE, asking(), FRITZ)
    again = asking(token, size=7)
    assert TOKENS.take(again.page, again, FRITZ) == PLACE
    assert TOKENS.take(common.Page(), asking(), FRITZ) is None
    assert TOKENS.give(None, asking(), FRITZ) == ""


def test_a_token_shows_nothing_of_the_name_that_it_holds() -> None:
    token = TOKENS.give(PLACE, asking(), FRITZ)
    opened = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert b"canaryson" not in opened
    assert TOKENS.give(PLACE, asking(), FRITZ) != token


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
    page = common.Page(token=TOKENS.give(PLACE, asking(), FRITZ))
    with pytest.raises(InvalidInput) as refusal:
        TOKENS.take(page, other, who)
    assert refusal.value.problems[0].field == "page.token"


@pytest.mark.parametrize("token", ["x", "A-0638", "????", "e30", "\u00e9", "A" * 5000, "12345"])
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput):
        TOKENS.take(common.Page(token=token), asking(), FRITZ)


def test_an_altered_token_is_refused() -> None:
    token = TOKENS.give(PLACE, asking(), FRITZ)
    for place in (0, len(token) // 2, len(token) - 2):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(InvalidInput):
            TOKENS.take(common.Page(token=altered), asking(), FRITZ)


@pytest.mark.parametrize("size", [-1, 201])
def test_a_page_has_at_most_200_rows(size: int) -> None:
    with pytest.raises(InvalidInput):
        size_of(common.Page(size=size))


def test_every_bad_field_of_a_filter_is_named_at_once() -> None:
    given = pb.ApplicationFilter(submitted_from="soon", expires_to="2026-02-30", payment_status="rich")
    order = pb.ApplicationOrder(by=77)  # type: ignore[arg-type]  # a number that no enum has
    with pytest.raises(InvalidInput) as refusal:
        overview_protos.search(INCOMPLETE, given, order)
    fields = {problem.field for problem in refusal.value.problems}
    assert fields == {"filter.submitted_from", "filter.expires_to", "filter.payment_status", "order.by"}
    assert "soon" not in str(refusal.value.problems)


def test_without_an_order_the_newest_come_first() -> None:
    found = overview_protos.search(INCOMPLETE, pb.ApplicationFilter(), pb.ApplicationOrder())
    assert (found.by, found.descending) == (Column.RECORD_NUMBER, True)
    asked = pb.ApplicationOrder(by=pb.APPLICATION_COLUMN_EXPIRES_ON)
    found = overview_protos.search(INCOMPLETE, pb.ApplicationFilter(), asked)
    assert (found.by, found.descending) == (Column.EXPIRES_ON, False)
