"""Invitations by mail: to what, what each person was last told, and the letters on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
OPEN = sa.text("state IN ('due', 'claimed')")


def upgrade() -> None:
    op.create_table(
        "invited",
        sa.Column("uid", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("recurring", sa.JSON()),
        _of_a_partnership("invited"),
    )
    op.create_index("ix_invited_partnership", "invited", ["partnership"])
    op.create_index("ix_invited_subject", "invited", ["subject"])
    op.create_table(
        "told",
        sa.Column("uid", NAME, primary_key=True),
        sa.Column("instance", NAME, primary_key=True),
        sa.Column("email", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        _of_a_partnership("told"),
    )
    op.create_index("ix_told_partnership", "told", ["partnership"])
    _letters()


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dedup_key", NAME, nullable=False),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("uid", NAME, nullable=False),
        sa.Column("instance", NAME, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("email", NAME, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String()),
        sa.Column("claimed_until", MOMENT),
        sa.Column("dot_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.Column("doubled", sa.Boolean(), nullable=False),
        sa.Column("via", sa.String()),
        sa.Column("said", sa.Text()),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_a_partnership("letter"),
    )
    op.create_index("ix_letter_dedup_key", "letter", ["dedup_key"], unique=True)
    op.create_index("ix_letter_partnership", "letter", ["partnership"])
    for name, columns in (("ix_letter_open", ["due_at", "id"]), ("ix_letter_waiting", ["uid", "email", "id"])):
        op.create_index(name, "letter", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def _of_a_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )
