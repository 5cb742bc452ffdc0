"""A file that is one JSON list, read entry by entry: memory holds one entry, whatever the file's length.

The decoder is Python's own, which is written in C and says where a fault is; it is handed a window of the text that
moves along.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

# Far more than a chunk of entries needs to be worth its call, and little beside the 200 MB that an import may take.
CHUNK_BYTES = 1 << 20
# A provider with hundreds of offices and thousands of plans; a file that goes on beyond it is no list of providers.
MOST_ENTRY_CHARACTERS = 4 << 20
_BLANKS = re.compile(r"[ \t\n\r]*")

Watch = Callable[[str, int, int], None]


class UnreadableFile(Exception):
    """The file is not a list, or not JSON; the message ends a sentence that begins with the file's name."""


def read_json_list(path: Path, watch: Watch) -> Iterator[object]:
    """The entries, in order. Raises UnreadableFile with line and column at the fault, OSError when it cannot be read.

    ``watch`` hears how many bytes of how many are read.
    """
    with path.open("rb") as file:
        window = _Window(file, path.name, path.stat().st_size, watch)
        if window.peek() != "[":
            if window.peek() == "":
                raise window.fault("it is empty")
            raise UnreadableFile("has to be a list of entries, [{...}, {...}]")
        window.step()
        if window.peek() != "]":
            yield window.entry()
            while window.peek() == ",":
                window.step()
                yield window.entry()
        if window.peek() != "]":
            raise window.fault("expecting ',' or ']'")
        window.step()
        if window.peek():
            raise window.fault("something stands behind the list")


class _Window:
    """The part of the text that is decoded now, with its place in the file."""

    def __init__(self, file: BinaryIO, name: str, size: int, watch: Watch) -> None:
        self._file, self._name, self._size, self._watch = file, name, size, watch
        self._decoder = json.JSONDecoder()
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._ended = "", 0, False
        self._read, self._lines, self._column = 0, 1, 1

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            self._at = blanks.end() if blanks else self._at
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def step(self) -> None:
        self._at += 1

    def entry(self) -> object:
        if self.peek() == "":
            raise self.fault("expecting an entry")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as fault:
                if self._more_of_entry():
                    continue  # the entry may go on behind the window
                raise self._say(fault) from None
            except (ValueError, RecursionError):  # a number of thousands of digits, lists within lists without end
                raise UnreadableFile("is not valid JSON") from None
            if not self._ends_at(end) and self._more_of_entry():
                continue  # a number may go on behind the window
            self._at = end
            return value

    def _ends_at(self, end: int) -> bool:
        blanks = _BLANKS.match(self._text, end)
        return blanks is not None and self._text[blanks.end() : blanks.end() + 1] in (",", "]")

    def _more_of_entry(self) -> bool:
        return len(self._text) - self._at < MOST_ENTRY_CHARACTERS and self._more()

    def fault(self, message: str) -> UnreadableFile:
        return self._say(json.JSONDecodeError(message, self._text, self._at))

    def _say(self, fault: json.JSONDecodeError) -> UnreadableFile:
        if not self._ended and len(self._text) - self._at >= MOST_ENTRY_CHARACTERS and fault.pos == len(self._text):
            return UnreadableFile(f"has an entry of more than {MOST_ENTRY_CHARACTERS:,} characters")
        line = self._lines + fault.lineno - 1
        column = fault.colno + (self._column - 1 if fault.lineno == 1 else 0)
        return UnreadableFile(f"is not a complete JSON file: {fault.msg} at line {line}, column {column}")

    def _more(self) -> bool:
        """Moves the window on by a chunk; False at the end of the file."""
        if self._ended:
            return False
        chunk = self._file.read(CHUNK_BYTES)
        self._read, self._ended = self._read + len(chunk), not chunk
        try:
            text = self._utf8.decode(chunk, final=self._ended)
        except UnicodeDecodeError:
            raise UnreadableFile("is not valid JSON: it is not written in UTF-8") from None
        self._watch(self._name, self._read, self._size)
        if self._ended:
            return False
        if lines := self._text.count("\n", 0, self._at):
            self._lines += lines
            self._column = self._at - self._text.rindex("\n", 0, self._at)
        else:
            self._column += self._at
        self._text, self._at = self._text[self._at :] + text, 0
        return True
