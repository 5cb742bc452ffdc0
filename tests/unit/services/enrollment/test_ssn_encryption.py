"""Social security numbers under keys with ids."""

from __future__ import annotations

import base64

import pytest

from chassis.crypto import DecryptionFailed
from chassis.kernel import Unavailable
from services.enrollment.store.ssn_encryption import SsnEncryption

OLD, NEW = (f"{key_id}:{base64.b64encode(letter * 32).decode()}" for key_id, letter in (("2026", b"o"), ("2027", b"n")))
INDEX = base64.b64encode(b"i" * 32).decode()
SSN = "078051120"  # never given to anybody


def test_a_number_under_a_missing_key_is_unavailable_and_another_rows_number_is_an_error() -> None:
    sealed = SsnEncryption.with_keys(OLD, INDEX).seal(SSN, "p-1")["ssn"]
    assert isinstance(sealed, bytes)
    with pytest.raises(Unavailable):
        SsnEncryption.with_keys(NEW, INDEX).unseal(sealed, "p-1")
    both = SsnEncryption.with_keys(f"{NEW},{OLD}", INDEX)
    assert both.unseal(sealed, "p-1") == SSN
    with pytest.raises(DecryptionFailed):
        both.unseal(sealed, "p-2")


def test_the_blind_index_does_not_depend_on_the_key_ring() -> None:
    old, new = (SsnEncryption.with_keys(keys, INDEX).seal(SSN, "p-1")["ssn_index"] for keys in (OLD, NEW))
    assert old == new
