"""Keys of a key management service, over its protocol and over the network: opened, refused, away, slow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chassis import key_management
from chassis.crypto import FieldCipher, KeyRing, KeyUnavailable
from chassis.encryption_settings import EncryptionSettings
from chassis.settings import SettingsError, load_service
from services.enrollment.settings import EnrollmentSettings
from tests.integration.kms_server import KmsServer, run_kms

INDEX_KEY = "aW5kZXgga2V5IG9mIHRlc3RzLCAzMiBieXRlcyBsbmc="
SECRET = "078-05-1120"


@pytest.fixture
def kms() -> Iterator[KmsServer]:
    with run_kms() as running:
        yield running


@pytest.fixture
def master(kms: KmsServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A master key, and everything in the settings but the keys."""
    monkeypatch.setenv("SUITE_ENV", "test")
    monkeypatch.setenv("ENROLLMENT_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("ENROLLMENT_INDEX_KEY", INDEX_KEY)
    for name, value in kms.settings("ENROLLMENT").items():
        monkeypatch.setenv(name, value)
    return kms.make_master_key()


def load(monkeypatch: pytest.MonkeyPatch, keys: str) -> EnrollmentSettings:
    monkeypatch.setenv("ENROLLMENT_FIELD_KEYS", keys)
    return load_service(EnrollmentSettings, "enrollment")


def cipher(ring: KeyRing) -> FieldCipher:
    return FieldCipher(ring, "person", "ssn")


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next read asks again."""
    monkeypatch.setattr(key_management, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(key_management, "PAUSE_SECONDS", 0.0)


def test_every_process_opens_what_one_sealed_and_asks_the_service_once(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = kms.make_key(master, "enrollment", "2027")
    one, other = (cipher(load(monkeypatch, keys).key_ring) for _ in range(2))
    sealed = [one.encrypt(SECRET, str(row)) for row in range(100)]
    assert [other.decrypt(value, str(row)) for row, value in enumerate(sealed)] == [SECRET] * 100
    assert kms.asked == 2, "once for each"


@pytest.mark.parametrize(
    ("service", "key_id"), [("documents", "2027"), ("enrollment", "2026")], ids=["another service", "another id"]
)
def test_a_key_that_was_made_for_another_use_is_refused(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch, service: str, key_id: str
) -> None:
    wrapped = kms.make_key(master, service, key_id).rpartition(":")[2]
    with pytest.raises(KeyUnavailable, match=r"key 2027 is refused .*InvalidCiphertextException"):
        cipher(load(monkeypatch, f"2027:kms:{wrapped}").key_ring).encrypt(SECRET, "1")


def test_a_disabled_key_stops_what_it_sealed_and_nothing_else(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    other = kms.make_master_key()
    keys = f"{kms.make_key(master, 'enrollment', '2027')},{kms.make_key(other, 'enrollment', '2026')}"
    ring = load(monkeypatch, keys).key_ring
    sealed, older = cipher(ring).encrypt(SECRET, "1"), cipher(load(monkeypatch, keys.split(",")[1]).key_ring)
    old = older.encrypt(SECRET, "2")
    kms.disabled.add(master)
    with pytest.raises(KeyUnavailable, match="DisabledException"):
        cipher(ring).decrypt(sealed, "1")
    assert cipher(ring).decrypt(old, "2") == SECRET
    kms.disabled.clear()
    assert cipher(ring).decrypt(sealed, "1") == SECRET


def test_a_right_that_is_taken_away_is_told_by_its_code(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    ring = load(monkeypatch, kms.make_key(master, "enrollment", "2027")).key_ring
    sealed = cipher(ring).encrypt(SECRET, "1")
    kms.fault = "AccessDeniedException"
    with pytest.raises(KeyUnavailable, match="AccessDeniedException"):
        cipher(ring).decrypt(sealed, "1")


@pytest.mark.parametrize(("fault", "status"), [("KMSInternalException", 500), ("ThrottlingException", 400)])
def test_a_fault_of_the_service_stops_no_reading(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch, fault: str, status: int
) -> None:
    hurry(monkeypatch)
    ring = load(monkeypatch, kms.make_key(master, "enrollment", "2027")).key_ring
    sealed = cipher(ring).encrypt(SECRET, "1")
    before = kms.asked
    kms.fault, kms.status = fault, status
    assert cipher(ring).decrypt(sealed, "1") == SECRET
    assert kms.asked > before, "it was asked, and did not know"


def test_a_service_that_is_gone_or_silent_stops_no_reading_and_nobody_waits_long(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_management, "FRESH_SECONDS", 0.0)
    ring = load(monkeypatch, kms.make_key(master, "enrollment", "2027")).key_ring
    sealed = cipher(ring).encrypt(SECRET, "1")
    kms.speaks.clear()
    before = kms.asked
    assert [cipher(ring).decrypt(sealed, "1") for _ in range(50)] == [SECRET] * 50
    # one of them waits for the time-outs of its attempts, the others do not ask
    assert kms.asked - before <= key_management.ATTEMPTS
    fresh = load(monkeypatch, ",".join([kms.make_key(master, "enrollment", "2028")])).key_ring
    with pytest.raises(KeyUnavailable, match="does not answer"):
        cipher(fresh).encrypt(SECRET, "1")


def test_a_key_of_a_service_needs_a_region_and_an_encrypted_way_to_it(
    kms: KmsServer, master: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = kms.make_key(master, "enrollment", "2027")
    monkeypatch.setenv("ENROLLMENT_FIELD_KMS_ENDPOINT", "http://kms.example.com")
    with pytest.raises(SettingsError, match="ENROLLMENT_FIELD_KMS_ENDPOINT"):
        load(monkeypatch, keys)
    monkeypatch.delenv("ENROLLMENT_FIELD_KMS_ENDPOINT")
    monkeypatch.setenv("ENROLLMENT_FIELD_KMS_REGION", "")
    with pytest.raises(SettingsError, match=r"key 2027 .* FIELD_KMS_REGION is empty") as raised:
        load(monkeypatch, keys)
    assert keys.rpartition(":")[2] not in str(raised.value)
    assert issubclass(EnrollmentSettings, EncryptionSettings)
