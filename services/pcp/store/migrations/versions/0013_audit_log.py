"""Who was told what about whom, and seals over the audit (docs/adr/0046)."""

from alembic import op

from chassis.db import create_audit_log, drop_audit_log

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    create_audit_log(op.get_bind())


def downgrade() -> None:
    drop_audit_log(op.get_bind())
