"""The payment page in the payer's language, from the first page to the refusals."""

from __future__ import annotations

from tests.integration.services.payment.harness import BANK, CARD, Browser, PaymentHarness


def test_the_language_that_is_chosen_stays_for_pages_errors_and_refusals(
    payments: PaymentHarness, browser: Browser
) -> None:
    payments.open("A-0301")
    browser.go(payments.link("A-0301"))
    assert 'lang="en"' in browser.text and "Make a Payment" in browser.text
    shown = browser.go(browser.page.replace("/pay", "/language/es?back=/pay"))
    assert shown.headers["content-language"] == "es" and "Hacer un pago" in shown.text
    refused = browser.post("/pay", {"method": "card"})
    assert refused.request.method == "GET" and "Escriba el n\u00famero de tarjeta" in refused.text
    assert "Enter the" not in refused.text and "Check the following" not in refused.text
    browser.post("/pay", CARD)
    assert "Revisar los datos del pago" in browser.text and "Visa que termina en" in browser.text
    forged = browser.post("/pay/submit", {"agree": "yes"}, token="0" * 64)
    assert forged.status_code == 403 and "Este formulario ha vencido" in forged.text


def test_another_language_keeps_what_was_chosen_and_no_number(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0306")
    browser.go(payments.link("A-0306"))
    assert 'formaction="/language/es"' in browser.text
    shown = browser.post("/language/es", BANK | {"payer": "tribe"})
    assert shown.request.method == "GET" and "Hacer un pago" in shown.text
    assert '<option value="tribe" selected>' in shown.text and 'value="Ada Sample"' in shown.text
    assert not any(number in shown.text for number in (BANK["account_number"], BANK["routing_number"]))
    assert BANK["account_number"] not in str(shown.url) and 'role="alert"' not in shown.text
    refused = browser.post("/pay", {"method": "card", "payer": "tribe"})
    assert "Escriba el n\u00famero de tarjeta" in refused.text
    back = browser.post("/language/en", {"method": "card", "payer": "trustee"})
    assert 'href="#card_number"' in back.text and '<option value="trustee" selected>' in back.text
    assert browser.post("/language/es", BANK, token="0" * 64).status_code == 403


def test_another_language_says_what_is_still_wrong_and_not_what_is_right_by_now(
    payments: PaymentHarness, browser: Browser
) -> None:
    payments.open("A-0307")
    browser.go(payments.link("A-0307"))
    typed = {"method": "card", "card_expires": CARD["card_expires"], "account_holder": "Sample Family Trust 2019"}
    browser.post("/pay", typed)
    assert {f'href="#{one}"' in browser.text for one in ("card_number", "card_security_code", "payer")} == {True}
    mended = typed | {"card_number": CARD["card_number"], "payer": "trustee", "card_expires": ""}
    shown = browser.post("/language/es", mended).text
    assert 'href="#card_security_code"' in shown and 'href="#accept_terms"' in shown
    assert not any(f'href="#{one}"' in shown for one in ("card_number", "payer", "card_expires"))
    assert 'value="Sample Family Trust 2019"' in shown and CARD["card_number"] not in shown
    assert 'role="alert"' not in browser.post("/language/en", CARD).text


def test_the_browser_decides_until_somebody_chooses(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0302")
    browser.http.headers["Accept-Language"] = "es-MX,es;q=0.9,en;q=0.5"
    browser.go(payments.link("A-0302"))
    assert "Hacer un pago" in browser.text
    browser.http.headers["Accept-Language"] = "fr"
    assert "Make a Payment" in browser.go(browser.page).text


def test_a_choice_of_language_leads_to_our_own_pages_alone_and_an_unknown_one_changes_nothing(
    payments: PaymentHarness, browser: Browser
) -> None:
    payments.open("A-0303")
    browser.go(payments.link("A-0303"))
    for back in ("https://evil.example", "//evil.example", "/pay/submit", ""):
        answer = browser.http.get(browser.page.replace("/pay", f"/language/es?back={back}"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/pay")
    unknown = browser.go(browser.page.replace("/pay", "/language/xx?back=/terms"))
    assert 'lang="es"' in unknown.text and "T\u00e9rminos de uso" in unknown.text


def test_the_terms_lead_back_to_the_payment_in_both_languages(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0305")
    browser.go(payments.link("A-0305"))
    english, spanish = (browser.page.replace("/pay", to) for to in ("/terms", "/language/es?back=/terms"))
    assert 'href="/pay">Back to the payment' in browser.go(english).text
    assert 'href="/pay">Volver al pago' in browser.go(spanish).text


def test_language_assistance_leads_back_to_the_payment(payments: PaymentHarness, browser: Browser) -> None:
    payments.open("A-0304")
    browser.go(payments.link("A-0304"))
    shown = browser.go(browser.page.replace("/pay", "/language-assistance")).text
    assert 'href="/pay">Back to the payment' in shown and 'lang="es"' in shown
