"""The register of decisions. What checkpoints decided goes into it; the minutes on record wait to be read for theirs,
which tells nobody anything."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    earlier = _taken_at_checkpoints()
    op.drop_table("decision")
    register = op.create_table(
        "decision",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.String()),
        sa.Column("course", sa.String()),
        sa.Column("binding_from", sa.Date()),
        sa.Column("carried_out_by", sa.String()),
        sa.Column("carried_out_at", MOMENT),
        sa.Column("carried_out_said_by", sa.String()),
        sa.Column("carried_out_because", sa.Text()),
        sa.Column("superseded_by", NAME),
        sa.Column("superseded_at", MOMENT),
        sa.Column("superseded_said_by", sa.String()),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_because", sa.Text()),
        _of_a_partnership("decision"),
    )
    op.create_index("ix_decision_partnership", "decision", ["partnership"])
    op.create_index("ix_decision_review", "decision", ["review"])
    if earlier:
        op.bulk_insert(register, earlier)
    op.create_table(
        "unregistered_minutes",
        sa.Column("review", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        _of_a_partnership("unregistered_minutes"),
    )
    op.create_index("ix_unregistered_minutes_partnership", "unregistered_minutes", ["partnership"])
    op.execute(
        "INSERT INTO unregistered_minutes (review, partnership) "
        "SELECT id, partnership FROM review WHERE minutes IS NOT NULL AND status = 'held'"
    )


def _taken_at_checkpoints() -> list[dict[str, Any]]:
    """What was decided by the verb, numbered within its review; each but the last superseded by the next."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT taken.*, review.layer, review.kind, review.timezone FROM decision AS taken "
            "LEFT JOIN review ON review.id = taken.review ORDER BY taken.id"
        )
    )
    rows, numbers, last = [], Counter[str](), dict[str, dict[str, Any]]()
    for each in found.mappings():
        numbers[each["review"]] += 1
        id, at = f"{each['review']}!{numbers[each['review']]}", each["at"]
        moment = _EPOCH + timedelta(microseconds=at) if isinstance(at, int) else at
        day = moment.astimezone(ZoneInfo(each["timezone"] or "UTC")).date()
        if before := last.get(each["review"]):
            before |= {"superseded_by": id, "superseded_at": at, "superseded_said_by": each["person"]}
        last[each["review"]] = {
            "id": id,
            "partnership": each["partnership"],
            "review": each["review"],
            "scope": "/".join(part for part in (each["partnership"], each["layer"]) if part),
            "kind": each["kind"] or "checkpoint",
            "says": each["because"] or "",
            "decided_on": day,
            "recorded_at": at,
            "decided_by": each["person"],
            "course": each["decision"],
            "binding_from": day,
            "superseded_by": None,
            "superseded_at": None,
            "superseded_said_by": None,
        }
        rows.append(last[each["review"]])
    return rows


def _of_a_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )
