"""Nothing typed is lost, nothing is overwritten: a session that ends, two tabs, the back button, double clicks."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.checks import check_page
from tests.browser.conftest import sign_in
from tests.browser.enrollment import Enrollment, add_life_event, add_person, start_application

PHONE = "Primary Phone"


def open_household(page: Page) -> Enrollment:
    enrollment = start_application(page)
    enrollment.open_step("household")
    enrollment.arrive("Applicant Information")
    return enrollment


def test_what_was_typed_before_the_session_ended_is_there_after_signing_in(producer: Page) -> None:
    enrollment = open_household(producer)
    enrollment.fill(PHONE, "312 555 0142")
    expect(producer.locator("#autosave")).to_contain_text("Draft kept")
    producer.context.clear_cookies()
    enrollment.open_step("household")
    sign_in(producer, "producer@example.com")
    enrollment.open_step("household")
    expect(enrollment.field_of(PHONE)).to_have_value("312 555 0142")
    expect(producer.get_by_text("did not save yet")).to_be_visible()
    check_page(producer, "draft-kept")


def test_an_entry_in_which_nothing_was_typed_is_not_stored(producer: Page) -> None:
    enrollment = open_household(producer)
    enrollment.next("Add Dependent", "+ Add Dependent")
    enrollment.press("Save")
    expect(producer.locator(".error-summary")).to_be_focused()
    expect(producer.locator(".error-summary")).to_contain_text("Enter the last name")
    check_page(producer, "dependent-errors")
    enrollment.next("Applicant Information", "Cancel")
    expect(producer.get_by_text("Nobody yet.")).to_be_visible()


def test_typing_into_an_entry_that_was_removed_elsewhere_is_answered_beside_the_buttons(producer: Page) -> None:
    enrollment = open_household(producer)
    child = {"First Name": "Kim", "Last Name": "Sample", "Date of Birth": "2/4/2016"}
    add_person(enrollment, "+ Add Dependent", child, "Female")
    enrollment.press("Edit Kim Sample")
    enrollment.arrive("Edit Person")
    other = Enrollment(producer.context.new_page(), enrollment.number)
    other.open_step("household")
    other.press("Remove Kim Sample")
    other.next("Applicant Information", "Yes, Remove")
    enrollment.fill("First Name", "Kimberly")
    told = producer.locator("#autosave")
    expect(told).to_contain_text("This person was removed from the application meanwhile")
    expect(enrollment.field_of("First Name")).to_have_value("Kimberly")
    check_page(producer, "removed-elsewhere")
    told.get_by_role("link", name="Back to the list").click()
    enrollment.arrive("Applicant Information")


def test_two_tabs_that_change_one_field_are_a_question(producer: Page) -> None:
    first = open_household(producer)
    second = Enrollment(producer.context.new_page(), first.number)
    second.open_step("household")
    second.fill(PHONE, "312 555 0122")
    second.fill("City", "Peoria", "Home Address")
    second.press("Next")
    expect(second.page.locator(".error-summary")).to_be_focused()
    first.fill(PHONE, "312 555 0111")
    first.press("Next")
    conflicts = producer.get_by_role("region", name="This application was changed while you were working on it")
    expect(conflicts).to_be_focused()
    expect(conflicts).to_contain_text("312 555 0111")
    expect(conflicts).to_contain_text("312 555 0122")
    check_page(producer, "conflict")
    conflicts.locator("label").filter(has_text="What you entered").click()
    first.press("Next")
    expect(first.field_of(PHONE)).to_have_value("312 555 0111")
    expect(first.field_of("City", "Home Address")).to_have_value("Peoria")


def test_what_an_answer_has_hidden_again_is_neither_sent_nor_asked_about(producer: Page) -> None:
    enrollment, question = open_household(producer), "Is Mailing Address different"
    street = producer.locator('[name="mailing_address.street"]')
    enrollment.choose(question, "Yes")
    street.fill("PO Box 12")
    enrollment.choose(question, "No")
    expect(street).to_be_hidden()
    enrollment.press("Next")
    expect(producer.locator(".error-summary")).to_be_focused()  # of what the step still lacks
    expect(producer.locator("#mailing_differs-error")).to_have_count(0)
    enrollment.choose(question, "Yes")
    expect(street).to_have_value("")


def test_back_after_each_post_shows_a_page_and_sends_nothing_twice(producer: Page) -> None:
    enrollment = start_application(producer)
    add_life_event(enrollment, "Loss of coverage", "5/2/2026")
    producer.go_back()
    enrollment.arrive("Life Event")
    enrollment.press("Save")
    expect(producer.locator(".error-summary")).to_be_focused()  # the page is an empty one again
    enrollment.press("Cancel")
    enrollment.open_step("general")
    expect(producer.locator("#life_events tbody tr")).to_have_count(1)
    enrollment.press("Calculate Effective Date")
    if producer.get_by_role("button", name="Use This Date").is_visible():
        enrollment.press("Use This Date")
    enrollment.next("Applicant Information")
    producer.go_back()
    enrollment.arrive("General Information")
    enrollment.next("Applicant Information")


def test_double_clicks_add_once_and_go_on_once(producer: Page) -> None:
    enrollment = start_application(producer)
    enrollment.next("Life Event", "Add Life Event")
    enrollment.select("Life Event", "Birth")
    enrollment.fill("Date of Event", "5/10/2026")
    producer.get_by_role("button", name="Save", exact=True).dblclick()
    enrollment.arrive("General Information")
    expect(producer.locator("#life_events tbody tr")).to_have_count(1)
    producer.get_by_role("button", name="Calculate Effective Date").click()
    enrollment.next("General Information", "Use This Date")
    producer.get_by_role("button", name="Next", exact=True).dblclick()
    enrollment.arrive("Applicant Information")
    enrollment.next("Add Dependent", "+ Add Dependent")
    enrollment.fill_all({"First Name": "Kim", "Last Name": "O'Brien", "Date of Birth": "02042016"})
    enrollment.choose("Sex", "Female")
    producer.get_by_role("button", name="Save", exact=True).dblclick()
    enrollment.arrive("Applicant Information")
    expect(producer.locator("#people tbody tr")).to_have_count(1)
    child = {"First Name": "Lee", "Last Name": "O'Brien", "Date of Birth": "02042017"}
    add_person(enrollment, "+ Add Dependent", child, "Male")
    expect(producer.locator("#people tbody tr")).to_have_count(2)
