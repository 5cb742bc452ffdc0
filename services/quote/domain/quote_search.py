"""Domain: what a list of saved quotes is narrowed and ordered by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chassis.kernel import InvalidInput, Problem, get_markets
from services.quote.domain.quote import QuoteStatus


class QuoteOrder(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    EARLIEST_EFFECTIVE = "earliest_effective"
    LATEST_EFFECTIVE = "latest_effective"
    CLIENT_NAME = "client_name"
    CLIENT_NAME_DESCENDING = "client_name_descending"


@dataclass(frozen=True, slots=True)
class QuoteSearch:
    """Empty or None: all. Dates are effective dates, both included. ``client_name``: parts of a name, in any order."""

    client_name: str = ""
    state: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    status: QuoteStatus | None = None
    order: QuoteOrder = QuoteOrder.NEWEST
    # Those that were put away, in place of the others.
    archived: bool = False

    def check(self) -> None:
        """Raises InvalidInput that names every field that cannot be searched by."""
        problems: list[Problem] = []
        if self.state and self.state not in get_markets():
            problems.append(Problem("state", f"Choose one of {get_markets().list_of_states}.", "R2"))
        if self.effective_from and self.effective_to and self.effective_from > self.effective_to:
            problems.append(Problem("effective_to", "The last date is before the first date. Swap them."))
        if problems:
            raise InvalidInput("Correct the search, then try again.", problems=tuple(problems))
