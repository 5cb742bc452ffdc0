"""Secrets from files, and the secrets that no process starts with in production."""

from __future__ import annotations

import base64
import importlib
import pkgutil
from pathlib import Path

import pytest
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

import gateway
import services
from chassis.secret_settings import is_secret
from chassis.settings import FileSettings, ServiceSettings, SettingsError, load_service, load_suite
from services.payment.commands.sandbox import serve_sandbox
from services.payment.settings import PaymentSettings

RANDOM = base64.b64encode(bytes.fromhex("a1f3774cb02d9ee8514f0c6b83d7e2906a5b1e48c9f02d73bb186e94d05a7cf1")).decode()
URL = "postgresql://quote:hunter2@db/quote"


class KeySettings(ServiceSettings):
    field_key: SecretStr = SecretStr("")
    field_keys: SecretStr = SecretStr("")
    callback_secret: SecretStr = SecretStr("")
    each: dict[str, SecretStr] = Field(default_factory=dict)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("SUITE_ENV", "SUITE_TODAY", "AMQP_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QUOTE_DATABASE_URL", URL)
    monkeypatch.setenv("TLS_PROVIDED_BY", "a mesh")  # what encrypts is the subject of test_tls_settings.py
    return monkeypatch


def in_file(folder: Path, text: str) -> str:
    (folder / "secret").write_text(text)
    return str(folder / "secret")


def test_a_secret_is_read_from_the_file_that_a_variable_names(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_environment.delenv("QUOTE_DATABASE_URL")
    bare_environment.setenv("QUOTE_DATABASE_URL_FILE", in_file(tmp_path, f"{URL}\n"))
    assert load_service(ServiceSettings, "quote").database_url.get_secret_value() == URL
    bare_environment.setenv("AMQP_URL_FILE", in_file(tmp_path, "amqp://suite:hunter2@mq//"))
    assert load_suite().amqp_url.get_secret_value() == "amqp://suite:hunter2@mq//"
    bare_environment.setenv("QUOTE_DATABASE_URL_FILE", in_file(tmp_path, URL))
    bare_environment.setenv("QUOTE_EACH_FILE", str(tmp_path / "each"))
    (tmp_path / "each").write_text('{"36096": "hunter2"}')
    assert load_service(KeySettings, "quote").each["36096"].get_secret_value() == "hunter2"


def test_a_file_that_is_missing_or_named_beside_its_variable_is_refused(
    bare_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_environment.setenv("QUOTE_IDENTITY_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match=r"wrong: the file of QUOTE_IDENTITY_KEY_FILE cannot be read"):
        load_service(ServiceSettings, "quote")
    bare_environment.delenv("QUOTE_IDENTITY_KEY_FILE")
    bare_environment.setenv("QUOTE_DATABASE_URL_FILE", in_file(tmp_path, URL))
    with pytest.raises(SettingsError, match="QUOTE_DATABASE_URL and QUOTE_DATABASE_URL_FILE are both set"):
        load_service(ServiceSettings, "quote")
    bare_environment.delenv("QUOTE_DATABASE_URL_FILE")
    bare_environment.setenv("QUOTE_EACH_FILE", in_file(tmp_path, "hunter2"))
    with pytest.raises(SettingsError, match="QUOTE_EACH_FILE is not JSON") as raised:
        load_service(KeySettings, "quote")
    assert "hunter2" not in str(raised.value)


def test_only_secrets_are_read_from_files(bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare_environment.setenv("SUITE_ENV_FILE", in_file(tmp_path, "local"))
    assert load_suite().suite_env == "production"


def test_every_secret_of_every_process_may_be_a_file() -> None:
    for package in (services, gateway):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".settings"):
                importlib.import_module(module.name)
    kinds = [kind for kind in _below(BaseSettings) if kind.__module__.startswith(("chassis.", "services.", "gateway."))]
    secret = {kind for kind in kinds if any(is_secret(field) for field in kind.model_fields.values())}
    assert len(secret) > 5
    assert {kind for kind in secret if not issubclass(kind, FileSettings)} == set()


def _below(kind: type[BaseSettings]) -> set[type[BaseSettings]]:
    return set().union(*({one, *_below(one)} for one in kind.__subclasses__()))


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("amqp://guest:guest@mq//", True),
        ("amqp://mq//", True),
        ("amqps://guest:guest@mq:5671//", True),
        ("amqp://guest:hunter2@mq//", False),
        ("amqp://suite:guest@mq//", False),
        ("", False),
    ],
)
def test_production_refuses_the_user_that_every_broker_has(
    bare_environment: pytest.MonkeyPatch, url: str, refused: bool
) -> None:
    bare_environment.setenv("AMQP_URL", url)
    if refused:
        with pytest.raises(SettingsError, match="AMQP_URL signs in as guest"):
            load_suite()
        bare_environment.setenv("SUITE_ENV", "local")
    assert load_suite().amqp_url.get_secret_value() == url


@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        ("QUOTE_FIELD_KEY", base64.b64encode(bytes(32)).decode(), True),
        ("QUOTE_FIELD_KEY", base64.b64encode(b"changeme" * 4).decode(), True),
        ("QUOTE_FIELD_KEY", "changeme", True),
        ("QUOTE_FIELD_KEY", RANDOM, False),
        ("QUOTE_FIELD_KEYS", f"new:{RANDOM},old:{base64.b64encode(bytes(32)).decode()}", True),
        ("QUOTE_FIELD_KEYS", f"new:{RANDOM}", False),
        ("QUOTE_CALLBACK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", True),
        ("QUOTE_CALLBACK_SECRET", f"whsec_{RANDOM} {base64.b64encode(bytes(32)).decode()}", True),
        ("QUOTE_CALLBACK_SECRET", f"whsec_{RANDOM}", False),
        ("QUOTE_IDENTITY_KEY", '{"kty": "OKP", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}', True),
    ],
)
def test_production_refuses_keys_that_everybody_knows(
    bare_environment: pytest.MonkeyPatch, name: str, value: str, refused: bool
) -> None:
    bare_environment.setenv(name, value)
    if refused:
        with pytest.raises(SettingsError, match=f"{name}: an example that everybody knows") as raised:
            load_service(KeySettings, "quote")
        assert value not in str(raised.value)
        bare_environment.setenv("SUITE_ENV", "test")
    load_service(KeySettings, "quote")


def test_production_refuses_the_sandbox_processor(bare_environment: pytest.MonkeyPatch) -> None:
    from chassis.service import Runtime

    with pytest.raises(SystemExit, match="The sandbox processor moves no money"):
        serve_sandbox(Runtime("payment", load_suite()))
    bare_environment.setenv("PAYMENT_DATABASE_URL", URL)
    bare_environment.setenv("PAYMENT_PAGE_URL", "https://pay.example")
    bare_environment.setenv("PAYMENT_PROCESSOR_URL", "http://sandbox:8082")
    with pytest.raises(SettingsError, match="PAYMENT_PROCESSOR_URL has to be https in production"):
        _ = load_service(PaymentSettings, "payment").processor
    bare_environment.setenv("SUITE_ENV", "local")
    load_service(PaymentSettings, "payment").processor.close()  # type: ignore[attr-defined]  # the sandbox's client
