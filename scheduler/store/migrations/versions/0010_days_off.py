"""From when on weekends of countries and days off by custom are counted; what was invited before stays."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("partnership", sa.Column("days_off_from", sa.Date()))
    # What is there stays; what comes says so itself. The default stays with the column: to take it away SQLite would
    # copy the table, and with it break what refers to a partnership.
    op.add_column("partnership", sa.Column("keeps_invited", sa.Boolean(), nullable=False, server_default=sa.true()))
