"""Contract: answers to searches that were given lately, so that the same search need not be worked out again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from chassis.kernel import Clock, get_markets
from services.quote.domain.catalogue import Catalogue
from services.quote.usecases.ports import Catalogues

Answer = Callable[[bytes], bytes]

# Lists that somebody may come back to within minutes, in one process. With 20 people a page as screens ask for it (50
# plans) has 0.2 MB, the longest that the contract allows (200) 0.8 MB: all are 26 MB, or 100 MB at most.
ANSWERS_KEPT = 128
# A request for 20 people with names and filters has 3 kB; what is longer is not kept.
LONGEST_KEPT = 16 * 1024


class SearchAnswers:
    """Answers by the bytes of their requests.

    An answer follows from the state of the catalogue, the date in each market and the request alone. The first two are
    looked at for every search, and what was kept of others is dropped as a whole. Refusals are not kept.
    """

    def __init__(self, catalogues: Catalogues, clock: Clock, answer: Answer) -> None:
        self._catalogues = catalogues
        self._clock = clock
        self._answer = answer
        markets = get_markets()
        self._zones = {markets[state].zone for state in markets.states}
        self._kept: tuple[Catalogue, list[date], Answer] | None = None

    def __call__(self, request: bytes) -> bytes:
        """Raises what ``answer`` raises."""
        catalogue, now = self._catalogues.current(), self._clock.now()
        days = [now.astimezone(zone).date() for zone in self._zones]
        kept = self._kept
        if kept is None or kept[0] is not catalogue or kept[1] != days:
            kept = self._kept = (catalogue, days, lru_cache(ANSWERS_KEPT)(self._answer))
        return kept[2](request) if len(request) <= LONGEST_KEPT else self._answer(request)
