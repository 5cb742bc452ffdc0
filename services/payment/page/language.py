"""Page: what it says in the payer's language, one YAML catalogue for each in ``languages/`` (R86)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from starlette.requests import Request
from starlette.responses import Response

from chassis.form_words import LANGUAGES, get_form_words
from services.payment.domain.attempt import OTHER_PAGES, PaymentMethod

FOLDER = Path(__file__).parent / "languages"
CODES = LANGUAGES
DEFAULT = CODES[0]
# The choice outlives the payment: who pays again next month reads the same language.
COOKIE, COOKIE_SECONDS = "language", 365 * 24 * 3600
_METHOD = re.compile(r"(.+) ending ([0-9]{4})")
_KINDS = {
    "card": "method_card",
    "bank account": "method_bank",
    "checking account": "method_checking",
    "savings account": "method_savings",
}
_OTHER_PAGES = {PaymentMethod(kind).label: f"method_{kind}" for kind in OTHER_PAGES}


@dataclass(frozen=True, slots=True)
class Language:
    """One catalogue; ``code`` is the page's ``lang``."""

    code: str
    texts: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        return self.texts[key].format(**values)

    def translate(self, sentence: str) -> str:
        """A sentence that the code raises in English; one that no catalogue has stays as it is."""
        key = _keys_of_english().get(sentence)
        return self.texts[key] if key else sentence

    def day(self, day: date) -> str:
        return get_form_words(self.code).day(day)

    def month(self, day: date) -> str:
        return get_form_words(self.code).month(day)

    def method(self, label: str) -> str:
        """ "checking account ending 6789" for people."""
        if label in _OTHER_PAGES:
            return self.texts[_OTHER_PAGES[label]]
        found = _METHOD.fullmatch(label)
        if not found:
            return label
        return self.text(_KINDS.get(found[1], "method_brand"), brand=found[1], last_four=found[2])


@cache
def get_language(code: str) -> Language:
    """English for a code that is not offered."""
    code = code if code in CODES else DEFAULT
    return Language(code, yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8")))


def language_of(request: Request) -> Language:
    """As it was chosen on this page, or else as the browser prefers."""
    chosen = request.cookies.get(COOKIE, "")
    return get_language(chosen if chosen in CODES else _preferred(request.headers.get("accept-language", "")))


def remember_language(response: Response, code: str, *, https: bool) -> None:
    response.set_cookie(COOKIE, code, max_age=COOKIE_SECONDS, secure=https, httponly=True, samesite="lax")


def _preferred(header: str) -> str:
    """The first of ours in the order of the header; browsers send it by preference (RFC 9110, 12.5.4)."""
    wanted = (part.partition(";")[0].strip().lower()[:2] for part in header[:200].split(","))
    return next((code for code in wanted if code in CODES), DEFAULT)


@cache
def _keys_of_english() -> Mapping[str, str]:
    return {sentence: key for key, sentence in get_language(DEFAULT).texts.items()}
