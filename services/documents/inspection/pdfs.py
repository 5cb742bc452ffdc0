"""Inspection: PDF. It is read to the last object and kept as it came; what acts when it is opened is refused."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PasswordType, PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from services.documents.inspection.scan_result import FileProblem, FileRefused

# Proof is a letter or a certificate; fifty pages hold the longest court order.
MOST_PAGES = 50
# A scanned letter has some hundred objects; reading this many takes about two seconds.
MOST_OBJECTS = 20_000
# ISO 32000: scripts, actions beyond links, attached files, forms with code, embedded media.
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/AA", "/OpenAction", "/Launch", "/EmbeddedFiles", "/EF", "/XFA"})
_ACTIVE_KINDS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/RichMedia",
        "/Movie",
        "/Sound",
        "/Screen",
        "/3D",
        "/FileAttachment",
    }
)
_BLANK = b"\0\t\n\f\r "


def check_pdf(content: bytes) -> int:
    """Gives the number of pages; raises FileRefused, and whatever the library raises on a broken file."""
    # a PDF alone: nothing before its header and nothing behind its end, where another format could hide
    if not content.startswith(b"%PDF-") or not content.rstrip(_BLANK).endswith(b"%%EOF"):
        raise FileRefused(FileProblem.DAMAGED)
    reader = _open(content)
    _must_be_passive(reader)
    pages = len(reader.pages)
    if not pages:
        raise FileRefused(FileProblem.DAMAGED)
    if pages > MOST_PAGES:
        raise FileRefused(FileProblem.TOO_LONG)
    return pages


def _open(content: bytes) -> PdfReader:
    """An owner's password alone forbids changes and opens for everybody (ISO 32000-1, 7.6.3): that is read as it is."""
    try:
        reader = PdfReader(io.BytesIO(content), root_object_recovery_limit=1000, xref_stream_maximum_entries=100_000)
    except NotImplementedError:  # pypdf's, of encryption for holders of a certificate or by a product's own handler
        raise FileRefused(FileProblem.ENCRYPTED) from None
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise FileRefused(FileProblem.ENCRYPTED)
    return reader


def _must_be_passive(reader: PdfReader) -> None:
    """Look at everything that can be reached, without opening streams."""
    waiting: list[Any] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, IndirectObject):
            if (item.idnum, item.generation) in seen:
                continue
            seen.add((item.idnum, item.generation))
            item = item.get_object()
        count += 1
        if count > MOST_OBJECTS:
            raise FileRefused(FileProblem.TOO_COMPLEX)
        if isinstance(item, DictionaryObject):
            _must_not_act(item)
            waiting += [value for value in item.values() if _is_branch(value)]
        elif isinstance(item, ArrayObject):
            waiting += [value for value in item if _is_branch(value)]


def _is_branch(value: Any) -> bool:
    return isinstance(value, (IndirectObject, DictionaryObject, ArrayObject))


def _must_not_act(found: DictionaryObject) -> None:
    if not _ACTIVE_KEYS.isdisjoint(found):
        # a plain "go to page 1" on opening is common and harmless
        opening = found.raw_get("/OpenAction") if set(found) & _ACTIVE_KEYS == {"/OpenAction"} else None
        if not _is_view(opening):
            raise FileRefused(FileProblem.ACTIVE)
    for key in ("/S", "/Subtype", "/Type"):
        kind = found.get(key)
        if isinstance(kind, NameObject) and kind in _ACTIVE_KINDS:
            raise FileRefused(FileProblem.ACTIVE)


def _is_view(opening: Any) -> bool:
    value = opening.get_object() if isinstance(opening, IndirectObject) else opening
    if isinstance(value, DictionaryObject):
        return value.get("/S") == "/GoTo" and "/Next" not in value
    return isinstance(value, ArrayObject)
