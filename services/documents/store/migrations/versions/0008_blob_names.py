"""Find the document of a blob, so that blobs without one can be told."""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = ("application_pdf", "proof_document")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(f"{table}_blob", table, ["blob"], unique=True, postgresql_where="blob is not null")


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"{table}_blob")
