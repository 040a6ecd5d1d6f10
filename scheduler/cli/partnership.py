"""`cadence partnership`: what only a person may say of a whole partnership."""

import sys
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow
    from scheduler.store.versions import Known

_SHOWN = 12


@click.group(epilog='For example: cadence partnership end acme-globex --because "the agreement ran out"')
def partnership() -> None:
    """End a partnership, or list the versions of its definition. Nothing else ends one: not an emptied file, and not a
    deleted one."""


_HEADS = ("taken up", "as", "counts from", "by", "content")
_KINDS = {"first": "first", "edit": "edit", "correction": "correction", "upgrade": "on record at an upgrade"}


@partnership.command("versions", epilog="For example: cadence partnership versions acme-globex")
@click.argument("id")
@as_json
@click.pass_obj
def versions_(context: Context, id: str, as_json: bool) -> None:
    """List every version of the definition of the partnership ID: when it was taken up, and from when on it counts.

    Moments are in UTC. What a period is held against is read from the version in force at its end.
    """
    from scheduler.services import lookup as naming
    from scheduler.store import versions

    with context.app() as app, app.store.read() as db:
        known = versions.listing(db, naming.partnership(db, id).id)
    if as_json:
        print_json([each._asdict() for each in known])
        return
    rows = (
        (formats.when(each.taken_up_at), _KINDS[each.kind], _counts_from(each), each.person, each.content_hash[:12])
        for each in known
    )
    print_table(_HEADS, rows, empty="No version is on record.")


def _counts_from(version: "Known") -> str:
    if version.since:
        return version.since.isoformat()
    return "the beginning" if version.kind in ("first", "upgrade") else "then"


@partnership.command(epilog='For example: cadence partnership end acme-globex --because "the agreement ran out" --yes')
@click.argument("id")
@click.option("--because", type=params.Words(), required=True, help="Why, as the cancellations will say.")
@params.by
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def end(context: Context, id: str, because: str, by: str | None, yes: bool) -> None:
    """End the partnership ID: cancel its reviews to come, close what it owes, keep its history.

    What is left open and what outlives the end are said first. Documents that still run go on being spoken of until
    they expire. Its definition file may stay or go; it is not taken up again.
    """
    from scheduler.services import lookup as naming
    from scheduler.services.views.closing_summary import left_behind

    with context.app(writing=True) as app:
        with app.store.read() as db:
            row = _in_force(db, id)
            person = naming.person(app.in_force(row), by)
            coming = _to_come(db, id, context.now)
            left = list(left_behind(app, db, row, context.now))
        _tell(row, coming)
        for line in left:
            click.echo(plain(line))
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant")
        if not yes and not click.confirm("End it?", err=True):
            click.echo("Nothing was changed.")
            return
        with app.store.write() as db:
            _in_force(db, id)
            cancelled = _end(app, db, id, because, person, context.now)
    click.echo(f"{id} is ended; {cancelled} reviews are cancelled. Calendars follow with the next cycle.")


def _in_force(db: "Connection", id: str) -> "PartnershipRow":
    from scheduler.services import lookup as naming

    row = naming.partnership(db, id)
    if row.ended_at:
        raise UserError(f"{id} was ended on {row.ended_at.date()} already", "its history stays as it is")
    return row


def _to_come(db: "Connection", id: str, now: datetime) -> "list[Recorded]":
    from scheduler.store import reviews

    return [each for each in reviews.listing(db, partnership=id, status=Status.PLANNED) if not each.is_past(now)]


def _tell(row: "PartnershipRow", coming: "list[Recorded]") -> None:
    click.echo(f"{row.id}, {plain(row.name)}: {len(coming)} reviews to come would be cancelled.")
    for each in coming[:_SHOWN]:
        click.echo(f"  {each.id}  {formats.when(each.review.start)} {each.review.timezone}")
    if len(coming) > _SHOWN:
        click.echo(f"  … and {len(coming) - _SHOWN} more")


def _end(app: "App", db: "Connection", id: str, because: str, person: str | None, now: datetime) -> int:
    """Cancel what is to come and tell those invited, close what is open, and mark the end, in one transaction."""
    from scheduler.rules.reviews.reconcile import cancel
    from scheduler.services.pipeline.govern import govern_in, revision
    from scheduler.store import flags, measurements, notifications, partnerships, reviews, trigger_events

    actions = [cancel(each, because, now) for each in _to_come(db, id, now)]
    reviews.save_many(db, [action.result for action in actions])
    reviews.append_revisions(db, [revision(action, now, person) for action in actions])
    measurements.sync(db, id, (), now)
    flags.sync(db, id, (), {}, now)
    trigger_events.end(
        db, [replace(each, ended_at=now) for each in trigger_events.of_partnership(db, id) if each.ended_at is None]
    )
    notifications.drop_all(db, id)
    partnerships.end(db, id, now)
    govern_in(app, db, id, now)
    return len(actions)
