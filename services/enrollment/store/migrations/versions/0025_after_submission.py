"""When coverage ends that has begun, and how the applicant is reached after submission."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("application", sa.Column("terminations", JSONB, nullable=False, server_default="[]"))
    op.add_column("application", sa.Column("contact_change", JSONB))


def downgrade() -> None:
    op.drop_column("application", "contact_change")
    op.drop_column("application", "terminations")
