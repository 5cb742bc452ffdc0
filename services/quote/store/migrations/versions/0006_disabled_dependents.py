"""Whether a member is a disabled dependent of the primary applicant."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "quote_member", sa.Column("disabled_dependent", sa.Boolean, nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("quote_member", "disabled_dependent")
