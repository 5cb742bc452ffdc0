"""A document whose key is missing from the settings is not damaged: it waits until the key is there."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from chassis.crypto import KeyRing
from chassis.kernel import Unavailable
from services.documents.domain.document import DocumentDamaged
from services.documents.domain.retention import DocumentKind
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers

OLD, NEW = (f"{key_id}:{base64.b64encode(letter * 32).decode()}" for key_id, letter in (("2026", b"o"), ("2027", b"n")))
CONTENT = b"a made-up file"


def with_keys(text: str) -> DocumentContents:
    return DocumentContents(DocumentCiphers.with_keys(KeyRing.parse(text)))


def stored() -> SimpleNamespace:
    values = with_keys(OLD).save(DocumentKind.PROOF, CONTENT, "d-1", datetime(2026, 3, 12, tzinfo=UTC))
    return SimpleNamespace(**values)


def test_a_document_under_a_missing_key_is_unavailable_and_the_log_names_the_key() -> None:
    with capture_logs() as lines, pytest.raises(Unavailable):
        with_keys(NEW).load(DocumentKind.PROOF, stored(), "d-1")
    [line] = lines
    assert (line["event"], line["key_id"]) == ("a key cannot be used", "2026")


def test_the_same_document_opens_once_its_key_is_there_again() -> None:
    assert with_keys(f"{NEW},{OLD}").load(DocumentKind.PROOF, stored(), "d-1") == CONTENT


def test_a_document_of_another_row_is_damaged() -> None:
    """The control: not everything that does not open is told to wait."""
    with pytest.raises(DocumentDamaged):
        with_keys(OLD).load(DocumentKind.PROOF, stored(), "d-2")
