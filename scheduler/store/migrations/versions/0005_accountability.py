"""The accountability loop: notices to each person, causes, judgements, decisions, actions, tokens, faults."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("excuse", sa.Column("kind", sa.String(), nullable=False, server_default=sa.text("'excused'")))
    op.add_column("letter", sa.Column("channel", sa.String(), nullable=False, server_default=sa.text("'mail'")))
    _notices()
    _decided()
    _opened()
    op.create_table(
        "fault",
        sa.Column("key", NAME, primary_key=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
    )


def _notices() -> None:
    # What was recorded before named people on a ladder; none of them was sent a word of it.
    op.drop_table("notice")
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("occasion", NAME, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("person", sa.String()),
        sa.Column("email", NAME, nullable=False),
        sa.Column("agenda", sa.String()),
        sa.Column("of", sa.String()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("tell_at", MOMENT),
        sa.Column("told_at", MOMENT),
        sa.Column("letter", NAME),
        _of_a_partnership("notice"),
    )
    op.create_index("ix_notice_partnership", "notice", ["partnership"])
    op.create_index("ix_notice_letter", "notice", ["letter"])
    op.create_index("ix_notice_once", "notice", ["subject", "period", "rung", "occasion", "email"], unique=True)
    op.create_index("ix_notice_email", "notice", ["email", "told_at"])
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_notice_waiting", "notice", ["tell_at"], sqlite_where=waiting, postgresql_where=waiting)


def _decided() -> None:
    op.create_table(
        "cause",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("of", sa.String()),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("fired_on", sa.Date(), nullable=False),
        sa.Column("fired_at", MOMENT, nullable=False),
        sa.Column("review", NAME),
        sa.Column("ended_at", MOMENT),
        _of_a_partnership("cause"),
    )
    op.create_index("ix_cause_partnership", "cause", ["partnership"])
    op.create_index("ix_cause_review", "cause", ["review"])
    standing = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_cause_open", "cause", ["scope", "key"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text()),
        sa.Column("person", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        _of_a_partnership("judgement"),
    )
    op.create_index("ix_judgement_partnership", "judgement", ["partnership"])
    op.create_index("ix_judgement_review", "judgement", ["review", "criterion"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("because", sa.Text()),
        sa.Column("person", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        _of_a_partnership("decision"),
    )
    op.create_index("ix_decision_partnership", "decision", ["partnership"])
    op.create_index("ix_decision_review", "decision", ["review"])
    op.create_table(
        "action",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("series", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("owner", sa.String()),
        sa.Column("due", sa.Date()),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.Column("done_by", sa.String()),
        sa.Column("done_because", sa.Text()),
        _of_a_partnership("action"),
    )
    op.create_index("ix_action_partnership", "action", ["partnership"])
    op.create_index("ix_action_series", "action", ["series"])


def _opened() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", NAME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("partnership", NAME),
        sa.Column("organisation", sa.String()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        _of_a_partnership("api_token"),
    )
    op.create_index("ix_api_token_token_hash", "api_token", ["token_hash"], unique=True)
    op.create_table(
        "secret",
        sa.Column("name", NAME, primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )


def _of_a_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )
