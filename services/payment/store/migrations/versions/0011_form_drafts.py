"""What a payer chose on the form of the payment page, sealed with a key that the payer's browser alone has."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("page_session", sa.Column("form_draft", sa.LargeBinary, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("page_session", "form_draft")
