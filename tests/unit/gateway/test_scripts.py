"""What the portal's scripts and forms may do in a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPTS = sorted((ROOT / "gateway/static").glob("*.js"))
TEMPLATES = sorted([*ROOT.glob("gateway/templates/**/*.html"), *ROOT.glob("services/payment/page/templates/*.html")])
# What makes elements, or code, of a text.
MARKUP = re.compile(
    r"\.(?:innerHTML|outerHTML)\s*\+?=(?!=)\s*(.*)|insertAdjacentHTML|document\.write|\beval\(|new Function"
)
# Of a text between quotes with nothing put into it.
FIXED = re.compile(r"(['\"`])(?:(?!\1|\$\{).)*\1;$")
KEPT = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")
FOREIGN = re.compile(r"window\.postMessage|addEventListener\(\s*[\"']message[\"']")
PASSWORD = re.compile(r"<input[^>]*name=\"[a-z_]*password[a-z_]*\"[^>]*>")


def find_markup_of_data(script: str) -> list[str]:
    return [found[0] for found in MARKUP.finditer(script) if not (found[1] and FIXED.match(found[1]))]


def test_scripts_put_fixed_markup_alone_into_a_page() -> None:
    assert SCRIPTS
    assert {path.name: found for path in SCRIPTS if (found := find_markup_of_data(path.read_text()))} == {}


@pytest.mark.parametrize(
    "script",
    ["a.innerHTML = name;", "a.innerHTML = `<p>${name}</p>`;", "a.innerHTML += '<p>' + name;", "eval(name)"],
)
def test_markup_of_data_is_found(script: str) -> None:
    """The control."""
    assert find_markup_of_data(script)


def test_scripts_keep_nothing_in_the_browser_and_listen_to_no_other_page() -> None:
    assert [path.name for path in SCRIPTS if KEPT.search(path.read_text()) or FOREIGN.search(path.read_text())] == []


def test_password_fields_hide_what_is_typed_and_take_what_a_password_manager_gives() -> None:
    fields = [field for path in TEMPLATES for field in PASSWORD.findall(path.read_text())]
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(?:current|new)-password"', field), field
        assert "maxlength" not in field and "onpaste" not in field
    assert not [path.name for path in SCRIPTS if re.search(r"[\"']paste[\"']", path.read_text())]
