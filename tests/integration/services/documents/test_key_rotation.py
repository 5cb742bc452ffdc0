"""Documents in the database go over to another key; those in a blob store keep theirs and are counted."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

import services.documents.__main__ as documents
from chassis.crypto import KeyRing
from chassis.db import Database, PostgresTransactions
from chassis.db.migrate import upgrade_schema
from chassis.identity import generate_private_jwk
from chassis.kernel import Unavailable
from chassis.service import Runtime
from chassis.settings import load_suite
from services.documents.events.outgoing import event_to_proto
from services.documents.store.blobs import FolderBlobs
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.work import UnitOfWork, make_transactions
from tests.integration.services.documents.test_contents import CONTENT, files, keep_both, read_both
from tests.integration.services.documents.test_store import PDF

OLD, NEW = (base64.b64encode(letter * 32).decode() for letter in (b"o", b"n"))
# Whoever changes a row signs what the audit says of it.
IDENTITY = generate_private_jwk("documents")
BOTH, AFTER = f"2027:{NEW},{OLD}", f"2027:{NEW}"
Open = Callable[..., PostgresTransactions[UnitOfWork]]


@pytest.fixture
def opened(database: str) -> Iterator[Open]:
    db = Database(database)
    upgrade_schema(db.engine, documents.SERVICE.migrations)

    def open_store(keys: str, folder: Path | None = None) -> PostgresTransactions[UnitOfWork]:
        blobs = FolderBlobs(folder) if folder else None
        contents = DocumentContents(DocumentCiphers.with_keys(KeyRing.parse(keys)), blobs)
        return make_transactions(db, contents, event_to_proto)

    yield open_store
    db.close()


@pytest.fixture
def rotate(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command as the operator runs it; what it said. It fails where it ends with anything but ``code``."""

    def run(*arguments: str, keys: str = BOTH, blobs: str = "", code: int = 0) -> str:
        monkeypatch.setenv("SUITE_ENV", "test")  # made-up keys
        own = {"DATABASE_URL": database, "FIELD_KEYS": keys, "BLOBS": blobs, "IDENTITY_KEY": IDENTITY}
        for name, value in own.items():
            monkeypatch.setenv(f"DOCUMENTS_{name}", value)
        monkeypatch.setattr(sys, "argv", ["documents", "rotate-keys", *arguments])
        runtime, ended = Runtime("documents", load_suite()), 0
        try:
            documents.SERVICE.commands["rotate-keys"](runtime)
        except SystemExit as end:
            ended = end.code if isinstance(end.code, int) else 2  # a sentence ends it
        finally:
            runtime.database.close()
        assert ended == code
        return capsys.readouterr().out

    return run


def test_documents_in_the_database_go_over_and_open_without_the_old_key(
    opened: Open, rotate: Callable[..., str]
) -> None:
    keep_both(opened(OLD))
    said = rotate("--check", code=1)
    assert "application_pdf.content: 1 under the key without an id" in said and "2 under other keys" in said
    with pytest.raises(Unavailable):
        read_both(opened(AFTER))
    said = rotate()
    assert "proof_document.content: 1 rewrapped to key 2027" in said
    assert read_both(opened(AFTER)) == (PDF.content, CONTENT)
    with opened(AFTER)() as work:
        action = INFRASTRUCTURE.audit.c.action
        assert len(work.session.execute(select(action).where(action == "field_keys.rotated")).all()) == 2
    assert "Everything is sealed under key 2027." in rotate("--check", keys=AFTER)


def test_documents_in_a_blob_store_keep_their_key_and_the_check_says_so(
    opened: Open, rotate: Callable[..., str], tmp_path: Path
) -> None:
    keep_both(opened(OLD, tmp_path))
    lay = [path.read_bytes() for path in files(tmp_path)]
    said = rotate(blobs=f"file://{tmp_path}", code=1)
    assert "blob store: 2 under the key without an id" in said
    assert [path.read_bytes() for path in files(tmp_path)] == lay
    assert read_both(opened(BOTH, tmp_path)) == (PDF.content, CONTENT)


def test_new_documents_of_a_blob_store_are_under_the_current_key(
    opened: Open, rotate: Callable[..., str], tmp_path: Path
) -> None:
    keep_both(opened(BOTH, tmp_path))
    assert "blob store: 2 under key 2027" in rotate("--check", blobs=f"file://{tmp_path}")


def test_a_missing_blob_is_counted(opened: Open, rotate: Callable[..., str], tmp_path: Path) -> None:
    keep_both(opened(BOTH, tmp_path))
    files(tmp_path)[0].unlink()
    assert "1 under no key: the blob is missing" in rotate("--check", blobs=f"file://{tmp_path}", code=1)


def test_a_blob_store_that_is_away_ends_the_command_with_a_sentence(
    opened: Open, rotate: Callable[..., str], tmp_path: Path
) -> None:
    keep_both(opened(BOTH, tmp_path))
    rotate("--check", code=2)
    rotate("--all", code=2)
