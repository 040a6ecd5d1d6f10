"""Items that a health check puts on the agenda of an audit: out of which round and area they come."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("agenda_item", sa.Column("out_of", NAME))
