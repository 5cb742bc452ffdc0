"""Use case: price a census, the households of an employer's or a broker's list, against the whole catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import Clock, InvalidInput, Problem
from services.quote.domain.batch_rating import Premiums, rate_batch
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.plan import Coverage, Exchange
from services.quote.domain.rating_context import RatingContext, RatingRequest
from services.quote.usecases.ports import Catalogues

# Sums of one batch are held at once: 500 households times 6,000 plans are 24 MB. It stands here and not in the
# contract, since the command reads batches of that size from a file, and a stream checks its messages itself.
MAX_BATCH = 500


@dataclass(frozen=True, slots=True)
class CensusEntry:
    """One household: its line in the census, the sender's own id, and its facts."""

    line: int
    household_id: str
    rating_request: RatingRequest


@dataclass(frozen=True, slots=True)
class PricedEntry:
    line: int
    household_id: str
    premiums: tuple[Premiums, ...]


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """A household that has no prices, and every reason."""

    line: int
    household_id: str
    problems: tuple[Problem, ...]


Answer = PricedEntry | RefusedEntry
Batch = tuple[Sequence[CensusEntry], Sequence[Coverage], Exchange | None]


@dataclass(frozen=True, slots=True)
class PriceCensus:
    """Anybody who is signed in may ask. Nothing is kept."""

    catalogues: Catalogues
    clock: Clock

    def __call__(self, batches: Iterable[Batch]) -> Iterator[list[Answer]]:
        """Answers batch by batch, in order, and reads the next when its answers were taken; all of one catalogue.

        A household that cannot be priced is answered with its problems, the others with their premiums.
        """
        catalogue, now = self.catalogues.current(), self.clock.now()
        for entries, coverages, exchange in batches:
            if len(entries) > MAX_BATCH:
                raise InvalidInput.at("households", f"Send at most {MAX_BATCH} households at once.")
            yield _answers(entries, coverages, exchange, catalogue, now)


def _answers(
    entries: Sequence[CensusEntry],
    coverages: Sequence[Coverage],
    exchange: Exchange | None,
    catalogue: Catalogue,
    now: datetime,
) -> list[Answer]:
    checked = [_check(entry, catalogue, now) for entry in entries]
    good = [one for one in checked if isinstance(one, RatingContext)]
    lists = [rate_batch(good, coverage, exchange, catalogue) for coverage in coverages]
    priced = iter(zip(*lists, strict=True))
    return [
        PricedEntry(entry.line, entry.household_id, next(priced))
        if isinstance(one, RatingContext)
        else RefusedEntry(entry.line, entry.household_id, one.problems or (Problem("", one.message),))
        for entry, one in zip(entries, checked, strict=True)
    ]


def _check(entry: CensusEntry, catalogue: Catalogue, now: datetime) -> RatingContext | InvalidInput:
    try:
        return RatingContext.from_request(entry.rating_request, catalogue, now)
    except InvalidInput as refusal:
        return refusal
