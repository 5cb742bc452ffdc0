"""Every template can be compiled: one that cannot would be found by the first person who opens its page."""

from __future__ import annotations

import pytest

from gateway.pages.render import environment


@pytest.mark.parametrize("template", environment.list_templates())
def test_template_compiles(template: str) -> None:
    assert environment.get_template(template)
