"""`cadence person data` and `cadence person erase`: what is held of somebody, and how it goes."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json
from scheduler.definitions.problems import quoted

if TYPE_CHECKING:
    from scheduler.services.views.personal_data import PersonalData


@click.command("data", epilog="For example: cadence person data tom.reyes@globex.example --json")
@click.argument("email")
@as_json
@click.pass_obj
def data(context: Context, email: str, as_json: bool) -> None:
    """Print what is held of the person with that mail address: where definitions name them, and every row on record
    that bears their address or key. With --json all of it, to be handed to them."""
    from pydantic import TypeAdapter

    from scheduler.services.views.personal_data import PersonalData, personal_data

    with context.app() as app, app.store.read() as db:
        found = personal_data(app, db, email, context.now)
    if as_json:
        print_json(TypeAdapter(PersonalData).dump_python(found, mode="json"))
        return
    for line in _page(found):
        click.echo(plain(line))


@click.command("erase", epilog="For example: cadence person erase tom.reyes@globex.example --dry-run")
@click.argument("email")
@click.option("--dry-run", is_flag=True, help="Show what is held, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def erase(context: Context, email: str, dry_run: bool, yes: bool) -> None:
    """Erase that mail address from the record, once no definition in force names it. It cannot be undone.

    What only served to reach them goes: settings, absences, sessions, subscriptions, the bytes of letters, the words of
    replies. What they did for a partnership stays, with their name: readings, verdicts, votes, decisions, minutes.
    Where their address stood beside it, or in earlier definitions, one of nobody takes its place.
    """
    from scheduler.services.cases import erasure
    from scheduler.services.views.personal_data import personal_data

    with context.app(writing=not dry_run) as app:
        with app.store.read() as db:
            found = personal_data(app, db, email, context.now)
        for line in _page(found):
            click.echo(plain(line))
        if not dry_run and not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant, or --dry-run")
        if dry_run or not (yes or click.confirm("Erase it?", err=True)):
            click.echo("Nothing was changed (--dry-run)." if dry_run else "Nothing was changed.")
            return
        erased = erasure.erase(app, email, context.now)
    click.echo(f"Erased: {sum(erased.changed.values())} rows; {erased.stand_in} stands where the address stood.")
    click.echo("Not erased: letters that lie as files in a folder, log files, backups: see docs/privacy.md.")


def _page(found: "PersonalData") -> Iterator[str]:
    if found.is_empty:
        yield f"Nothing is held of {quoted(found.email)}."
        return
    yield f"{found.email}"
    for place in found.known_in:
        since = "in the definition" if place.is_there else "in earlier definitions"
        yield f"  {place.partnership}: {', '.join(place.names)} ({', '.join(place.keys)}), {since}"
    yield from (f"  {table.replace('_', ' ')}: {len(rows)}" for table, rows in found.record.items())
