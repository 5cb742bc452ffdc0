"""Clients known from quotes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    texts = ("writing_number", "person_index", "first_name", "last_name", "quote_id")
    op.create_table(
        "client",
        sa.Column("client_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("date_of_birth", sa.Date, nullable=False),
        sa.Column("sex", sa.Text),
        sa.Column("home_address", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("writing_number", "person_index", name="a_client_is_known_once"),
    )


def downgrade() -> None:
    op.drop_table("client")
