"""Use case: compare a rule pack with the stored drafts before it goes live. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chassis.kernel import Clock
from services.enrollment.domain.application import Application
from services.enrollment.domain.rule_pack import Circumstances, RulePack
from services.enrollment.domain.what_if import DraftDifference, compare_draft
from services.enrollment.usecases.ports import Rulebook


class Drafts(Protocol):
    """Incomplete and failed applications, in batches; what it runs in cannot write."""

    def count(self) -> int: ...

    def batches(self) -> Iterator[Sequence[Application]]: ...


@dataclass(frozen=True, slots=True)
class WhatIfBatch:
    """One batch: how many drafts were judged, and those that the pack would change.

    ``unjudged`` go by a pack that this release lacks, so nobody can say what would change.
    """

    drafts: int
    unjudged: int
    differences: tuple[DraftDifference, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    drafts: Drafts
    clock: Clock
    rulebook: Rulebook

    def __call__(self, pack: RulePack) -> Iterator[WhatIfBatch]:
        """Every draft by the pack that judges it now and by ``pack``, both on today's date in its state."""
        for batch in self.drafts.batches():
            judged = [(app, own) for app in batch if (own := self._own_pack(app))]
            found = (self._difference(app, own, pack) for app, own in judged)
            yield WhatIfBatch(len(judged), len(batch) - len(judged), tuple(one for one in found if one))

    def _own_pack(self, app: Application) -> RulePack | None:
        try:
            return self.rulebook.version(app.rule_pack)
        except LookupError:
            return None

    def _difference(self, app: Application, own: RulePack, pack: RulePack) -> DraftDifference | None:
        today = app.today(self.clock.now())
        return compare_draft(app, Circumstances(today, own), Circumstances(today, pack))
