"""Free text of ``specialty`` -> the specialty that it names, by a table that is data (data/specialties)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

TABLE = Path(__file__).parents[1] / "data" / "specialties" / "specialties.csv"
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def read_table(path: Path = TABLE) -> Mapping[str, str]:
    """Spelling, as ``fold_specialty`` writes it, to specialty."""
    with path.open(newline="", encoding="utf-8") as file:
        return {fold_specialty(row["text"]): row["specialty"] for row in csv.DictReader(file)}


def fold_specialty(text: str) -> str:
    """Without case and punctuation: "NURSE PRACTITIONER - FAMILY" is "nurse practitioner family"."""
    return _BETWEEN_WORDS.sub(" ", text.lower().replace("&", " and ")).strip()
