"""Domain: what a household pays for one plan, line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Conflict, Money, Problem
from services.quote.domain.household import Relationship
from services.quote.domain.plan import RateSource


class RateNotFiled(Conflict):
    """The carrier filed no rate for one of the members: there is no price, and never a price of 0."""

    code = "rate_not_filed"

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason, problems=(Problem(f"members[{index}]", reason, "rules.md 4"),))


class UnchargedReason(StrEnum):
    """Why a member's amount is 0.00. ``NOT_CHARGED``: one child more than the plan charges. ``INCLUDED``: in the
    family's rate, shown with the primary applicant.
    """

    NOT_CHARGED = "not_charged"
    INCLUDED = "included"


@dataclass(frozen=True, slots=True)
class MemberPremium:
    """One line: ``rating_area`` is the one whose rates were used; ``explanation`` is a sentence for people."""

    index: int
    relationship: Relationship
    age: int
    amount: Money
    source: RateSource | UnchargedReason
    tobacco_rated: bool
    explanation: str
    rating_area: int

    def __hash__(self) -> int:
        """Of what tells lines apart; hashing the enums and the amount would take longer than to write the line."""
        return hash((self.index, self.age, self.amount.cents, self.explanation))


@dataclass(frozen=True, slots=True, eq=False)
class Premium:
    """What a household pays a month for one plan. The lines are worked out when somebody looks at them."""

    total: Money
    explain: Callable[[], tuple[MemberPremium, ...]]

    @classmethod
    def from_lines(cls, lines: tuple[MemberPremium, ...]) -> Premium:
        return cls(Money.total(line.amount for line in lines), lambda: lines)

    @property
    def lines(self) -> tuple[MemberPremium, ...]:
        """One for each member, in the order in which they were sent."""
        return self.explain()
