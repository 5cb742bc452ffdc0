"""A name for each session that opens nothing, and the browser that it was opened from."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # the defaults fill the rows that are there, and those that processes of the release before still add
    session_id = sa.Column(
        "session_id", sa.String(36), nullable=False, server_default=sa.text("gen_random_uuid()::text")
    )
    op.add_column("sessions", session_id)
    op.create_unique_constraint("sessions_session_id_key", "sessions", ["session_id"])
    op.add_column("sessions", sa.Column("opened_from", sa.String(40), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("opened_from", "session_id"):
        op.drop_column("sessions", name)
