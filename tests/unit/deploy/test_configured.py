"""What `make run` and the demo take from the environment."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local import configured as settings
from deploy.local.demo import __main__ as demo
from deploy.local.errors import LocalSuiteError


class Recorded:
    """A suite that only remembers what it was asked for."""

    def __init__(self, **asked: object) -> None:
        self.asked = asked

    def start(self) -> None:
        raise LocalSuiteError(f"asked for {self.asked['env']} on port {self.asked['port']}")


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(settings, "LocalSuite", Recorded)
    monkeypatch.setenv("SUITE_STATE", str(tmp_path))
    yield


def test_demo_that_starts_the_suite_uses_suite_today_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUITE_TODAY", "2026-05-20")
    monkeypatch.setenv("PORT", "8123")
    with pytest.raises(LocalSuiteError, match=r"2026-05-20.*8123"), demo.running_suite(Console(quiet=True)):
        pass


@pytest.mark.parametrize("port", ["abc", "-1", "0", "65536", "8080.5"])
def test_invalid_port_is_an_error_that_names_the_variable(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(LocalSuiteError, match="PORT"):
        settings.suite_from_environment()


def test_the_store_of_documents_and_pages_of_others_are_passed_on_and_no_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCUMENTS_BLOBS", "file:///var/lib/documents")
    monkeypatch.setenv("PAYMENT_HOSTED_PAGE_URL", "https://pay.example")
    monkeypatch.setenv("DOCUMENTS_BLOBS_SECRET_KEY", "secret")
    asked = settings.suite_from_environment()
    assert isinstance(asked, Recorded)
    assert asked.asked["env"] == {
        "DOCUMENTS_BLOBS": "file:///var/lib/documents",
        "PAYMENT_HOSTED_PAGE_URL": "https://pay.example",
    }
