"""What a carrier's payment page is told about a subscriber, sealed, for as long as somebody may pay by it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "subscriber",
        sa.Column("record_number", sa.Text, sa.ForeignKey("payment.record_number"), primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("subscriber")
