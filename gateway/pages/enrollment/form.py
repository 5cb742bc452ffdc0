"""A step's form: what its page shows, what was typed into it, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData

from chassis.kernel import Problem
from gateway.pages.forms.form_values import Values
from gateway.pages.forms.merging import EditConflict, read_base, write_base
from gateway.pages.render import parse_number

# Fields of a form that are about the form and not of the step.
BASE, VERSION, CONFLICTS, KEEP = "base", "version", "conflicts", "keep."
# How a list on a page is filtered and ordered: what a person looks at, and no answer.
LIST = "list."
CONTROLS = frozenset({"csrf", "action", "key", BASE, VERSION, CONFLICTS})


@dataclass(frozen=True, slots=True)
class StepForm:
    """``values`` by field name; ``base`` is what the page showed at first, at version ``version``."""

    values: Values
    base: Values
    version: int
    problems: Sequence[Problem] = ()
    message: str = ""
    conflicts: Sequence[EditConflict] = ()
    # Fields with another value than this page showed before: it was saved elsewhere, and not changed here.
    changed: Sequence[str] = ()
    # When what is shown was typed, if it was kept and not saved yet.
    kept: str = ""
    locked: frozenset[str] = field(default=frozenset())
    # What the page calls the answers that it offers, by field and value; filled while its fields are drawn.
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def has(self, name: str, word: str) -> bool:
        """Whether a word is among the values of a field with several choices."""
        return word in self.value(name).split(",")

    def offer(self, name: str, options: Iterable[tuple[str, str]]) -> None:
        self.words.setdefault(name, {}).update(options)

    def describe(self, name: str, value: str) -> str:
        """A value of a field as the page shows it: the name of a plan and not its ID."""
        words = self.words.get(name, {})
        if value in words or not value:
            return words.get(value, "nothing")
        return ", ".join(words.get(one, one) for one in value.split(",")) if _has_several(name) else value

    def error(self, name: str) -> str:
        """The first thing wrong with a field; empty when nothing is."""
        return next((problem.message for problem in self.problems if problem.field == name), "")

    @property
    def base_text(self) -> str:
        """For the hidden field that remembers what this page showed."""
        return write_base(self.base)

    @property
    def conflict_names(self) -> str:
        return ",".join(conflict.field for conflict in self.conflicts)

    def problems_under(self, prefix: str) -> list[Problem]:
        """What is wrong with one item of a list, which has a page of its own."""
        return [problem for problem in self.problems if problem.field.startswith(prefix)]


@dataclass(frozen=True, slots=True)
class SubmittedForm:
    """A step's form as a browser sent it."""

    typed: Values
    base: Values
    version: int
    action: str
    # Of fields that conflicting: "mine" or "saved".
    decided: Mapping[str, str]
    asked: Sequence[str]

    @property
    def undecided(self) -> list[str]:
        return [name for name in self.asked if self.decided.get(name) not in ("mine", "saved")]

    def choose(self, saved: Values) -> Values:
        """What was typed, but for conflicts in which the saved value was chosen."""
        given_up = {name for name, choice in self.decided.items() if choice == "saved"}
        return {name: saved.get(name, "") if name in given_up else typed for name, typed in self.typed.items()}


def read_sent(fields: FormData) -> SubmittedForm:
    """What a browser sent; several values of one name become one, separated by commas.

    A checkbox has a hidden "no" of the same name before it, so that "not ticked" arrives too; the last one counts.
    """
    typed: Values = {}
    for name in fields:
        if name in CONTROLS or name.startswith((KEEP, LIST)):
            continue
        texts = [_clean(text) for text in fields.getlist(name) if isinstance(text, str)]
        typed[name] = ",".join(filter(None, texts)) if _has_several(name) else texts[-1] if texts else ""
    version = _text(fields, VERSION)
    return SubmittedForm(
        typed,
        read_base(_text(fields, BASE)),
        parse_number(version),
        _text(fields, "action") or "next",
        {name.removeprefix(KEEP): _text(fields, name) for name in fields if name.startswith(KEEP)},
        [name for name in _text(fields, CONFLICTS).split(",") if name],
    )


# Fields with several choices (R55, R56).
_SEVERAL = frozenset({"ethnicities", "identities"})


def _has_several(name: str) -> bool:
    return name.rpartition(".")[2] in _SEVERAL


def _text(fields: FormData, name: str) -> str:
    value = fields.get(name)
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    return text.strip().replace("\x00", "")
