"""A list in a step whose items have a page each: life events (R29), replaced policies (R73), other policies (R75)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from suite.enrollment.v1 import application_pb2

from chassis.kernel import NotFound, Problem
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

    def page(self, application: Application, place: str) -> StepPage:
        """The form of one item: by its place from 0, or "new"."""
        count = len(self.stored(getattr(application, self.step)))
        index = parse_number(place, otherwise=count)
        if index >= count and place != "new":
            raise NotFound("This entry was removed from the application. Open the application again.")
        prefix = f"{self.field}[{index}]."
        names = [prefix + name for name in self.names]
        whose = f"{prefix}person_id"

        def read(current: Application) -> Values:
            return shown_values(read_values(getattr(current, self.step)), names)

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
            f"{self.slug}/{place}",
            self.title,
            read,
            put,
            context,
            self.template,
            prefix,
            is_new=place == "new",
            find_saved_slug=lambda _application: f"{self.slug}/{index}",
        )
