"""Keys that a service derives from its identity key: one for each purpose, the same in all its processes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from chassis.identity import generate_private_jwk
from chassis.service import Runtime
from chassis.settings import SettingsError, SuiteSettings


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Runtime:
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("QUOTE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("QUOTE_IDENTITY_KEY", generate_private_jwk("quote"))
    return Runtime("quote", SuiteSettings())


def test_each_purpose_has_a_key_of_its_own_in_all_processes_of_the_service(runtime: Runtime) -> None:
    one, other = runtime.derive_key("one"), runtime.derive_key("other")
    assert len(one) == 32
    assert one != other
    assert Runtime("quote", SuiteSettings()).derive_key("one") == one


def test_another_service_has_other_keys(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCP_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("PCP_IDENTITY_KEY", generate_private_jwk("pcp"))
    assert Runtime("pcp", SuiteSettings()).derive_key("one") != runtime.derive_key("one")


def test_without_an_identity_key_the_process_stops_and_names_the_setting(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTE_IDENTITY_KEY", "")
    with pytest.raises(SettingsError, match="QUOTE_IDENTITY_KEY"):
        _ = runtime.page_tokens


def test_no_two_purposes_have_a_name_in_common() -> None:
    """A name that stood twice would give two purposes one key. Read from the source: a purpose is a constant there."""
    root = Path(__file__).parents[3]
    found = Counter(
        purpose
        for folder in ("chassis", "services", "gateway")
        for path in (root / folder).rglob("*.py")
        for purpose in re.findall(r'^_?(?:[A-Z]+_)*PURPOSE = "([^"]+)"$', path.read_text(), re.MULTILINE)
    )
    assert len(found) > 4
    assert [purpose for purpose, count in found.items() if count > 1] == []
