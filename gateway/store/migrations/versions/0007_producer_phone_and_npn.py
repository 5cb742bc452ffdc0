"""The producer's phone number and National Producer Number, for clients; empty until somebody gives them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("phone", "npn"):
        op.add_column("writing_numbers", sa.Column(name, sa.String(10), nullable=False, server_default=""))
    phone = "phone ~ '^([2-9][0-9]{2}[2-9][0-9]{6})?$'"
    op.create_check_constraint("writing_numbers_phone", "writing_numbers", phone)
    op.create_check_constraint("writing_numbers_npn", "writing_numbers", "npn ~ '^[0-9]{0,10}$'")


def downgrade() -> None:
    for name in ("npn", "phone"):
        op.drop_column("writing_numbers", name)
