"""By when a carrier has to acknowledge each of its files, so that whoever counts the overdue ones needs no profile."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("carrier_interchange", sa.Column("acknowledge_by", sa.DateTime(timezone=True)))
    # 48 hours are agreed where a profile says nothing else, and it is not kept what another one said
    op.execute(
        "update carrier_interchange set acknowledge_by = written_at + interval '48 hours' where sha256 is not null"
    )
    # a carrier answers nearly everything: what waits is found without reading what was answered in years
    op.create_index(
        "transactions_that_wait",
        "carrier_transaction",
        ["group_number"],
        postgresql_where=sa.text("state in ('sent', 'received')"),
    )


def downgrade() -> None:
    op.drop_index("transactions_that_wait")
    op.drop_column("carrier_interchange", "acknowledge_by")
