"""Documents that come over HTTP lie sealed: nothing of them is in any database, and the service's key alone opens them.

The same search is held against a document that is not sealed: only then does it say something that it finds nothing.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256

import httpx
import pytest
from pypdf import PdfWriter
from sqlalchemy import Connection, create_engine, inspect, text

from chassis.crypto import DecryptionFailed, FieldCipher, KeyRing
from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from services.documents.store.document_ciphers import DocumentCiphers

# The first test to ask for the suite waits for its start.
pytestmark = pytest.mark.timeout(300)
TODAY = business_date(SystemClock().now(), "IL")
TITLE, FILE_NAME = "Zqxjkwv certificate of birth", "zqxjkwv-birth-certificate.pdf"
# Long enough to be met by no accident.
PIECE_BYTES = 24


@dataclass(frozen=True)
class StoredDocument:
    """One document as it came and where it lies: ``row`` is what its cipher is bound to."""

    content: bytes
    table: str
    key: str
    row: str

    def stored(self, suite: LocalSuite) -> bytes:
        with rows_of(suite, "documents") as connection:
            query = text(f"select content from {self.table} where {self.key} = :row")
            return bytes(connection.execute(query, {"row": self.row}).scalar_one())

    def cipher(self, ciphers: DocumentCiphers) -> FieldCipher:
        return ciphers.proof if self.table == "proof_document" else ciphers.application_pdf


@pytest.fixture(scope="module")
def kept(suite: LocalSuite) -> list[StoredDocument]:
    """The proof document and the PDF of one application."""
    with closing(Api(suite.ports.portal_url)) as api:
        journey = Journey(api, TODAY)
        journey.until_ready()
        journey.submit()
        proof = certificate()
        sent = upload(suite, api, journey.record_number, proof)
        return [
            StoredDocument(proof, "proof_document", "document_id", sent),
            StoredDocument(journey.fetch_pdf(), "application_pdf", "record_number", journey.record_number),
        ]


def certificate() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.add_metadata({"/Title": TITLE})
    writer.write(out)
    assert TITLE.encode() in out.getvalue()
    return out.getvalue()


def upload(suite: LocalSuite, api: Api, record_number: str, content: bytes) -> str:
    """With a name, as a browser may send it; the id of the document."""
    answer = httpx.post(
        f"{suite.ports.portal_url}/api/v1/applications/{record_number}/proof-documents?kind=birth_certificate",
        content=content,
        headers={
            "Authorization": f"Bearer {api.token}",
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{FILE_NAME}"',
            "Idempotency-Key": "a-certificate-that-is-sealed",
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["document_id"])


@contextmanager
def rows_of(suite: LocalSuite, owner: str) -> Iterator[Connection]:
    """The database of one owner; what is written meanwhile is undone."""
    engine = create_engine(suite.databases[owner].replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def found(connection: Connection, needles: Iterable[bytes]) -> set[bytes]:
    """Those of the needles that stand in any row of any table, in text or in bytes."""
    wanted = {needle: (needle.decode("latin-1"), needle.hex()) for needle in needles}
    met = set()
    for table in inspect(connection).get_table_names():
        for row in connection.execute(text(f'select cast(one as text) from "{table}" one')).scalars():
            met |= {needle for needle, forms in wanted.items() if any(form in row for form in forms)}
    return met


def pieces(content: bytes) -> set[bytes]:
    """Bits from all over a document, and what it says."""
    step = max(PIECE_BYTES, len(content) // 12)
    cut = {content[at : at + PIECE_BYTES] for at in range(0, len(content) - PIECE_BYTES, step)}
    return cut | {TITLE.encode(), FILE_NAME.encode()}


def test_nothing_of_a_document_nor_its_name_is_in_any_database(suite: LocalSuite, kept: list[StoredDocument]) -> None:
    for document in kept:
        for owner in suite.databases:
            with rows_of(suite, owner) as connection:
                assert found(connection, pieces(document.content)) == set(), owner


def test_search_of_the_databases_finds_an_unencrypted_document(suite: LocalSuite, kept: list[StoredDocument]) -> None:
    for document in kept:
        with rows_of(suite, "documents") as connection:
            connection.execute(text("create table lies_open (content bytea, name text)"))
            row = {"content": document.content, "name": f"{FILE_NAME} {TITLE}"}
            connection.execute(text("insert into lies_open values (:content, :name)"), row)
            assert found(connection, pieces(document.content)) == pieces(document.content)
            digest = sha256(document.content).hexdigest().encode()
            assert found(connection, [digest]) == {digest}, "what is kept in the open is found where it is kept"


def test_the_services_key_opens_a_document_and_no_other_does(suite: LocalSuite, kept: list[StoredDocument]) -> None:
    own, other = (
        DocumentCiphers.with_keys(KeyRing.parse(suite.keys["DOCUMENTS_FIELD_KEY"])),
        DocumentCiphers.with_keys(KeyRing.parse(base64.b64encode(b"another key of the same length..").decode())),
    )
    for document in kept:
        sealed = document.stored(suite)
        assert document.cipher(own).open(sealed, document.row) == document.content
        for cipher, row in ((document.cipher(other), document.row), (document.cipher(own), "another row")):
            with pytest.raises(DecryptionFailed):
                cipher.open(sealed, row)
