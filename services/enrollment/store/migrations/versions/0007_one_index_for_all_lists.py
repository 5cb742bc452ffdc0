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


def downgrade() -> None:
    op.drop_index("application_list", "application")
    op.create_index("application_list", "application", _KEYS)
    op.create_index("application_by_applicant", "application", ["writing_number", "applicant_key"])
