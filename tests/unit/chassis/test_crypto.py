"""Encrypted fields: only in their own row, only with their own key, only unaltered."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.crypto import (
    ENVELOPE_BYTES,
    BlindIndex,
    DecryptionFailed,
    FieldCipher,
    KeyRing,
    LocalKey,
    UnknownKey,
    make_header,
    read_header,
)

KEY, OTHER_KEY = bytes(range(32)), bytes(range(32, 64))
CIPHER = FieldCipher(LocalKey(KEY), "person", "ssn")
SECRET = "078-05-1120"


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def with_ring(text: str) -> FieldCipher:
    return FieldCipher(KeyRing.parse(text), "person", "ssn")


OLD, NEW = f"2026:{encoded(KEY)}", f"2027:{encoded(OTHER_KEY)}"
NAMED = with_ring(NEW)


@given(st.text())
def test_a_value_decrypts_to_what_was_encrypted(plain: str) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(plain, "row-1"), "row-1") == plain


@pytest.mark.parametrize(
    ("cipher", "row"),
    [
        pytest.param(CIPHER, "row-2", id="another row"),
        pytest.param(FieldCipher(LocalKey(KEY), "person", "phone"), "row-1", id="another column"),
        pytest.param(FieldCipher(LocalKey(KEY), "delegate", "ssn"), "row-1", id="another table"),
        pytest.param(FieldCipher(LocalKey(OTHER_KEY), "person", "ssn"), "row-1", id="another key"),
    ],
)
def test_a_ciphertext_opens_nowhere_else(cipher: FieldCipher, row: str) -> None:
    ciphertext = CIPHER.encrypt(SECRET, "row-1")
    with pytest.raises(DecryptionFailed):
        cipher.decrypt(ciphertext, row)


@pytest.mark.parametrize("cipher", [CIPHER, NAMED], ids=["a single key", "a key with an id"])
def test_every_altered_byte_is_noticed(cipher: FieldCipher) -> None:
    ciphertext = cipher.encrypt(SECRET, "row-1")
    for place in range(len(ciphertext)):
        altered = bytearray(ciphertext)
        altered[place] ^= 1
        with pytest.raises(DecryptionFailed):
            cipher.decrypt(bytes(altered), "row-1")


@pytest.mark.parametrize("cipher", [CIPHER, NAMED], ids=["a single key", "a key with an id"])
def test_every_shortened_ciphertext_is_noticed(cipher: FieldCipher) -> None:
    ciphertext = cipher.encrypt(SECRET, "row-1")
    for length in range(len(ciphertext)):
        with pytest.raises(DecryptionFailed):
            cipher.decrypt(ciphertext[:length], "row-1")


def test_equal_values_look_different_and_show_nothing() -> None:
    ciphertexts = {CIPHER.encrypt(SECRET, "row-1") for _ in range(100)}
    assert len(ciphertexts) == 100
    assert all(SECRET.encode() not in ciphertext for ciphertext in ciphertexts)


def test_a_failed_decryption_names_the_place_and_nothing_of_the_value() -> None:
    with pytest.raises(DecryptionFailed) as raised:
        CIPHER.decrypt(CIPHER.encrypt(SECRET, "row-1"), "row-2")
    assert str(raised.value) == "person.ssn"
    assert raised.value.__cause__ is None


def test_a_blind_index_finds_equal_values_of_one_purpose_under_one_key() -> None:
    index = BlindIndex(KEY)
    assert index.of(SECRET, "ssn") == index.of(SECRET, "ssn")
    different = {index.of(SECRET, "ssn"), index.of(SECRET, "phone"), BlindIndex(OTHER_KEY).of(SECRET, "ssn")}
    assert len(different) == 3


@pytest.mark.parametrize("make", [LocalKey, BlindIndex])
def test_a_key_of_the_wrong_length_is_refused(make: type[LocalKey] | type[BlindIndex]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        make(b"short")


def test_keys_are_given_as_base64() -> None:
    text = encoded(KEY)
    assert with_ring(text).decrypt(CIPHER.encrypt("x", "1"), "1") == "x"
    assert BlindIndex.from_base64(text).of("x", "ssn") == BlindIndex(KEY).of("x", "ssn")


def test_what_was_sealed_before_keys_had_ids_opens_under_the_ring_that_has_its_key() -> None:
    before = CIPHER.encrypt(SECRET, "row-1")
    assert with_ring(f"{NEW},{encoded(KEY)}").decrypt(before, "row-1") == SECRET
    assert with_ring(f"{encoded(KEY)},{NEW}").encrypt(SECRET, "row-1").startswith(make_header("")), "format 1 still"


def test_what_the_release_before_sealed_opens() -> None:
    kept = bytes.fromhex(
        "0127d728fd42458618362a3180504a6beadd7e2742749a36960531ee74297622ff79fb037f26cac9777077ba708cfb07f916"
        "e00b7a9b62c93e666999bfe9d27be67d824c3ab6f15c6da2ab0159375cfc1b8f8f4d9519015099a8f9b45b4f732e6cba3e46"
    )
    assert with_ring(f"{NEW},{encoded(KEY)}").decrypt(kept, "row-1") == SECRET


def test_the_first_key_of_a_ring_seals_and_all_of_them_open() -> None:
    first, turned = with_ring(f"{OLD},{NEW}"), with_ring(f"{NEW},{OLD}")
    for cipher, key_id in ((first, "2026"), (turned, "2027")):
        sealed = cipher.encrypt(SECRET, "row-1")
        assert read_header(sealed)[0] == key_id and sealed.startswith(cipher.current_header)
        assert first.decrypt(sealed, "row-1") == turned.decrypt(sealed, "row-1") == SECRET


@pytest.mark.parametrize(
    ("sealed_with", "opened_with", "named"),
    [(OLD, NEW, "2026"), (encoded(KEY), NEW, ""), (NEW, encoded(KEY), "2027")],
    ids=["after a rotation", "a key without an id", "a ring without the key"],
)
def test_a_missing_key_is_named_and_nothing_of_the_value(sealed_with: str, opened_with: str, named: str) -> None:
    sealed = with_ring(sealed_with).encrypt(SECRET, "row-1")
    with pytest.raises(UnknownKey) as raised:
        with_ring(opened_with).decrypt(sealed, "row-1")
    wanted = f"key {named}" if named else "the key without an id"
    assert raised.value.key_id == named
    assert str(raised.value) == f"{wanted} is missing from the settings"


def test_an_id_leads_to_its_own_key_alone() -> None:
    """Under the id of another key of the ring a value does not open."""
    sealed = with_ring(OLD).encrypt(SECRET, "row-1")
    with pytest.raises(DecryptionFailed):
        with_ring(f"{OLD},{NEW}").decrypt(make_header("2027") + sealed[len(make_header("2026")) :], "row-1")


@pytest.mark.parametrize("sealed_with", [OLD, encoded(KEY)])
def test_a_rewrapped_value_needs_the_old_key_no_more_and_its_body_is_untouched(sealed_with: str) -> None:
    before = with_ring(sealed_with).encrypt(SECRET, "row-1")
    after = with_ring(f"{NEW},{sealed_with}").rewrap(before, "row-1")
    assert NAMED.decrypt(after, "row-1") == SECRET
    assert after.startswith(NAMED.current_header)
    body = len(before) - len(make_header(read_header(before)[0])) - 60
    assert after[-body:] == before[-body:]
    assert with_ring(f"{NEW},{sealed_with}").rewrap(after, "row-1") == after


def test_the_beginning_of_a_value_is_enough_to_rewrap_it() -> None:
    ring = with_ring(f"{NEW},{OLD}")
    before = with_ring(OLD).seal(bytes(1000), "row-1")
    after = ring.rewrap(before[:ENVELOPE_BYTES], "row-1") + before[ENVELOPE_BYTES:]
    assert NAMED.open(after, "row-1") == bytes(1000)


def test_a_value_of_another_row_is_not_rewrapped() -> None:
    with pytest.raises(DecryptionFailed):
        with_ring(f"{NEW},{OLD}").rewrap(with_ring(OLD).encrypt(SECRET, "row-1"), "row-2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the key without an id must be 32 random bytes in base64"),
        ("2027:", "key 2027 must be 32 random bytes in base64"),
        (f"2027:{encoded(KEY[:16])}", "key 2027 must be 32 random bytes in base64"),
        (f"{OLD},{NEW[:-4]}!", "key 2027 must be 32 random bytes in base64"),
        (f"{OLD},", "the key without an id must be 32 random bytes in base64"),
        (f":{encoded(KEY)}", "the id of key 1 must be 1 to 32 letters, digits, '.', '_' or '-'"),
        (f"{OLD},of may:{encoded(OTHER_KEY)}", "the id of key 2 must be 1 to 32 letters, digits, '.', '_' or '-'"),
        (f"{OLD},2026:{encoded(OTHER_KEY)}", "key 2026 is there twice"),
        (f"{encoded(KEY)},{encoded(OTHER_KEY)}", "the key without an id is there twice"),
        (f"{OLD},2027:{encoded(KEY)}", "key 2027 equals another key"),
    ],
)
def test_a_ring_that_cannot_be_read_is_refused_without_a_key_in_the_words(text: str, said: str) -> None:
    with pytest.raises(ValueError) as raised:
        KeyRing.parse(text)
    assert str(raised.value) == said
