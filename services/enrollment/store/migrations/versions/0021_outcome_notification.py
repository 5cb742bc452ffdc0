"""The database tells whoever waits for the outcome of a submission (docs/adr/0015)."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute(
        "create function notify_submission_outcome() returns trigger language plpgsql as "
        "$$ begin perform pg_notify('submission_outcome', new.record_number); return null; end $$"
    )
    op.execute(
        "create trigger notify_submission_outcome after update of status on application for each row "
        "when (old.status = 'submitting' and new.status <> 'submitting') execute function notify_submission_outcome()"
    )


def downgrade() -> None:
    op.execute("drop trigger notify_submission_outcome on application")
    op.execute("drop function notify_submission_outcome()")
