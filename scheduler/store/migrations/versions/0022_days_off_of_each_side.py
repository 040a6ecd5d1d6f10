"""Reviews that people were invited to stay on the days that were counted over all organisations together."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    # What is there keeps its days; what comes says so itself. As in 0010 the default stays with the column.
    op.add_column("partnership", sa.Column("keeps_joint_days", sa.Boolean(), nullable=False, server_default=sa.true()))
