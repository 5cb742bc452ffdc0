"""Which applications of before 0023 lack nothing but the client's review.

What is stored does not say all of it: whether a guardian or the Texas disclosure is still needed is known from the next
save on, as it is of others.
"""

from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.execute(
        "update application set awaits_client = true "
        "where status in ('incomplete', 'failed') and current_step = 'signatures' "
        "and household ->> 'authorization' = 'client_review' and signatures ->> 'payment_choice' is not null "
        "and not (coalesce((client_review ->> 'holds')::boolean, false) and client_review ->> 'withdrawn_at' is null)"
    )


def downgrade() -> None:
    """An application that waits for its client does so either way."""
