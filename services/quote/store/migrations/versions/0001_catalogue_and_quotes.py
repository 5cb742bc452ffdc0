"""Catalogue, geography, quotes, and the infrastructure tables."""

import sqlalchemy as sa
from alembic import op

from chassis.db import create_infrastructure_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_infrastructure_tables(op.get_bind())
    _data_sets_and_places()
    _plans()
    _quotes()


def downgrade() -> None:
    tables = ("quote_member", "quote", "plan_rate", "service_area", "plan", "zip_county", "county_area", "county")
    for table in (*tables, "data_set", "outbox", "inbox", "idempotency", "audit"):
        op.drop_table(table)


def _data_sets_and_places() -> None:
    op.create_table(
        "data_set",
        sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("plan_year", sa.SmallInteger),
    )
    op.create_table(
        "county",
        sa.Column("fips", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "county_area",
        sa.Column("county_fips", sa.Text, sa.ForeignKey("county.fips"), primary_key=True),
        sa.Column("first_year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("last_year", sa.SmallInteger),
        sa.Column("rating_area", sa.SmallInteger, nullable=False),
    )
    op.create_table(
        "zip_county",
        sa.Column("zip", sa.Text, primary_key=True),
        sa.Column("county_fips", sa.Text, sa.ForeignKey("county.fips"), primary_key=True),
    )


def _plans() -> None:
    facts = ("component_id", "state", "issuer_id", "issuer_name", "name", "coverage", "metal_level", "plan_type")
    more = ("exchange", "service_area_id", "network_id", "network_name", "child_only_offering", "catalogue")
    op.create_table(
        "plan",
        sa.Column("plan_year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("data_set_id", sa.Integer, sa.ForeignKey("data_set.id"), nullable=False, index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*facts, *more)),
        sa.Column("consumer_choice_disclosure", sa.Boolean, nullable=False),
        sa.Column("includes_pediatric_dental", sa.Boolean, nullable=False),
        sa.Column("deductible_cents", sa.Integer),
        sa.Column("out_of_pocket_maximum_cents", sa.Integer),
    )
    op.create_table(
        "service_area",
        sa.Column("data_set_id", sa.Integer, sa.ForeignKey("data_set.id"), primary_key=True),
        sa.Column("service_area_id", sa.Text, primary_key=True),
        sa.Column("county_fips", sa.Text, sa.ForeignKey("county.fips"), primary_key=True),
        sa.Column("zips", sa.ARRAY(sa.Text), nullable=False),
    )
    op.create_table(
        "plan_rate",
        sa.Column("data_set_id", sa.Integer, sa.ForeignKey("data_set.id"), primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("rating_area", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("component_id", sa.Text, primary_key=True),
        sa.Column("age_from", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("age_to", sa.SmallInteger, nullable=False),
        sa.Column("cents", sa.Integer, nullable=False),
        sa.Column("tobacco_cents", sa.Integer),
        sa.Column("source", sa.Text, nullable=False),
        sa.CheckConstraint("cents > 0 and tobacco_cents > 0", name="a_rate_is_above_0"),
    )


def _quotes() -> None:
    producer = ("writing_number", "producer_name", "company_name", "producer_state")
    op.create_table(
        "quote",
        sa.Column("quote_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in (*producer, "state", "zip", "county_fips")),
        sa.Column("effective_date", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("medical_plan_id", "dental_plan_id", "exchange")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Index("quote_of_producer", "writing_number", "created_at", "quote_id"),
    )
    op.create_table(
        "quote_member",
        sa.Column("quote_id", sa.Text, sa.ForeignKey("quote.quote_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("relationship", sa.Text, nullable=False),
        sa.Column("date_of_birth", sa.Date, nullable=False),
        sa.Column("sex", sa.Text),
        sa.Column("tobacco_use", sa.Boolean, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
    )
