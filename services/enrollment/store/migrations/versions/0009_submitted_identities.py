"""Whom a person was first submitted as is told from what a draft says. Older rows: who was kept counts as submitted."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute(
        """
        UPDATE person SET first_identity = coalesce(first_identity, jsonb_build_object(
            'first_name', first_name, 'last_name', last_name, 'date_of_birth', date_of_birth,
            'ssn_last_four', ssn_last_four
        )) || '{"submitted": true}'
        FROM application WHERE application.record_number = person.record_number
            AND application.attempt > 0 AND person.date_of_birth IS NOT NULL
        """
    )


def downgrade() -> None:
    op.execute("UPDATE person SET first_identity = first_identity - 'submitted' WHERE first_identity IS NOT NULL")
