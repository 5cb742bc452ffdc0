"""The error summary: in the order of the page, each line with the name of its field."""

from __future__ import annotations

import pytest

from gateway.pages.error_summary import complete_error_summary

FIELDS = """
<label for="zip">ZIP code <span class="optional">(optional)</span></label><input id="zip">
<section><h2>Primary applicant</h2>
<label for="members-0-date_of_birth">Date of birth</label><input id="members-0-date_of_birth">
<fieldset id="members-0-sex"><legend><b>Sex</b></legend><input id="members-0-sex-female"></fieldset></section>
<section><h2>Spouse</h2><label for="members-1-date_of_birth">Date of birth</label><input id="members-1-date_of_birth">
</section>
"""


def summary(*problems: tuple[str, str]) -> str:
    lines = "".join(f'<li data-field="{field}">{message}</li>' for field, message in problems)
    page = f'<title>New Quote</title><ul class="x" data-error-summary>{lines}</ul>{FIELDS}'
    return complete_error_summary(page).replace(FIELDS, "")


def test_lines_follow_the_order_of_the_fields_and_name_them() -> None:
    found = summary(("members[0].sex", "Choose one."), ("zip", "Enter a value."))
    assert found.index('<a href="#zip">ZIP code: Enter a value.</a>') < found.index(
        '<a href="#members-0-sex">Sex: Choose one.</a>'
    )


def test_line_says_whose_field_it_is_when_two_have_the_same_label() -> None:
    found = summary(("members[1].date_of_birth", "Enter a date."))
    assert '<a href="#members-1-date_of_birth">Date of birth (Spouse): Enter a date.</a>' in found


def test_label_is_not_repeated_when_the_message_has_it() -> None:
    assert '<a href="#zip">This ZIP code is not in Illinois.</a>' in summary(
        ("zip", "This ZIP code is not in Illinois.")
    )


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Enter the date of birth.", "Spouse: Enter the date of birth."),
        ("The spouse is 9 on 6/1/2026.", "Date of birth: The spouse is 9 on 6/1/2026."),
        ("The date of birth makes the spouse 9.", "The date of birth makes the spouse 9."),
        ("Check the year.", "Date of birth (Spouse): Check the year."),
    ],
)
def test_neither_the_field_nor_its_owner_is_named_twice(message: str, told: str) -> None:
    assert f'<a href="#members-1-date_of_birth">{told}</a>' in summary(("members[1].date_of_birth", message))


def test_a_label_is_in_a_message_without_its_parentheses_and_as_a_word() -> None:
    group = '<label for="group">Medical Group Number (3 Digits)</label><input id="group">'
    line = (
        '<ul data-error-summary><li data-field="group">The Medical Group Number has 3 digits; this one has 2.</li></ul>'
    )
    assert ">The Medical Group Number has 3 digits; this one has 2.</a>" in complete_error_summary(line + group)
    assert ">Sex: Essex is no answer.</a>" in summary(("members[0].sex", "Essex is no answer."))
    assert ">ZIP code: Saved as “ZIP code”.</a>" in summary(("zip", "Saved as “ZIP code”."))


def test_a_person_named_by_the_form_of_another_page_is_not_named_again() -> None:
    def told(message: str) -> str:
        line = f'<li data-field="people[1].last_name" data-label="Last name" data-owner="Dana Sample">{message}</li>'
        return complete_error_summary(f"<ul data-error-summary>{line}</ul>").partition("<li>")[2].partition("</li>")[0]

    assert told("Enter the last name.") == "Dana Sample: Enter the last name."
    assert (
        told("Dana Sample is on this application already.") == "Last name: Dana Sample is on this application already."
    )


def test_field_that_the_page_does_not_have_is_named_without_a_dead_link() -> None:
    found = summary(("home_address.street", "Enter the number."), ("zip", "Enter it."))
    assert "<li>Home address, street: Enter the number.</li></ul>" in found
    assert '"#home_address' not in found


def test_field_of_another_page_is_called_as_its_form_calls_it() -> None:
    line = (
        '<li data-field="replaced[0].insurer" data-label="Insurer" data-owner="policy 1 &lt;b&gt;">Enter the name.</li>'
    )
    row = '<ul><li id="replaced-0-insurer" tabindex="-1">Enter the name.</li></ul>'
    found = complete_error_summary(f"<ul data-error-summary>{line}</ul>{FIELDS}{row}")
    assert '<a href="#replaced-0-insurer">Insurer (policy 1 &lt;b&gt;): Enter the name.</a>' in found


def test_same_problem_is_told_once() -> None:
    assert summary(("zip", "Enter a value."), ("zip", "Enter a value.")).count("Enter a value.") == 1


def test_title_says_that_there_is_an_error_and_stays_as_it_is_without_one() -> None:
    assert "<title>Error: New Quote</title>" in summary(("zip", "Enter a value."))
    assert complete_error_summary(f"<title>New Quote</title>{FIELDS}") == f"<title>New Quote</title>{FIELDS}"


def test_markup_that_somebody_typed_stays_text() -> None:
    found = summary(("zip&quot;&gt;&lt;b", "&lt;b&gt; is no ZIP code."))
    assert "<b" not in found.replace(FIELDS, "") and "&lt;b&gt; is no ZIP code." in found
