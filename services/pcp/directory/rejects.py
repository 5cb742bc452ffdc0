"""The rejects file: every entry that was not taken, whole, with its place and the reason, one JSON object a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

from services.pcp.directory.report import RejectedEntry


class RejectsFile:
    """Made anew at the first reject of a load."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None

    def write(self, rejected: RejectedEntry, entry: object) -> None:
        if not self._file:
            self._file = self.path.open("w", encoding="utf-8")
        line = {"entry": rejected.position, "npi": rejected.npi, "reason": rejected.reason, "content": entry}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def close(self) -> None:
        if self._file:
            self._file.close()
