"""The forms of a page as a browser without JavaScript reads them, and what the page says beside each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"input", "img", "br", "hr", "meta", "link", "wbr", "path", "rect", "circle", "source", "col"})
_BUTTONS = frozenset({"submit", "button", "image", "reset"})
# A person types into these; of the others a browser sends one of the page's own values.
TYPED_KINDS = frozenset({"text", "search", "email", "tel", "date", "password", "textarea", "url", "number"})

Fields = dict[str, list[str]]


@dataclass
class Control:
    """One control that has a name, a button too; ``described_by``: ids of what is read out with it; ``options``: of a
    list.
    """

    name: str
    kind: str
    id: str
    value: str = ""
    is_sent: bool = True
    described_by: tuple[str, ...] = ()
    options: list[str] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return self.kind in TYPED_KINDS

    @property
    def is_ticked_kind(self) -> bool:
        return self.kind in ("radio", "checkbox")

    @property
    def offered(self) -> list[str]:
        """What can be chosen here."""
        return [self.value] if self.is_ticked_kind else self.options

    @property
    def may_be_blank(self) -> bool:
        """Whether a browser can send it without an answer: a list is sent with one of its options."""
        return self.kind != "select" or "" in self.options


class NoForm(AssertionError):
    """The page has no such form."""


@dataclass
class Form:
    """``id``: by which a control that stands elsewhere on the page belongs to it."""

    action: str
    method: str
    id: str = ""
    controls: list[Control] = field(default_factory=list)

    def fields(self) -> Fields:
        """What the browser sends of the form as it stands."""
        found: Fields = {}
        for one in self.controls:
            if one.is_sent:
                found.setdefault(one.name, []).append(one.value)
        return found

    def buttons(self, name: str) -> list[Fields]:
        """What each of the buttons of this name sends."""
        return [{name: [one.value]} for one in self.controls if one.name == name and one.kind == "submit"]

    def control(self, name: str) -> Control | None:
        return next((one for one in self.controls if one.name == name and one.kind != "hidden"), None)


@dataclass
class ReadPage:
    """``texts``: by the id of its element; ``links``: targets inside of the page."""

    forms: list[Form]
    texts: dict[str, str]
    links: list[str]

    def form(self, action: str) -> Form:
        """The one that goes to this address, or to one below it; of several the one with the most to answer."""
        # one of the method "dialog" goes nowhere: only a script sends what is typed there
        reached = [one for one in self.forms if action in one.action and one.method != "dialog"]
        found = [one for one in reached if one.action.partition("?")[0] == action] or reached
        if not found:
            raise NoForm(f"no form goes to {action}; there are {[one.action for one in self.forms]}")
        return max(found, key=lambda one: sum(control.kind not in _BUTTONS | {"hidden"} for control in one.controls))

    def message_beside(self, form: Form, name: str, ids: tuple[str, ...]) -> str:
        """What is tied to a field as its error: by what describes it, or by an id made from the field's."""
        tied = [one for control in form.controls if control.name == name for one in control.described_by]
        wanted = [one for one in tied if one.endswith(("-error", "-mistake"))] + [
            f"{one}-{mark}" for one in ids for mark in ("error", "mistake")
        ]
        return next((self.texts[one] for one in wanted if self.texts.get(one)), "")


def read_page(html: str, address: str = "") -> ReadPage:
    reader = _Reader(address)
    reader.feed(html)
    return ReadPage(reader.forms, reader.texts, reader.links)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.texts: dict[str, str] = {}
        self.links: list[str] = []
        self._address = address
        self._open: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._list: Control | None = None
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action") or self._address, given.get("method", "get"), given.get("id", ""))
            self.forms.append(self._form)
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._add(tag, given)
        elif tag == "option" and self._list:
            if "selected" in given or not self._list.options:
                self._list.value = given.get("value", "")  # a list without a choice sends its first option
            self._list.options.append(given.get("value", ""))
        elif tag == "a" and given.get("href", "").startswith("#"):
            self.links.append(given["href"][1:])
        if tag not in _VOID:
            self._open.append((tag, given.get("id", "")))
        if given.get("id"):
            self.texts.setdefault(given["id"], "")

    def _add(self, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", {"input": "text", "button": "submit"}.get(tag, tag)) if tag != "select" else tag
        described = tuple(given.get("aria-describedby", "").split())
        control = Control(given["name"], kind, given.get("id", ""), given.get("value", ""), True, described)
        if kind in ("checkbox", "radio"):
            control.value = given.get("value", "on")
            control.is_sent = "checked" in given
        control.is_sent = control.is_sent and "disabled" not in given and kind not in _BUTTONS | {"file"}
        self._list = control if kind == "select" else self._list
        self._area = control if kind == "textarea" else self._area
        owner = next((one for one in self.forms if one.id == given["form"]), None) if "form" in given else self._form
        if owner:
            owner.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {one for one, _ in self._open}:
            return
        while self._open.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area.value += data.removeprefix("\n")
        if data.strip():
            for _, element in self._open:
                if element:
                    self.texts[element] += data.strip() + " "
