"""Clients from quotes and applications, what finds equal people, and addresses by their words."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _clients()
    _people()
    _addresses()


def downgrade() -> None:
    op.drop_index("address_by_words", "address")
    op.drop_column("address", "words")
    op.drop_column("address", "house")
    for column in ("street_key", "city_key"):
        op.add_column("address", sa.Column(column, sa.Text, nullable=False, server_default=""))
    for name, column in (("street", "street_key"), ("city", "city_key"), ("zip", "zip")):
        op.create_index(f"address_by_{name}", "address", [column], postgresql_ops={column: "text_pattern_ops"})
    op.drop_index("application_phone", "application")
    op.drop_column("application", "duplicates_explained")
    op.drop_column("application", "phone_index")
    op.drop_index("person_identity", "person")
    op.drop_column("person", "person_index")
    op.drop_index("client_tokens", "client")
    op.add_column("client", sa.Column("quote_id", sa.Text, nullable=False, server_default=""))
    op.drop_table("client_quote")
    for column in ("tokens", "ssn_last_four", "contact", "middle_initial"):
        op.drop_column("client", column)


def _clients() -> None:
    op.add_column("client", sa.Column("middle_initial", sa.Text, nullable=False, server_default=""))
    op.add_column("client", sa.Column("contact", JSONB, nullable=False, server_default="{}"))
    op.add_column("client", sa.Column("ssn_last_four", sa.Text, nullable=False, server_default=""))
    op.add_column("client", sa.Column("tokens", ARRAY(sa.BigInteger), nullable=False, server_default="{}"))
    # without a list of pending entries: a search would have to read it, and now and then a save would have to empty it
    op.create_index(
        "client_tokens", "client", ["tokens"], postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    op.create_table(
        "client_quote",
        sa.Column("quote_id", sa.Text, primary_key=True),
        sa.Column("client_id", sa.Text, sa.ForeignKey("client.client_id", ondelete="CASCADE"), nullable=False),
        sa.Column("effective_date", sa.Date),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_client_quote_client_id", "client_quote", ["client_id"])
    op.execute("insert into client_quote select quote_id, client_id, null, updated_at from client")
    op.drop_column("client", "quote_id")


def _people() -> None:
    op.add_column("person", sa.Column("person_index", sa.Text))
    op.create_index("person_identity", "person", ["person_index"])
    op.add_column("application", sa.Column("phone_index", sa.Text))
    op.add_column("application", sa.Column("duplicates_explained", JSONB))
    op.create_index("application_phone", "application", ["phone_index"])


def _addresses() -> None:
    # seed loads the rows again, with these columns
    op.execute("delete from address")
    op.execute("delete from data_set where name = 'places'")
    for name, column in (("street", "street_key"), ("city", "city_key")):
        op.drop_index(f"address_by_{name}", "address")
        op.drop_column("address", column)
    op.drop_index("address_by_zip", "address")
    op.add_column("address", sa.Column("house", sa.Text, nullable=False))
    op.add_column("address", sa.Column("words", TSVECTOR, nullable=False))
    op.create_index(
        "address_by_words", "address", ["words"], postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
