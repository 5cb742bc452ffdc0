"""Spoiling one field of a form at a time, and what has to hold of the answer whatever was typed.

Over HTTP, as a browser without JavaScript sends it: a thousand answers in a browser would take a quarter of an hour.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from gateway.pages.error_summary import id_of
from tests.browser.form_place import FormPlace, StoresNothing
from tests.browser.page_forms import Control, Fields, Form, NoForm, ReadPage, read_page

MARKUP = "<script>alert('1')</script>"
BAD = {
    "empty": "",
    "too long": "x" * 5_000,
    "wrong format": "#?!",
    "markup": MARKUP,
    "right-to-left": "שלום \u202eabc",
    "another script": "日本語の名前",
}
NOT_CHOSEN = "not chosen"
# What a form knows of itself: the tokens against forgery and repetition, and what a page had shown.
_OF_THE_FORM = frozenset({"csrf", "csrf_token", "key", "base", "version", "conflicts", "action"})
# What every save changes.
_OF_EVERY_SAVE = frozenset({"version", "updated_at"})
_NOT_ANSWERS = frozenset({"hidden", "file", "password", "submit", "button", "image", "reset"})
# Never shown again: a password, and the numbers of a card or an account.
_SECRET = frozenset(
    {"password", "card_number", "card_security_code", "card_expires", "routing_number", "account_number"}
)
_MARKS = ("-error", "-mistake")
_SIGN_IN = "/sign-in"


@dataclass
class Site:
    """Somebody's browser without JavaScript; ``read_stored``: what an address of the JSON API answers."""

    http: httpx.Client
    read_stored: Callable[[str], Mapping[str, Any]]

    def open(self, address: str) -> httpx.Response:
        return self.http.get(address, follow_redirects=True)

    def stored(self, place: FormPlace) -> str:
        """What is saved, as text; not how often."""
        if isinstance(place.stored, StoresNothing):
            return ""
        found = self.read_stored(place.stored)
        return json.dumps({name: found[name] for name in found if name not in _OF_EVERY_SAVE}, ensure_ascii=False)

    def send(self, form: Form, fields: Fields, address: str) -> list[httpx.Response]:
        """The form's answer, and the page that it leads to."""
        target = str(httpx.URL(str(self.http.base_url)).join(address).join(form.action))
        if form.method == "get":
            first = self.http.get(target, params=[(name, one) for name, texts in fields.items() for one in texts])
        else:
            first = self.http.post(target, data=fields)
        answers = [first]
        while answers[-1].is_redirect and len(answers) < 4:
            answers.append(self.http.get(str(answers[-1].url.join(answers[-1].headers["location"]))))
        return answers


def problems_of_form(site: Site, place: FormPlace) -> Iterator[str]:
    """One line for each field and text that the form answers wrongly."""
    try:
        form = _form(_read(site, place), place)
    except NoForm as gone:
        yield f"{place.address}: {gone}"
        return
    controls = {one.name: one for one in form.controls if one.kind not in _NOT_ANSWERS}
    asked = [one for one in controls.values() if one.name not in place.passed_over]
    typed, chosen = [one for one in asked if one.is_typed], [one for one in asked if not one.is_typed]
    if not asked:
        yield f"{place.address}: the form has no field"
    for fault, text in BAD.items():
        yield from _named(place, fault, _spoil(site, place, fault, typed, text))
    blank = [one for one in chosen if one.may_be_blank]
    yield from _named(place, NOT_CHOSEN, _spoil(site, place, NOT_CHOSEN, blank, ""))
    names = {*(one.name for one in chosen), *form.fields()} - {one.name for one in typed}
    for name in sorted(names - _OF_THE_FORM - set(place.passed_over)):
        yield from _named(place, f"{name} forged", _forge(site, place, form, name))


def _named(place: FormPlace, fault: str, found: Iterator[str]) -> Iterator[str]:
    try:
        yield from (f"{place.address}, {fault}: {line}" for line in found)
    except NoForm as gone:
        yield f"{place.address}, {fault}: {gone}"


def _read(site: Site, place: FormPlace) -> ReadPage:
    answer = site.open(place.address)
    if answer.status_code != 200:
        raise NoForm(f"answered {answer.status_code} instead of the form")
    return read_page(answer.text, place.address)


def _form(page: ReadPage, place: FormPlace) -> Form:
    return page.form(place.action)


def _spoil(site: Site, place: FormPlace, fault: str, controls: list[Control], text: str) -> Iterator[str]:
    """All fields at once, then those that got no message, until the rest is taken."""
    left = {one.name: one for one in controls}
    form, before = _form(_read(site, place), place), site.stored(place)
    while left:
        sent = _fields(form, place, dict.fromkeys(left, text))
        answers = site.send(form, sent, place.address)
        yield from _judge_any(answers, place)
        if not _is_refused(answers, place):
            yield from _judge_taken(site, place, fault, left, text)
            break
        if site.stored(place) != before:
            yield "refused, and something was saved all the same"
        told = set(_told(answers[-1], place, left))
        if not told and len(left) > 1 and (whole := [one for one in left.values() if _is_of_refused(answers[-1], one)]):
            # together they are refused as a whole, such as another person in the place of this one; each by itself then
            for one in whole:
                _restore(site, place, form)
                yield from _spoil(site, place, fault, [one], text)
            told = {one.name for one in whole}
        yield from _judge_refusal(answers[-1], place, sent, left)
        if not told:
            yield f"refused without a message beside any of {sorted(left)}, but with {_said(answers[-1])}"
            break
        left = {name: one for name, one in left.items() if name not in told}
    _restore(site, place, form)


def _forge(site: Site, place: FormPlace, form: Form, name: str) -> Iterator[str]:
    """Of a choice a browser sends one of the page's own values; anything else is made up, and changes nothing."""
    before = site.stored(place)
    answers = site.send(form, _fields(form, place, {name: MARKUP}), place.address)
    yield from _judge_any(answers, place)
    if site.stored(place) != before:
        if "forged" not in place.taken_as(name):
            yield "something was saved"
        _restore(site, place, form)
        form.controls = _form(_read(site, place), place).controls


def _fields(form: Form, place: FormPlace, spoiled: Mapping[str, str]) -> Fields:
    asked = {
        name: value
        for part, more in place.asked.items()
        if any(part in one for one in spoiled)
        for name, value in more.items()
    }
    fields = form.fields() | each({**place.filled, **place.press, **asked, **spoiled})
    hidden = {one.name for one in form.controls if one.kind == "hidden"}
    for name in [one.name for one in form.controls if one.is_ticked_kind and spoiled.get(one.name) == ""]:
        if name in hidden:
            fields[name] = ["no"]  # what stands before a box that is not ticked
        else:
            fields.pop(name, None)
    return fields


def _restore(site: Site, place: FormPlace, shown: Form) -> None:
    """What the form held before, for the next text."""
    if place.undo:
        site.send(shown, shown.fields() | each(place.undo), place.address)
        again = _form(_read(site, place), place).fields()
        ours = {name: again[name] for name in _OF_THE_FORM & set(again)}
        site.send(shown, shown.fields() | each({**place.filled, **place.press}) | ours, place.address)


def each(values: Mapping[str, str]) -> Fields:
    """The fields of a form, each with one value."""
    return {name: [value] for name, value in values.items()}


def _judge_any(answers: list[httpx.Response], place: FormPlace) -> Iterator[str]:
    if broken := [one.status_code for one in answers if one.status_code >= 500]:
        yield f"answered {broken}"
    if any(MARKUP in one.text for one in answers):
        yield "the markup reached the page as it was typed"
    if place.address != _SIGN_IN and any(one.url.path == _SIGN_IN for one in answers):
        yield "led to the sign-in"


def _judge_taken(site: Site, place: FormPlace, fault: str, taken: Mapping[str, Control], text: str) -> Iterator[str]:
    if wrong := sorted(name for name in taken if fault not in place.taken_as(name)):
        yield f"taken in {wrong}"
    if place.undo:
        form = _form(_read(site, place), place)
        for name, one in taken.items():
            shown = form.control(name)
            if one.is_typed and shown and shown.value.strip() != text.strip() and not name.endswith("ssn"):  # masked
                yield f"{name} was saved as {shown.value[:40]!r}"
    elif text and not isinstance(place.stored, StoresNothing) and text.strip() not in site.stored(place):
        yield f"taken in {sorted(taken)}, and nowhere saved as it was typed"


def _said(answer: httpx.Response) -> list[str]:
    page = read_page(answer.text)
    return [text.strip() for name, text in page.texts.items() if name.endswith(_MARKS) and text] or re.findall(
        r"data-error-summary>(.*?)</ul>", answer.text, re.DOTALL
    )


def _told(answer: httpx.Response, place: FormPlace, spoiled: Mapping[str, Control]) -> Iterator[str]:
    page = read_page(answer.text, str(answer.url.path))
    form = _form(page, place)
    for name, one in spoiled.items():
        if page.message_beside(form, name, (id_of(name), one.id)):
            yield name


def _keeps(shown: str, typed: str, *, searches: bool) -> bool:
    """A search may be cut where no name is longer: what it searched for is what it shows."""
    kept, whole = shown.strip(), typed.strip()
    return kept == whole or (searches and bool(kept) and whole.startswith(kept))


def _is_of_refused(answer: httpx.Response, control: Control) -> bool:
    """Whether the person or item that the field belongs to has a message of its own."""
    parent = control.name.partition("].")[0] + "]" if "]." in control.name else ""
    return bool(parent and read_page(answer.text).texts.get(id_of(parent)))


def _judge_refusal(
    answer: httpx.Response, place: FormPlace, sent: Fields, spoiled: Mapping[str, Control]
) -> Iterator[str]:
    """What was typed and chosen stays on the page, in the fields that were refused and in all others."""
    page = read_page(answer.text, str(answer.url.path))
    form = _form(page, place)
    if broken := [one for one in page.links if one and one not in page.texts]:
        yield f"links to fields that are not there: {broken}"
    if gone := [name for name in spoiled if form.control(name) is None]:
        yield f"{gone} are gone from the page"
    for one in (one for one in form.controls if one.is_typed and one.name not in _SECRET and one.name in sent):
        if not _keeps(one.value, sent[one.name][0], searches=one.name in place.searches):
            yield f"{one.name} is kept as {one.value[:40]!r}"
    kept = form.fields()
    for name in sorted(set(sent) - set(spoiled)):
        offered = {text for one in form.controls if one.name == name for text in one.offered}
        if lost := (set(sent[name]) & offered) - set(kept.get(name, ())):
            yield f"the choice of {name} lost {sorted(lost)}"


def _is_refused(answers: list[httpx.Response], place: FormPlace) -> bool:
    last = answers[-1]
    if last.status_code >= 400:
        return True
    shown_at = place.shown_at or urlsplit(place.address).path
    if last.url.path != shown_at and not (place.shown_at and last.url.path.startswith(shown_at)):
        return False
    page = read_page(last.text)
    return "data-error-summary" in last.text or any(said for name, said in page.texts.items() if name.endswith(_MARKS))


def origin_headers(address: str) -> dict[str, str]:
    """What a browser says of itself when a page of this very origin sends a form."""
    parts = urlsplit(address)
    return {"Origin": f"{parts.scheme}://{parts.netloc}", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


def report(found: Iterable[str]) -> None:
    lines = list(found)
    assert not lines, "\n".join(lines)
