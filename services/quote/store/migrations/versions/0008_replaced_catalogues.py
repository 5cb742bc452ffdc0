"""A replaced catalogue stays beside the new one until no process answers by it any more."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    stamp = sa.DateTime(timezone=True)
    op.add_column("data_set", sa.Column("loaded_at", stamp, nullable=False, server_default=sa.func.now()))
    op.add_column("data_set", sa.Column("replaced_at", stamp))
    op.drop_constraint("data_set_name_key", "data_set")
    in_force = sa.text("replaced_at is null")
    op.create_index("data_set_in_force", "data_set", ["name"], unique=True, postgresql_where=in_force)
    op.drop_constraint("plan_pkey", "plan")
    op.create_primary_key("plan_pkey", "plan", ["data_set_id", "plan_id"])
    op.drop_index("ix_plan_data_set_id", "plan")


def downgrade() -> None:
    op.execute("delete from plan_rate using data_set where data_set_id = id and replaced_at is not null")
    op.execute("delete from family_rate using data_set where data_set_id = id and replaced_at is not null")
    op.execute("delete from service_area using data_set where data_set_id = id and replaced_at is not null")
    op.execute("delete from plan using data_set where data_set_id = id and replaced_at is not null")
    op.execute("delete from data_set where replaced_at is not null")
    op.create_index("ix_plan_data_set_id", "plan", ["data_set_id"])
    op.drop_constraint("plan_pkey", "plan")
    op.create_primary_key("plan_pkey", "plan", ["plan_year", "plan_id"])
    op.drop_index("data_set_in_force", "data_set")
    op.create_unique_constraint("data_set_name_key", "data_set", ["name"])
    op.drop_column("data_set", "replaced_at")
    op.drop_column("data_set", "loaded_at")
