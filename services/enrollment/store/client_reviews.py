"""Store: reviews by link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.enrollment.domain.client_review import ClientReview, ReviewProof
from services.enrollment.store import json_columns
from services.enrollment.store.tables import ClientReviewRow as Row

# More reviews than anybody asks of a client for one application.
MOST_LISTED = 100
_JSON: dict[str, json_columns.JsonColumn[Any]] = {
    "remarks": json_columns.REVIEW_REMARKS,
    "consent": json_columns.REVIEW_CONSENT,
}
_PLAIN = [field.name for field in fields(ClientReview) if field.name not in (*_JSON, "proof")]


class ClientReviewRepository:
    """The port ``usecases.ports.ClientReviews`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, review: ClientReview) -> None:
        self._session.add(Row(**_values(review)))
        self._session.flush()

    def save(self, review: ClientReview) -> None:
        row = self._session.get_one(Row, review.review_id)
        for name, value in _values(review).items():
            setattr(row, name, value)
        self._session.flush()

    def get(self, review_id: str, *, lock: bool = False) -> ClientReview | None:
        row = self._session.get(Row, review_id, with_for_update=lock or None, populate_existing=lock)
        return _review(row) if row else None

    def of_application(self, record_number: str) -> Sequence[ClientReview]:
        query = select(Row).where(Row.record_number == record_number).order_by(Row.sent_at.desc(), Row.review_id)
        return [_review(row) for row in self._session.scalars(query.limit(MOST_LISTED))]


def _values(review: ClientReview) -> dict[str, Any]:
    plain = {name: getattr(review, name) for name in _PLAIN}
    return {
        **plain,
        "proof": review.proof.value,
        **{name: column.dump(getattr(review, name)) for name, column in _JSON.items()},
    }


def _review(row: Row) -> ClientReview:
    return ClientReview(
        proof=ReviewProof(row.proof),
        **{name: getattr(row, name) for name in _PLAIN},
        **{name: column.load(getattr(row, name)) for name, column in _JSON.items()},
    )
