"""Pages take lengths, patterns and ranges of what is typed from the contracts, and write none themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[3] / "gateway" / "templates"

# What is typed there is no text of a contract with a bound of its own: dates, amounts and numbers are read by the page
# first, and may be typed with signs and blanks that are taken out; a search is the page's own.
OWN_BOUNDS = {
    "parts.html": ['maxlength="20"'],  # a date: "September 14, 2026" is no longer
    "enrollment/fields.html": ['maxlength="20"'],  # a date
    "lists/parts.html": ['maxlength="20"'],  # a date
    "enrollment/personal.html": ['maxlength="20"'],  # nine digits of an SSN, with dashes or blanks
    "enrollment/contact.html": ['maxlength="2"'],  # state
    "enrollment/household.html": ['maxlength="200"', 'maxlength="12"'],  # search, $1,234,567.89
    "enrollment/plan_parts.html": ['maxlength="100"'],  # plans on the page
    "search/box.html": ['maxlength="100"'],  # gateway.pages.search.LONGEST
    "application_details/start.html": ['maxlength="100"'],  # among the person's own numbers
    "clients/clients.html": ['maxlength="4"'],
    "hierarchy/edit.html": ['maxlength="254"'],  # an address of RFC 5321, which no contract has
    "review/identity.html": ['maxlength="2"', 'maxlength="4"'],  # day and year, which the page makes a date of
}


@pytest.mark.parametrize("page", sorted(str(one.relative_to(TEMPLATES)) for one in TEMPLATES.rglob("*.html")))
def test_no_page_of_the_portal_has_bounds_of_its_own(page: str) -> None:
    """What is typed goes to contracts; ``bounds(message, field)`` has what they say."""
    assert find_bounds((TEMPLATES / page).read_text()) == OWN_BOUNDS.get(page, [])


def find_bounds(html: str) -> list[str]:
    return re.findall(r"""\b(?:(?:min|max)(?:length)?|pattern)\s*=\s*"[^"]*"?""", html)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<input name="zip" maxlength="5">', ['maxlength="5"']),
        ('<input min = "1" max="{{ most }}" pattern="[0-9]+">', ['min = "1"', 'max="{{ most }}"', 'pattern="[0-9]+"']),
        ('<input name="zip"{{ bounds("suite.quote.v1.CreateQuoteRequest", "zip") }}>', []),
    ],
)
def test_bounds_that_a_page_writes_itself_are_found(html: str, found: list[str]) -> None:
    assert find_bounds(html) == found
