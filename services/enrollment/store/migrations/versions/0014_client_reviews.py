"""Reviews by link, and at the application the newest one that its client signed. Rows from before have none."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("application", sa.Column("client_review", JSONB))
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "client_review",
        sa.Column("review_id", sa.Text, primary_key=True),
        sa.Column("record_number", sa.Text, sa.ForeignKey("application.record_number"), nullable=False),
        sa.Column("writing_number", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.Column("sent_at", moment, nullable=False),
        sa.Column("sent_by", sa.Text, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("wrong_proofs", sa.SmallInteger, nullable=False),
        sa.Column("opened_at", moment),
        sa.Column("answered_at", moment),
        sa.Column("revoked_at", moment),
        sa.Column("remarks", JSONB, nullable=False),
        sa.Column("consent", JSONB),
        sa.Column("shown", sa.Text, nullable=False),
    )
    op.create_index("client_review_of_application", "client_review", ["record_number", "sent_at"])


def downgrade() -> None:
    op.drop_table("client_review")
    op.drop_column("application", "client_review")
