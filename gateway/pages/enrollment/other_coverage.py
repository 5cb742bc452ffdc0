"""Step 4: coverage that ends, coverage that stays, and the proxy statement (R73-R78)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Problem
from gateway.pages.application_fields.names import full_name
from gateway.pages.application_reads import read_rules, version_of
from gateway.pages.enrollment.items import ItemList
from gateway.pages.enrollment.saving import send_step
from gateway.pages.enrollment.step import Application, find_unasked, page_of_step
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import parse_number, redirect_to

_OWN = ("replaces_coverage", "has_other_coverage", "proxy_agreed", "replacement_rights_shown")


def _read(application: Application) -> Values:
    values = read_values(application.other_coverage)
    return {name: values.get(name, "no") for name in _OWN}  # both questions start at No (R73, R75)


def _put(message: Any, values: Values, application: Application) -> list[Problem]:
    own, unasked = {name: value for name, value in values.items() if name in _OWN}, list[Problem]()
    if own.get("replaces_coverage") != "yes":
        message.ClearField("replaced")
        told = "The box below is checked. Answer Yes, or clear it."
        unasked = find_unasked("replaces_coverage", ["replacement_rights_shown"], values, _read(application), told)
        own["replacement_rights_shown"] = ""
    if own.get("has_other_coverage") != "yes":
        message.ClearField("others")
    return [*unasked, *put_values(message, own)]


async def _context(request: Request, application: Application, _values: Values) -> Mapping[str, Any]:
    rules = await read_rules(request, application)
    shown = {one.form_type: one.coverage_replacement for one in rules.form_types}
    return {
        "rules": rules,
        "names": {one.person_id: full_name(one) for one in application.household.people},
        "asks_replacement": shown.get(application.household.form_type, True),
        "rights_version": version_of(rules, "replacement-rights"),
    }


PAGE = page_of_step(application_pb2.STEP_OTHER_COVERAGE, "other_coverage", _read, _put, _context)
REPLACED = ItemList(
    "other_coverage",
    "replaced",
    ("person_id", "insurer", "policy_number", "termination_date"),
    "other-coverage/replaced",
    "Coverage to Be Replaced",
    "enrollment/replaced.html",
    "replaces_coverage",
)
OTHERS = ItemList(
    "other_coverage",
    "others",
    ("person_id", "name_on_policy", "member_number", "group_id"),
    "other-coverage/others",
    "Other Coverage",
    "enrollment/other_policy.html",
    "has_other_coverage",
)
_LISTS = {"replaced": REPLACED, "others": OTHERS}


async def follow(request: Request, application: Application, action: str) -> Response | None:
    verb, _, rest = action.partition(".")
    field, _, place = rest.partition(".")
    items = _LISTS.get(field)
    if items is None:
        return None
    if verb in ("add", "edit"):
        return redirect_to(f"/applications/{application.record_number}/steps/{items.slug}/{place or 'new'}")
    if verb == "remove" and (index := parse_number(place, otherwise=-1)) >= 0:
        await _remove(request, application, items, index)
    return redirect_to(PAGE.path(application.record_number) + f"#{field}")


async def _remove(request: Request, application: Application, items: ItemList, place: int) -> None:
    message = PAGE.message(application)
    stored = items.stored(message)
    if place < len(stored):
        del stored[place]
        if not stored:  # with none left the answer is No
            setattr(message, items.flag, False)
        await send_step(request, PAGE, application, message)
