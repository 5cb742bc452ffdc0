"""Languages and gender of providers, and the dates of a directory. A directory of before is read anew by ``seed``."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("provider", sa.Column("languages", ARRAY(sa.Text), nullable=False, server_default="{}"))
    op.add_column("provider", sa.Column("gender", sa.Text))
    op.add_column("provider", sa.Column("last_updated_on", sa.Date))
    op.add_column("directory_load", sa.Column("updated_on", sa.Date))
    op.create_check_constraint("a_gender_is_known", "provider", "gender in ('female', 'male', 'other')")


def downgrade() -> None:
    for column in ("languages", "gender", "last_updated_on"):
        op.drop_column("provider", column)
    op.drop_column("directory_load", "updated_on")
