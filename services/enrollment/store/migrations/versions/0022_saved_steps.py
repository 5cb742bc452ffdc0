"""Which steps of an application were saved: a step that nobody saved is not complete."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("application", sa.Column("saved_steps", JSONB, nullable=False, server_default="[]"))
    # Of earlier drafts it is not known: the steps before the current one were shown as complete, and stay so.
    op.execute(
        "update application set saved_steps = coalesce((select jsonb_agg(step order by place) from unnest(array["
        "'general', 'household', 'plans', 'other_coverage', 'signatures']) with ordinality as steps (step, place) "
        "where place < array_position(array["
        "'general', 'household', 'plans', 'other_coverage', 'signatures'], current_step)), '[]') "
        "where status in ('incomplete', 'failed')"
    )


def downgrade() -> None:
    op.drop_column("application", "saved_steps")
