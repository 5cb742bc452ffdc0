"""Applications, people, submissions, places, and the infrastructure tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db import create_infrastructure_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_infrastructure_tables(op.get_bind())
    _applications()
    _people()
    _submissions()
    _places()


def downgrade() -> None:
    tables = ("address", "zip_county", "data_set", "submission_step", "counter", "person", "application")
    for table in (*tables, "outbox", "inbox", "idempotency", "audit"):
        op.drop_table(table)


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=nullable) for name in names]


def _applications() -> None:
    documents = ("general", "household", "plans", "other_coverage", "signatures")
    lists = ("plan_lines", "assigned_pcps", "failures")
    dates = ("expires_on", "submitted_on", "provisional_date", "effective_date")
    op.create_table(
        "application",
        sa.Column("record_number", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False, unique=True),
        *_text("writing_number", "producer_name", "company_name", "state", "rule_pack", "status", "quote_id"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True)),
        *[sa.Column(name, sa.Date) for name in dates],
        *_text("payment_status", nullable=True),
        *[sa.Column(name, JSONB, nullable=False) for name in (*documents, *lists)],
        sa.Column("start", JSONB),
        *_text("current_step", "applicant_name", "product_name"),
        sa.Column("premium_cents", sa.BigInteger),
    )
    op.create_index("application_list", "application", ["writing_number", "status", "number"])
    op.create_index("application_of_quote", "application", ["quote_id"])
    op.create_index("application_open", "application", ["status", "expires_on"])


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column(
            "record_number", sa.Text, sa.ForeignKey("application.record_number", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("position", sa.SmallInteger, nullable=False),
        *_text("relationship", "first_name", "middle_initial", "last_name", "ssn_last_four"),
        *_text("sex", "ssn_index", nullable=True),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("tobacco_use", sa.Boolean),
        sa.Column("tobacco_last_used", sa.Date),
        sa.Column("ssn", sa.LargeBinary),
    )
    op.create_index("person_of_application", "person", ["record_number", "position"])
    op.create_index("person_ssn", "person", ["ssn_index"])


def _submissions() -> None:
    counter = op.create_table(
        "counter", sa.Column("name", sa.Text, primary_key=True), sa.Column("last", sa.BigInteger, nullable=False)
    )
    op.bulk_insert(counter, [{"name": "application", "last": 0}])
    op.create_table(
        "submission_step",
        sa.Column(
            "record_number", sa.Text, sa.ForeignKey("application.record_number", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("step", sa.Text, primary_key=True),
        *_text("result"),
    )


def _places() -> None:
    op.create_table("data_set", sa.Column("name", sa.Text, primary_key=True), *_text("digest"))
    op.create_table(
        "zip_county",
        sa.Column("zip", sa.Text, primary_key=True),
        sa.Column("county_fips", sa.Text, primary_key=True),
        *_text("county_name", "state"),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        *_text("street", "city", "state", "zip", "county_fips", "county_name", "street_key", "city_key"),
    )
    for name, column in (
        ("address_by_street", "street_key"),
        ("address_by_city", "city_key"),
        ("address_by_zip", "zip"),
    ):
        op.create_index(name, "address", [column], postgresql_ops={column: "text_pattern_ops"})
