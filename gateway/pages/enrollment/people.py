"""The spouse and the dependents: each on a page of their own, behind a list on step 2 (R58-R62b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2

from chassis.kernel import NotFound, Problem
from gateway.edge.context import require_session
from gateway.pages.application_reads import read_application, read_rules
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.item_not_found import ItemNotFound
from gateway.pages.enrollment.saving import send_step
from gateway.pages.enrollment.step import Application, StepPage, find_unasked, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import form_of, redirect_to, render_page

_FIELDS = (
    "first_name",
    "middle_initial",
    "last_name",
    "suffix",
    "one_name_only",
    "date_of_birth",
    "ssn",
    "remove_ssn",
    "sex",
    "tobacco_use",
    "tobacco_last_used",
    "self_identification.spoken_language",
    "self_identification.written_language",
    "self_identification.ethnicities",
    "self_identification.identities",
)
_OTHERS_ONLY = ("relationship", "disabled_dependent", "contact.phone", "contact.phone_type", "contact.email")
_NEW = {"new-spouse": common_pb2.RELATIONSHIP_SPOUSE, "new-dependent": common_pb2.RELATIONSHIP_CHILD}


def person_names(index: int, *, other: bool = False) -> tuple[str, ...]:
    """Names of the fields of one person."""
    return tuple(f"people[{index}].{name}" for name in (*_FIELDS, *(_OTHERS_ONLY if other else ())))


def person_page(application: Application, which: str, _sent: SubmittedForm | None = None) -> StepPage:
    """The form of one person: by ``person_id``, or "new-spouse" or "new-dependent"."""
    index = _place(application, which)
    names = person_names(index, other=True)
    prefix = f"people[{index}]."

    def read(current: Application) -> Values:
        at = _find(current, which)
        if at is None:
            return shown_values({}, names)
        values = read_values(current.household.people[at], prefix)
        return shown_values(values, names)

    def put(message: Any, values: Values, current: Application) -> list[Problem]:
        at = next((n for n, one in enumerate(message.people) if one.person_id == which), None)
        if which in _NEW:
            person = message.people.add(relationship=_NEW[which])
        elif at is None:
            return [Problem("", "This person was removed from the application. Go back to the list.")]
        else:
            person = message.people[at]
        typed = {name.removeprefix(prefix): value for name, value in values.items() if name in names}
        unasked = unasked_tobacco_date(prefix, values, read(current))
        if typed.get("tobacco_use") != "yes":
            typed["tobacco_last_used"] = ""
        return unasked + [
            Problem(prefix + one.field, one.message, one.rule) for one in put_values(person, _relate(person, typed))
        ]

    async def context(request: Request, current: Application, values: Values) -> Mapping[str, Any]:
        rules = await read_rules(request, current)
        spouse = which == "new-spouse" or values.get(f"{prefix}relationship") == "spouse"
        found = _find(current, which)
        return {
            "rules": rules,
            "prefix": prefix,
            "which": which,
            "is_spouse": spouse,
            "stored": current.household.people[found] if found is not None else None,
            "categories": rules.identity_schemes[-1] if rules.identity_schemes else None,
        }

    title = {"new-spouse": "Add Spouse", "new-dependent": "Add Dependent"}.get(which, "Edit Person")
    return StepPage(
        application_pb2.STEP_UNSPECIFIED,
        "household",
        f"household/people/{which}",
        title,
        read,
        put,
        context,
        "enrollment/person.html",
        prefix,
        is_new=which in _NEW,
        find_saved_slug=lambda saved: _slug_at(saved, index),
    )


def _slug_at(application: Application, index: int) -> str:
    people = application.household.people
    return f"household/people/{people[index].person_id}" if index < len(people) else "household"


def unasked_tobacco_date(prefix: str, typed: Values, saved: Values) -> list[Problem]:
    if typed.get(f"{prefix}tobacco_use") == "yes":
        return []
    message = "A date of last use is entered below. Answer Yes, or clear it."
    return find_unasked(f"{prefix}tobacco_use", [f"{prefix}tobacco_last_used"], typed, saved, message)


def _relate(person: Any, typed: Values) -> Values:
    """A spouse stays a spouse; only dependents are asked what they are to the applicant, only a spouse for a phone."""
    spouse = person.relationship == common_pb2.RELATIONSHIP_SPOUSE
    left_out = (
        ("relationship", "disabled_dependent") if spouse else ("contact.phone", "contact.phone_type", "contact.email")
    )
    kept = {name: value for name, value in typed.items() if name not in left_out}
    if kept.get("relationship") == "":
        del kept["relationship"]
    return kept


def _place(application: Application, which: str) -> int:
    """The person's place in the household; of a new one, the next."""
    if which in _NEW:
        return max(len(application.household.people), 1)
    found = _find(application, which)
    if found is None:
        raise ItemNotFound("This person")
    if found == 0:  # the applicant is on the step's own page
        raise NotFound("The primary applicant has no page of this kind. Open the application again.")
    return found


def _find(application: Application, which: str) -> int | None:
    places = (index for index, one in enumerate(application.household.people) if one.person_id == which)
    return next(places, None) if which else None


async def ask_removal(request: Request) -> Response:
    application = await read_application(request)
    try:
        index = _place(application, request.path_params["which"])
    except ItemNotFound:  # as was to be confirmed
        return _to_list(application)
    context = {"application": application, "person": application.household.people[index], "index": index}
    return await render_page(request, "enrollment/remove_person.html", context)


async def remove(request: Request) -> Response:
    """Take a person off the application (R62a)."""
    session = await require_session(request)
    await form_of(request, session)
    application = await read_application(request)
    try:
        page = person_page(application, request.path_params["which"])
    except ItemNotFound:  # by a second click, or in another window
        return _to_list(application)
    message = page.message(application)
    del message.people[_place(application, request.path_params["which"])]
    await send_step(request, page, application, message)
    return _to_list(application)


def _to_list(application: Application) -> Response:
    return redirect_to(f"/applications/{application.record_number}/steps/household#people")
