"""Contents that lie in a blob store, and indexes for the documents that need not be kept any more."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WHOLE = "a_document_is_whole_or_not_there"
ONE_PLACE = "a_proof_lies_in_one_place"
MADE = {"application_pdf": "rendered_at", "proof_document": "added_at"}


def upgrade() -> None:
    for table in MADE:
        op.add_column(table, sa.Column("blob", sa.Text))
        op.create_unique_constraint(f"{table}_blob_is_of_one_document", table, ["blob"])
    op.drop_constraint(WHOLE, "application_pdf")
    op.create_check_constraint(
        WHOLE,
        "application_pdf",
        "num_nonnulls(content, blob) = num_nonnulls(sha256) and num_nonnulls(sha256) = num_nonnulls(rendered_at)",
    )
    op.alter_column("proof_document", "content", nullable=True)
    op.create_check_constraint(ONE_PLACE, "proof_document", "num_nonnulls(content, blob) = 1")
    for table, made in MADE.items():
        op.create_index(f"{table}_by_age", table, [made])


def downgrade() -> None:
    for table in MADE:
        op.drop_index(f"{table}_by_age", table)
    # what lies in the blob store cannot come back into the row here
    op.execute("delete from proof_document where content is null")
    op.execute("delete from application_pdf where blob is not null")
    op.drop_constraint(ONE_PLACE, "proof_document")
    op.alter_column("proof_document", "content", nullable=False)
    op.drop_constraint(WHOLE, "application_pdf")
    op.create_check_constraint(
        WHOLE,
        "application_pdf",
        "(content is null) = (sha256 is null) and (content is null) = (rendered_at is null)",
    )
    for table in MADE:
        op.drop_column(table, "blob")
