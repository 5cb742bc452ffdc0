"""Coverage that ends after it began, and contact details that change: what was asked for, and what carriers know."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_TOLD = "state not in ('set_aside', 'rejected')"


def upgrade() -> None:
    op.create_table(
        "terminated_coverage",
        sa.Column("policy_id", sa.Text, primary_key=True),
        sa.Column("requested_on", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "changed_contact",
        sa.Column("record_number", sa.Text, primary_key=True),
        sa.Column("change", sa.Integer, primary_key=True),
        sa.Column("changed_on", sa.Date, nullable=False),
    )
    op.add_column("carrier_transaction", sa.Column("effective_on", sa.Date))
    # nobody could change anything before
    op.add_column(
        "carrier_transaction", sa.Column("contact_change", sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    op.drop_index("nothing_is_told_twice")
    _create_unique("nothing_is_told_twice", ["policy_id", "maintenance"], f"{_TOLD} and maintenance <> 'change'")
    _create_unique("no_change_is_told_twice", ["policy_id", "contact_change"], f"{_TOLD} and maintenance = 'change'")


def _create_unique(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "carrier_transaction", columns, unique=True, postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_index("no_change_is_told_twice")
    op.drop_index("nothing_is_told_twice")
    _create_unique("nothing_is_told_twice", ["policy_id", "maintenance"], _TOLD)
    op.drop_column("carrier_transaction", "contact_change")
    op.drop_column("carrier_transaction", "effective_on")
    op.drop_table("changed_contact")
    op.drop_table("terminated_coverage")
