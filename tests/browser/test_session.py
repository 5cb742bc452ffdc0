"""A session that ends in front of somebody: the warning, the password over the page, the form without JavaScript."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from chassis.db import Database
from deploy.local.suite import LocalSuite
from gateway.store.tables import sessions
from tests.browser.checks import check_page
from tests.browser.conftest import PageOpener, outlast_cache, sign_in

MINUTES = 60_000


def end_sessions(portal: LocalSuite) -> None:
    """As if everybody had gone for lunch."""
    database = Database(portal.databases["gateway"])
    with database.engine.begin() as connection:
        ended = sessions.c.last_seen_at - timedelta(minutes=20)
        connection.execute(sessions.update().values(last_seen_at=ended))
    database.close()


def ask_for_page(page: Page) -> None:
    """As a script of the page does. The answer is told in an attribute: pages forbid the eval of wait_for_function."""
    page.evaluate("void fetch('/resources').then(({ status }) => { document.documentElement.dataset.got = status; })")


def start(page: Page, *, clock: bool = True) -> Page:
    """Signed in on its own, with time that the test moves."""
    if clock:
        page.clock.install()
    sign_in(page, "producer@example.com")
    page.goto("/resources")
    return page


def test_warning_comes_two_minutes_before_the_end_and_staying_is_one_click(visitor: Page) -> None:
    start(visitor).clock.run_for(12 * MINUTES)
    warning = visitor.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_have_count(0)
    visitor.clock.run_for(70_000)
    expect(warning).to_be_visible()
    check_page(visitor, "session-warning")
    visitor.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_have_count(0)
    visitor.clock.run_for(12 * MINUTES)
    expect(warning).to_have_count(0)


def test_typing_keeps_the_session(visitor: Page) -> None:
    start(visitor)
    visitor.evaluate("document.querySelector('main').append(document.createElement('textarea'))")
    # what the page tells other tabs once it has noted an answer: time that moved before would count as the answer's
    visitor.evaluate("""() => {
        let kept = 0;
        window.tabs = new BroadcastChannel("session");
        window.tabs.onmessage = () => { document.documentElement.dataset.kept = ++kept; };
    }""")
    for times, letter in enumerate("Ada", start=1):
        visitor.clock.run_for(7 * MINUTES)
        visitor.locator("main textarea").press(letter)
        expect(visitor.locator("html")).to_have_attribute("data-kept", str(times))
    expect(visitor.get_by_role("dialog")).to_have_count(0)


def test_password_over_the_page_goes_on_with_what_was_asked(visitor: Page, portal: LocalSuite) -> None:
    start(visitor)
    end_sessions(portal)
    visitor.clock.run_for(2_000)
    outlast_cache(visitor)
    ask_for_page(visitor)
    ended = visitor.get_by_role("dialog", name="Your session ended")
    expect(ended).to_be_visible()
    check_page(visitor, "session-ended")
    visitor.keyboard.press("Escape")
    expect(ended).to_be_visible()
    visitor.get_by_label("Password of producer@example.com").fill("wrong")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("password is incorrect")).to_be_visible()
    check_page(visitor, "session-ended-refused")
    visitor.get_by_label("Password of producer@example.com").fill("demo")
    visitor.get_by_role("button", name="Sign in").click()
    expect(ended).to_have_count(0)
    expect(visitor.locator("html")).to_have_attribute("data-got", "200")
    visitor.get_by_role("button", name="Sign out").click()  # the page's own form has a token of the new session
    expect(visitor.get_by_text("You are signed out.")).to_be_visible()


def test_page_goes_on_after_the_same_person_signs_in_again_in_another_tab(visitor: Page) -> None:
    start(visitor, clock=False)
    other = visitor.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    ended = visitor.get_by_role("dialog", name="Your session ended")
    expect(ended).to_be_visible()
    sign_in(other, "producer@example.com")
    expect(ended).to_have_count(0)
    visitor.get_by_role("button", name="Sign out").click()  # the page's own form has a token of the new session
    expect(visitor.get_by_text("You are signed out.")).to_be_visible()


def test_page_asks_for_its_own_person_when_somebody_else_signs_in_in_another_tab(visitor: Page) -> None:
    start(visitor, clock=False)
    other = visitor.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    sign_in(other, "delegate@example.com")
    expect(visitor.get_by_role("dialog", name="Your session ended")).to_be_visible()
    expect(other.get_by_role("dialog")).to_have_count(0)
    visitor.get_by_label("Password of producer@example.com").fill("demo")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("dialog")).to_have_count(0)
    expect(other.get_by_role("dialog", name="Your session ended")).to_be_visible()


def test_form_sent_after_the_end_is_sent_again_without_javascript(open_page: PageOpener, portal: LocalSuite) -> None:
    page = open_page(javascript=False)
    sign_in(page, "producer@example.com")
    page.goto("/quotes/new")
    page.locator("input[name=zip]").fill("60601")
    end_sessions(portal)
    outlast_cache(page)
    page.get_by_role("button", name="Add Spouse").click()
    expect(page.get_by_text("What you typed was kept")).to_be_visible()
    page.get_by_label("Email address").fill("producer@example.com")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Go on where you were")).to_be_visible()
    page.get_by_role("button", name="Continue with what I typed").click()
    expect(page.get_by_role("heading", name="Spouse")).to_be_visible()
    expect(page.locator("input[name=zip]")).to_have_value("60601")


def read_all(page: Page) -> str:
    """Everything that the page holds, and what was typed into it."""
    held: str = page.evaluate("""
        [document.documentElement.outerHTML, ...[...document.querySelectorAll('input')].map((one) => one.value)].join()
    """)
    return held


def test_page_whose_session_ended_shows_and_holds_nothing_until_its_person_is_back(
    visitor: Page, portal: LocalSuite
) -> None:
    start(visitor).goto("/quotes/new")
    visitor.locator("input[name=zip]").fill("60601")
    visitor.get_by_role("searchbox").fill("Beatrix")
    assert "60601" in read_all(visitor) and "Beatrix" in read_all(visitor), "the control"
    end_sessions(portal)
    visitor.clock.run_for(16 * MINUTES)
    expect(visitor.get_by_role("dialog", name="Your session ended")).to_be_visible()
    expect(visitor).to_have_title("Your session ended")
    assert "60601" not in read_all(visitor) and "Beatrix" not in read_all(visitor)
    assert visitor.locator("main *").count() == 0
    visitor.get_by_label("Password of producer@example.com").fill("demo")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.locator("input[name=zip]")).to_have_value("60601")
    expect(visitor.get_by_role("searchbox")).to_have_value("Beatrix")
    visitor.get_by_role("button", name="Add Spouse").click()  # the form has the token of the new session
    expect(visitor.get_by_role("heading", name="Spouse")).to_be_visible()


def test_dialog_of_a_page_is_back_in_front_of_it(visitor: Page, portal: LocalSuite) -> None:
    start(visitor)
    visitor.evaluate("""() => {
        const dialog = document.createElement('dialog');
        dialog.textContent = 'About a client';
        document.querySelector('main').append(dialog);
        dialog.showModal();
    }""")
    end_sessions(portal)
    visitor.clock.run_for(16 * MINUTES)
    expect(visitor.get_by_text("About a client")).to_have_count(0)
    visitor.get_by_label("Password of producer@example.com").fill("demo")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("About a client")).to_be_visible()
    assert visitor.evaluate("document.querySelector('main dialog').matches(':modal')")


def test_nothing_is_behind_the_back_button_after_a_sign_out(visitor: Page) -> None:
    start(visitor, clock=False).goto("/clients")
    visitor.get_by_role("button", name="Sign out").click()
    expect(visitor.get_by_text("You are signed out.")).to_be_visible()
    visitor.go_back()
    expect(visitor.get_by_label("Email address")).to_be_visible()
    assert visitor.locator("nav").count() == 0
