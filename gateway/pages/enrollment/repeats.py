"""An item of a list that has another place by the time it is sent, and a new one that is sent twice (R29, R59)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chassis.kernel import Problem
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.forms.form_values import Values, read_values

# What the service gives an item, and the number that never comes back.
_NOT_COMPARED = frozenset({"person_id", "ssn", "ssn_last_four", "remove_ssn"})


def move_name(page: StepPage, name: str) -> str:
    """A field under the place that the page's item has now: the list may have changed since the page was made."""
    if not page.prefix:
        return name
    field = re.escape(page.prefix.partition("[")[0])
    return re.sub(rf"^{field}\[\d+\]\.", page.prefix, name)


def move_names(page: StepPage, values: Mapping[str, str]) -> Values:
    return {move_name(page, name): value for name, value in values.items()}


def move_problems(page: StepPage, problems: Sequence[Problem]) -> list[Problem]:
    return [replace(one, field=move_name(page, one.field)) for one in problems]


def move_sent(page: StepPage, sent: SubmittedForm) -> SubmittedForm:
    return replace(
        sent,
        typed=move_names(page, sent.typed),
        base=move_names(page, sent.base),
        decided=move_names(page, sent.decided),
        asked=[move_name(page, name) for name in sent.asked],
    )


def was_added(page: StepPage, application: Application, typed: Values) -> bool:
    """Whether the list has this very item already."""
    if not page.is_new:
        return False
    message = page.message(application)
    if page.put(message, typed, application):
        return False
    *there, new = getattr(message, page.prefix.partition("[")[0])
    return any(_compared(one) == _compared(new) for one in there)


def _compared(item: object) -> Values:
    values = read_values(item)  # type: ignore[arg-type]  # every item of a list is a message
    return {name: value for name, value in values.items() if name not in _NOT_COMPARED and value not in ("", "no")}
