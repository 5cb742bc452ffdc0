"""Store: the premium of a chosen plan as a row, and back. Its lines are one JSON value, since nobody searches in it."""

from __future__ import annotations

from typing import Any

from chassis.kernel import Money
from services.quote.domain.household import Relationship
from services.quote.domain.plan import Coverage, RateSource
from services.quote.domain.premium import MemberPremium, UnchargedReason
from services.quote.domain.quoted_premium import QuotedPremium
from services.quote.store.tables import QuotePremiumRow

_SOURCES: dict[str, RateSource | UnchargedReason] = {one.value: one for one in (*RateSource, *UnchargedReason)}


def premium_row(quoted_premium: QuotedPremium) -> QuotePremiumRow:
    return QuotePremiumRow(
        coverage=quoted_premium.coverage.value,
        plan_id=quoted_premium.plan_id,
        edition=quoted_premium.catalogue_version,
        priced_at=quoted_premium.priced_at,
        lines=[_values(line) for line in quoted_premium.lines],
    )


def quoted_premium_from_row(row: QuotePremiumRow) -> QuotedPremium:
    lines = tuple(_line(values) for values in row.lines)
    return QuotedPremium(Coverage(row.coverage), row.plan_id, row.edition, row.priced_at, lines)


def _values(line: MemberPremium) -> dict[str, Any]:
    return {
        "index": line.index,
        "relationship": line.relationship.value,
        "age": line.age,
        "cents": line.amount.cents,
        "source": line.source.value,
        "tobacco_rated": line.tobacco_rated,
        "explanation": line.explanation,
        "rating_area": line.rating_area,
    }


def _line(values: dict[str, Any]) -> MemberPremium:
    return MemberPremium(
        index=values["index"],
        relationship=Relationship(values["relationship"]),
        age=values["age"],
        amount=Money(values["cents"]),
        source=_SOURCES[values["source"]],
        tobacco_rated=values["tobacco_rated"],
        explanation=values["explanation"],
        rating_area=values["rating_area"],
    )
