"""Store: share links of quotes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.quote.domain.sharing import ShareLink
from services.quote.store.tables import ShareLinkRow as Row

# More links than anybody gives out for one quote.
MOST_LISTED = 100


class ShareLinkRepository:
    """The port ``usecases.ports.ShareLinks`` over PostgreSQL."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, link: ShareLink) -> None:
        times = ("created_at", "expires_at", "revoked_at", "delivered_at")
        row = Row(link_id=link.link_id, quote_id=link.quote_id, **{name: getattr(link, name) for name in times})
        self._session.add(row)
        self._session.flush()

    def save(self, link: ShareLink) -> None:
        """Writes what changes in a link's life: its revocation."""
        self._session.get_one(Row, link.link_id).revoked_at = link.revoked_at
        self._session.flush()

    def get(self, link_id: str, *, lock: bool = False) -> ShareLink | None:
        row = self._session.get(Row, link_id, with_for_update=lock or None)
        return _link(row) if row else None

    def of_quote(self, quote_id: str) -> Sequence[ShareLink]:
        query = select(Row).where(Row.quote_id == quote_id).order_by(Row.created_at.desc(), Row.link_id)
        return [_link(row) for row in self._session.scalars(query.limit(MOST_LISTED))]

    def delivered(self, link_id: str, now: datetime) -> bool:
        first = update(Row).where(Row.link_id == link_id, Row.delivered_at.is_(None)).values(delivered_at=now)
        return self._session.execute(first.returning(Row.link_id)).first() is not None


def _link(row: Row) -> ShareLink:
    return ShareLink(row.link_id, row.quote_id, row.created_at, row.expires_at, row.revoked_at, row.delivered_at)
