"""Settings: what a process refuses to start with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chassis.kernel import business_date
from chassis.kernel.clock import shift_to_day
from chassis.settings import ServiceSettings, SettingsError, load_service, load_suite


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SUITE_ENV", "SUITE_TODAY", "QUOTE_DATABASE_URL", "QUOTE_IDENTITY_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_production_is_what_a_process_is_when_nobody_says_otherwise() -> None:
    assert load_suite().suite_env == "production"
    assert not load_suite().reflection


@pytest.mark.parametrize("named", [True, False])
def test_production_refuses_a_borrowed_day(monkeypatch: pytest.MonkeyPatch, named: bool) -> None:
    monkeypatch.setenv("SUITE_TODAY", "2026-05-20")
    if named:
        monkeypatch.setenv("SUITE_ENV", "production")
    with pytest.raises(SettingsError, match="SUITE_TODAY"):
        load_suite()


def test_the_refusal_reads_as_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUITE_TODAY", "2026-05-20")
    with pytest.raises(SettingsError, match=r"Settings are missing or wrong: SUITE_TODAY moves the business date"):
        load_suite()


@pytest.mark.parametrize("environment", ["local", "test"])
def test_elsewhere_the_business_day_can_be_moved(monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    monkeypatch.setenv("SUITE_ENV", environment)
    monkeypatch.setenv("SUITE_TODAY", "2026-05-20")
    assert business_date(load_suite().clock().now(), "IL") == date(2026, 5, 20)


@pytest.mark.parametrize("today", [date(2026, 5, 20), date(2026, 12, 20)])
@pytest.mark.parametrize("month", [5, 11])
@pytest.mark.parametrize("hour", range(24))
def test_the_moved_business_day_holds_in_the_season_of_another_utc_offset(today: date, month: int, hour: int) -> None:
    real = datetime(2026, month, 28, hour, 30, tzinfo=UTC)
    assert business_date(real + shift_to_day(today, real), "IL") == today


@pytest.mark.parametrize(
    ("name", "value"), [("SUITE_ENV", "staging"), ("SUITE_TODAY", "tomorrow"), ("RPC_PORT", "many")]
)
def test_a_wrong_value_is_named_in_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv("SUITE_ENV", "local")
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        load_suite()


def test_a_missing_value_is_named_with_its_service() -> None:
    with pytest.raises(SettingsError, match="QUOTE_DATABASE_URL"):
        load_service(ServiceSettings, "quote")


def test_no_secret_shows_when_settings_are_printed_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTE_DATABASE_URL", "postgresql://quote:hunter2@db/quote")
    monkeypatch.setenv("AMQP_URL", "amqp://suite:hunter2@mq//")
    assert "hunter2" not in f"{load_service(ServiceSettings, 'quote')!r} {load_suite()!r}"
    monkeypatch.setenv("RPC_PORT", "hunter2")
    with pytest.raises(SettingsError) as raised:
        load_suite()
    assert "hunter2" not in str(raised.value)
