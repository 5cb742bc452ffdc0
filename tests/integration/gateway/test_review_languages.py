"""The review pages in another language: what was typed and what was wrong is shown there, too."""

from __future__ import annotations

import secrets

from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Caller, InvalidInput, Problem
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.review_link import (
    BORN,
    PATH,
    PERSON_REMARK,
    SAME_ORIGIN,
    asked,
    follow,
    post,
    typed_on,
)


def test_the_client_chooses_the_other_language_and_keeps_it(opened_link: GatewayHarness) -> None:
    assert "Revise su solicitud" in opened_link.client.get(PATH).text
    assert "Review your application" in opened_link.client.get(f"{PATH}?lang=en").text
    assert "Review your application" in opened_link.client.get(PATH).text


def test_what_was_refused_is_said_in_the_other_language_and_forgotten_once_it_is_right(
    link_holder: GatewayHarness,
) -> None:
    link_holder.client.post(PATH, data=BORN | {"day": "15"}, headers=SAME_ORIGIN)
    assert "Sample" not in link_holder.client.cookies["review_form"]
    assert "do not match the application" in link_holder.client.get(f"{PATH}?lang=en").text
    link_holder.client.post(PATH, data=BORN, headers=SAME_ORIGIN)
    assert "review_form" not in link_holder.client.cookies


def test_another_language_keeps_the_answer_to_the_question_and_no_longer_than_it_is_shown(
    link_holder: GatewayHarness,
) -> None:
    shown = link_holder.client.get(PATH).text
    assert f'form="identity-form" formaction="{PATH}/language?lang=en" formnovalidate' in shown
    asked_before = len(asked(link_holder))
    answer = link_holder.client.post(f"{PATH}/language?lang=en", data=BORN, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert "Sample" not in link_holder.client.cookies["review_form"]
    english = link_holder.client.get(PATH).text
    assert '<html lang="en">' in english and typed_on(english, PATH) == BORN and "-error" not in english
    assert "review_form" not in link_holder.client.cookies
    assert set(asked(link_holder)[asked_before:]) == {"OpenReview"}
    assert all(not one.date_of_birth for name, one, _ in link_holder.fake_services.asked if name == "OpenReview")


def test_another_language_keeps_the_code_and_a_wrong_one_is_typed_anew(link_holder: GatewayHarness) -> None:
    def by_code(request: pb.OpenReviewRequest, _caller: Caller) -> pb.OpenReviewResponse:
        if request.code:
            raise InvalidInput("wrong", code="proof_differs", problems=(Problem("code", "wrong"),))
        return pb.OpenReviewResponse(language="es", proof=pb.REVIEW_PROOF_CODE)

    link_holder.fake_services.answers["OpenReview"] = by_code
    answer = link_holder.client.post(f"{PATH}/language?lang=en", data={"code": "123456"}, headers=SAME_ORIGIN)
    assert typed_on(follow(link_holder, answer).text, PATH) == {"code": "123456"}
    refused = follow(link_holder, link_holder.client.post(PATH, data={"code": "123456"}, headers=SAME_ORIGIN)).text
    assert "code-error" in refused and "123456" not in refused
    for code, is_wrong in (("", True), ("654321", False)):
        answer = link_holder.client.post(f"{PATH}/language?lang=es", data={"code": code}, headers=SAME_ORIGIN)
        assert ("code-error" in follow(link_holder, answer).text) == is_wrong


def test_another_language_repeats_what_is_wrong_until_it_is_changed(link_holder: GatewayHarness) -> None:
    wrong = BORN | {"day": "15"}
    link_holder.client.post(PATH, data=wrong, headers=SAME_ORIGIN)
    for typed, is_wrong in ((wrong, True), (BORN, False)):
        answer = link_holder.client.post(f"{PATH}/language?lang=en", data=typed, headers=SAME_ORIGIN)
        english = follow(link_holder, answer).text
        assert ("do not match the application" in english) == is_wrong and typed_on(english, PATH) == typed


def test_another_language_keeps_remarks_with_what_they_are_about(opened_link: GatewayHarness) -> None:
    shown = opened_link.client.get(PATH).text
    assert f'form="remarks" formaction="{PATH}/remarks/language?lang=en" formnovalidate' in shown
    answer = post(opened_link, "/remarks/language?lang=en", **PERSON_REMARK)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    english = follow(opened_link, answer).text
    assert '<html lang="en">' in english and PERSON_REMARK.items() <= typed_on(english, f"{PATH}/remarks").items()
    assert "SaveReviewRemark" not in asked(opened_link) and "-error" not in english
    refused = {"section": "plans", **PERSON_REMARK, "plans-field": "", "plans-remark": ""}
    assert "plans-remark-error" in follow(opened_link, post(opened_link, "/remarks", **refused)).text
    for remark, is_wrong in (("", True), ("Too dear.", False)):
        typed = PERSON_REMARK | {"plans-field": "", "plans-remark": remark}
        spanish = follow(opened_link, post(opened_link, "/remarks/language?lang=es", **typed)).text
        assert ("plans-remark-error" in spanish) == is_wrong
        assert PERSON_REMARK.items() <= typed_on(spanish, f"{PATH}/remarks").items()


def test_remarks_that_no_cookie_holds_are_shown_in_the_other_language_at_once(opened_link: GatewayHarness) -> None:
    long = secrets.token_hex(4_000)
    answer = post(opened_link, "/remarks/language?lang=en", **{"plans-remark": long})
    assert answer.status_code == 200 and long in answer.text and '<html lang="en">' in answer.text


def test_another_language_keeps_the_name_and_asks_for_the_box_under_the_texts_as_they_are_shown(
    opened_link: GatewayHarness,
) -> None:
    post(opened_link, "/confirm", sha256="c" * 64)
    shown = follow(opened_link, post(opened_link, "/sign", signature="Ada Sample")).text
    assert f'form="sign-form" formaction="{PATH}/sign/language?lang=en" formnovalidate' in shown
    answer = post(opened_link, "/sign/language?lang=en", signature="Ada Sample")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/sign")
    english = follow(opened_link, answer).text
    assert '<html lang="en">' in english and 'value="Ada Sample"' in english and "agreed-error" in english
    answer = post(opened_link, "/sign/language?lang=es", signature="Ada Sample", agreed="yes")
    spanish = follow(opened_link, answer).text
    assert 'value="Ada Sample"' in spanish and "-error" not in spanish and " checked" not in spanish
    assert "SignReview" not in asked(opened_link)
