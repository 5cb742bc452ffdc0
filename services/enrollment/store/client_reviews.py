"""Store: reviews by link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, and_, cast, delete, func, select, update
from sqlalchemy.orm import Session

from chassis.sealed_text import TextCipher
from services.enrollment.domain.client_review import ClientReview, ReviewProof
from services.enrollment.store import json_columns
from services.enrollment.store.tables import ApplicationRow
from services.enrollment.store.tables import ClientReviewRow as Row

# More reviews than anybody asks of a client for one application.
MOST_LISTED = 100
_JSON: dict[str, json_columns.JsonColumn[Any]] = {
    "remarks": json_columns.REVIEW_REMARKS,
    "consent": json_columns.REVIEW_CONSENT,
}
_PLAIN = [field.name for field in fields(ClientReview) if field.name not in (*_JSON, "proof", "shown")]


class ClientReviewRepository:
    """The port ``usecases.ports.ClientReviews`` over PostgreSQL."""

    def __init__(self, session: Session, shown: TextCipher) -> None:
        """``shown``: of the column of that name."""
        self._session = session
        self._shown = shown

    def add(self, review: ClientReview) -> None:
        self._session.add(Row(**self._values(review)))
        self._session.flush()

    def save(self, review: ClientReview) -> None:
        row = self._session.get_one(Row, review.review_id)
        for name, value in self._values(review).items():
            setattr(row, name, value)
        self._session.flush()

    def get(self, review_id: str, *, lock: bool = False) -> ClientReview | None:
        row = self._session.get(Row, review_id, with_for_update=lock or None, populate_existing=lock)
        return self._review(row) if row else None

    def of_application(self, record_number: str) -> Sequence[ClientReview]:
        query = select(Row).where(Row.record_number == record_number).order_by(Row.sent_at.desc(), Row.review_id)
        return [self._review(row) for row in self._session.scalars(query.limit(MOST_LISTED))]

    def move(self, record_number: str, writing_number: str) -> None:
        self._session.execute(
            update(Row).where(Row.record_number == record_number).values(writing_number=writing_number)
        )

    def delete_untouched_since(self, before: datetime, limit: int) -> Sequence[ClientReview]:
        withdrawn = cast(Row.consent["withdrawn_at"].astext, DateTime(timezone=True))
        last = func.greatest(Row.sent_at, Row.answered_at, withdrawn)
        query = select(Row).where(last < before).order_by(Row.sent_at).limit(limit).with_for_update(skip_locked=True)
        found = list(self._session.scalars(query))
        ids = [row.review_id for row in found]
        held = and_(
            ApplicationRow.record_number.in_([row.record_number for row in found]),
            ApplicationRow.client_review["review_id"].astext.in_(ids),
        )
        self._session.execute(
            update(ApplicationRow).where(held).values(client_review=None, version=ApplicationRow.version + 1)
        )
        self._session.execute(delete(Row).where(Row.review_id.in_(ids)))
        return [self._review(row) for row in found]

    def _values(self, review: ClientReview) -> dict[str, Any]:
        return {
            **{name: getattr(review, name) for name in _PLAIN},
            "proof": review.proof.value,
            **{name: column.dump(getattr(review, name)) for name, column in _JSON.items()},
            "shown": review.shown,
            "shown_sealed": self._shown.seal(review.shown, review.review_id) if review.shown else None,
        }

    def _review(self, row: Row) -> ClientReview:
        sealed = row.shown_sealed
        return ClientReview(
            proof=ReviewProof(row.proof),
            **{name: getattr(row, name) for name in _PLAIN},
            **{name: column.load(getattr(row, name)) for name, column in _JSON.items()},
            shown=row.shown or (self._shown.open(sealed, row.review_id) if sealed else ""),
        )
