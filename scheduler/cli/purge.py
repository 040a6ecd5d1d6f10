"""`cadence purge`: what is old is let go of, and shown before."""

import sys
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table, say

if TYPE_CHECKING:
    from scheduler.services.leavers import Leaver
    from scheduler.services.pipeline.purging import OfAnAge, ToPurge

_HEADS = ("what", "goes after", "to go", "the oldest", "stays, under dispute")


@click.command(epilog="For example: cadence purge --dry-run")
@click.option("--dry-run", is_flag=True, help="Show what would go, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@as_json
@click.pass_obj
def purge(context: Context, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Let go of what is old, as retention: and letter_days: in the settings say. It cannot be undone.

    The daemon does the same by itself, a little in each cycle. What happened, when, and by whom stays on record; of
    minutes and files their SHA-256. What is under a formal review or a dispute that runs stays as it is.
    """
    from scheduler.services.pipeline import purging

    with context.app(writing=not dry_run) as app:
        with app.store.read() as db:
            found = purging.to_purge(app, db, context.now)
        if not as_json:
            _show(found)
        if not dry_run and found.count and not yes:
            if not sys.stdin.isatty():
                raise click.UsageError("nobody can be asked here: say --yes if it is meant, or --dry-run")
            if not click.confirm("Let it go?", err=True):
                click.echo("Nothing was changed.")
                return
        gone = None if dry_run else purging.purge(app, context.now).by_kind
    if as_json:
        print_json({**_as_json(found), "gone": gone})
    elif dry_run:
        click.echo("Nothing was changed (--dry-run).")
    elif gone:
        click.echo(f"Gone: {', '.join(f'{what} ({count})' for what, count in gone.items())}.")
    else:
        click.echo("There was nothing to let go of.")


def _show(found: "ToPurge") -> None:
    print_table(_HEADS, map(_cells, found.kinds), empty="")
    for each in (one for kind in found.kinds for one in kind.people):
        say(f"{plain(each.email)} left on {each.since.date()}: {', '.join(each.partnerships)}")
    for each in found.still_named:
        say(
            f"{plain(each.email)} left on {each.since.date()} and stands in the file of {each.partnerships[0]}: take "
            "them out of it, and what is held of them goes when its time has come."
        )


def _cells(each: "OfAnAge") -> tuple[str, ...]:
    oldest = formats.minute(each.oldest) if each.oldest else ""
    return each.what, each.after, str(each.count), oldest, str(each.kept) if each.kept else ""


def _as_json(found: "ToPurge") -> dict[str, Any]:
    return {
        "to_go": [_kind(each) for each in found.kinds],
        "still_named": [_person(each) for each in found.still_named],
    }


def _kind(each: "OfAnAge") -> dict[str, Any]:
    told = {"what": each.what, "after": each.after, "count": each.count, "oldest": each.oldest, "kept": each.kept}
    return {**told, "people": [_person(one) for one in each.people]}


def _person(one: "Leaver") -> dict[str, Any]:
    return {"email": one.email, "left": one.since, "partnerships": one.partnerships}
