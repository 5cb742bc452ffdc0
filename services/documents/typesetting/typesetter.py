"""Typst behind the ``Typesetter`` port: tagged PDF/UA-1, with the data handed in as one JSON string."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from chassis.kernel import business_date
from services.documents.domain.application import Application
from services.documents.domain.attestations import TextWanted, texts_of
from services.documents.domain.proposal import Proposal
from services.documents.typesetting.carriers import Carrier
from services.documents.typesetting.form import form_of
from services.documents.typesetting.legal_texts import LegalTexts
from services.documents.typesetting.proposal_form import proposal_form
from services.documents.usecases.ports import Print

TEMPLATES = Path(__file__).parent / "templates"
# A character that no font at hand can draw would stop the whole document; it is replaced by this one, and the page
# says so. Each try finds one run of such characters, so a name in a foreign script takes a few.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
MOST_TRIES = 400
_CANNOT_DRAW = re.compile(r"the text `(\".*?\")` could not be displayed", re.DOTALL)


class TypstTypesetter:
    def __init__(self, carriers: Mapping[str, Carrier], texts: LegalTexts) -> None:
        self._carriers = carriers
        self._texts = texts

    def application(self, application: Application, at: datetime) -> Print:
        carrier = self._carriers[application.state]
        texts = list(self._printed(application, carrier))
        form = form_of(application, carrier, texts)
        names = tuple(f"{text['name']} {text['version']}" for text in texts)
        return Print(_compile("application.typ", form, at), names)

    def proposal(self, proposal: Proposal, at: datetime) -> bytes:
        form = proposal_form(proposal, self._carriers[proposal.state], business_date(at, proposal.state))
        return _compile("proposal.typ", form, at)

    def _printed(self, application: Application, carrier: Carrier) -> Iterator[dict[str, Any]]:
        for wanted in texts_of(application):
            text = self._texts.find(wanted.name, application.state, wanted.version, carrier.name)
            if text:
                blocks = [[block.kind, block.text] for block in text.blocks]
                yield _text(wanted, title=text.title, version=text.version, blocks=blocks)
            else:
                # never print another version than the one that was accepted
                kept = "The carrier keeps the text of this version."
                title = wanted.name.replace("-", " ").capitalize()
                yield _text(wanted, title=title, version=wanted.version, blocks=[["paragraph", kept]])


def _text(wanted: TextWanted, **fields: Any) -> dict[str, Any]:
    return {"name": wanted.name, **fields}


def _compile(template: str, form: dict[str, Any], at: datetime) -> bytes:
    data = json.dumps({**form, "replaced_characters": False}, ensure_ascii=False)
    for _ in range(MOST_TRIES):
        try:
            return _typst(template, data, at)
        except typst.TypstError as error:
            unshown = _CANNOT_DRAW.search(str(error))
            characters = _characters(unshown[1]) if unshown else set()
            if not characters:
                raise
            data = _without(data, characters)
    raise RuntimeError("the document has more characters that cannot be drawn than is sensible")


def _typst(template: str, data: str, at: datetime) -> bytes:
    return typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": data},
        timestamp=int(at.timestamp()),
        font_paths=_fonts(),
    )


@cache
def _fonts() -> typst.Fonts:
    """Read once: looking for them takes longer than setting a small document."""
    # a machine's own fonts may hold the scripts that the built-in ones lack
    return typst.Fonts(include_system_fonts=True)


def _characters(quoted: str) -> set[str]:
    """The characters in typst's message: a Rust string literal such as "\\u{1f600}" or "王"."""
    plain = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), quoted[1:-1])
    return {character for character in plain if not character.isascii()}


def _without(data: str, characters: set[str]) -> str:
    form = json.loads(data)
    form["replaced_characters"] = True
    table = str.maketrans(dict.fromkeys(characters, REPLACEMENT))
    return json.dumps(_mapped(form, table), ensure_ascii=False)


def _mapped(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, list):
        return [_mapped(item, table) for item in value]
    if isinstance(value, dict):
        return {key: _mapped(item, table) for key, item in value.items()}
    return value
