"""A list in a step whose items have a page each: life events (R29), replaced policies (R73), other policies (R75)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Problem
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.item_not_found import ItemNotFound
from gateway.pages.enrollment.step import Application, ReadContext, StepPage, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import parse_number


async def _no_context(_request: Request, _application: Application, _values: Values) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class ItemList:
    """``step``, ``field``: where the list is; ``names``: an item's fields; ``flag``: answers whether there are any."""

    step: str
    field: str
    names: tuple[str, ...]
    slug: str
    title: str
    template: str
    flag: str = ""
    context: ReadContext = _no_context

    def stored(self, message: Any) -> Any:
        return getattr(message, self.field)

    def _read(self, application: Application) -> Values:
        """Of all items: the page of one remembers the others, so that it is found again when they are moved."""
        stored = getattr(application, self.step)
        places = range(len(self.stored(stored)))
        return shown_values(read_values(stored), [f"{self.field}[{at}].{name}" for at in places for name in self.names])

    def _list(self, values: Values) -> list[list[str]]:
        found: list[list[str]] = []
        while (begin := f"{self.field}[{len(found)}].") + self.names[0] in values:
            found.append([values.get(begin + name, "") for name in self.names])
        return found

    def find_place(self, application: Application, shown: Values, place: int) -> int | None:
        """Where an item is now that a page showed at a place; None where that cannot be said.

        An item has no ID: it is the one that is as it was, or the only one that was changed, though not in the field
        that says what or whose it is.
        """
        before, now = self._list(shown), self._list(self._read(application))
        if place >= len(before):
            return None
        one, others = before[place], before[:place] + before[place + 1 :]
        if len(now) == len(before) and now[:place] + now[place + 1 :] == others and now[place][0] == one[0]:
            return place
        return now.index(one) if one in now else None

    def page(self, application: Application, place: str, sent: SubmittedForm | None = None) -> StepPage:
        """The form of one item: by its place from 0, or "new"; of one that was sent, at the place that it has now."""
        count = len(self.stored(getattr(application, self.step)))
        index = parse_number(place, otherwise=count)
        if sent and place != "new" and sent.version != application.version:
            found = self.find_place(application, sent.base, index)
            index = index if found is None else found
        if index >= count and place != "new":
            raise ItemNotFound("This entry")
        prefix = f"{self.field}[{index}]."
        names = [prefix + name for name in self.names]
        whose = f"{prefix}person_id"

        def read(current: Application) -> Values:
            return shown_values({}, names) | self._read(current)

        def put(message: Any, values: Values, _application: Application) -> list[Problem]:
            if self.flag:
                setattr(message, self.flag, True)
            given = {name: values.get(name, "") for name in names}
            problems = put_values(message, given)
            if given.get(whose, whose) == "":  # left out, it is the primary applicant's: nobody said so
                problems.append(Problem(whose, "Choose whose coverage it is."))
            return problems

        async def context(request: Request, current: Application, values: Values) -> Mapping[str, Any]:
            more = await self.context(request, current, values)
            return {**more, "prefix": prefix, "is_new": place == "new", "index": index}

        return StepPage(
            application_pb2.STEP_UNSPECIFIED,
            self.step,
            f"{self.slug}/{place if place == 'new' else index}",
            self.title,
            read,
            put,
            context,
            self.template,
            prefix,
            is_new=place == "new",
            is_same=lambda current, shown, at: self.find_place(current, shown, at) == index,
            find_saved_slug=lambda _application: f"{self.slug}/{index}",
        )
