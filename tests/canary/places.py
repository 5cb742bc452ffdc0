"""The places in which values of people might lie, and the search through them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from pypdf import PdfReader

from deploy.local.servers.postgres import BINARIES
from tests.canary.people import Canary
from tests.canary.spellings import Scanner

# Read so much of a file at a time, and so much of it twice, so that nothing is cut in two.
PIECE_BYTES, OVERLAP_BYTES = 16 * 2**20, 4096
# What servers reserve and do not fill yet is most of some files.
_EMPTY, _SHORTER = re.compile(rb"\x00{64,}"), bytes(64)
# Tables and their log, which the dumps show; what else the server writes is read as it lies there.
TABLE_FOLDERS = frozenset({"base", "global", "pg_wal"})


@dataclass(frozen=True)
class Place:
    """Where to look. ``short_dates``: numbers are few here, so six digits may be a birth date."""

    name: str
    contents: Iterable[bytes]
    short_dates: bool = False

    def find(self, scanner: Scanner) -> set[Canary]:
        found: set[Canary] = set()
        for content in self.contents:
            found |= scanner.find(content, short_dates=self.short_dates)
        return found


def dump(url: str) -> Iterator[bytes]:
    """A database as a backup has it."""
    command = [str(BINARIES / "pg_dump"), "--no-password", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield from _in_pieces(process.stdout)
    assert process.returncode == 0, "pg_dump failed"


def files(*folders: Path, without: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """Names and contents of all files; those that vanish meanwhile are gone."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if inside.parts and inside.parts[0] in without:
                continue
            yield str(inside).encode()
            try:
                if path.is_file() and not path.is_symlink():
                    with path.open("rb") as file:
                        yield from _in_pieces(file)
            except (FileNotFoundError, PermissionError):
                continue


def pdf_metadata(content: bytes) -> bytes:
    """What a PDF says of itself, in both of its ways, and the names of what is attached."""
    reader = PdfReader(BytesIO(content))
    said = [f"{name}: {value}" for name, value in (reader.metadata or {}).items()]
    stream = reader.root_object.get("/Metadata")
    described = stream.get_object().get_data() if stream else b""
    return "\n".join([*said, *reader.attachments]).encode() + b"\n" + described


def _in_pieces(file: IO[bytes]) -> Iterator[bytes]:
    kept = b""
    while piece := file.read(PIECE_BYTES):
        yield _EMPTY.sub(_SHORTER, kept + piece)
        kept = piece[-OVERLAP_BYTES:]
