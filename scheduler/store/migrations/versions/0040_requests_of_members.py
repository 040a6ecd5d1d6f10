"""Who of a partnership's members asked for a formal review."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("partnership", sa.Column("requests", sa.JSON()))
