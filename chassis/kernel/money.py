"""US dollar amounts, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in whole US cents; never a float, and never negative by accident (subtraction is left out)."""

    cents: int

    @classmethod
    def of(cls, dollars: str | Decimal) -> Money:
        """Dollars as text or Decimal (``"886.79"``); more than two places round half up, here and nowhere else."""
        exact = Decimal(dollars)
        return cls(int((exact * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)))

    @classmethod
    def total(cls, amounts: Iterable[Money]) -> Money:
        return cls(sum(amount.cents for amount in amounts))

    @property
    def dollars(self) -> Decimal:
        return Decimal(self.cents).scaleb(-2)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __mul__(self, count: int) -> Money:
        return Money(self.cents * count)

    def __str__(self) -> str:
        """Plain decimal, two places: what the API sends (``886.79``)."""
        whole, rest = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{whole}.{rest:02d}"
