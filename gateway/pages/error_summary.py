"""The error summary of a page: its lines in the order of the fields, each with the field's label and a link to it.

A refusal names fields by the contract's paths and knows nothing of the page; where a field stands and what it is called
there is known when the page is whole.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape, unescape
from html.parser import HTMLParser

from gateway.pages.formatting import format_field_path

_SUMMARY = re.compile(r"(<ul[^>]* data-error-summary>)(.*?)(</ul>)", re.DOTALL)
# Of a step it also says what the form calls a field that stands on another page, and whose that is: a person's for one.
_LINE = re.compile(r'<li data-field="([^"]*)"(?: data-label="([^"]*)" data-owner="([^"]*)")?>(.*?)</li>', re.DOTALL)
# What an element says of itself besides its label.
_ASIDES = {"optional", "muted", "ds-u-visibility--screen-reader"}
_VOID = {"input", "img", "br", "hr", "meta", "link", "wbr", "path", "rect"}


def complete_error_summary(html: str) -> str:
    """The page with its summary completed and "Error:" in its title; a page without one stays as it is."""
    if "data-error-summary" not in html:
        return html
    fields = _Fields()
    fields.feed(html)
    html = html.replace("<title>", "<title>Error: ", 1)
    return _SUMMARY.sub(lambda found: found[1] + _lines(found[2], fields) + found[3], html)


def id_of(path: str) -> str:
    """The id of a field's element: that of ``id_of`` in parts.html."""
    return path.replace("[", "-").replace("].", "-").replace("]", "")


def _lines(items: str, fields: _Fields) -> str:
    found = _LINE.findall(items)
    lines = {(unescape(path), label, owner, message): None for path, label, owner, message in found}  # each once
    ordered = sorted(lines, key=lambda line: fields.position(id_of(line[0])))
    return "".join(f"<li>{_line(*line, fields)}</li>" for line in ordered)


def _line(path: str, label: str, owner: str, message: str, fields: _Fields) -> str:
    target = id_of(path)
    here = target in fields.ids
    if here and (on_page := fields.label(target)):
        label, owner = escape(on_page), escape(fields.owner(target))
    text = _name(label or escape(_capitalize(format_field_path(path))), owner, message)
    return f'<a href="#{escape(target)}">{text}</a>' if here else text


def _name(label: str, owner: str, message: str) -> str:
    """The message with the field and whose it is in front, as far as it does not say them itself."""
    says_owner = not owner or _says(message, owner)
    if _says(message, label):
        return message if says_owner else f"{_capitalize(owner)}: {message}"
    return f"{label}: {message}" if says_owner else f"{label} ({owner}): {message}"


def _says(message: str, phrase: str) -> bool:
    """Whether it has the phrase, but for capitals, articles and what is in parentheses; quoted values are no phrase."""
    plain = re.sub(r"\s*\([^)]*\)", "", phrase)
    words = _without_articles(re.sub("“[^”]*”", "", message))
    found = re.search(rf"(?<!\w){re.escape(_without_articles(plain))}(?!\w)", words)
    return bool(plain and found)


def _without_articles(text: str) -> str:
    return re.sub(r"\b(?:the|an?)\s+", "", text.lower())


def _capitalize(text: str) -> str:
    """Abbreviations stay as they are."""
    return text[:1].upper() + text[1:]


class _Fields(HTMLParser):
    """The ids of a page in their order, the labels of its fields, and the heading each field stands under."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, int] = {}
        self._labels: dict[str, str] = {}
        self._headings: dict[str, str] = {}
        self._heading = ""
        self._fieldset = ""
        # The text that is being read, by the tag that ends it; how deep inside an aside of it we are.
        self._tag, self._text, self._target, self._aside = "", "", "", 0

    def position(self, field: str) -> int:
        return self.ids.get(field, len(self.ids))

    def label(self, field: str) -> str:
        return self._labels.get(field, "").rstrip(".:?")

    def owner(self, field: str) -> str:
        """The heading where several fields have the same label."""
        several = Counter(self._labels.values())[self._labels.get(field, "")] > 1
        return self._headings.get(field, "") if several else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if found := given.get("id"):
            self.ids.setdefault(found, len(self.ids))
            self._headings[found] = self._heading
        if self._tag:
            self._enter_aside(tag, given)
        elif tag == "fieldset":
            self._fieldset = given.get("id", "")
        elif tag == "label":
            self._begin(tag, given.get("for", ""))
        elif tag == "legend":
            self._begin(tag, self._fieldset)
        elif tag in ("h2", "h3"):
            self._begin(tag, "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A part of a drawing: has neither id nor text."""

    def handle_endtag(self, tag: str) -> None:
        if self._aside:
            self._aside -= 1
        elif tag == self._tag:
            self._end(" ".join(self._text.split()))

    def handle_data(self, data: str) -> None:
        if self._tag and not self._aside:
            self._text += data

    def _enter_aside(self, tag: str, given: dict[str, str]) -> None:
        inside = self._aside or _ASIDES & set(given.get("class", "").split())
        if inside and tag not in _VOID:
            self._aside += 1

    def _begin(self, tag: str, target: str) -> None:
        self._tag, self._text, self._target = tag, "", target

    def _end(self, text: str) -> None:
        if self._tag in ("h2", "h3"):
            self._heading = text
        elif self._target:
            self._labels[self._target] = text
            self._headings[self._target] = self._heading
        self._tag = ""
