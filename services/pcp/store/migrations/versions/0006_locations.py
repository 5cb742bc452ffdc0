"""Every office of a provider is a row, and a network is the lists of plans that its plan is in.

A loaded directory is carried over with the one office that was kept; reading the files again brings the others.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0006"
down_revision = "0005"

# The table of members repeated what entries have in common: each list of plans is numbered, and counts once.
_NUMBER_LISTS = """
create temporary table plan_list_of on commit drop as
with listed as (
  select pcp_id, array_agg(plan_id || ' ' || plan_year order by plan_id, plan_year) as plans
  from network_member group by pcp_id
)
select pcp_id, dense_rank() over (order by plans)::integer as plan_list from listed
"""
_MOVE_PROVIDERS = """
insert into location (
  pcp_id, place, plan_list, npi, name, name_key, specialty, address, city, state, zip, phone, new_patients, panel,
  group_id, illustrative, languages, gender, last_updated_on
)
select provider.pcp_id, 1, plan_list, npi, provider.name,
  btrim(regexp_replace(lower(concat_ws(' ', provider.name, medical_group.name)), '[^[:alnum:]]+', ' ', 'g')),
  specialty, address, city, state, zip, phone, case when accepting then 'accepting' else 'not_accepting' end, panel,
  provider.group_id, illustrative, languages, gender, last_updated_on
from provider join plan_list_of using (pcp_id) left join medical_group using (group_id)
"""
_NAME_LISTS = """
update network set plan_lists = array(
  select distinct plan_list from network_member join plan_list_of using (pcp_id)
  where network_member.plan_id = network.plan_id and network_member.plan_year = network.plan_year
)
"""


def upgrade() -> None:
    _create_location()
    op.alter_column("zip_spot", "zip", type_=sa.Text(collation="C"))
    op.add_column("network", sa.Column("plan_lists", ARRAY(sa.Integer), nullable=False, server_default="{}"))
    op.add_column("directory_load", sa.Column("imported", sa.Boolean, nullable=False, server_default="false"))
    for statement in (_NUMBER_LISTS, _MOVE_PROVIDERS, _NAME_LISTS):
        op.execute(statement)
    op.drop_table("network_member")
    op.drop_table("provider")


def downgrade() -> None:
    """Without the directory, which ``seed`` then reads again."""
    op.execute("delete from directory_load")
    op.execute("delete from network")
    op.drop_column("directory_load", "imported")
    op.drop_column("network", "plan_lists")
    op.drop_table("location")
    texts = ("npi", "name", "specialty", "address", "city", "state", "phone", "panel")
    op.create_table(
        "provider",
        sa.Column("pcp_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("zip", sa.Text, sa.ForeignKey("zip_spot.zip"), nullable=False),
        sa.Column("accepting", sa.Boolean, nullable=False),
        sa.Column("group_id", sa.Text, sa.ForeignKey("medical_group.group_id"), index=True),
        sa.Column("illustrative", sa.Boolean, nullable=False),
        sa.Column("languages", ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column("gender", sa.Text),
        sa.Column("last_updated_on", sa.Date),
        sa.CheckConstraint("panel in ('any', 'pediatric', 'adult')", name="a_panel_is_known"),
        sa.CheckConstraint("gender in ('female', 'male', 'other')", name="a_gender_is_known"),
    )
    op.create_table(
        "network_member",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("plan_year", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("pcp_id", sa.Text, sa.ForeignKey("provider.pcp_id"), primary_key=True),
    )


def _create_location() -> None:
    texts = ("npi", "name", "name_key", "specialty", "address", "city", "state", "phone", "new_patients", "panel")
    op.create_table(
        "location",
        sa.Column("pcp_id", sa.Text(collation="C"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("plan_list", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("zip", sa.Text(collation="C"), nullable=False),
        sa.Column("group_id", sa.Text),
        sa.Column("illustrative", sa.Boolean, nullable=False),
        sa.Column("languages", ARRAY(sa.Text), nullable=False),
        sa.Column("gender", sa.Text),
        sa.Column("last_updated_on", sa.Date),
        sa.CheckConstraint("panel in ('any', 'pediatric', 'adult')", name="a_panel_is_known"),
        sa.CheckConstraint("gender in ('female', 'male', 'other')", name="a_gender_is_known"),
        sa.CheckConstraint(
            "new_patients in ('accepting', 'some_locations', 'not_accepting')", name="new_patients_are_known"
        ),
    )
    op.create_index("location_by_zip", "location", ["zip", "plan_list"])
    op.create_index("location_by_group", "location", ["group_id"], postgresql_where=sa.text("group_id is not null"))
