"""Words that the Spanish texts for applicants choose once (docs/reference/glossary.md)."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.pages import shared_texts

ROOT = Path(__file__).parents[2]
SPANISH = [
    *(file for folder in ("chassis", "gateway", "services") for file in (ROOT / folder).rglob("*es.yaml")),
    *(ROOT / "services" / "documents" / "texts").rglob("*.es.md"),
    Path(shared_texts.__file__),
]


def test_a_producer_is_a_productor_everywhere() -> None:
    texts = {file.relative_to(ROOT): file.read_text() for file in SPANISH}
    assert len(texts) > 10
    assert sum("productor" in text for text in texts.values()) > 5
    assert [file for file, text in texts.items() if re.search(r"\bagentes?\b", text, re.IGNORECASE)] == []
