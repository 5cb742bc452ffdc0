"""Everything after Submit in a browser: paying in English and Spanish, proof, cancellation, a submission that fails."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import accumulate

from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfWriter

from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from deploy.local.waiting import wait_until
from services.enrollment.usecases.retry_stuck_submissions import WAITS
from tests.browser.checks import check_page
from tests.browser.conftest import TODAY, PageOpener
from tests.browser.prepared import choose_latest_date
from tests.integration.test_failed_submissions import ask_after, nobody_reaches_quote, status_of

PRODUCER = "producer@example.com"
# Numbers of the pretended bank.
APPROVED, DECLINED, LATE = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 0259"
# A page that waits for its payment asks every second; the late card is answered after three.
SOON = 6_000


def submitted(api: Api, *, ahead: bool = False) -> str:
    """Record number of a submitted application of a family of four; ``ahead``: with coverage from next month on."""
    journey = Journey(api, date.fromisoformat(TODAY))
    journey.until_ready()
    if ahead:
        choose_latest_date(api, journey)
    journey.submit()
    return journey.record_number


def open_payment(page: Page, button: str) -> Page:
    """The payment page, in the new tab that the button opens."""
    with page.context.expect_page() as opened:
        page.locator("#payment").get_by_role("link", name=re.compile(f"^{button}")).click()
    opened.value.wait_for_load_state()
    return opened.value


def fill_card(page: Page, number: str) -> None:
    page.locator("#method-card").check()
    page.locator("#card_number").fill(number)
    page.locator("#card_expires").fill("12/30")
    page.locator("#card_security_code").fill("123")
    page.locator("#payer").select_option("family")
    page.locator("#accept_terms").check()


def scan(content: bytes) -> FilePayload:
    return {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": content}


def payment_status(page: Page) -> str:
    return page.locator("#payment .details__status").inner_text()


def test_a_payment_in_spanish_is_declined_tried_again_and_successful_without_a_reload(producer: Page, api: Api) -> None:
    number = submitted(api)
    producer.goto(f"/applications/{number}")
    check_page(producer, "details-not-started")
    paying = open_payment(producer, "Pay Now")
    paying.get_by_role("button", name="Español").click()
    expect(paying.get_by_role("heading", level=1)).to_have_text("Hacer un pago")
    assert paying.locator("html").get_attribute("lang") == "es"
    check_page(paying, "payment-es")
    paying.get_by_role("button", name="Revisar los datos del pago").click()
    expect(paying.get_by_role("alert")).to_contain_text("Elija un método de pago")
    check_page(paying, "payment-es-errors")
    fill_card(paying, DECLINED)
    paying.get_by_role("button", name="Revisar los datos del pago").click()
    expect(paying.get_by_role("heading", level=1)).to_have_text("Revisar los datos del pago")
    expect(paying.get_by_text("Visa que termina en 0002")).to_be_visible()
    check_page(paying, "payment-es-review")
    paying.get_by_role("button", name="Cancelar").click()
    expect(paying.get_by_role("button", name="No, no cancelar")).to_be_focused()
    check_page(paying, "payment-es-cancel")
    paying.keyboard.press("Enter")
    paying.locator("#agree").check()
    paying.get_by_role("button", name="Enviar el pago y continuar").click()
    paying.wait_for_url(f"**/applications/{number}")
    assert payment_status(paying) == "Failed"
    expect(paying.locator("#payment")).to_contain_text("The card was declined.")
    expect(producer.locator("#payment")).to_contain_text("The card was declined.", timeout=SOON)
    check_page(producer, "details-declined")
    paying.close()

    again = open_payment(producer, "Try Again")
    expect(again.get_by_role("status")).to_contain_text("La tarjeta fue rechazada.")
    fill_card(again, LATE)
    again.get_by_role("button", name="Revisar los datos del pago").click()
    again.locator("#agree").check()
    again.get_by_role("button", name="Enviar el pago y continuar").click()
    again.wait_for_url(f"**/applications/{number}")
    assert payment_status(again) == "Pending"
    expect(again.locator("#payment .details__status")).to_have_text("Successful", timeout=SOON)
    expect(again.locator("#payment-word")).to_have_text("Successful")
    expect(again.locator("#payment")).to_contain_text("Visa ending 0259")
    expect(producer.locator("#payment .details__status")).to_have_text("Successful", timeout=SOON)
    expect(producer.get_by_text("Pay Now was chosen.")).to_have_count(0)
    check_page(again, "details-successful")


def test_a_panel_that_asks_by_itself_keeps_the_focus_where_it_is(producer: Page, api: Api) -> None:
    number = submitted(api)
    producer.goto(f"/applications/{number}")
    button = producer.locator("#payment").get_by_role("link", name=re.compile("^Pay Now"))
    button.focus()
    for polls in (2, 3):
        with producer.expect_response(re.compile(rf"/payment\?polls={polls}$")):
            pass
    expect(button).to_be_focused()


def test_a_cancelled_payment_is_made_later_from_a_bank_account_without_javascript(
    open_page: PageOpener, api: Api
) -> None:
    page = open_page(PRODUCER, javascript=False)
    number = submitted(api)
    page.goto(f"/applications/{number}")
    paying = open_payment(page, "Pay Now")
    fill_card(paying, APPROVED)
    paying.get_by_role("button", name="Cancel", exact=True).click()
    paying.get_by_role("button", name="Yes, Cancel").click()
    paying.wait_for_url(f"**/applications/{number}")
    assert payment_status(paying) == "Bill later"
    again = open_payment(paying, "Pay Now")
    again.get_by_label("New Bank Account").check()
    again.get_by_label("Checking").check()
    again.get_by_label("Name on the account").fill("Ada Sample")
    again.locator("#routing_number").fill("110000000")
    again.locator("#account_number").fill("000123456789")
    again.locator("#autopay").check()
    again.locator("#payer").select_option("family")
    again.locator("#accept_terms").check()
    again.get_by_role("button", name="Review Payment Details").click()
    again.locator("#agree").check()
    again.get_by_role("button", name="Submit Payment and Proceed").click()
    again.wait_for_url(f"**/applications/{number}")
    expect(again.locator("#payment .details__status")).to_have_text("Successful", timeout=SOON)
    expect(again.locator("#payment")).to_contain_text("Checking account ending 6789")
    expect(again.locator("#payment")).to_contain_text(re.compile("Account holder *Ada Sample *Autopay agreed"))
    again.get_by_role("link", name="Cancel autopay").click()
    seen = open_page(PRODUCER)
    seen.goto(again.url)
    check_page(seen, "autopay-cancellation")
    seen.goto(f"/applications/{number}/termination")
    expect(seen.get_by_text("Automatic payments stay on until they are cancelled.")).to_be_visible()
    expect(seen.get_by_role("link", name="Cancel autopay")).to_be_visible()
    check_page(seen, "termination-autopay")
    again.get_by_role("button", name="Yes, Cancel Autopay").click()
    again.wait_for_url(f"**/applications/{number}#payment")
    expect(again.locator("#payment")).to_contain_text("Autopay cancelled")
    expect(again.get_by_role("link", name="Cancel autopay")).to_have_count(0)


def test_proof_of_a_birth_is_refused_corrected_and_listed(producer: Page, api: Api) -> None:
    number = submitted(api)
    producer.goto(f"/applications/{number}")
    producer.get_by_role("link", name="Upload Document").click()
    check_page(producer, "proof-documents")
    producer.get_by_label("Birth certificate").check()
    producer.get_by_label("File").set_input_files(scan(b"this is no PDF"))
    producer.get_by_role("button", name="Upload Document").click()
    expect(producer.locator("#file-error")).to_be_visible()
    expect(producer.locator(".error-summary")).to_be_focused()
    expect(producer.get_by_label("Birth certificate")).to_be_checked()
    check_page(producer, "proof-documents-refused")
    writer, content = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.write(content)
    producer.get_by_label("File").set_input_files(scan(content.getvalue()))
    producer.get_by_role("button", name="Upload Document").click()
    producer.wait_for_url(f"**/applications/{number}#documents")
    with producer.expect_download() as saved:
        producer.get_by_role("link", name=re.compile("^Birth certificate.* 1$")).click()
    assert saved.value.suggested_filename == f"{number}-proof-1.pdf"


def test_an_application_is_cancelled_in_a_dialog_by_keyboard(producer: Page, api: Api) -> None:
    number = submitted(api, ahead=True)
    producer.goto(f"/applications/{number}")
    producer.get_by_role("link", name="Cancel this application").focus()
    producer.keyboard.press("Enter")
    question = producer.get_by_role("dialog")
    expect(question).to_be_visible()
    check_page(producer, "cancel-dialog")
    question.get_by_label("The client has or gets other coverage").focus()
    producer.keyboard.press("Space")
    question.get_by_label("The client", exact=True).focus()
    producer.keyboard.press("Space")
    question.get_by_role("button", name="Yes, Cancel Application").focus()
    producer.keyboard.press("Enter")
    expect(producer.get_by_text("Cancelled on")).to_have_count(2)
    expect(producer.get_by_text("Ready to submit")).to_have_count(0)
    expect(producer.get_by_role("link", name=re.compile("View Application PDF"))).to_be_visible()
    check_page(producer, "details-cancelled")


def test_an_application_is_cancelled_on_a_page_without_javascript(open_page: PageOpener, api: Api) -> None:
    page = open_page(PRODUCER, javascript=False)
    number = submitted(api, ahead=True)
    page.goto(f"/applications/{number}")
    page.get_by_role("link", name="Cancel this application").click()
    page.get_by_label("The client no longer wants the coverage").check()
    page.get_by_label("The client", exact=True).check()
    page.get_by_role("button", name="Yes, Cancel Application").click()
    expect(page.get_by_text("The client no longer wants the coverage")).to_be_visible()


def test_a_submission_that_fails_says_so_by_itself_and_leads_back(producer: Page, portal: LocalSuite, api: Api) -> None:
    journey = Journey(api, date.fromisoformat(TODAY))
    journey.until_ready()
    path = f"/applications/{journey.record_number}"
    version = journey.application["version"]
    with nobody_reaches_quote(portal), ThreadPoolExecutor(1) as pool:
        sent = pool.submit(api.post_on, f"{path}/submission", {}, version)
        assert wait_until(lambda: status_of(portal, journey) == "submitting", 30)
        producer.goto(path)
        expect(producer.get_by_text("The application is being submitted")).to_be_visible()
        check_page(producer, "details-submitting")
        assert [ask_after(portal, wait) for wait in accumulate(WAITS)] == [1] * len(WAITS)
        sent.result()
    producer.wait_for_url(f"**{path}/submission-failed")
    expect(producer.get_by_role("heading", level=1)).to_have_text("Submission Failed")
    check_page(producer, "submission-failed")
    producer.get_by_role("link", name="Return to Application").click()
    producer.wait_for_url(f"**{path}/steps/signatures*")
    producer.goto(path)
    check_page(producer, "details-failed")


def test_a_delegate_finds_a_number_by_typing_and_starts(delegate: Page) -> None:
    delegate.goto("/applications/new")
    delegate.get_by_label("Writing Producer Number").press_sequentially("1078")
    expect(delegate.get_by_text("CRAVEN, FAZILA").first).to_be_visible()
    expect(delegate.get_by_role("radio")).to_be_checked()
    check_page(delegate, "start-delegate")
    delegate.get_by_role("button", name="Start Application").click()
    delegate.wait_for_url("**/steps/general*")
