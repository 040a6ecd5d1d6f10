"""Health checks: rounds, who is asked, what they said without their names, what it came to; and from which day on
rounds are opened, so that none of before is."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, deferrable=True, initially="DEFERRED")


def upgrade() -> None:
    op.create_table(
        "health_round",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("review", NAME),
        sa.Column("because", sa.Text()),
        sa.Column("opened_by", sa.String()),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("skipped_at", MOMENT),
        sa.Column("skipped_by", sa.String()),
        sa.Column("skipped_because", sa.Text()),
        sa.Column("is_scrubbed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("sent_again", sa.JSON(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        _refers("health_round", "partnership", "partnership"),
    )
    op.create_table(
        "health_asked",
        sa.Column("round", NAME, primary_key=True),
        sa.Column("person", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        _refers("health_asked", "partnership", "partnership"),
        _refers("health_asked", "round", "health_round"),
    )
    op.create_table(
        "health_token",
        sa.Column("token_hash", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("round", NAME, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("seal_hash", sa.String(), nullable=False),
        _refers("health_token", "partnership", "partnership"),
        _refers("health_token", "round", "health_round"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "health_spent",
        sa.Column("spent_hash", NAME, primary_key=True),
        sa.Column("round", NAME, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        _refers("health_spent", "round", "health_round"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "health_answer",
        sa.Column("key", NAME, primary_key=True),
        sa.Column("round", NAME, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("value", sa.Integer()),
        sa.Column("words", sa.Text()),
        _refers("health_answer", "round", "health_round"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "health_result",
        sa.Column("round", NAME, primary_key=True),
        sa.Column("area", NAME, primary_key=True),
        sa.Column("side", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("light", sa.String(), nullable=False),
        sa.Column("mean", sa.String()),
        sa.Column("spread", sa.String()),
        sa.Column("answers", sa.Integer()),
        sa.Column("counts", sa.JSON()),
        sa.Column("cannot_say", sa.Integer()),
        sa.Column("change", sa.String()),
        sa.Column("gap", sa.String()),
        _refers("health_result", "partnership", "partnership"),
        _refers("health_result", "round", "health_round"),
    )
    for table, column in (
        ("health_round", "partnership"),
        ("health_asked", "partnership"),
        ("health_token", "partnership"),
        ("health_result", "partnership"),
        ("health_spent", "round"),
        ("health_answer", "round"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.add_column("partnership", sa.Column("health_from", sa.Date()))
