"""The first schema: partnerships, reviews and their history, due dates, readings, flags, agendas."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    _partnerships()
    _reviews()
    _measures()
    _flags()


def _partnerships() -> None:
    op.create_table(
        "partnership",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("file", NAME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("fingerprint", NAME, nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("wake_at", MOMENT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("approved", sa.String()),
        sa.Column("problem", sa.JSON()),
        sa.Column("definition", sa.Text(), nullable=False),
    )
    op.create_index("ix_partnership_file", "partnership", ["file"])
    op.create_index("ix_partnership_fingerprint", "partnership", ["fingerprint"])
    op.create_index("ix_partnership_wake_at", "partnership", ["wake_at"])
    _partial_index("ix_partnership_unpublished", "partnership", ["id"], "revision > published")
    _partial_index("ix_partnership_waiting", "partnership", ["id"], "problem IS NOT NULL")
    op.create_table(
        "member",
        sa.Column("email", NAME, primary_key=True),
        sa.Column("partnership", NAME, primary_key=True),
        _refers("member", "partnership", "partnership"),
    )
    op.create_index("ix_member_partnership", "member", ["partnership"])
    op.create_table(
        "scope_seen",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("first_planned_at", MOMENT, nullable=False),
    )
    op.create_index("ix_scope_seen_partnership", "scope_seen", ["partnership"])
    op.create_table(
        "file_state",
        sa.Column("file", NAME, primary_key=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("problems", sa.JSON()),
    )
    _partial_index("ix_file_state_faulty", "file_state", ["file"], "problems IS NOT NULL")


def _reviews() -> None:
    op.create_table(
        "review",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("layer", sa.String()),
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("nominal_date", sa.Date(), nullable=False),
        sa.Column("start_utc", MOMENT, nullable=False),
        sa.Column("end_utc", MOMENT, nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("moved_because", sa.String()),
        sa.Column("agenda_owner", sa.String(), nullable=False),
        sa.Column("deputy", sa.String()),
        sa.Column("chair", sa.String()),
        sa.Column("attendees", sa.JSON(), nullable=False),
        sa.Column("quorum", sa.String(), nullable=False),
        sa.Column("place", sa.String()),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("moved_by_person", sa.Boolean(), nullable=False),
        sa.Column("because", sa.String()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("modified_at", MOMENT, nullable=False),
        sa.Column("minutes", sa.Text()),
        _refers("review", "partnership", "partnership"),
    )
    op.create_index("ix_review_partnership_start", "review", ["partnership", "start_utc"])
    op.create_index("ix_review_start", "review", ["start_utc", "id"])
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("review", NAME, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("because", sa.String()),
        sa.Column("person", sa.String()),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.JSON()),
        _refers("revision", "review", "review"),
    )
    op.create_index("ix_revision_review", "revision", ["review"])
    op.create_table(
        "agenda",
        sa.Column("review", NAME, primary_key=True),
        sa.Column("audience", NAME, primary_key=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        _refers("agenda", "review", "review"),
    )


def _measures() -> None:
    op.create_table(
        "measure",
        sa.Column("kpi", NAME, primary_key=True),
        sa.Column("period", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("layer", sa.String()),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("modified_at", MOMENT, nullable=False),
        _refers("measure", "partnership", "partnership"),
    )
    op.create_index("ix_measure_partnership", "measure", ["partnership"])
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("kpi", NAME, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("person", sa.String()),
        sa.Column("note", sa.Text()),
    )
    op.create_index("ix_reading_partnership", "reading", ["partnership"])
    op.create_index("ix_reading_kpi", "reading", ["kpi"])
    op.create_table(
        "excuse",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("kpi", NAME, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person", sa.String()),
    )
    op.create_index("ix_excuse_partnership", "excuse", ["partnership"])


def _flags() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("kpi", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_because", sa.String()),
        _refers("flag", "partnership", "partnership"),
    )
    op.create_index("ix_flag_partnership", "flag", ["partnership"])
    _partial_index("ix_flag_open", "flag", ["kpi", "period"], "closed_at IS NULL", unique=True)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("kpi", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("agenda", sa.String()),
        sa.Column("recorded_at", MOMENT, nullable=False),
        _refers("notice", "partnership", "partnership"),
    )
    op.create_index("ix_notice_partnership", "notice", ["partnership"])
    op.create_index("ix_notice_once", "notice", ["kpi", "period", "rung", "told_on"], unique=True)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, deferrable=True, initially="DEFERRED")


def _partial_index(name: str, table: str, columns: list[str], where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
