"""The daemons that share a database have a row each, and what their plans rest on is known by its parts."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "environment",
        sa.Column("fingerprint", NAME, primary_key=True),
        sa.Column("planner", sa.String(), nullable=False),
        sa.Column("holidays", sa.String(), nullable=False),
        sa.Column("tzdata", sa.String(), nullable=False),
        sa.Column("playbooks", sa.JSON(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("first_used_at", MOMENT, nullable=False),
    )
    op.create_table(
        "daemon",
        sa.Column("process", NAME, primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("host", NAME, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("environment", NAME, nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT),
        sa.Column("why", sa.Text()),
    )
    # Signs of life of before: each host had one, by its own clock.
    op.execute("DELETE FROM clock WHERE key LIKE 'daemon:%'")
