"""The engine that spoils forms: a right form gives no line, and each wrong behavior gives one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import parse_qs

import httpx
import pytest

from tests.browser.bad_input import Site, problems_of_form
from tests.browser.form_place import FormPlace, StoresNothing

ADDRESS = "http://portal.test"
PLACE = FormPlace("/form", "/form", stored="/saved", filled={"name": "Ada", "sex": "female"})
LONGEST = 40

Shown = dict[str, str]


@dataclass
class Pages:
    """One form with a name and a sex, which is right; a test breaks one thing of it."""

    saved: Shown = field(default_factory=dict)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != "/form":
            return httpx.Response(200, text="<p>Elsewhere</p>")
        if request.method == "GET":
            return self.show(200, {})
        typed = {name: texts[-1] for name, texts in parse_qs(request.content.decode(), True).items()}
        errors = self.find_errors(typed)
        if errors:
            return self.refuse(typed, errors)
        return self.take(typed)

    def find_errors(self, typed: Shown) -> Shown:
        name, errors = typed.get("name", ""), {}
        if not name.isalpha() or not name.isascii() or len(name) > LONGEST:
            errors["name"] = "Enter a name of at most 40 letters."
        if typed.get("sex") not in ("female", "male"):
            errors["sex"] = "Choose the sex."
        return errors

    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return self.show(422, typed, errors)

    def take(self, typed: Shown) -> httpx.Response:
        self.saved = typed
        return httpx.Response(303, headers={"Location": "/done"})

    def show(self, status: int, typed: Shown, errors: Shown | None = None) -> httpx.Response:
        fields = "".join(self.draw(name, typed, (errors or {}).get(name, "")) for name in ("name", "sex"))
        return httpx.Response(status, html=f'<form method="post" action="/form">{fields}</form>')

    def draw(self, name: str, typed: Shown, error: str) -> str:
        said = f'<p id="{name}-error">{error}</p>' if error else ""
        value = typed.get(name, "")
        if name == "name":
            return f'{said}<input id="name" name="name" value="{escape(value)}">'
        ticked = {word: " checked" if word == value else "" for word in ("female", "male")}
        return said + "".join(f'<input type="radio" name="sex" value="{word}"{ticked[word]}>' for word in ticked)


def problems(pages: Pages, place: FormPlace = PLACE) -> str:
    with httpx.Client(base_url=ADDRESS, transport=httpx.MockTransport(pages.answer)) as client:
        return "\n".join(problems_of_form(Site(client, lambda _: pages.saved), place))


def test_a_right_form_gives_no_line() -> None:
    assert problems(Pages()) == ""


class SignedOut(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return httpx.Response(303, headers={"Location": "/sign-in"})


class TakesAnything(Pages):
    def find_errors(self, typed: Shown) -> Shown:
        return {}


class SavesWhatItRefuses(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        self.saved = typed
        return super().refuse(typed, errors)


class LosesTheField(Pages):
    def draw(self, name: str, typed: Shown, error: str) -> str:
        return f'<p id="{name}-error">{error}</p>' if error else super().draw(name, typed, error)


class LosesTheForm(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return httpx.Response(422, html="<h1>Something is wrong.</h1>")


class ForgetsTheText(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return super().refuse({"sex": typed.get("sex", "")}, errors)


class ForgetsTheChoice(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return super().refuse({"name": typed["name"]}, errors)


class SaysNothingBeside(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return super().refuse(typed, {"": "Something is wrong."})


class Breaks(Pages):
    def refuse(self, typed: Shown, errors: Shown) -> httpx.Response:
        return httpx.Response(500, html=super().refuse(typed, errors).text)


class ShowsMarkup(Pages):
    def draw(self, name: str, typed: Shown, error: str) -> str:
        return super().draw(name, typed, error) + typed.get(name, "")


class SavesAnotherText(Pages):
    """Cuts what is too long, and says that it was saved."""

    def find_errors(self, typed: Shown) -> Shown:
        return super().find_errors({**typed, "name": typed["name"][:LONGEST]})

    def take(self, typed: Shown) -> httpx.Response:
        return super().take({**typed, "name": typed["name"][:LONGEST]})


class TakesMadeUpChoices(Pages):
    def find_errors(self, typed: Shown) -> Shown:
        return super().find_errors(typed | {"sex": "female" if typed.get("sex") else ""})


@pytest.mark.parametrize(
    ("pages", "line"),
    [
        (SignedOut, "empty: led to the sign-in"),
        (TakesAnything, "markup: taken in ['name']"),
        (TakesAnything, "not chosen: taken in ['sex']"),
        (SavesWhatItRefuses, "empty: refused, and something was saved all the same"),
        (LosesTheField, "wrong format: ['name'] are gone from the page"),
        (LosesTheForm, "wrong format: no form goes to /form"),
        (ForgetsTheText, "too long: name is kept as ''"),
        (ForgetsTheChoice, "empty: the choice of sex lost ['female']"),
        (SaysNothingBeside, "empty: refused without a message beside any of ['name']"),
        (Breaks, "empty: answered [500]"),
        (ShowsMarkup, "markup: the markup reached the page as it was typed"),
        (SavesAnotherText, "too long: taken in ['name'], and nowhere saved as it was typed"),
        (TakesMadeUpChoices, "sex forged: something was saved"),
    ],
)
def test_a_wrong_form_gives_its_line(pages: Callable[[], Pages], line: str) -> None:
    assert f"/form, {line}" in problems(pages())


def test_a_form_without_a_field_gives_a_line() -> None:
    class Bare(Pages):
        def draw(self, name: str, typed: Shown, error: str) -> str:
            return ""

    assert "/form: the form has no field" in problems(Bare())


def test_a_page_without_the_form_gives_a_line() -> None:
    assert "no form goes to /other" in problems(Pages(), replace(PLACE, action="/other"))


def test_what_a_field_may_take_is_no_fault() -> None:
    class Note(Pages):
        def find_errors(self, typed: Shown) -> Shown:
            return {} if typed.get("sex") in ("female", "male") else {"sex": "Choose the sex."}

    texts = frozenset({"empty", "too long", "wrong format", "markup", "right-to-left", "another script"})
    nothing = StoresNothing("what is saved here is escaped, and compared by no one")
    assert "markup: taken in ['name']" in problems(Note())
    assert problems(Note(), replace(PLACE, takes={"name": texts}, stored=nothing)) == ""
