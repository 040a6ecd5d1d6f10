"""In which language people are written to by their own word, and with which numbers and dates."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"


def upgrade() -> None:
    for column in ("language", "numbers", "dates"):
        op.add_column("own_setting", sa.Column(column, sa.String()))
    op.add_column("partnership", sa.Column("own_manner", sa.JSON()))
