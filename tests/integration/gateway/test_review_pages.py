"""The client's review pages as a phone without JavaScript uses them: no sign-in, English and Spanish."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Conflict, InvalidInput, Stale
from tests.browser.page_forms import read_page
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.review_link import (
    BORN,
    PATH,
    PLANS,
    SAME_ORIGIN,
    asked,
    consent,
    follow,
    post,
    review,
)


def test_a_link_asks_who_opens_it_in_its_own_language_and_shows_nothing_personal(link_holder: GatewayHarness) -> None:
    answer = link_holder.client.get(PATH)
    assert answer.status_code == 200
    assert '<html lang="es">' in answer.text and "Fecha de nacimiento del solicitante principal" in answer.text
    assert "Ada" not in answer.text and "FRITZ" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_the_application_is_shown_in_the_words_of_the_language(opened_link: GatewayHarness) -> None:
    spanish, english = (opened_link.client.get(f"{PATH}?lang={one}").text for one in ("es", "en"))
    assert "14 de junio de 1987" in spanish and "Solicitante principal" in spanish and "$1,412.50" in spanish
    assert "6/14/1987" in english and "Primary applicant" in english
    assert "Chicago, IL 60601, condado de Cook" in spanish and "Chicago, IL 60601, Cook County" in english
    assert "&lt;b&gt;Ada&lt;/b&gt; Sample" in english and "<b>Ada" not in english


def test_what_is_due_is_shown_with_the_months_that_the_first_payment_covers(opened_link: GatewayHarness) -> None:
    months = [("2026-05", 141_250), ("2026-06", 141_250)]
    due = [common_pb2.MonthDue(month=month, amount=common_pb2.Money(cents=cents)) for month, cents in months]
    opened_link.fake_services.answers["ReadReview"] = review(
        monthly_premium=common_pb2.Money(cents=141_250),
        first_payment=common_pb2.Money(cents=282_500),
        first_payment_months=due,
    )
    spanish, english = (opened_link.client.get(f"{PATH}?lang={one}").text for one in ("es", "en"))
    for shown in ("What you pay", "$1,412.50", "$2,825.00", "May 2026", "covers 2 months"):
        assert shown in english
    for shown in ("Lo que usted paga", "$2,825.00", "mayo de 2026", "cubre 2 meses"):
        assert shown in spanish


@pytest.mark.parametrize(
    "wrong", [{"day": "15"}, {"last_name": ""}, {"month": "2", "day": "30"}, {"year": "x"}, {"year": "9" * 20}]
)
def test_a_wrong_answer_is_said_beside_the_field_and_keeps_what_was_typed(
    link_holder: GatewayHarness, wrong: dict[str, str]
) -> None:
    answer = follow(link_holder, link_holder.client.post(PATH, data=BORN | wrong, headers=SAME_ORIGIN))
    assert 'aria-invalid="true"' in answer.text
    form = read_page(answer.text, PATH).form(PATH)
    assert {name: form.fields()[name] for name in BORN} == {name: [text] for name, text in (BORN | wrong).items()}
    assert "review" not in link_holder.client.cookies


def test_a_day_that_its_month_does_not_have_is_told_from_one_that_is_missing(link_holder: GatewayHarness) -> None:
    for wrong, told in (
        ({"day": "31"}, "This month does not have that day."),
        ({"day": ""}, "Enter month, day and year"),
    ):
        link_holder.client.post(PATH, data=BORN | wrong, headers=SAME_ORIGIN)
        assert told in link_holder.client.get(f"{PATH}?lang=en").text


def test_a_refused_form_is_shown_by_its_own_link_alone(link_holder: GatewayHarness) -> None:
    link_holder.client.post(PATH, data=BORN | {"last_name": "Canary", "day": "15"}, headers=SAME_ORIGIN)
    sealed = link_holder.client.cookies["review_form"]
    link_holder.client.cookies.clear()
    other = f"/review/{'C' * 50}"
    link_holder.fake_services.answers["OpenReview"] = pb.OpenReviewResponse(
        proof=pb.REVIEW_PROOF_BIRTH_DATE_AND_LAST_NAME
    )
    for cookie in (sealed, "x", "AAAA"):
        shown = link_holder.client.get(other, headers={"Cookie": f"review_form={cookie}"})
        assert shown.status_code == 200 and "Canary" not in shown.text


def test_a_text_that_no_cookie_holds_is_shown_at_once(link_holder: GatewayHarness) -> None:
    long = secrets.token_hex(4_000)
    answer = link_holder.client.post(PATH, data=BORN | {"day": "x", "last_name": long}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and long in answer.text


@pytest.mark.parametrize("path", ["/review/x", "/review/%00", f"/review/{'C' * 50}", f"/review/{'C' * 50}/sign"])
def test_a_link_that_does_not_work_gets_one_and_the_same_page(link_holder: GatewayHarness, path: str) -> None:
    answer = link_holder.client.get(path)
    assert answer.status_code == 404
    assert "This link is not available" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


@pytest.mark.parametrize("rest", ["", "/sign"])
def test_an_address_that_is_no_link_gets_that_page_in_a_browser_that_opened_another(
    opened_link: GatewayHarness, rest: str
) -> None:
    answer = opened_link.client.get(f"/review/%00{rest}")
    assert answer.status_code == 404 and "Este enlace no está disponible" in answer.text


def test_attempts_from_one_connection_are_limited(link_holder: GatewayHarness) -> None:
    wrong = [link_holder.client.post(PATH, data=BORN | {"day": "15"}, headers=SAME_ORIGIN) for _ in range(21)]
    assert [one.status_code for one in wrong] == [303] * 20 + [429]
    assert link_holder.client.post(PATH, data=BORN, headers=SAME_ORIGIN).status_code == 429


def test_a_form_from_another_site_is_refused(link_holder: GatewayHarness) -> None:
    assert link_holder.client.post(PATH, data=BORN, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "rest", ["/remarks", "/remarks/language", "/return", "/confirm", "/sign", "/sign/language", "/withdraw"]
)
def test_a_form_without_the_token_of_this_access_is_refused(opened_link: GatewayHarness, rest: str) -> None:
    opened_link.fake_services.asked.clear()
    answer = opened_link.client.post(PATH + rest, data={"csrf": "0" * 64}, headers=SAME_ORIGIN)
    assert (answer.status_code, asked(opened_link)) == (403, [])


def test_a_producers_session_is_neither_used_nor_ended(opened_link: GatewayHarness) -> None:
    opened_link.client.post(
        "/sign-in", data={"email": "producer@example.com", "password": "demo", "next": "/"}, headers=SAME_ORIGIN
    )
    shown = opened_link.client.get(PATH).text
    assert "Sign out" not in shown
    assert opened_link.client.get("/my-hierarchy").status_code == 200


def test_the_client_reads_the_texts_in_the_language_and_signs_what_was_shown(opened_link: GatewayHarness) -> None:
    assert post(opened_link, "/confirm", sha256="c" * 64).headers["location"] == f"{PATH}/sign"
    page = opened_link.client.get(f"{PATH}/sign").text
    assert "A text in es" in page and "Ada Sample" in page
    answer = post(opened_link, "/sign", sha256="c" * 64, signature="Ada Sample", agreed="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    sent = opened_link.fake_services.last("SignReview")
    assert (sent.sha256, sent.language, sent.signature, sent.agreed) == ("c" * 64, "es", "Ada Sample", True)


def test_what_changed_since_it_was_shown_leads_back_to_read_it_again(opened_link: GatewayHarness) -> None:
    post(opened_link, "/confirm", sha256="d" * 64)
    answer = opened_link.client.get(f"{PATH}/sign")
    assert answer.headers["location"] == f"{PATH}?changed=1"
    assert "La solicitud cambió" in opened_link.client.get(answer.headers["location"]).text
    opened_link.fake_services.answers["SignReview"] = Stale("Changed.", code="review_content_changed")
    answer = post(opened_link, "/sign", sha256="d" * 64, signature="Ada Sample", agreed="yes")
    assert answer.headers["location"] == f"{PATH}?changed=1"


@pytest.mark.parametrize("fields", [{"signature": "Ada Sample"}, {"agreed": "yes"}, {}])
def test_a_signature_needs_the_name_and_the_box(opened_link: GatewayHarness, fields: dict[str, str]) -> None:
    post(opened_link, "/confirm", sha256="c" * 64)
    answer = follow(opened_link, post(opened_link, "/sign", sha256="c" * 64, **fields))
    assert 'aria-invalid="true"' in answer.text
    assert "SignReview" not in asked(opened_link)


def test_another_name_is_said_in_the_language_with_the_name_to_type(opened_link: GatewayHarness) -> None:
    opened_link.fake_services.answers["SignReview"] = InvalidInput.at("signature", "x", code="signature_differs")
    post(opened_link, "/confirm", sha256="c" * 64)
    answer = follow(opened_link, post(opened_link, "/sign", sha256="c" * 64, signature="Ben Sample", agreed="yes"))
    assert "Escriba el nombre como está en la solicitud: Ada Sample." in answer.text
    assert 'value="Ben Sample"' in answer.text


def test_an_application_that_was_submitted_meanwhile_can_not_be_signed(opened_link: GatewayHarness) -> None:
    opened_link.fake_services.answers["SignReview"] = Conflict("x", code="already_submitted")
    answer = post(opened_link, "/sign", sha256="c" * 64, signature="Ada Sample", agreed="yes")
    assert answer.status_code == 409
    assert "Esta solicitud ya no se puede firmar" in answer.text


def test_a_second_click_on_sign_leads_to_the_signed_page(opened_link: GatewayHarness) -> None:
    opened_link.fake_services.answers["SignReview"] = Conflict("x", code="review_answered")
    answer = post(opened_link, "/sign", sha256="c" * 64, signature="Ada Sample", agreed="yes")
    assert answer.headers["location"] == PATH


def test_after_signing_the_client_sees_what_was_signed_and_takes_it_back(opened_link: GatewayHarness) -> None:
    opened_link.fake_services.answers["ReadReview"] = review(pb.REVIEW_STATUS_SIGNED, consent=consent())
    shown = opened_link.client.get(PATH).text
    assert "Gracias. Usted ha firmado." in shown and "20 de mayo de 2026" in shown and "c" * 64 in shown
    refused = follow(opened_link, post(opened_link, "/withdraw"))
    assert 'aria-invalid="true"' in refused.text
    assert "WithdrawReview" not in asked(opened_link)
    assert post(opened_link, "/withdraw", withdraw="yes").headers["location"] == PATH
    assert "WithdrawReview" in asked(opened_link)


@pytest.mark.parametrize(
    ("status", "said", "not_said"),
    [
        (pb.REVIEW_STATUS_WITHDRAWN, "pregunte cómo dar un nuevo consentimiento", "pida un enlace nuevo"),
        (pb.REVIEW_STATUS_OUTDATED, "La solicitud fue enviada, cancelada o venció", "le enviará un enlace nuevo"),
        (pb.REVIEW_STATUS_RETURNED, "La solicitud fue enviada, cancelada o venció", "le enviará un enlace nuevo"),
    ],
)
def test_no_new_link_is_promised_for_an_application_that_can_no_longer_be_signed(
    opened_link: GatewayHarness, status: Any, said: str, not_said: str
) -> None:
    opened_link.fake_services.answers["ReadReview"] = review(status, closed=True)
    shown = opened_link.client.get(PATH).text
    assert said in shown and not_said not in shown
    opened_link.fake_services.answers["ReadReview"] = review(status)
    shown = opened_link.client.get(PATH).text
    assert said not in shown and not_said in shown


def test_an_unanswered_link_of_a_closed_application_says_so_instead_of_asking_for_remarks(
    opened_link: GatewayHarness,
) -> None:
    opened_link.fake_services.answers["ReadReview"] = review(closed=True)
    answer = opened_link.client.get(PATH)
    assert answer.status_code == 409 and "Esta solicitud ya no se puede firmar" in answer.text
    assert "<form" not in answer.text.partition("<main")[2]
    assert opened_link.client.get(f"{PATH}/sign", follow_redirects=False).headers["location"] == PATH


def test_a_returned_review_shows_what_was_sent(opened_link: GatewayHarness) -> None:
    made = pb.ReviewRemark(step=PLANS, section="plans", remark="Too dear.")
    opened_link.fake_services.answers["ReadReview"] = review(pb.REVIEW_STATUS_RETURNED, remarks=[made])
    shown = opened_link.client.get(PATH).text
    assert "Sus comentarios se enviaron" in shown and "Too dear." in shown
    assert "<form" not in shown
