"""The days on which a partnership is paused."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("partnership", sa.Column("pauses", sa.JSON()))
