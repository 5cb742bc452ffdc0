"""Columns for sealed birth dates (docs/adr/0056). Versions before know only the plain ones, which stay for them."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
COLUMNS = {
    "person": ("birth_date_sealed", "first_identity_sealed"),
    "client": ("birth_date_sealed",),
    "client_review": ("shown_sealed",),
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.LargeBinary))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
