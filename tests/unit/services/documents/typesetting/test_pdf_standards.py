"""PDF/UA-1 and PDF/A-2a, as two checkers that are not ours read them.

Neither is a proof of conformance, and says so itself: they check what a machine can.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from services.documents.remote.proposals import proposal
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import full, offered, small
from tests.unit.services.documents.typesetting.test_review_pdf import reviewed

AT = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
COMMANDS = Path(sys.executable).parent


def consent_record() -> bytes:
    application = reviewed("es")
    return typesetter_of(application).review(application.record_number, "review-1", AT)


MADE: dict[str, Callable[[], bytes]] = {
    "the largest application": lambda: typesetter_of(full()).application("A-0638", AT).content,
    "the smallest application": lambda: typesetter_of(small()).application("A-0639", AT).content,
    "a proposal": lambda: typesetter_of().proposal(proposal(offered()), AT),
    "a consent record in Spanish": consent_record,
}


def check(pdf: Path) -> dict[str, str]:
    """What each checker found; nothing of one that found no fault."""
    calls = {"outloud": [str(pdf)], "pdfua": ["check", str(pdf)]}
    ran = {
        name: subprocess.run([COMMANDS / name, *arguments], capture_output=True, text=True, timeout=100)
        for name, arguments in calls.items()
    }
    return {name: done.stdout + done.stderr for name, done in ran.items() if done.returncode}


@pytest.mark.slow  # outloud reads a file for seconds
@pytest.mark.parametrize("name", MADE)
def test_two_checkers_find_no_fault(name: str, tmp_path: Path) -> None:
    path = tmp_path / "made.pdf"
    path.write_bytes(MADE[name]())
    assert check(path) == {}


@pytest.mark.slow
def test_both_checkers_find_a_document_that_lost_its_tags(tmp_path: Path) -> None:
    """The control."""
    writer = PdfWriter(clone_from=io.BytesIO(MADE["the smallest application"]()))
    for lost in ("/StructTreeRoot", "/MarkInfo"):
        del writer._root_object[NameObject(lost)]
    writer.write(tmp_path / "untagged.pdf")
    assert check(tmp_path / "untagged.pdf").keys() == {"outloud", "pdfua"}


@pytest.mark.parametrize("name", MADE)
def test_every_document_says_which_standards_it_keeps_and_has_bookmarks(name: str) -> None:
    reader = PdfReader(io.BytesIO(MADE[name]()))
    root: Any = reader.trailer["/Root"]
    said = root["/Metadata"].get_object().get_data().decode()
    for stated in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        assert stated in said
    assert root["/OutputIntents"], "PDF/A wants to know what its colors mean"
    bookmarks: list[Any] = reader.outline
    (_title, sections) = bookmarks
    assert len([one for one in sections if not isinstance(one, list)]) >= 2, "one for each section, under the title"
