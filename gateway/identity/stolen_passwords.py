"""Passwords that were stolen elsewhere, from a file that the operator downloads: nobody outside learns what is asked.

The file has the form in which Have I Been Pwned gives them out: SHA-1 in hexadecimal, a colon and a count, a line each,
in the order of the hashes. It may be tens of gigabytes: a look-up reads some forty lines of it.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

from chassis import telemetry
from chassis.kernel import InvalidInput, Unavailable

_LINE = re.compile(rb"([0-9A-Fa-f]{40})(?::\d+)?\r?\n?")
# Enough to find a file in another order, such as that of the counts, at once.
LOOKED_AT = 100


class BadPasswordFile(ValueError):
    """The file cannot be used; the text says why."""


class StolenPasswords:
    """Raises BadPasswordFile when the file cannot be read or is no such list."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._size = path.stat().st_size
            with path.open("rb") as file:
                places = [self._size * part // LOOKED_AT for part in range(LOOKED_AT)]
                seen = [line for place in places if (line := _line_at(file, place)[1])]
        except OSError:
            raise BadPasswordFile(f"{path} cannot be read") from None
        hashes = [_LINE.fullmatch(line) for line in seen]
        known = [found[1].upper() for found in hashes if found]
        if not known or len(known) < len(hashes) or known != sorted(known):
            raise BadPasswordFile(f"{path} is no list of SHA-1 hashes in their order, one a line: HASH:COUNT")

    def refuse(self, password: str, field: str) -> None:
        """InvalidInput at ``field`` for a password that is in the file. Reads the file: for a thread."""
        try:
            is_known = password in self
        except OSError as lost:
            telemetry.get_logger().error("stolen passwords cannot be read", exc_info=lost)
            raise Unavailable("Passwords cannot be changed right now. Please try again later.") from None
        if is_known:
            raise InvalidInput.at(
                field, "This password was stolen from another site, and attackers try it first. Choose another one."
            )

    def __contains__(self, password: str) -> bool:
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with self._path.open("rb") as file:
            low, high = 0, self._size  # the line that is sought begins from low on, and before high
            while low < high:
                middle = (low + high) // 2
                start, line = _line_at(file, middle)
                found = line[: len(wanted)].upper()
                if found == wanted:
                    return True
                if found and found < wanted:
                    low = start + len(line)
                else:
                    high = middle
        return False


def _line_at(file: BinaryIO, place: int) -> tuple[int, bytes]:
    """The first line that begins there or behind it, and where; empty at the end."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.tell(), file.readline()
