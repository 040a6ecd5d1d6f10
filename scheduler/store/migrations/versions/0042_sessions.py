"""Who has signed in; and under which key, for whom and in which role somebody belongs to a partnership."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", NAME, nullable=False),
        sa.Column("email", NAME, nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("browser", sa.String()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("said", sa.Text()),
    )
    op.create_index("ix_session_token_hash", "session", ["token_hash"], unique=True)
    op.create_index("ix_session_email", "session", ["email"])
    op.create_index("ix_session_expires_at", "session", ["expires_at"])
    # PostgreSQL alters no table of which references are still to be checked.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    for name, kind in (
        ("person", NAME),
        ("name", sa.String()),
        ("organisation", NAME),
        ("organisation_name", sa.String()),
        ("role", sa.String()),
        ("zone", sa.String()),
        ("leaves_at", MOMENT),
    ):
        op.add_column("member", sa.Column(name, kind))
