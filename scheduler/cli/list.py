"""`cadence list`: the partnerships under governance."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded
    from scheduler.store.tables import PartnershipRow

_HEADS = ("id", "name", "model", "state", "next review", "when", "overdue")


@click.command("list", epilog="For example: cadence list --json")
@as_json
@click.pass_obj
def listing(context: Context, as_json: bool) -> None:
    """List the partnerships: model, state, next review, overdue KPIs as of the last cycle."""
    from scheduler.store import flags, partnerships

    with context.app() as app, app.store.read() as db:
        late: dict[str, int] = {}
        for flag in flags.open_flags(db):
            late[flag.partnership] = late.get(flag.partnership, 0) + 1
        found = (_as_dict(db, row, late.get(row.id, 0), context.now) for row in partnerships.listing(db))
        if as_json:
            print_json_list(found)
            return
        rows = [_row(each) for each in found]
    print_table(_HEADS, rows, empty="There are no partnerships yet. Definitions are taken up by: cadence once")


list = listing


def _as_dict(db: "Connection", row: "PartnershipRow", overdue: int, now: "datetime") -> formats.Object:
    coming = None if row.ended_at else next_review(db, row.id, now)
    return {
        "id": row.id,
        "name": row.name,
        "model": row.model,
        "state": state(row),
        "ended_at": row.ended_at,
        "file": row.file,
        "next_review": coming.id if coming else None,
        "next_start": coming.review.start if coming else None,
        "overdue": overdue,
    }


def state(row: "PartnershipRow") -> str:
    """``in force``, ``ended``, or ``waits for a word`` where its plan would cancel many reviews."""
    if row.ended_at:
        return "ended"
    return "waits for a word" if row.problem else "in force"


def next_review(db: "Connection", id: str, now: "datetime") -> "Recorded | None":
    """The next review of a partnership that is still to begin."""
    from scheduler.domain.definition.vocabulary import Status
    from scheduler.store import reviews

    return next(reviews.listing(db, partnership=id, since=now, status=Status.PLANNED), None)


def _row(each: formats.Object) -> tuple[object, ...]:
    start = each["next_start"]
    return (
        each["id"],
        each["name"],
        each["model"].replace("_", " "),
        each["state"],
        each["next_review"],
        f"{formats.when(start)} {start.tzinfo.key}" if start else "",
        each["overdue"] or "",
    )
