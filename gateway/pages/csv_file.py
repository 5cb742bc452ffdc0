"""Rows as a CSV file for spreadsheets, sent while it is made."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence

from starlette.responses import StreamingResponse

# What a spreadsheet takes for the beginning of a formula, the wide forms of East Asian keyboards among them (OWASP, CSV
# Injection).
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_CONTROL = ("\t", "\r", "\n")


def csv_response(file_name: str, head: Sequence[str], rows: AsyncIterator[Sequence[str]]) -> StreamingResponse:
    """``file_name``: our own, without anything that somebody typed."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return StreamingResponse(_lines(head, rows), media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(head: Sequence[str], rows: AsyncIterator[Sequence[str]]) -> AsyncIterator[bytes]:
    yield b"\xef\xbb\xbf" + _line(head)  # the mark without which Excel takes UTF-8 for the machine's own code page
    async for row in rows:
        yield _line([harmless(cell) for cell in row])


def harmless(cell: str) -> str:
    """The text itself, zeros in front included; behind an apostrophe where a spreadsheet would run it."""
    runs = cell.startswith(_CONTROL) or cell.lstrip().startswith(_FORMULA)
    return f"'{cell}" if runs else cell


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
