"""Who agreed to which text, a spouse's contact, and answers on language, ethnicity and identity."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("application", sa.Column("acceptances", JSONB, nullable=False, server_default="[]"))
    op.add_column("person", sa.Column("contact", JSONB))
    op.add_column("person", sa.Column("self_identification", JSONB))


def downgrade() -> None:
    op.drop_column("person", "self_identification")
    op.drop_column("person", "contact")
    op.drop_column("application", "acceptances")
