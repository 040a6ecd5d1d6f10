"""What was said of the terms of agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.add_column("partnership", sa.Column("renewals", sa.JSON()))
