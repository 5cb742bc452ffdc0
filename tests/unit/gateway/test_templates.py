"""Every template can be compiled: one that cannot would be found by the first person who opens its page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.pages.render import TEMPLATES, environment


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


@pytest.mark.parametrize("page", sorted(TEMPLATES.rglob("*.html")), ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_a_date_is_typed_as_people_write_it(page: Path) -> None:
    """A date field of the browser takes one form alone, which is not that of the telephone (R106)."""
    assert not re.search(r"""type=["']?(date|datetime-local|month)\b""", page.read_text())
