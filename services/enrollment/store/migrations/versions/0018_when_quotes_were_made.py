"""Reports count the days from a quote, also from one without names, which makes nobody known as a client."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
_QUOTED = sa.text("quote_id <> ''")


def upgrade() -> None:
    op.add_column("application", sa.Column("quoted_at", sa.DateTime(timezone=True)))
    # The moment at which a quote with names was heard of, seconds after it was made.
    op.execute(
        "update application set quoted_at = client_quote.heard_at from client_quote "
        "where client_quote.quote_id = application.quote_id"
    )
    _index("quoted_at")


def downgrade() -> None:
    _index("quote_id")
    op.drop_column("application", "quoted_at")


def _index(included: str) -> None:
    op.drop_index("application_from_quote", "application")
    op.create_index(
        "application_from_quote",
        "application",
        ["writing_number", "submitted_on"],
        postgresql_include=["state", "status", included],
        postgresql_where=_QUOTED,
    )
