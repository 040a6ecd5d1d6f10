"""`cadence partnership`: what only a person may say of a whole partnership."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table
from scheduler.cli.partnership_changes import changes, object_
from scheduler.cli.partnership_pause import pause, resume

if TYPE_CHECKING:
    from scheduler.services.cases.partnerships import EndedPartnership
    from scheduler.services.views.partnership import VersionHeader

_SHOWN = 12


@click.group(epilog='For example: cadence partnership end acme-globex --because "the agreement ran out"')
def partnership() -> None:
    """End, pause or resume a partnership, list the versions of its definition and what they changed.

    Nothing else ends one: not an emptied file, and not a deleted one."""


partnership.add_command(pause)
partnership.add_command(resume)
partnership.add_command(changes)
partnership.add_command(object_)

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
    from scheduler.services.views.partnership import versions

    with context.app() as app:
        known = versions(app, id)
    if as_json:
        print_json([each._asdict() for each in known])
        return
    rows = (
        (formats.when(each.taken_up_at), _KINDS[each.kind], _counts_from(each), each.person, each.content_hash[:12])
        for each in known
    )
    print_table(_HEADS, rows, empty="No version is on record.")


def _counts_from(version: "VersionHeader") -> str:
    if version.since:
        return version.since.isoformat()
    return "the beginning" if version.kind in ("first", "upgrade") else "then"


@partnership.command(epilog='For example: cadence partnership end acme-globex --because "the agreement ran out" --yes')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why, as the cancellations will say.")
@params.by
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def end(context: Context, id: str, because: str, by: str | None, yes: bool) -> None:
    """End the partnership ID: cancel its reviews to come, close what it owes, keep its history.

    What is left open and what outlives the end are said first. Documents that still run go on being spoken of until
    they expire. Its definition file may stay or go; it is not taken up again.
    """
    from scheduler.services.cases import partnerships

    with context.app(writing=True) as app:
        ending = partnerships.ending(app, id, by, context.now)
        for line in _page(ending):
            click.echo(plain(line))
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant")
        if not yes and not click.confirm("End it?", err=True):
            click.echo("Nothing was changed.")
            return
        cancelled = partnerships.end(app, id, because, by, context.now)
    click.echo(f"{id} is ended; {len(cancelled)} reviews are cancelled. Calendars follow with the next cycle.")


def _page(ending: "EndedPartnership") -> Iterator[str]:
    yield f"{ending.id}, {ending.name}: {len(ending.coming)} reviews to come would be cancelled."
    for each in ending.coming[:_SHOWN]:
        yield f"  {each.id}  {formats.when(each.review.start)} {each.review.timezone}"
    if len(ending.coming) > _SHOWN:
        yield f"  … and {len(ending.coming) - _SHOWN} more"
    yield from ending.left
