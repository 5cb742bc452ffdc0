"""Spoiling one field of a form at a time, and what has to hold of the answer whatever was typed.

Over HTTP, as a browser without JavaScript sends it: a thousand answers in a browser would take a quarter of an hour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from gateway.pages.error_summary import id_of
from tests.browser.page_forms import Control, Fields, Form, ReadPage, read_page

MARKUP = "<script>alert('1')</script>"
BAD = {
    "empty": "",
    "too long": "x" * 5_000,
    "wrong format": "#?!",
    "markup": MARKUP,
    "right-to-left": "שלום \u202eabc",
    "another script": "日本語の名前",
}
# What a form knows of itself: the tokens against forgery and repetition, and what a page had shown.
_OF_THE_FORM = frozenset({"csrf", "csrf_token", "key", "base", "version", "conflicts", "action"})
# Never shown again: a password, and the numbers of a card or an account.
_MARKS = ("-error", "-mistake")
_NOT_ANSWERS = frozenset({"hidden", "file", "password", "submit", "button", "image", "reset"})
_SECRET = frozenset(
    {"password", "card_number", "card_security_code", "card_expires", "routing_number", "account_number"}
)


@dataclass
class Site:
    """Somebody's browser without JavaScript."""

    http: httpx.Client

    def open(self, address: str) -> httpx.Response:
        return self.http.get(address, follow_redirects=True)

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


@dataclass(frozen=True)
class FormPlace:
    """A form to be spoiled: where it stands and where it goes, how it is sent off, what must be unchanged after.

    ``filled``: what makes the form whole where the page comes empty. ``asked``: answers that make a part of the form
    count, by what is in the names of its fields. ``stored``: what is saved, as text. ``undo``: the button that forgets
    what was typed, for a form that keeps it. ``searches``: fields that look for something. ``shown_at``: where a
    refusal is shown, when it is not at ``address``.
    """

    address: str
    action: str
    press: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    passed_over: frozenset[str] = frozenset()
    stored: Callable[[], str] = str
    undo: Mapping[str, str] = field(default_factory=dict)
    searches: frozenset[str] = frozenset()
    shown_at: str = ""


def problems_of_form(site: Site, place: FormPlace) -> Iterator[str]:
    """One line for each field and text that the form answers wrongly."""
    form = _read(site, place).form(place.action)
    controls = {one.name: one for one in form.controls if one.kind not in _NOT_ANSWERS}
    typed = [one for one in controls.values() if one.is_typed and one.name not in place.passed_over]
    for fault, text in BAD.items():
        yield from (f"{place.address}, {fault}: {found}" for found in _spoil(site, place, typed, text))
    chosen = [one for one in controls.values() if not one.is_typed and one.name not in place.passed_over]
    yield from (f"{place.address}, not chosen: {found}" for found in _spoil(site, place, chosen, ""))
    choices = [one.name for one in chosen]
    for name in sorted({*choices, *form.fields()} - {one.name for one in typed} - _OF_THE_FORM - place.passed_over):
        yield from (f"{place.address} {name}, forged: {found}" for found in _forge(site, place, form, name))


def _read(site: Site, place: FormPlace) -> ReadPage:
    answer = site.open(place.address)
    assert answer.status_code == 200, (place.address, answer.status_code, answer.headers.get("location"))
    return read_page(answer.text, place.address)


def _spoil(site: Site, place: FormPlace, controls: list[Control], text: str) -> Iterator[str]:
    """All fields at once, then those that got no message, until the rest is saved."""
    left = {one.name: one for one in controls}
    form, before = _read(site, place).form(place.action), place.stored()
    while left:
        answers = site.send(form, _fields(form, place, dict.fromkeys(left, text)), place.address)
        yield from _judge_any(answers)
        if not _is_refused(answers, place):
            yield from _judge_saved(site, place, left, text)
            break
        if place.stored() != before:
            yield "refused, and something was saved all the same"
        told = set(_told(answers[-1], place, left))
        if not told and len(left) > 1 and (whole := [one for one in left.values() if _is_of_refused(answers[-1], one)]):
            # together they are refused as a whole, such as another person in the place of this one; each by itself then
            for one in whole:
                _restore(site, place, form)
                yield from _spoil(site, place, [one], text)
            told = {one.name for one in whole}
        yield from _judge_refusal(answers[-1], place, left, text)
        if not told:
            yield f"refused without a message beside any of {sorted(left)}, but with {_said(answers[-1])}"
            break
        left = {name: one for name, one in left.items() if name not in told}
    _restore(site, place, form)


def _forge(site: Site, place: FormPlace, form: Form, name: str) -> Iterator[str]:
    """Of a choice a browser sends one of the page's own values; anything else is made up, and must break nothing."""
    before = place.stored()
    answers = site.send(form, _fields(form, place, {name: MARKUP}), place.address)
    yield from _judge_any(answers)
    if place.stored() != before:
        _restore(site, place, form)
        form.controls = _read(site, place).form(place.action).controls


def _fields(form: Form, place: FormPlace, spoiled: Mapping[str, str]) -> Fields:
    asked = {
        name: value
        for part, more in place.asked.items()
        if any(part in one for one in spoiled)
        for name, value in more.items()
    }
    fields = form.fields() | _each({**place.filled, **place.press, **asked, **spoiled})
    hidden = {one.name for one in form.controls if one.kind == "hidden"}
    for name in [
        one.name for one in form.controls if one.kind in ("radio", "checkbox") and spoiled.get(one.name) == ""
    ]:
        if name in hidden:
            fields[name] = ["no"]  # what stands before a box that is not ticked
        else:
            fields.pop(name, None)
    return fields


def _restore(site: Site, place: FormPlace, shown: Form) -> None:
    """What the form held before, for the next text."""
    if place.undo:
        site.send(shown, shown.fields() | _each(place.undo), place.address)
        again = _read(site, place).form(place.action).fields()
        ours = {name: again[name] for name in _OF_THE_FORM & set(again)}
        site.send(shown, shown.fields() | _each({**place.filled, **place.press}) | ours, place.address)


def _each(values: Mapping[str, str]) -> Fields:
    return {name: [value] for name, value in values.items()}


def _judge_any(answers: list[httpx.Response]) -> Iterator[str]:
    if broken := [one.status_code for one in answers if one.status_code >= 500]:
        yield f"answered {broken}"
    if any(MARKUP in one.text for one in answers):
        yield "the markup reached the page as it was typed"


def _judge_saved(site: Site, place: FormPlace, spoiled: Mapping[str, Control], text: str) -> Iterator[str]:
    if place.undo:
        form = _read(site, place).form(place.action)
        for name, one in spoiled.items():
            shown = form.control(name)
            if one.is_typed and shown and shown.value.strip() != text.strip() and not name.endswith("ssn"):
                yield f"{name} was saved as {shown.value[:40]!r}"


def _said(answer: httpx.Response) -> list[str]:
    page = read_page(answer.text)
    return [text.strip() for name, text in page.texts.items() if name.endswith(_MARKS) and text] or re.findall(
        r"data-error-summary>(.*?)</ul>", answer.text, re.DOTALL
    )


def _told(answer: httpx.Response, place: FormPlace, spoiled: Mapping[str, Control]) -> Iterator[str]:
    page = read_page(answer.text, str(answer.url.path))
    form = page.form(place.action)
    for name, one in spoiled.items():
        if page.message_beside(form, name, (id_of(name), one.id)):
            yield name


def _keeps(shown: Control, typed: str, place: FormPlace) -> bool:
    """A search may be cut where no name is longer: what it searched for is what it shows."""
    kept, whole = shown.value.strip(), typed.strip()
    return kept == whole or (shown.name in place.searches and bool(kept) and whole.startswith(kept))


def _is_of_refused(answer: httpx.Response, control: Control) -> bool:
    """Whether the person or item that the field belongs to has a message of its own."""
    parent = control.name.partition("].")[0] + "]" if "]." in control.name else ""
    return bool(parent and read_page(answer.text).texts.get(id_of(parent)))


def _judge_refusal(
    answer: httpx.Response, place: FormPlace, spoiled: Mapping[str, Control], text: str
) -> Iterator[str]:
    page = read_page(answer.text, str(answer.url.path))
    form = page.form(place.action)
    if broken := [one for one in page.links if one and one not in page.texts]:
        yield f"links to fields that are not there: {broken}"
    for name, one in spoiled.items():
        shown = form.control(name)
        if one.is_typed and name not in _SECRET and shown and not _keeps(shown, text, place):
            yield f"{name} is kept as {shown.value[:40]!r}"


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
