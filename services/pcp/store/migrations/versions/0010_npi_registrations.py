"""What NPPES says of NPIs, and who is deactivated."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "npi_registration",
        sa.Column("npi", sa.Text, primary_key=True),
        sa.Column("deactivated_on", sa.Date),
        sa.Column("gender", sa.Text),
        sa.CheckConstraint("gender in ('female', 'male', 'other')", name="a_gender_is_known"),
    )
    op.add_column("location", sa.Column("deactivated_on", sa.Date))


def downgrade() -> None:
    op.drop_column("location", "deactivated_on")
    op.drop_table("npi_registration")
