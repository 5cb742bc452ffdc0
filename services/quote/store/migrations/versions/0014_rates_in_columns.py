"""Rates by age lie in columns: a row for each plan, rating area and source, where there was one for each age.

A Rate PUF of full size becomes 41,000 rows instead of 2.1 million. That every element is above 0 is checked as before.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0014"
down_revision = "0013"

TO_COLUMNS = """
insert into plan_rate
select data_set_id, state, rating_area, component_id, source,
  array_agg(age_from order by age_from), array_agg(age_to order by age_from),
  array_agg(cents order by age_from), array_agg(tobacco_cents order by age_from)
from plan_rate_by_age group by data_set_id, state, rating_area, component_id, source
"""
TO_ROWS = """
insert into plan_rate
select data_set_id, state, rating_area, component_id, band.age_from, band.age_to, band.cents, band.tobacco_cents, source
from plan_rate_in_columns,
  unnest(ages_from, ages_to, cents, tobacco_cents) as band (age_from, age_to, cents, tobacco_cents)
"""


def upgrade() -> None:
    op.rename_table("plan_rate", "plan_rate_by_age")
    op.execute("alter index plan_rate_pkey rename to plan_rate_by_age_pkey")
    lengths = " and ".join(
        f"cardinality({column}) = cardinality(cents)" for column in ("ages_from", "ages_to", "tobacco_cents")
    )
    op.create_table(
        "plan_rate",
        sa.Column("data_set_id", sa.Integer, sa.ForeignKey("data_set.id"), primary_key=True),
        sa.Column("state", sa.Text, primary_key=True),
        sa.Column("rating_area", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("component_id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("ages_from", ARRAY(sa.SmallInteger), nullable=False),
        sa.Column("ages_to", ARRAY(sa.SmallInteger), nullable=False),
        sa.Column("cents", ARRAY(sa.Integer), nullable=False),
        sa.Column("tobacco_cents", ARRAY(sa.Integer), nullable=False),
        sa.CheckConstraint("0 < all (cents) and 0 < all (tobacco_cents)", name="a_rate_is_above_0"),
        sa.CheckConstraint(lengths, name="columns_have_one_length"),
    )
    op.execute(TO_COLUMNS)
    op.drop_table("plan_rate_by_age")


def downgrade() -> None:
    op.rename_table("plan_rate", "plan_rate_in_columns")
    op.execute("alter index plan_rate_pkey rename to plan_rate_in_columns_pkey")
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
    op.execute(TO_ROWS)
    op.drop_table("plan_rate_in_columns")
