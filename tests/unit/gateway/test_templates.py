"""Every template can be compiled: one that cannot would be found by the first person who opens its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.pages.render import TEMPLATES, environment
from gateway.pages.static_files import STATIC

PAGES = pytest.mark.parametrize(
    "page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: str(page.relative_to(TEMPLATES))
)
# A group of buttons, up to the end of its element: buttons and links alone are in it.
BUTTON_GROUP = re.compile(r'<(div|p|form) class="(actions[^"]*)".*?</\1>', re.DOTALL)
DESIGN_SYSTEM = STATIC / "vendor" / "design-system" / "css"
# What stands before a "{" of a template, such as "ds-c-badge--", begins the names of several.
DESIGN_CLASS = re.compile(r"(?<![\w-])ds-[a-z][\w-]*")


@pytest.fixture(scope="module")
def design_classes() -> frozenset[str]:
    css = "".join(file.read_text() for file in DESIGN_SYSTEM.glob("*.css"))
    return frozenset(re.findall(r"\.(ds-[\w-]+)", css))


@pytest.mark.parametrize("template", environment.list_templates())
def test_template_compiles(template: str) -> None:
    assert environment.get_template(template)


def test_the_only_picture_of_a_page_is_our_own_icon() -> None:
    """No carrier's logo or mark (R6); carriers are named in text, which their files configure."""
    shown = [
        (page.name, tag) for page in TEMPLATES.rglob("*.html") for tag in re.findall(r"<img[^>]*>", page.read_text())
    ]
    assert [name for name, _ in shown] == ["base.html"]
    assert "static('icon.svg')" in shown[0][1]


def test_every_page_of_somebody_who_is_signed_in_has_sign_out() -> None:
    """In the header of the one frame that they share; the other frames are of pages for clients, who do not sign in."""
    frames = {page for page in TEMPLATES.rglob("*.html") if "<!doctype" in page.read_text()}
    names = {str(page.relative_to(TEMPLATES)): page.read_text() for page in frames}
    assert names.keys() == {"base.html", "shared_base.html", "review/base.html"}
    header = names["base.html"].partition('<header class="top">')[2].partition("</header>")[0]
    assert '<form method="post" action="/sign-out">' in header
    assert "{% block" not in header, "no page may replace a part of it"


@PAGES
def test_every_class_of_the_design_system_is_one_that_it_has(page: Path, design_classes: frozenset[str]) -> None:
    used = set(DESIGN_CLASS.findall(page.read_text()))
    unknown = {one for one in used - design_classes if not (one.endswith("--") and _begins_one(one, design_classes))}
    assert unknown == set()


def _begins_one(name: str, design_classes: frozenset[str]) -> bool:
    return any(one.startswith(name) for one in design_classes)


def test_scripts_and_styles_use_the_classes_that_the_design_system_has(design_classes: frozenset[str]) -> None:
    ours = [*STATIC.glob("*.css"), *STATIC.glob("*.js")]
    assert {one for file in ours for one in DESIGN_CLASS.findall(file.read_text())} - design_classes == set()


@PAGES
def test_the_main_button_is_the_first_of_its_group(page: Path) -> None:
    """Where a phone breaks the line, it stands above the others, and it is the first that is read out."""
    groups = [found[0] for found in BUTTON_GROUP.finditer(page.read_text()) if "actions--after" not in found[2]]
    assert [one for one in groups if "--solid" in one and _first_button(one).find("--solid") < 0] == []


def _first_button(group: str) -> str:
    found = re.search(r"<(button|a) [^>]*>", group)
    return found[0] if found else ""


@PAGES
def test_a_date_is_typed_as_people_write_it(page: Path) -> None:
    """A date field of the browser takes one form alone, which is not that of the telephone (R106)."""
    assert not re.search(r"""type=["']?(date|datetime-local|month)\b""", page.read_text())
