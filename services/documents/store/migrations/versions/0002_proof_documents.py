"""Proof documents; all documents are sealed from here on, so PDFs that were kept open go."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # a migration has no key to seal with, and no release kept any: a PDF of a developer's machine shows as being made
    # until its enrollment.application.submitted.v1 is replayed
    op.execute("update application_pdf set content = null, sha256 = null, rendered_at = null where content is not null")
    op.create_table(
        "proof_document",
        *[
            sa.Column(name, sa.Text, primary_key=name == "document_id", nullable=False)
            for name in ("document_id", "record_number", "writing_number", "kind", "media_type", "sha256", "added_by")
        ],
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("record_number", "number", name="proofs_of_an_application_are_counted"),
    )
    # sealed bytes do not compress: do not try on every write
    op.execute("alter table proof_document alter column content set storage external")


def downgrade() -> None:
    op.drop_table("proof_document")
