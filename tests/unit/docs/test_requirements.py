"""Every numbered fact of the requirements names what shows it: a page or the API, and a test; and both are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from gateway.api import starlette_routes
from gateway.pages.page_routes import build_page_routes
from services.payment.page import app as payment_page

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reference" / "requirements.md"
# R114 to R116 are about the code and its users, and shown by the documents that they name.
LAST = 113


def read_rows(page: str) -> dict[str, str]:
    """Number -> where."""
    return dict(re.findall(r"^\| (R\d+[a-z]?) \| .* \| (.*) \|$", page, re.MULTILINE))


def find_gaps(rows: dict[str, str], tests: set[str], addresses: set[str]) -> Iterator[str]:
    for number, where in rows.items():
        if int(re.sub(r"\D", "", number)) > LAST:
            continue
        pages = re.findall(r"`(/[^`?]*)[^`]*`", where)
        named = re.findall(r"test_\w+\.py", where)
        if not pages and "**API**" not in where:
            yield f"{number} names neither a page nor **API**"
        if not named:
            yield f"{number} names no test"
        yield from (f"{number}: there is no page {page}" for page in pages if not is_served(page, addresses))
        yield from (f"{number}: there is no {name}" for name in named if name not in tests)


def is_served(page: str, addresses: set[str]) -> bool:
    """A page may leave out how its address begins; what its placeholders are called does not matter."""
    ending = re.sub(r"\{\w+\}", "{}", page)
    return any(address == ending or (ending != "/" and address.endswith(ending)) for address in addresses)


def list_addresses() -> set[str]:
    routes = [*build_page_routes(), *starlette_routes.build_routes()]
    paths = [getattr(route, "path", "") for route in routes]
    # the payment page's application cannot be built without its use cases
    paths += re.findall(r'Route\("([^"]+)"', Path(payment_page.__file__).read_text())
    return {re.sub(r"\{[^}]+\}", "{}", path) for path in paths}


def test_every_fact_names_a_page_or_the_api_and_a_test_and_they_are_there() -> None:
    rows = read_rows(PAGE.read_text())
    assert {f"R{number}" for number in range(1, LAST + 1)} <= set(rows)
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert list(find_gaps(rows, tests, list_addresses())) == []


def test_a_row_without_page_or_test_is_told() -> None:
    """The control: each of the four gaps."""
    rows = {"R1": "quote domain", "R2": "`/nowhere`; `test_gone.py`", "R3": "**API**; `test_there.py`", "R114": "adr"}
    assert list(find_gaps(rows, {"test_there.py"}, {"/", "/quotes/{}"})) == [
        "R1 names neither a page nor **API**",
        "R1 names no test",
        "R2: there is no page /nowhere",
        "R2: there is no test_gone.py",
    ]
    assert is_served("/{id}", {"/quotes/{}"}) and not is_served("/", {"/quotes/{}"})
