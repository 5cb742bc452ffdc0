"""Carriers' pay-now profiles and the key: what is taken, and what is said about mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import services.payment.remote.pay_now.profile as module
from chassis.settings import SettingsError
from portal.__main__ import app
from services.payment.remote.pay_now.profile import BadPayNowProfile, load_pay_now_profile, load_pay_now_profiles
from services.payment.remote.pay_now.signing_key import read_signing_key
from services.payment.settings import PageSettings, PaymentSettings
from tests.unit.services.payment.pay_now_samples import PROFILE, make_key

SHIPPED = Path(module.__file__).parent / "profiles"
SAMPLE = (SHIPPED / "sample-carrier.1.yaml").read_text()
NEEDED: dict[str, Any] = {
    "database_url": "postgresql://",
    "page_url": "http://127.0.0.1:1",
    "processor_url": "http://127.0.0.1:2",
}


def write(folder: Path, text: str, name: str = "mine.1.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_shipped_sample_is_one() -> None:
    assert load_pay_now_profile(SHIPPED / "sample-carrier.1.yaml") == PROFILE


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SAMPLE + "audiance: x\n", "audiance: Extra inputs"),
        (
            SAMPLE.replace("https://pay.sample-carrier.example/saml", "http://pay.example"),
            "pay_url: String should match",
        ),
        (SAMPLE.replace('"99999"', "99999"), "issuer_id: Input should be a valid string"),
        (SAMPLE + "valid_seconds: 3600\n", "valid_seconds: Input should be less than or equal to 600"),
        (SAMPLE + "signed: both\n", "signed: Input should be 'assertion' or 'response'"),
        (SAMPLE + "attributes: {city: State}\n", "each attribute needs a name of its own"),
        (SAMPLE + "attributes: {ssn: SSN}\n", "attributes.ssn: Extra inputs"),
        (SAMPLE + "own_attributes: {State: TX}\n", "each attribute needs a name of its own"),
        (SAMPLE + "own_attributes: {User Type: ''}\n", "own_attributes.User Type: String should match"),
        ("- a\n", "holds no mapping"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadPayNowProfile) as wrong:
        load_pay_now_profile(write(tmp_path, text))
    assert told in str(wrong.value)
    assert "mine.1.yaml" in str(wrong.value)


def test_the_newest_version_of_each_carrier_counts(tmp_path: Path) -> None:
    for version in (9, 10):
        write(tmp_path, SAMPLE + f"valid_seconds: {version * 10}\n", f"mine.{version}.yaml")
    write(tmp_path, SAMPLE.replace("99999", "88888"), "other.1.yaml")
    found = load_pay_now_profiles(tmp_path)
    assert sorted(found) == ["88888", "99999"]
    assert found["99999"].valid_seconds == 100


def test_two_carriers_cannot_have_one_issuer_id(tmp_path: Path) -> None:
    write(tmp_path, SAMPLE)
    write(tmp_path, SAMPLE, "other.1.yaml")
    with pytest.raises(BadPayNowProfile, match="mine has the same"):
        load_pay_now_profiles(tmp_path)


def test_the_market_says_which_state_pays_where(tmp_path: Path) -> None:
    write(tmp_path, SAMPLE.replace("99999", "33602"))
    found = PaymentSettings(**NEEDED, pay_now=tmp_path).pay_now_profiles
    assert list(found) == ["TX"]
    assert PaymentSettings(**NEEDED).pay_now_profiles == {}


def test_a_bad_profile_or_key_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, "issuer_id: x\n")
    with pytest.raises(SettingsError, match=r"PAYMENT_PAY_NOW: mine\.1\.yaml"):
        _ = PaymentSettings(**NEEDED, pay_now=tmp_path).pay_now_profiles
    page: dict[str, Any] = {
        **NEEDED,
        "page_port": 1,
        "callback_secret": "czEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2",
        "PORTAL_URL": "http://p",
    }
    with pytest.raises(SettingsError, match="PAYMENT_PAY_NOW_KEY_FILE"):
        _ = PageSettings(**page).pay_now_key


def test_a_key_needs_its_own_certificate(tmp_path: Path) -> None:
    key, other = make_key(), make_key("stranger.example")
    private, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    private.write_bytes(key.private_key)
    certificate.write_text(other.certificate)
    with pytest.raises(ValueError, match="of another key"):
        read_signing_key(private, certificate)
    certificate.write_text(key.certificate)
    assert read_signing_key(private, certificate) == key


def test_the_operator_sees_what_is_sent_or_the_mistake(tmp_path: Path) -> None:
    run = CliRunner().invoke
    fine = run(app, ["pay-now-profile", str(SHIPPED / "sample-carrier.1.yaml")])
    assert fine.exit_code == 0
    assert "Issuer 99999: a signed assertion to https://pay.sample-carrier.example/saml" in fine.output
    assert "Total Amount Owed" in fine.output
    wrong = run(app, ["pay-now-profile", str(write(tmp_path, "issuer_id: x\n"))])
    assert (wrong.exit_code, "mine.1.yaml: issuer_id" in wrong.output) == (2, True)
