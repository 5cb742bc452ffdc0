"""What the five steps are called, where they are, and what the page of each adds to the common way of saving."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Problem
from gateway.pages.application_fields.steps import SLUGS, TITLES
from gateway.pages.forms.form_values import Values

Application = application_pb2.Application
Read = Callable[[Application], Values]
Put = Callable[[Any, Values, Application], list[Problem]]
ReadContext = Callable[[Request, Application, Values], Awaitable[Mapping[str, Any]]]


# Boxes to tick: one that was never ticked is "no" on the page, and not there in the contract.
BOXES = frozenset(
    {
        "one_name_only",
        "remove_ssn",
        "disabled_dependent",
        "prior_coverage_attested",
        "pediatric_dental_attested",
        "pcp_same_for_all",
        "proxy_agreed",
        "replacement_rights_shown",
        "consumer_choice_agreed",
    }
)


def shown_values(values: Values, names: Iterable[str]) -> Values:
    """The values of the fields that a page has, with what stands there before anything is answered."""
    return {name: values.get(name, "no" if name.rpartition(".")[2] in BOXES else "") for name in names}


def find_unasked(question: str, names: Iterable[str], typed: Values, saved: Values, message: str) -> list[Problem]:
    """A problem beside a question when something new is in these fields, for which its answer does not ask.

    A browser with JavaScript hides them and sends nothing of them. Without it they are always there, and who fills them
    in may have overlooked the question (R48, R53, R80). Of what is saved there already the answer is what is new.
    """
    new = any(typed.get(name, "") not in ("", "no", saved.get(name, "")) for name in names)
    return [Problem(question, message)] if new else []


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step.

    ``name`` is the step's field in Application and in SaveStepRequest; ``read`` gives the values that its page shows,
    ``put`` puts what was typed into the step, ``context`` reads what the page needs besides (options, texts).
    """

    step: application_pb2.Step.ValueType
    name: str
    slug: str
    title: str
    read: Read
    put: Put
    context: ReadContext
    own_template: str = ""
    # Of an item of a list: how its fields begin, "people[2].". A person, who is found by the ID, may have another place
    # by the time the page is sent.
    prefix: str = ""
    # The place of a new one may be taken by the time it is sent; its page has another address once it is saved.
    is_new: bool = False
    # Of a step: its list with one item for each person, "pcp_choices". The page says whose each item is.
    by_person: str = ""
    # Of an item without an ID: whether it is still the one that a page with these values showed at this place.
    is_same: Callable[[Application, Values, int], bool] | None = None
    find_saved_slug: Callable[[Application], str] | None = None

    @property
    def template(self) -> str:
        return self.own_template or f"enrollment/{self.name}.html"

    def path(self, record_number: str) -> str:
        return f"/applications/{record_number}/steps/{self.slug}"

    def path_when_saved(self, application: Application) -> str:
        slug = self.find_saved_slug(application) if self.find_saved_slug else self.slug
        return f"/applications/{application.record_number}/steps/{slug}"

    def message(self, application: Application) -> Any:
        """A copy of the step as it is stored, to be changed."""
        stored = getattr(application, self.name)
        copy = type(stored)()
        copy.CopyFrom(stored)
        return copy


def page_of_step(
    step: application_pb2.Step.ValueType, name: str, read: Read, put: Put, context: ReadContext
) -> StepPage:
    """The page of one of the five steps; its items have pages of their own."""
    return StepPage(step, name, SLUGS[step], TITLES[step], read, put, context)
