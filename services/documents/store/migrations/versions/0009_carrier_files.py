"""What carriers were told of policies in 834 files, and what they answered (docs/adr/0034)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

TABLES = (
    "carrier_answer",
    "carrier_answer_file",
    "carrier_transaction",
    "carrier_group",
    "carrier_interchange",
    "cancelled_application",
    "submitted_policy",
)
# ISA13, GS06 and ST02 have nine digits.
LAST = 999_999_999


def upgrade() -> None:
    # one for all three, so that no number ever means two things; a sequence gives none twice, not even after a rollback
    op.execute(f"create sequence carrier_control_number as integer minvalue 1 maxvalue {LAST} no cycle")
    op.create_table(
        "submitted_policy",
        sa.Column("policy_id", sa.Text, primary_key=True),
        *[_text(name) for name in ("subscriber_id", "record_number", "writing_number", "issuer_id", "plan_id", "line")],
        sa.Column("premium_cents", sa.BigInteger, nullable=False),
        sa.Column("submitted_on", sa.Date, nullable=False),
        sa.Column("begins_on", sa.Date, nullable=False),
    )
    op.create_index("submitted_policies_of_an_application", "submitted_policy", ["record_number"])
    op.create_index("submitted_policies_by_day", "submitted_policy", ["issuer_id", "submitted_on"])
    op.create_table(
        "cancelled_application",
        sa.Column("record_number", sa.Text, primary_key=True),
        sa.Column("cancelled_on", sa.Date, nullable=False),
        _text("reason"),
    )
    op.create_table(
        "carrier_interchange",
        _control_number(),
        _text("carrier"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True)),
        sa.Column("sha256", sa.Text),
    )
    # one in which no policy could be written made no file, and the day may be tried again
    op.create_index(
        "one_file_a_carrier_and_day",
        "carrier_interchange",
        ["carrier", "day"],
        unique=True,
        postgresql_where=sa.text("written_at is null or sha256 is not null"),
    )
    op.create_table(
        "carrier_group",
        _control_number(),
        sa.Column("interchange", sa.Integer, sa.ForeignKey("carrier_interchange.control_number"), nullable=False),
        _text("plan_id"),
        sa.UniqueConstraint("interchange", "plan_id", name="one_group_a_plan"),
    )
    op.create_table(
        "carrier_transaction",
        _control_number(),
        sa.Column("group_number", sa.Integer, sa.ForeignKey("carrier_group.control_number"), nullable=False),
        sa.Column("policy_id", sa.Text, sa.ForeignKey("submitted_policy.policy_id"), nullable=False),
        *[_text(name) for name in ("maintenance", "reason", "state", "why")],
    )
    op.create_index("transactions_of_a_group", "carrier_transaction", ["group_number"])
    op.create_index(
        "nothing_is_told_twice",
        "carrier_transaction",
        ["policy_id", "maintenance"],
        unique=True,
        postgresql_where=sa.text("state not in ('set_aside', 'rejected')"),
    )
    op.create_table(
        "carrier_answer_file",
        sa.Column("sha256", sa.Text, primary_key=True),
        _text("carrier"),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "carrier_answer",
        sa.Column("sha256", sa.Text, sa.ForeignKey("carrier_answer_file.sha256"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        _text("kind"),
        sa.Column("entry", JSONB, nullable=False),
    )


def _control_number() -> sa.Column[int]:
    given = sa.text("nextval('carrier_control_number')")
    return sa.Column("control_number", sa.Integer, primary_key=True, autoincrement=False, server_default=given)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("drop sequence carrier_control_number")
