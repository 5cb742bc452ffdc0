"""What a client marks as wrong on the review pages: saved with its field, kept while it is typed, asked about."""

from __future__ import annotations

from typing import Any

import pytest
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Caller, Forbidden
from tests.browser.page_forms import read_page
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.review_link import (
    BORN,
    HOUSEHOLD,
    PATH,
    PERSON_REMARK,
    PLANS_REMARK,
    SAME_ORIGIN,
    asked,
    follow,
    post,
    read_link,
    review,
    typed_on,
)


def test_a_remark_is_saved_with_its_field_and_shown_where_it_was_made(opened_link: GatewayHarness) -> None:
    field = "people[0].date_of_birth"
    answer = post(
        opened_link, "/remarks", section="person-1", **{"person-1-field": field, "person-1-remark": "The 15th."}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}#person-1")
    sent = opened_link.fake_services.last("SaveReviewRemark")
    assert (sent.section, sent.person, sent.field, sent.remark) == (
        "person",
        1,
        "people[0].date_of_birth",
        "The 15th.",
    )
    made = pb.ReviewRemark(step=HOUSEHOLD, field=sent.field, section="person", person=1, remark="The <15th>.")
    opened_link.fake_services.answers["ReadReview"] = review(remarks=[made])
    shown = opened_link.client.get(PATH).text
    assert "The &lt;15th&gt;." in shown
    assert "/return" in shown and "/confirm" not in shown
    [button] = read_page(shown, PATH).form(f"{PATH}/remarks").buttons("take_back")
    answer = post(opened_link, "/remarks", take_back=button["take_back"][0])
    assert answer.headers["location"] == f"{PATH}#person-1"
    sent = opened_link.fake_services.last("SaveReviewRemark")
    assert (sent.section, sent.person, sent.field, sent.remark) == ("person", 1, field, "")


@pytest.mark.parametrize("remark", ["", "   ", "x" * 1001])
def test_a_remark_without_text_or_too_long_is_refused_where_it_was_made(
    opened_link: GatewayHarness, remark: str
) -> None:
    typed = {"section": "person-1", "person-1-field": "", "person-1-remark": remark}
    answer = follow(opened_link, post(opened_link, "/remarks", **typed))
    assert '<details class="review__wrong" open>' in answer.text
    assert "SaveReviewRemark" not in asked(opened_link)


def test_a_remark_that_is_typed_in_another_section_stays_while_one_is_saved_or_taken_back(
    opened_link: GatewayHarness,
) -> None:
    for pressed in ({"section": "plans"}, {"take_back": "plans "}):
        shown = follow(opened_link, post(opened_link, "/remarks", **pressed, **PLANS_REMARK, **PERSON_REMARK)).text
        assert PERSON_REMARK.items() <= typed_on(shown, f"{PATH}/remarks").items()
        assert shown.count('<details class="review__wrong" open>') == 1 + ("take_back" in pressed)


@pytest.mark.parametrize("rest", ["/return", "/confirm"])
def test_what_is_written_and_not_marked_is_asked_about_at_the_end_of_the_page(
    opened_link: GatewayHarness, rest: str
) -> None:
    assert f'formaction="{PATH}/confirm"' in opened_link.client.get(PATH).text
    typed = typed_on(opened_link.client.get(PATH).text, f"{PATH}/remarks")
    shown = follow(opened_link, post(opened_link, rest, **typed | PERSON_REMARK)).text
    page = read_page(shown, PATH)
    assert page.texts["person-1-remark-error"].startswith("Elija") and "plans-remark-error" not in page.texts
    assert PERSON_REMARK.items() <= typed_on(shown, f"{PATH}/remarks").items()
    assert "ReturnReview" not in asked(opened_link) and "review_shown" not in opened_link.client.cookies
    assert post(opened_link, rest, **typed | {"person-1-remark": ""}).headers["location"] in (PATH, f"{PATH}/sign")


def test_remarks_that_are_written_when_the_hour_ends_go_through_the_question(opened_link: GatewayHarness) -> None:
    def ended(_request: Any, _caller: Caller) -> pb.SaveReviewRemarkResponse:
        raise Forbidden("Again.", code="review_access_ended")

    token = typed_on(opened_link.client.get(PATH).text, f"{PATH}/remarks")["csrf"]
    opened_link.fake_services.answers |= {"SaveReviewRemark": ended, "ReadReview": ended}
    typed = {"csrf": token, "section": "plans", **PLANS_REMARK, **PERSON_REMARK}
    answer = opened_link.client.post(f"{PATH}/remarks", data=typed, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert 'name="plans-remark" value="Too dear."' in answer.text
    kept = typed_on(answer.text, PATH)
    english = follow(
        opened_link, opened_link.client.post(f"{PATH}/language?lang=en", data=kept, headers=SAME_ORIGIN)
    ).text
    assert '<html lang="en">' in english and typed_on(english, PATH) == kept
    opened_link.fake_services.answers |= {"SaveReviewRemark": pb.SaveReviewRemarkResponse(), "ReadReview": read_link}
    answer = opened_link.client.post(PATH, data=BORN | kept, headers=SAME_ORIGIN)
    assert answer.headers["location"] == f"{PATH}#plans"
    assert opened_link.fake_services.last("SaveReviewRemark").remark == "Too dear."
    assert PERSON_REMARK.items() <= typed_on(opened_link.client.get(PATH).text, f"{PATH}/remarks").items()
