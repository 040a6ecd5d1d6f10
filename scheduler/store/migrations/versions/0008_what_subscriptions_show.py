"""What each subscription shows. Those on record go on as they were, the portfolio's without its clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("subscription", sa.Column("clocks", sa.String(), nullable=False, server_default=sa.text("'all'")))
    op.add_column("subscription", sa.Column("invited", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute("UPDATE subscription SET clocks = 'none' WHERE email IS NULL AND partnership IS NULL")
