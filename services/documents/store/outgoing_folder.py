"""Store: files that go out to carriers, in a folder of the operator."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# They name people: for the operator's eyes alone.
_MODE = 0o600


@dataclass(frozen=True, slots=True)
class OutgoingFolder:
    """The port ``usecases.carrier_ports.OutgoingFiles``. A name holds a whole file or none."""

    folder: Path

    def save(self, name: str, parts: Iterable[str]) -> str | None:
        unfinished = self.folder / f".{name}.part"
        digest = hashlib.sha256()
        try:
            with open(unfinished, "wb", opener=_open_for_owner) as file:
                for part in parts:
                    content = part.encode("ascii")
                    digest.update(content)
                    file.write(content)
                if not file.tell():
                    return None
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
        return digest.hexdigest()


def _open_for_owner(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_TRUNC, _MODE)
