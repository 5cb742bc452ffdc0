"""What a search within a radius reads is in the index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_SEVERAL = """
update location set only_office = false
where pcp_id in (select pcp_id from location group by pcp_id having count(*) > 1)
"""


def upgrade() -> None:
    op.add_column("location", sa.Column("only_office", sa.Boolean, nullable=False, server_default="true"))
    op.execute(_SEVERAL)
    op.alter_column("location", "only_office", server_default=None)
    op.drop_index("location_by_zip", "location")
    op.create_index(
        "location_by_zip",
        "location",
        ["zip", "plan_list", "only_office"],
        postgresql_include=["pcp_id", "place", "new_patients", "panel", "deactivated_on"],
    )
    op.create_index("zip_spot_by_place", "zip_spot", ["latitude", "longitude"])


def downgrade() -> None:
    op.drop_index("zip_spot_by_place", "zip_spot")
    op.drop_index("location_by_zip", "location")
    op.create_index("location_by_zip", "location", ["zip", "plan_list"])
    op.drop_column("location", "only_office")
