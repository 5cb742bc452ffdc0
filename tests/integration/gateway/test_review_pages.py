"""The client's review pages as a phone without JavaScript uses them: no sign-in, English and Spanish."""

from __future__ import annotations

import re
import secrets
from typing import Any

import pytest
from suite.common.v1 import common_pb2
from suite.documents.v1 import texts_pb2
from suite.enrollment.v1 import application_pb2, records_pb2
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.kernel import Caller, Conflict, Forbidden, InvalidInput, NotFound, Problem, Stale
from tests.browser.page_forms import read_page
from tests.integration.gateway.harness import GatewayHarness

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
TOKEN = "A" * 50
PATH = f"/review/{TOKEN}"
ACCESS = "B" * 50
BORN = {"month": "6", "day": "14", "year": "1987", "last_name": "Sample"}
HOUSEHOLD, PLANS = application_pb2.STEP_HOUSEHOLD, application_pb2.STEP_PLANS


def review(status: Any = pb.REVIEW_STATUS_OPENED, **changes: Any) -> pb.ReadReviewResponse:
    born = pb.ReviewLine(
        step=HOUSEHOLD,
        field="people[0].date_of_birth",
        label="date_of_birth",
        kind=pb.REVIEW_VALUE_DATE,
        value="1987-06-14",
    )
    name = pb.ReviewLine(
        step=HOUSEHOLD,
        field="people[0].first_name",
        label="name",
        kind=pb.REVIEW_VALUE_TEXT,
        value="<b>Ada</b> Sample",
    )
    spouse = pb.ReviewLine(
        step=HOUSEHOLD, field="people[0].relationship", label="relationship", kind=pb.REVIEW_VALUE_WORD, value="self"
    )
    home = pb.ReviewLine(
        step=HOUSEHOLD, label="home_address", kind=pb.REVIEW_VALUE_TEXT, value="Chicago, IL 60601", county="Cook"
    )
    premium = pb.ReviewLine(step=PLANS, label="monthly_premium", kind=pb.REVIEW_VALUE_MONEY, value="1412.50")
    shown = pb.ReadReviewResponse(
        status=status,
        record_number="A-0638",
        state="IL",
        producer=common_pb2.Producer(name="FRITZ, CALVIN C"),
        sections=[
            pb.ReviewSection(key="plans", lines=[premium]),
            pb.ReviewSection(key="person", person=1, lines=[name, spouse, born]),
            pb.ReviewSection(key="contact", lines=[home]),
        ],
        sha256="c" * 64,
        texts=[records_pb2.ReviewedText(kind="client-review", version="2026.1")],
        signers=[pb.ExpectedSigner(signer=records_pb2.REVIEW_SIGNER_APPLICANT, name="Ada Sample")],
        **changes,
    )
    shown.expires_at.FromJsonString("2026-06-03T15:00:00Z")
    return shown


def consent() -> records_pb2.ReviewConsent:
    found = records_pb2.ReviewConsent(signer_name="Ada Sample", producer_name="FRITZ, CALVIN C", sha256="c" * 64)
    found.signed_at.FromJsonString("2026-05-21T02:00:00Z")  # the evening before in Illinois
    return found


def open_link(request: pb.OpenReviewRequest, caller: Caller) -> pb.OpenReviewResponse:
    """As enrollment answers a link in Spanish that asks for date of birth and last name."""
    assert (caller.is_service, caller.subject) == (True, "gateway")
    if request.token != TOKEN:
        raise NotFound("This link has expired or was withdrawn.")
    proof = pb.REVIEW_PROOF_BIRTH_DATE_AND_LAST_NAME
    if not request.date_of_birth:
        return pb.OpenReviewResponse(language="es", proof=proof)
    if request.date_of_birth != "1987-06-14":
        raise InvalidInput("wrong", code="proof_differs", problems=(Problem("last_name", "wrong"),))
    return pb.OpenReviewResponse(language="es", proof=proof, access=ACCESS)


def read_link(request: pb.ReadReviewRequest, _caller: Caller) -> pb.ReadReviewResponse:
    if request.review.access != ACCESS:
        raise Forbidden("Again.", code="review_access_ended")
    return review()


@pytest.fixture
def client(gateway_portal: GatewayHarness) -> GatewayHarness:
    gateway_portal.fake_services.answers |= {
        "OpenReview": open_link,
        "ReadReview": read_link,
        "GetText": lambda request, _: texts_pb2.GetTextResponse(
            text=texts_pb2.LegalText(
                kind=request.kind, version=request.text_version, title=f"A text in {request.language}"
            )
        ),
    }
    return gateway_portal


@pytest.fixture
def opened(client: GatewayHarness) -> GatewayHarness:
    answer = client.client.post(PATH, data=BORN, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    return client


def follow(harness: GatewayHarness, answer: Any) -> Any:
    """The page that a refused form leads to, so that Back sends nothing again."""
    assert answer.status_code == 303
    return harness.client.get(answer.headers["location"])


def asked(harness: GatewayHarness) -> list[str]:
    return [name for name, _, _ in harness.fake_services.asked]


def post(harness: GatewayHarness, rest: str, **fields: str) -> Any:
    found = re.search(r'name="csrf" value="(\w+)"', harness.client.get(PATH).text)
    data = {"csrf": found[1] if found else "", **fields}
    return harness.client.post(PATH + rest, data=data, headers=SAME_ORIGIN)


def test_a_link_asks_who_opens_it_in_its_own_language_and_shows_nothing_personal(client: GatewayHarness) -> None:
    answer = client.client.get(PATH)
    assert answer.status_code == 200
    assert '<html lang="es">' in answer.text and "Fecha de nacimiento del solicitante principal" in answer.text
    assert "Ada" not in answer.text and "FRITZ" not in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


def test_the_client_chooses_the_other_language_and_keeps_it(opened: GatewayHarness) -> None:
    assert "Revise su solicitud" in opened.client.get(PATH).text
    assert "Review your application" in opened.client.get(f"{PATH}?lang=en").text
    assert "Review your application" in opened.client.get(PATH).text


def test_the_application_is_shown_in_the_words_of_the_language(opened: GatewayHarness) -> None:
    spanish, english = (opened.client.get(f"{PATH}?lang={one}").text for one in ("es", "en"))
    assert "14 de junio de 1987" in spanish and "Solicitante principal" in spanish and "$1,412.50" in spanish
    assert "6/14/1987" in english and "Primary applicant" in english
    assert "Chicago, IL 60601, condado de Cook" in spanish and "Chicago, IL 60601, Cook County" in english
    assert "&lt;b&gt;Ada&lt;/b&gt; Sample" in english and "<b>Ada" not in english


def test_what_is_due_is_shown_with_the_months_that_the_first_payment_covers(opened: GatewayHarness) -> None:
    months = [("2026-05", 141_250), ("2026-06", 141_250)]
    due = [common_pb2.MonthDue(month=month, amount=common_pb2.Money(cents=cents)) for month, cents in months]
    opened.fake_services.answers["ReadReview"] = review(
        monthly_premium=common_pb2.Money(cents=141_250),
        first_payment=common_pb2.Money(cents=282_500),
        first_payment_months=due,
    )
    spanish, english = (opened.client.get(f"{PATH}?lang={one}").text for one in ("es", "en"))
    for shown in ("What you pay", "$1,412.50", "$2,825.00", "May 2026", "covers 2 months"):
        assert shown in english
    for shown in ("Lo que usted paga", "$2,825.00", "mayo de 2026", "cubre 2 meses"):
        assert shown in spanish


@pytest.mark.parametrize(
    "wrong", [{"day": "15"}, {"last_name": ""}, {"month": "2", "day": "30"}, {"year": "x"}, {"year": "9" * 20}]
)
def test_a_wrong_answer_is_said_beside_the_field_and_keeps_what_was_typed(
    client: GatewayHarness, wrong: dict[str, str]
) -> None:
    answer = follow(client, client.client.post(PATH, data=BORN | wrong, headers=SAME_ORIGIN))
    assert 'aria-invalid="true"' in answer.text
    form = read_page(answer.text, PATH).form(PATH)
    assert {name: form.fields()[name] for name in BORN} == {name: [text] for name, text in (BORN | wrong).items()}
    assert "review" not in client.client.cookies


def test_a_day_that_its_month_does_not_have_is_told_from_one_that_is_missing(client: GatewayHarness) -> None:
    for wrong, told in (
        ({"day": "31"}, "This month does not have that day."),
        ({"day": ""}, "Enter month, day and year"),
    ):
        client.client.post(PATH, data=BORN | wrong, headers=SAME_ORIGIN)
        assert told in client.client.get(f"{PATH}?lang=en").text


def test_what_was_refused_is_said_in_the_other_language_and_forgotten_once_it_is_right(client: GatewayHarness) -> None:
    client.client.post(PATH, data=BORN | {"day": "15"}, headers=SAME_ORIGIN)
    assert "Sample" not in client.client.cookies["review_form"]
    assert "do not match the application" in client.client.get(f"{PATH}?lang=en").text
    client.client.post(PATH, data=BORN, headers=SAME_ORIGIN)
    assert "review_form" not in client.client.cookies


def test_a_refused_form_is_shown_by_its_own_link_alone(client: GatewayHarness) -> None:
    client.client.post(PATH, data=BORN | {"last_name": "Canary", "day": "15"}, headers=SAME_ORIGIN)
    sealed = client.client.cookies["review_form"]
    client.client.cookies.clear()
    other = f"/review/{'C' * 50}"
    client.fake_services.answers["OpenReview"] = pb.OpenReviewResponse(proof=pb.REVIEW_PROOF_BIRTH_DATE_AND_LAST_NAME)
    for cookie in (sealed, "x", "AAAA"):
        shown = client.client.get(other, headers={"Cookie": f"review_form={cookie}"})
        assert shown.status_code == 200 and "Canary" not in shown.text


def test_a_text_that_no_cookie_holds_is_shown_at_once(client: GatewayHarness) -> None:
    long = secrets.token_hex(4_000)
    answer = client.client.post(PATH, data=BORN | {"day": "x", "last_name": long}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and long in answer.text


@pytest.mark.parametrize("path", ["/review/x", f"/review/{'C' * 50}", f"/review/{'C' * 50}/sign"])
def test_a_link_that_does_not_work_gets_one_and_the_same_page(client: GatewayHarness, path: str) -> None:
    answer = client.client.get(path)
    assert answer.status_code == 404
    assert "This link is not available" in answer.text
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"


def test_attempts_from_one_connection_are_limited(client: GatewayHarness) -> None:
    wrong = [client.client.post(PATH, data=BORN | {"day": "15"}, headers=SAME_ORIGIN) for _ in range(21)]
    assert [one.status_code for one in wrong] == [303] * 20 + [429]
    assert client.client.post(PATH, data=BORN, headers=SAME_ORIGIN).status_code == 429


def test_a_form_from_another_site_is_refused(client: GatewayHarness) -> None:
    assert client.client.post(PATH, data=BORN, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    "rest", ["/remarks", "/remarks/language", "/return", "/confirm", "/sign", "/sign/language", "/withdraw"]
)
def test_a_form_without_the_token_of_this_access_is_refused(opened: GatewayHarness, rest: str) -> None:
    opened.fake_services.asked.clear()
    answer = opened.client.post(PATH + rest, data={"csrf": "0" * 64}, headers=SAME_ORIGIN)
    assert (answer.status_code, asked(opened)) == (403, [])


def test_a_producers_session_is_neither_used_nor_ended(opened: GatewayHarness) -> None:
    opened.client.post(
        "/sign-in", data={"email": "producer@example.com", "password": "demo", "next": "/"}, headers=SAME_ORIGIN
    )
    shown = opened.client.get(PATH).text
    assert "Sign out" not in shown
    assert opened.client.get("/my-hierarchy").status_code == 200


def test_a_remark_is_saved_with_its_field_and_shown_where_it_was_made(opened: GatewayHarness) -> None:
    field = "people[0].date_of_birth"
    answer = post(opened, "/remarks", section="person-1", **{"person-1-field": field, "person-1-remark": "The 15th."})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}#person-1")
    sent = opened.fake_services.last("SaveReviewRemark")
    assert (sent.section, sent.person, sent.field, sent.remark) == (
        "person",
        1,
        "people[0].date_of_birth",
        "The 15th.",
    )
    made = pb.ReviewRemark(step=HOUSEHOLD, field=sent.field, section="person", person=1, remark="The <15th>.")
    opened.fake_services.answers["ReadReview"] = review(remarks=[made])
    shown = opened.client.get(PATH).text
    assert "The &lt;15th&gt;." in shown
    assert "/return" in shown and "/confirm" not in shown
    [button] = read_page(shown, PATH).form(f"{PATH}/remarks").buttons("take_back")
    answer = post(opened, "/remarks", take_back=button["take_back"][0])
    assert answer.headers["location"] == f"{PATH}#person-1"
    sent = opened.fake_services.last("SaveReviewRemark")
    assert (sent.section, sent.person, sent.field, sent.remark) == ("person", 1, field, "")


@pytest.mark.parametrize("remark", ["", "   ", "x" * 1001])
def test_a_remark_without_text_or_too_long_is_refused_where_it_was_made(opened: GatewayHarness, remark: str) -> None:
    typed = {"section": "person-1", "person-1-field": "", "person-1-remark": remark}
    answer = follow(opened, post(opened, "/remarks", **typed))
    assert '<details class="review__wrong" open>' in answer.text
    assert "SaveReviewRemark" not in asked(opened)


def typed_on(page: str, address: str) -> dict[str, str]:
    """What a form of the page holds, by the name of the field."""
    return {name: one for name, [one] in read_page(page, PATH).form(address).fields().items() if one}


PLANS_REMARK = {"plans-field": "", "plans-remark": "Too dear."}
PERSON_REMARK = {"person-1-field": "people[0].date_of_birth", "person-1-remark": "The 15th."}


def test_a_remark_that_is_typed_in_another_section_stays_while_one_is_saved_or_taken_back(
    opened: GatewayHarness,
) -> None:
    for pressed in ({"section": "plans"}, {"take_back": "plans "}):
        shown = follow(opened, post(opened, "/remarks", **pressed, **PLANS_REMARK, **PERSON_REMARK)).text
        assert PERSON_REMARK.items() <= typed_on(shown, f"{PATH}/remarks").items()
        assert shown.count('<details class="review__wrong" open>') == 1 + ("take_back" in pressed)


@pytest.mark.parametrize("rest", ["/return", "/confirm"])
def test_what_is_written_and_not_marked_is_asked_about_at_the_end_of_the_page(
    opened: GatewayHarness, rest: str
) -> None:
    assert f'formaction="{PATH}/confirm"' in opened.client.get(PATH).text
    typed = typed_on(opened.client.get(PATH).text, f"{PATH}/remarks")
    shown = follow(opened, post(opened, rest, **typed | PERSON_REMARK)).text
    page = read_page(shown, PATH)
    assert page.texts["person-1-remark-error"].startswith("Elija") and "plans-remark-error" not in page.texts
    assert PERSON_REMARK.items() <= typed_on(shown, f"{PATH}/remarks").items()
    assert "ReturnReview" not in asked(opened) and "review_shown" not in opened.client.cookies
    assert post(opened, rest, **typed | {"person-1-remark": ""}).headers["location"] in (PATH, f"{PATH}/sign")


def test_remarks_that_are_written_when_the_hour_ends_go_through_the_question(opened: GatewayHarness) -> None:
    def ended(_request: Any, _caller: Caller) -> pb.SaveReviewRemarkResponse:
        raise Forbidden("Again.", code="review_access_ended")

    token = typed_on(opened.client.get(PATH).text, f"{PATH}/remarks")["csrf"]
    opened.fake_services.answers |= {"SaveReviewRemark": ended, "ReadReview": ended}
    typed = {"csrf": token, "section": "plans", **PLANS_REMARK, **PERSON_REMARK}
    answer = opened.client.post(f"{PATH}/remarks", data=typed, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert 'name="plans-remark" value="Too dear."' in answer.text
    kept = typed_on(answer.text, PATH)
    english = follow(opened, opened.client.post(f"{PATH}/language?lang=en", data=kept, headers=SAME_ORIGIN)).text
    assert '<html lang="en">' in english and typed_on(english, PATH) == kept
    opened.fake_services.answers |= {"SaveReviewRemark": pb.SaveReviewRemarkResponse(), "ReadReview": read_link}
    answer = opened.client.post(PATH, data=BORN | kept, headers=SAME_ORIGIN)
    assert answer.headers["location"] == f"{PATH}#plans"
    assert opened.fake_services.last("SaveReviewRemark").remark == "Too dear."
    assert PERSON_REMARK.items() <= typed_on(opened.client.get(PATH).text, f"{PATH}/remarks").items()


def test_another_language_keeps_the_answer_to_the_question_and_no_longer_than_it_is_shown(
    client: GatewayHarness,
) -> None:
    shown = client.client.get(PATH).text
    assert f'form="identity-form" formaction="{PATH}/language?lang=en" formnovalidate' in shown
    asked_before = len(asked(client))
    answer = client.client.post(f"{PATH}/language?lang=en", data=BORN, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert "Sample" not in client.client.cookies["review_form"]
    english = client.client.get(PATH).text
    assert '<html lang="en">' in english and typed_on(english, PATH) == BORN and "-error" not in english
    assert "review_form" not in client.client.cookies
    assert set(asked(client)[asked_before:]) == {"OpenReview"}
    assert all(not one.date_of_birth for name, one, _ in client.fake_services.asked if name == "OpenReview")


def test_another_language_keeps_the_code_and_a_wrong_one_is_typed_anew(client: GatewayHarness) -> None:
    def by_code(request: pb.OpenReviewRequest, _caller: Caller) -> pb.OpenReviewResponse:
        if request.code:
            raise InvalidInput("wrong", code="proof_differs", problems=(Problem("code", "wrong"),))
        return pb.OpenReviewResponse(language="es", proof=pb.REVIEW_PROOF_CODE)

    client.fake_services.answers["OpenReview"] = by_code
    answer = client.client.post(f"{PATH}/language?lang=en", data={"code": "123456"}, headers=SAME_ORIGIN)
    assert typed_on(follow(client, answer).text, PATH) == {"code": "123456"}
    refused = follow(client, client.client.post(PATH, data={"code": "123456"}, headers=SAME_ORIGIN)).text
    assert "code-error" in refused and "123456" not in refused
    for code, is_wrong in (("", True), ("654321", False)):
        answer = client.client.post(f"{PATH}/language?lang=es", data={"code": code}, headers=SAME_ORIGIN)
        assert ("code-error" in follow(client, answer).text) == is_wrong


def test_another_language_repeats_what_is_wrong_until_it_is_changed(client: GatewayHarness) -> None:
    wrong = BORN | {"day": "15"}
    client.client.post(PATH, data=wrong, headers=SAME_ORIGIN)
    for typed, is_wrong in ((wrong, True), (BORN, False)):
        answer = client.client.post(f"{PATH}/language?lang=en", data=typed, headers=SAME_ORIGIN)
        english = follow(client, answer).text
        assert ("do not match the application" in english) == is_wrong and typed_on(english, PATH) == typed


def test_another_language_keeps_remarks_with_what_they_are_about(opened: GatewayHarness) -> None:
    shown = opened.client.get(PATH).text
    assert f'form="remarks" formaction="{PATH}/remarks/language?lang=en" formnovalidate' in shown
    answer = post(opened, "/remarks/language?lang=en", **PERSON_REMARK)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    english = follow(opened, answer).text
    assert '<html lang="en">' in english and PERSON_REMARK.items() <= typed_on(english, f"{PATH}/remarks").items()
    assert "SaveReviewRemark" not in asked(opened) and "-error" not in english
    refused = {"section": "plans", **PERSON_REMARK, "plans-field": "", "plans-remark": ""}
    assert "plans-remark-error" in follow(opened, post(opened, "/remarks", **refused)).text
    for remark, is_wrong in (("", True), ("Too dear.", False)):
        typed = PERSON_REMARK | {"plans-field": "", "plans-remark": remark}
        spanish = follow(opened, post(opened, "/remarks/language?lang=es", **typed)).text
        assert ("plans-remark-error" in spanish) == is_wrong
        assert PERSON_REMARK.items() <= typed_on(spanish, f"{PATH}/remarks").items()


def test_remarks_that_no_cookie_holds_are_shown_in_the_other_language_at_once(opened: GatewayHarness) -> None:
    long = secrets.token_hex(4_000)
    answer = post(opened, "/remarks/language?lang=en", **{"plans-remark": long})
    assert answer.status_code == 200 and long in answer.text and '<html lang="en">' in answer.text


def test_the_client_reads_the_texts_in_the_language_and_signs_what_was_shown(opened: GatewayHarness) -> None:
    assert post(opened, "/confirm", sha256="c" * 64).headers["location"] == f"{PATH}/sign"
    page = opened.client.get(f"{PATH}/sign").text
    assert "A text in es" in page and "Ada Sample" in page
    answer = post(opened, "/sign", sha256="c" * 64, signature="Ada Sample", agreed="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    sent = opened.fake_services.last("SignReview")
    assert (sent.sha256, sent.language, sent.signature, sent.agreed) == ("c" * 64, "es", "Ada Sample", True)


def test_what_changed_since_it_was_shown_leads_back_to_read_it_again(opened: GatewayHarness) -> None:
    post(opened, "/confirm", sha256="d" * 64)
    answer = opened.client.get(f"{PATH}/sign")
    assert answer.headers["location"] == f"{PATH}?changed=1"
    assert "La solicitud cambió" in opened.client.get(answer.headers["location"]).text
    opened.fake_services.answers["SignReview"] = Stale("Changed.", code="review_content_changed")
    answer = post(opened, "/sign", sha256="d" * 64, signature="Ada Sample", agreed="yes")
    assert answer.headers["location"] == f"{PATH}?changed=1"


@pytest.mark.parametrize("fields", [{"signature": "Ada Sample"}, {"agreed": "yes"}, {}])
def test_a_signature_needs_the_name_and_the_box(opened: GatewayHarness, fields: dict[str, str]) -> None:
    post(opened, "/confirm", sha256="c" * 64)
    answer = follow(opened, post(opened, "/sign", sha256="c" * 64, **fields))
    assert 'aria-invalid="true"' in answer.text
    assert "SignReview" not in asked(opened)


def test_another_language_keeps_the_name_and_asks_for_the_box_under_the_texts_as_they_are_shown(
    opened: GatewayHarness,
) -> None:
    post(opened, "/confirm", sha256="c" * 64)
    shown = follow(opened, post(opened, "/sign", signature="Ada Sample")).text
    assert f'form="sign-form" formaction="{PATH}/sign/language?lang=en" formnovalidate' in shown
    answer = post(opened, "/sign/language?lang=en", signature="Ada Sample")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/sign")
    english = follow(opened, answer).text
    assert '<html lang="en">' in english and 'value="Ada Sample"' in english and "agreed-error" in english
    answer = post(opened, "/sign/language?lang=es", signature="Ada Sample", agreed="yes")
    spanish = follow(opened, answer).text
    assert 'value="Ada Sample"' in spanish and "-error" not in spanish and " checked" not in spanish
    assert "SignReview" not in asked(opened)


def test_another_name_is_said_in_the_language_with_the_name_to_type(opened: GatewayHarness) -> None:
    opened.fake_services.answers["SignReview"] = InvalidInput.at("signature", "x", code="signature_differs")
    post(opened, "/confirm", sha256="c" * 64)
    answer = follow(opened, post(opened, "/sign", sha256="c" * 64, signature="Ben Sample", agreed="yes"))
    assert "Escriba el nombre como está en la solicitud: Ada Sample." in answer.text
    assert 'value="Ben Sample"' in answer.text


def test_an_application_that_was_submitted_meanwhile_can_not_be_signed(opened: GatewayHarness) -> None:
    opened.fake_services.answers["SignReview"] = Conflict("x", code="already_submitted")
    answer = post(opened, "/sign", sha256="c" * 64, signature="Ada Sample", agreed="yes")
    assert answer.status_code == 409
    assert "Esta solicitud ya no se puede firmar" in answer.text


def test_a_second_click_on_sign_leads_to_the_signed_page(opened: GatewayHarness) -> None:
    opened.fake_services.answers["SignReview"] = Conflict("x", code="review_answered")
    answer = post(opened, "/sign", sha256="c" * 64, signature="Ada Sample", agreed="yes")
    assert answer.headers["location"] == PATH


def test_after_signing_the_client_sees_what_was_signed_and_takes_it_back(opened: GatewayHarness) -> None:
    opened.fake_services.answers["ReadReview"] = review(pb.REVIEW_STATUS_SIGNED, consent=consent())
    shown = opened.client.get(PATH).text
    assert "Gracias. Usted ha firmado." in shown and "20 de mayo de 2026" in shown and "c" * 64 in shown
    refused = follow(opened, post(opened, "/withdraw"))
    assert 'aria-invalid="true"' in refused.text
    assert "WithdrawReview" not in asked(opened)
    assert post(opened, "/withdraw", withdraw="yes").headers["location"] == PATH
    assert "WithdrawReview" in asked(opened)


@pytest.mark.parametrize(
    ("status", "said", "not_said"),
    [
        (pb.REVIEW_STATUS_WITHDRAWN, "pregunte cómo dar un nuevo consentimiento", "pida un enlace nuevo"),
        (pb.REVIEW_STATUS_OUTDATED, "La solicitud fue enviada, cancelada o venció", "le enviará un enlace nuevo"),
        (pb.REVIEW_STATUS_RETURNED, "La solicitud fue enviada, cancelada o venció", "le enviará un enlace nuevo"),
    ],
)
def test_no_new_link_is_promised_for_an_application_that_can_no_longer_be_signed(
    opened: GatewayHarness, status: Any, said: str, not_said: str
) -> None:
    opened.fake_services.answers["ReadReview"] = review(status, closed=True)
    shown = opened.client.get(PATH).text
    assert said in shown and not_said not in shown
    opened.fake_services.answers["ReadReview"] = review(status)
    shown = opened.client.get(PATH).text
    assert said not in shown and not_said in shown


def test_an_unanswered_link_of_a_closed_application_says_so_instead_of_asking_for_remarks(
    opened: GatewayHarness,
) -> None:
    opened.fake_services.answers["ReadReview"] = review(closed=True)
    answer = opened.client.get(PATH)
    assert answer.status_code == 409 and "Esta solicitud ya no se puede firmar" in answer.text
    assert "<form" not in answer.text.partition("<main")[2]
    assert opened.client.get(f"{PATH}/sign", follow_redirects=False).headers["location"] == PATH


def test_a_returned_review_shows_what_was_sent(opened: GatewayHarness) -> None:
    made = pb.ReviewRemark(step=PLANS, section="plans", remark="Too dear.")
    opened.fake_services.answers["ReadReview"] = review(pb.REVIEW_STATUS_RETURNED, remarks=[made])
    shown = opened.client.get(PATH).text
    assert "Sus comentarios se enviaron" in shown and "Too dear." in shown
    assert "<form" not in shown
