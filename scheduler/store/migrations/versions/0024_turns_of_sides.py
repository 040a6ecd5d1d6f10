"""Whose turn it is to host a review and to write its minutes, where the sides of its series take turns."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("review", sa.Column("host", sa.String()))
    op.add_column("review", sa.Column("minutes_by", sa.String()))
