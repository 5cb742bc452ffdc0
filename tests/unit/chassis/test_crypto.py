"""Encrypted fields: only in their own row, only with their own key, only unaltered."""

from __future__ import annotations

import base64
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.crypto import BlindIndex, DecryptionFailed, FieldCipher, LocalKey

KEY, OTHER_KEY = os.urandom(32), os.urandom(32)
CIPHER = FieldCipher(LocalKey(KEY), "person", "ssn")
SECRET = "078-05-1120"


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


def test_every_altered_byte_is_noticed() -> None:
    ciphertext = CIPHER.encrypt(SECRET, "row-1")
    for place in range(len(ciphertext)):
        altered = bytearray(ciphertext)
        altered[place] ^= 1
        with pytest.raises(DecryptionFailed):
            CIPHER.decrypt(bytes(altered), "row-1")


def test_every_shortened_ciphertext_is_noticed() -> None:
    ciphertext = CIPHER.encrypt(SECRET, "row-1")
    for length in range(len(ciphertext)):
        with pytest.raises(DecryptionFailed):
            CIPHER.decrypt(ciphertext[:length], "row-1")


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
    text = base64.b64encode(KEY).decode()
    assert FieldCipher(LocalKey.from_base64(text), "person", "ssn").decrypt(CIPHER.encrypt("x", "1"), "1") == "x"
    assert BlindIndex.from_base64(text).of("x", "ssn") == BlindIndex(KEY).of("x", "ssn")
