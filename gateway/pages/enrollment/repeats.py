"""A new item of a list that is sent twice: by a double click, or from a page that Back brought (R29, R59)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.step import Application, StepPage
from gateway.pages.forms.form_values import Values, read_values

# What the service gives an item, and the number that never comes back.
_NOT_COMPARED = frozenset({"person_id", "ssn", "ssn_last_four", "remove_ssn"})


def move_names(page: StepPage, values: Mapping[str, str]) -> Values:
    """The values of a new item under the place that is free now; its page may be older than the list."""
    if not page.is_new:
        return dict(values)
    field = page.prefix.partition("[")[0]
    shown = re.compile(re.escape(field) + r"\[\d+\]\.")
    return {shown.sub(page.prefix, name, count=1): value for name, value in values.items()}


def move_sent(page: StepPage, sent: SubmittedForm) -> SubmittedForm:
    return replace(sent, typed=move_names(page, sent.typed), base=move_names(page, sent.base))


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
