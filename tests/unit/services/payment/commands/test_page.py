"""The process of the payment page: what it refuses to start with, and where its metrics are."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import OKPKey

from chassis.kernel import get_markets
from chassis.service import Runtime
from chassis.settings import SettingsError, load_suite
from deploy.local.ports import free_port
from services.payment.commands import page
from services.payment.remote.pay_now import profile
from tests.unit.services.payment.pay_now_samples import make_key

SECRET = "ofN3TLAtnuhRTwxrg9fikGpbHkjJ8C1zuxhulNBafPE="
SAMPLE = Path(profile.__file__).parent / "profiles" / "sample-carrier.1.yaml"
Environment = pytest.MonkeyPatch


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Environment:
    key = OKPKey.generate_key("Ed25519", private=True).as_dict(private=True)
    given = {
        "SUITE_ENV": "test",
        "TLS_PROVIDED_BY": "a mesh",
        "PORTAL_URL": "http://portal.test",
        "PAYMENT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PAYMENT_IDENTITY_KEY": json.dumps(key),
        "PAYMENT_PAGE_PORT": "1",
        "PAYMENT_PAGE_URL": "http://pay.test",
        "PAYMENT_PROCESSOR_URL": "https://processor.test",
        "PAYMENT_CALLBACK_SECRET": SECRET,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(page, "run_server", lambda *_: None)
    return monkeypatch


def serve() -> None:
    page.serve_page(Runtime("payment", load_suite()))


def test_metrics_are_on_a_port_of_their_own(env: Environment) -> None:
    port = free_port()
    env.setenv("HEALTH_PORT", str(port))
    serve()
    assert "process_cpu_seconds_total" in httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text


def test_production_takes_card_numbers_by_https_alone(env: Environment) -> None:
    serve()
    env.setenv("SUITE_ENV", "production")
    with pytest.raises(SystemExit, match="PAYMENT_PAGE_URL has to be https"):
        serve()
    env.setenv("PAYMENT_PAGE_URL", "https://pay.test")
    serve()


def test_a_hosted_page_needs_a_key_and_in_production_https(env: Environment) -> None:
    env.setenv("PAYMENT_HOSTED_PAGE_URL", "http://processor.example/pay")
    with pytest.raises(SettingsError, match="random secrets"):
        serve()
    env.setenv("PAYMENT_HOSTED_PAGE_KEY", SECRET)
    serve()
    env.setenv("SUITE_ENV", "production")
    env.setenv("PAYMENT_PAGE_URL", "https://pay.example")
    with pytest.raises(SystemExit, match="PAYMENT_HOSTED_PAGE_URL has to be https"):
        serve()


def test_the_key_of_a_hosted_page_may_be_a_file(env: Environment, tmp_path: Path) -> None:
    env.setenv("PAYMENT_HOSTED_PAGE_URL", "https://processor.example/pay")
    env.setenv("PAYMENT_HOSTED_PAGE_KEY_FILE", str(tmp_path / "missing"))
    with pytest.raises(SettingsError, match="cannot be read"):
        serve()
    (tmp_path / "key").write_text(f"{SECRET}\n")
    env.setenv("PAYMENT_HOSTED_PAGE_KEY_FILE", str(tmp_path / "key"))
    serve()


def test_a_processor_is_needed_only_where_somebody_pays_on_the_page(env: Environment, tmp_path: Path) -> None:
    env.delenv("PAYMENT_PROCESSOR_URL")
    with pytest.raises(SettingsError, match="PAYMENT_PROCESSOR_URL is missing: payers in IL, MT, NM, OK, TX"):
        serve()
    add_profiles(env, tmp_path, "36096")
    with pytest.raises(SettingsError, match="payers in MT, NM, OK, TX pay"):
        serve()
    env.setenv("PAYMENT_HOSTED_PAGE_URL", "https://processor.example/pay")
    env.setenv("PAYMENT_HOSTED_PAGE_KEY", SECRET)
    serve()
    env.delenv("PAYMENT_HOSTED_PAGE_URL")
    add_profiles(env, tmp_path, *(one.carrier.issuer_id for one in get_markets().by_state.values()))
    serve()


def add_profiles(env: Environment, folder: Path, *issuer_ids: str) -> None:
    for issuer_id in issuer_ids:
        profile_of_one = SAMPLE.read_text().replace("99999", issuer_id)
        (folder / f"carrier-{issuer_id}.1.yaml").write_text(profile_of_one)
    key = make_key()
    for name, content in (("KEY", key.private_key), ("CERTIFICATE", key.certificate.encode())):
        (folder / name).write_bytes(content)
        env.setenv(f"PAYMENT_PAY_NOW_{name}_FILE", str(folder / name))
    env.setenv("PAYMENT_PAY_NOW", str(folder))


OTHER = "dDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2"


@pytest.mark.parametrize(
    ("secrets", "refusal"),
    [
        ({"36096": SECRET}, "needs secrets of its own"),
        ({"36096": OTHER, "33602": OTHER}, "needs secrets of its own"),
        ({"36096": "short"}, "36096: give one or more random secrets"),
        ({"12345": OTHER}, "12345 has no profile of PAYMENT_PAY_NOW"),
    ],
)
def test_no_two_senders_of_callbacks_share_a_secret(
    env: Environment, tmp_path: Path, secrets: dict[str, str], refusal: str
) -> None:
    add_profiles(env, tmp_path, "36096", "33602")
    env.setenv("PAYMENT_CARRIER_CALLBACK_SECRETS", json.dumps(secrets))
    with pytest.raises(SettingsError, match=refusal):
        serve()
    env.setenv("PAYMENT_CARRIER_CALLBACK_SECRETS", json.dumps({"36096": OTHER}))
    serve()


def test_pay_now_needs_a_key_with_its_certificate(env: Environment, tmp_path: Path) -> None:
    (tmp_path / "sample-carrier.1.yaml").write_text(SAMPLE.read_text().replace("99999", "33602"))
    env.setenv("PAYMENT_PAY_NOW", str(tmp_path))
    with pytest.raises(SettingsError, match="PAYMENT_PAY_NOW_KEY_FILE"):
        serve()
    (tmp_path / "key.pem").write_bytes(make_key().private_key)
    (tmp_path / "certificate.pem").write_text(make_key().certificate)
    env.setenv("PAYMENT_PAY_NOW_KEY_FILE", str(tmp_path / "key.pem"))
    env.setenv("PAYMENT_PAY_NOW_CERTIFICATE_FILE", str(tmp_path / "certificate.pem"))
    serve()
