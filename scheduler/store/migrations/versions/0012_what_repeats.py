"""Notices that only repeat are one row; letters say when their bytes were let go.

What is on record stays as it is: the cycle joins rows, and lets bytes go, a few at a time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("notice", sa.Column("times", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("notice", sa.Column("repeats", sa.JSON()))
    _index("ix_notice_repeated", "notice", "recorded_at", "state = 'told' AND times = 1 AND occasion LIKE '%#%'")
    op.add_column("letter", sa.Column("forgotten_at", MOMENT))
    _index("ix_letter_kept", "letter", "settled_at", "forgotten_at IS NULL")


def _index(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
