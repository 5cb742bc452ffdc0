"""Boxes and values of a row stand on one line, even where one of the labels takes more lines than its neighbors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from deploy.local.suite import LocalSuite
from tests.browser.checks import SIZES
from tests.browser.every_page import EveryPage, prepare_pages
from tests.browser.prepared import signed_in

# With rows of fields, of filters, or of values.
ADDRESSES = (
    "/applications/{draft}",
    "/applications/{draft}/steps/general",
    "/applications/{draft}/steps/household/people/{person}",
    "/applications/{draft}/steps/plans/providers/{person}",
    "/applications/{submitted}",
    "/quotes",
    "/quotes/new/A-key-of-a-new-quote",
    "/quotes/{quote}",
    "/enroll?tab=completed",
    "/reporting",
    "/deadlines",
)
_ROWS = ".grid, .filters__grid, .finder__choices, .side-by-side, dl.facts"
_BOX = "input:not([type=hidden], [type=checkbox], [type=radio]), select, dd"
# In every second place of a row, so that neighbors differ.
_LENGTHEN_LABELS = """(rows) => {
  const long = "A label that is far too long for one line of its column ".repeat(2);
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const row of document.querySelectorAll(rows))
    [...row.children].forEach((cell, place) => {
      const label = cell.querySelector(":scope > label, :scope > dt");
      if (label && place % 2 === 0) label.textContent = long;
    });
}"""
_UNEVEN = """([rows, box]) => {
  const found = [], isShown = (one) => one.checkVisibility();
  for (const row of document.querySelectorAll(rows)) {
    const cells = [...row.children].filter(isShown)
      .map((cell) => [cell.getBoundingClientRect(), [...cell.querySelectorAll(box)].filter(isShown)])
      .filter(([, boxes]) => boxes.length === 1)
      .map(([cell, [its]]) => [cell, its, its.getBoundingClientRect().top]);
    for (const [a, one, top] of cells)
      for (const [b, other, its] of cells)
        if (a.right <= b.left && a.top < b.bottom && b.top < a.bottom && Math.abs(top - its) > 1)
          found.push(`${one.name || one.textContent} at ${top}, ${other.name || other.textContent} at ${its}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def pages(portal: LocalSuite) -> Iterator[EveryPage]:
    with signed_in(portal) as api:
        yield prepare_pages(api, portal.ports.portal_url, portal.ports.page_url)


def find_uneven(page: Page) -> list[str]:
    """At each width, as the page is and with longer labels."""
    found = []
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} px: {one}" for one in page.evaluate(_UNEVEN, [_ROWS, _BOX])]
    page.evaluate(_LENGTHEN_LABELS, _ROWS)
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{width} px, long labels: {one}" for one in page.evaluate(_UNEVEN, [_ROWS, _BOX])]
    return found


@pytest.mark.parametrize("pattern", ADDRESSES)
def test_boxes_and_values_of_a_row_stand_on_one_line(producer: Page, pages: EveryPage, pattern: str) -> None:
    producer.goto(pages.address(pattern))
    assert producer.locator(_ROWS).count() > 0
    assert find_uneven(producer) == []


def test_the_fields_of_a_card_stand_on_one_line(visitor: Page, pages: EveryPage) -> None:
    visitor.goto(pages.payment_link())
    visitor.locator("#method-card").check()
    assert find_uneven(visitor) == []


def test_a_row_that_begins_on_one_line_is_found_uneven(producer: Page, pages: EveryPage) -> None:
    producer.goto(pages.address("/applications/{draft}/steps/household/people/{person}"))
    for grid in producer.locator(".grid").all():
        grid.evaluate("(one) => { one.style.alignItems = 'start'; }")
    assert find_uneven(producer)
