"""Domain: the rate matrices that were used last, bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from services.quote.domain.rate_matrix import RateMatrix

# 141 rows of 8 bytes each, so about 110 MB in all: 1,600 counties of 60 plans, or 16 of 6,000. Twice that where caps
# differ, which is in dental lists alone.
MAX_COLUMNS = 100_000


@dataclass(slots=True)
class RateMatrixCache:
    """The rate matrices used last. Dropped with the state of the catalogue that they
    are of, when something is imported."""

    max_columns: int = MAX_COLUMNS
    _held: OrderedDict[object, RateMatrix] = field(default_factory=OrderedDict)
    _columns: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: object, make: Callable[[], RateMatrix]) -> RateMatrix:
        """``make`` runs outside the lock: two threads may do the same work once, none waits for the database."""
        with self._lock:
            if found := self._held.get(key):
                self._held.move_to_end(key)
                return found
        return self._put(key, make())

    def _put(self, key: object, made: RateMatrix) -> RateMatrix:
        with self._lock:
            if key not in self._held:
                self._held[key] = made
                self._columns += len(made.plans)
            while self._columns > self.max_columns and len(self._held) > 1:
                _, dropped = self._held.popitem(last=False)
                self._columns -= len(dropped.plans)
        return made
