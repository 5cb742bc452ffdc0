"""One index that holds everything lists sort and filter by (docs/reference/query-plans.md)."""

from alembic import op

revision = "0007"
down_revision = "0006"

_KEYS = ["writing_number", "status", "number"]
_HELD = [
    "applicant_key",
    "state",
    "submitted_on",
    "effective_date",
    "expires_on",
    "created_at",
    "updated_at",
    "product_name",
    "premium_cents",
    "payment_status",
    "producer_name",
    "current_step",
    "record_number",
]


def upgrade() -> None:
    op.drop_index("application_by_applicant", "application")
    op.drop_index("application_list", "application")
    op.create_index("application_list", "application", _KEYS, postgresql_include=_HELD)
    # an index alone answers for pages that were vacuumed: after each 50th of the rows changed, not after each fifth
    op.execute("alter table application set (autovacuum_vacuum_scale_factor = 0.02)")


def downgrade() -> None:
    op.execute("alter table application reset (autovacuum_vacuum_scale_factor)")
    op.drop_index("application_list", "application")
    op.create_index("application_list", "application", _KEYS)
    op.create_index("application_by_applicant", "application", ["writing_number", "applicant_key"])
