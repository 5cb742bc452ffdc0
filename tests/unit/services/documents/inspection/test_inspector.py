"""What is taken as proof and what is not; every file here is made up on the spot."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from chassis.kernel import InvalidInput, Unavailable
from services.documents.inspection import inspector as module
from services.documents.inspection.inspector import ProcessInspector
from services.documents.inspection.sandbox_process import judge

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
# Most tests do without the process of its own, which takes half a second to start.
INSPECTOR, APART = ProcessInspector(judge), ProcessInspector()


def pdf(change: Callable[[PdfWriter], Any] = lambda _: None, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(612, 792)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(out, kind, **options)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("run.txt", "made up")
    return out.getvalue()


def huge_png() -> bytes:
    """A hundred million pixels in some hundred kB."""
    side = 10_000

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes((side + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def fault(content: bytes, media_type: str, inspector: ProcessInspector = INSPECTOR) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as refused:
        inspector.inspect(content, media_type)
    [problem] = refused.value.problems
    return refused.value.code, problem.field


def test_a_plain_pdf_is_stored_unchanged() -> None:
    content = pdf(pages=3)
    found = APART.inspect(content, PDF)
    assert (found.media_type, found.content, found.pages) == (PDF, content, 3)


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", PNG), ("JPEG", JPEG)])
def test_a_picture_is_re_encoded_without_its_metadata(kind: str, media_type: str) -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "where it was taken", 6
    content = picture(kind, exif=exif)
    assert b"where it was taken" in content
    found = INSPECTOR.inspect(content + archive(), media_type)
    assert b"where it was taken" not in found.content
    assert b"PK\x03\x04" not in found.content
    with Image.open(io.BytesIO(found.content)) as kept:
        assert (kept.format, kept.size) == (kind, (30, 40))  # turned as the camera was held


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "I;16"])
def test_pngs_of_all_kinds_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (5, 5)).save(out, "PNG")
    assert INSPECTOR.inspect(out.getvalue(), PNG).pages == 1


def test_a_file_is_typed_by_its_content_and_not_by_its_declared_type() -> None:
    assert fault(picture("PNG"), PDF) == ("invalid_input", "media_type")
    assert fault(archive(), PDF) == ("unknown", "content")
    assert fault(b"GIF89a" + bytes(50), PNG) == ("unknown", "content")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf()[:-7], PDF),
        (pdf()[: len(pdf()) // 2] + b"\n%%EOF", PDF),
        (b"%PDF-1.7\n%%EOF", PDF),
        (pdf() + archive(), PDF),
        (picture("JPEG", (400, 300))[:-3000], JPEG),
        (picture("PNG", (400, 300))[:-3000], PNG),
        (b"\xff\xd8\xff" + bytes(100), JPEG),
    ],
    ids=["no end", "half a pdf", "empty pdf", "pdf and zip", "cut jpg", "cut png", "no jpg"],
)
def test_a_damaged_or_polyglot_file_is_refused(content: bytes, media_type: str) -> None:
    assert fault(content, media_type) == ("damaged", "content")


def test_a_pdf_that_does_not_start_with_its_header_is_refused() -> None:
    assert fault(b"GIF89a" + pdf(), PDF) == ("unknown", "content")


ALGORITHMS = ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_that_needs_a_password_to_open_is_refused(algorithm: str) -> None:
    content = pdf(lambda writer: writer.encrypt("word", "owner's word", algorithm=algorithm))
    assert fault(content, PDF) == ("encrypted", "content")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_pdf_with_an_owner_password_alone_is_stored_unchanged(algorithm: str) -> None:
    content = pdf(lambda writer: writer.encrypt("", "owner's word", algorithm=algorithm), pages=2)
    assert PdfReader(io.BytesIO(content)).is_encrypted
    found = INSPECTOR.inspect(content, PDF)
    assert (found.content, found.pages) == (content, 2)


def test_the_scan_process_can_decrypt_an_encrypted_pdf() -> None:
    content = pdf(lambda writer: writer.encrypt("", "owner's word", algorithm="AES-256"))
    assert APART.inspect(content, PDF).pages == 1


def test_a_script_is_found_in_a_pdf_with_an_owner_password() -> None:
    def change(writer: PdfWriter) -> None:
        script_of_the_document(writer)
        writer.encrypt("", "owner's word", algorithm="AES-256")

    assert fault(pdf(change), PDF) == ("active", "content")


def test_a_pdf_that_needs_a_certificate_to_open_is_refused_as_protected() -> None:
    content = pdf(lambda writer: writer.encrypt("", "owner's word", algorithm="AES-128"))
    for_certificates = content.replace(b"/Filter /Standard", b"/Filter /PubSec  ")
    assert for_certificates != content
    assert fault(for_certificates, PDF) == ("encrypted", "content")


def named(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def script_of_the_document(writer: PdfWriter) -> None:
    action = named(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
    names = ArrayObject([TextStringObject("made up"), writer._add_object(action)])
    writer.root_object[NameObject("/Names")] = named(JavaScript=named(Names=names))


def script_on_a_page(writer: PdfWriter) -> None:
    action = named(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
    note = named(Type=NameObject("/Annot"), Subtype=NameObject("/Link"), A=writer._add_object(action))
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])


def launching(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = named(S=NameObject("/Launch"), F=TextStringObject("calc"))


def then_a_script(writer: PdfWriter) -> None:
    after = named(S=NameObject("/JavaScript"))
    writer.root_object[NameObject("/OpenAction")] = named(S=NameObject("/GoTo"), Next=after)


@pytest.mark.parametrize(
    "change",
    [
        script_of_the_document,
        lambda writer: writer.add_attachment("run.txt", b"made up"),
        script_on_a_page,
        launching,
        then_a_script,
    ],
    ids=["script", "attachment", "script on a page", "launch", "hidden behind a view"],
)
def test_a_pdf_with_active_content_is_refused(change: Callable[[PdfWriter], Any]) -> None:
    assert fault(pdf(change), PDF) == ("active", "content")


def test_a_pdf_that_opens_at_a_page_is_accepted() -> None:
    def opening(writer: PdfWriter) -> None:
        view = ArrayObject([writer.pages[0].indirect_reference, NameObject("/XYZ"), NumberObject(0)])
        writer.root_object[NameObject("/OpenAction")] = view

    content = pdf(opening)
    assert "/OpenAction" in PdfReader(io.BytesIO(content)).root_object
    assert INSPECTOR.inspect(content, PDF).pages == 1


def test_a_pdf_of_fifty_pages_is_taken_and_a_longer_one_not() -> None:
    assert INSPECTOR.inspect(pdf(pages=50), PDF).pages == 50
    assert fault(pdf(pages=51), PDF) == ("too_long", "content")


def test_a_picture_of_too_many_pixels_is_refused_by_its_header() -> None:
    content = huge_png()
    assert len(content) < 200_000
    assert fault(content, PNG, APART) == ("too_detailed", "content")


def test_a_page_at_the_finest_resolution_of_a_scanner_is_taken() -> None:
    out = io.BytesIO()
    Image.new("L", (4960, 7016), 200).save(out, "PNG")
    assert APART.inspect(out.getvalue(), PNG).media_type == PNG


def test_a_scan_that_is_stopped_at_its_limits_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.01)
    assert fault(pdf(), PDF, APART) == ("too_complex", "content")


def test_a_scan_that_cannot_start_is_unavailable_and_blames_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SANDBOX", "services.documents.inspection.nowhere")
    with pytest.raises(Unavailable):
        APART.inspect(pdf(), PDF)


def test_the_scan_process_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCUMENTS_FIELD_KEY", "a secret")
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def spy(*args: Any, **options: Any) -> Any:
        seen.append(options["env"])
        return run(*args, **options)

    monkeypatch.setattr(subprocess, "run", spy)
    APART.inspect(pdf(), PDF)
    assert list(seen[0]) == ["PYTHONPATH", "PYTHONDONTWRITEBYTECODE"]


def test_files_are_scanned_one_at_a_time_with_a_bounded_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN_SECONDS", 0.01)
    turned_away: list[Unavailable] = []

    def read(content: bytes) -> module.ScanResult:
        try:
            busy.inspect(content, PDF)
        except Unavailable as refusal:
            turned_away.append(refusal)
        return judge(content)

    busy = ProcessInspector(read)
    assert busy.inspect(pdf(), PDF).pages == 1
    assert len(turned_away) == 1
    assert busy.inspect(pdf(), PDF).pages == 1
