"""What people make of an agenda, and from which edit its file was written."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    # PostgreSQL alters no table of which references are still to be checked: rows that 0029 entered in the same
    # transaction, where a database is brought up to date in one.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.add_column("agenda", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_table(
        "agenda_version",
        sa.Column("review", NAME, primary_key=True),
        sa.Column("audience", NAME, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("by", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_agenda_version_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_agenda_version_partnership", "agenda_version", ["partnership"])
