"""Settings: what a process refuses to start with."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime

import pytest
from pydantic import Field

from chassis.encryption_settings import EncryptionSettings
from chassis.kernel import business_date
from chassis.kernel.clock import shift_to_day
from chassis.settings import ServiceSettings, SettingsError, load_service, load_suite


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SUITE_ENV", "SUITE_TODAY", "QUOTE_DATABASE_URL", "QUOTE_IDENTITY_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TLS_PROVIDED_BY", "a mesh")  # what encrypts is the subject of test_tls_settings.py


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


def test_a_text_that_is_no_json_is_named_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    class Mapped(ServiceSettings):
        exchange_urls: dict[str, str] = Field(default_factory=dict)

    monkeypatch.setenv("QUOTE_DATABASE_URL", "postgresql://quote@/quote")
    monkeypatch.setenv("QUOTE_EXCHANGE_URLS", "hunter2")
    with pytest.raises(SettingsError, match="QUOTE_EXCHANGE_URLS: is not JSON") as refused:
        load_service(Mapped, "quote")
    assert "hunter2" not in str(refused.value)


def test_no_secret_shows_when_settings_are_printed_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTE_DATABASE_URL", "postgresql://quote:hunter2@db/quote")
    monkeypatch.setenv("AMQP_URL", "amqp://suite:hunter2@mq//")
    assert "hunter2" not in f"{load_service(ServiceSettings, 'quote')!r} {load_suite()!r}"
    monkeypatch.setenv("RPC_PORT", "hunter2")
    with pytest.raises(SettingsError) as raised:
        load_suite()
    assert "hunter2" not in str(raised.value)


KEY, OTHER = (base64.b64encode(letter * 32).decode() for letter in (b"k", b"o"))


def load_keys(monkeypatch: pytest.MonkeyPatch, field_key: str, field_keys: str) -> EncryptionSettings:
    monkeypatch.setenv("SUITE_ENV", "test")  # these keys are not random, which production refuses
    monkeypatch.setenv("QUOTE_DATABASE_URL", "postgresql://quote@db/quote")
    monkeypatch.setenv("QUOTE_FIELD_KEY", field_key)
    monkeypatch.setenv("QUOTE_FIELD_KEYS", field_keys)
    return load_service(EncryptionSettings, "quote")


@pytest.mark.parametrize(
    ("field_key", "field_keys", "current"),
    [
        (KEY, "", ""),
        (f"{KEY}\n", "", ""),
        ("", f"2027:{KEY}", "2027"),
        (KEY, f"2027:{OTHER}", "2027"),
        ("", f"{KEY}, 2027:{OTHER}\n", ""),
        ("", f"2027:{OTHER},{KEY}", "2027"),
    ],
)
def test_the_first_of_the_keys_is_current_and_the_older_variable_is_read_behind_them(
    monkeypatch: pytest.MonkeyPatch, field_key: str, field_keys: str, current: str
) -> None:
    assert load_keys(monkeypatch, field_key, field_keys).key_ring.current == current


@pytest.mark.parametrize(
    ("field_key", "field_keys", "said"),
    [
        ("", "", "QUOTE_FIELD_KEYS: is missing: name a key as ID:BASE64, 32 random bytes"),
        ("hunter2", "", "QUOTE_FIELD_KEY: the key without an id must be 32 random bytes in base64"),
        (f"2027:{KEY}", "", "QUOTE_FIELD_KEY: takes one key in base64; several with their ids go into"),
        ("", "2027:hunter2", "QUOTE_FIELD_KEYS: key 2027 must be 32 random bytes in base64"),
        (KEY, OTHER, "QUOTE_FIELD_KEYS: the key without an id is there twice"),
        (KEY, f"2027:{KEY}", "QUOTE_FIELD_KEYS: the key without an id equals another key"),
    ],
)
def test_keys_that_cannot_be_read_are_refused_by_the_name_of_their_variable(
    monkeypatch: pytest.MonkeyPatch, field_key: str, field_keys: str, said: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        load_keys(monkeypatch, field_key, field_keys)
    assert said in str(raised.value)
    assert not any(secret in str(raised.value) for secret in ("hunter2", KEY, OTHER))
