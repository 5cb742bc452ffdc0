"""Words of names by parts of them, to find a name with typing errors."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# As a load fills it (services/pcp/store/staging.py, when this was written).
_FILL = """
insert into name_word
select distinct concat_ws(':', length(word), part, substr(word, start, size)), word
from (select distinct unnest(string_to_array(name_key, ' ')) as word from location) as words
cross join lateral (values
  (1, 1, length(word) / 3),
  (2, length(word) / 3 + 1, (length(word) + 1) / 3),
  (3, length(word) / 3 + (length(word) + 1) / 3 + 1, length(word))
) as parts (part, start, size)
where length(word) > 2
"""


def upgrade() -> None:
    op.create_table(
        "name_word",
        sa.Column("key", sa.Text(collation="C"), primary_key=True),
        sa.Column("word", sa.Text(collation="C"), primary_key=True),
    )
    op.execute(_FILL)


def downgrade() -> None:
    op.drop_table("name_word")
