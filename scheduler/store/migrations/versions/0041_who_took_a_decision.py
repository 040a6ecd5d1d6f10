"""Who took a decision, in words, where another one reports it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("decision", sa.Column("taken_by", sa.Text()))
