"""From when on weekends of countries and days off by custom are counted; what was invited before stays."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("partnership", sa.Column("days_off_from", sa.Date()))
    op.add_column("partnership", sa.Column("keeps_invited", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("partnership") as table:
        table.alter_column("keeps_invited", server_default=None)
