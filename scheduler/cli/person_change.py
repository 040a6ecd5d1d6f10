"""`cadence person change`: another mail address or key of somebody, in all partnerships."""

import sys
from difflib import unified_diff

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import plain


@click.command(epilog="For example: cadence person change tom@globex.example --email t.reyes@globex.example --dry-run")
@click.argument("id")
@click.option("--email", type=params.NameParam(), help="Their new mail address.")
@click.option("--key", type=params.NameParam(), help="The key that they bear from now on.")
@params.partnership
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def change(
    context: Context, id: str, email: str | None, key: str | None, partnership: str | None, dry_run: bool, yes: bool
) -> None:
    """Give the person ID another mail address or key, in every definition file that names them; comments and layout
    stay. It shows what changes first.

    ID is their mail address for all of their partnerships, or their key where only one has it. They go on as they were:
    readings, actions, answers, ladders and absences follow, and nobody is told anything anew. Links that went to the
    old address open nothing any more.
    """
    from scheduler.services.cases import person_changes

    if not (email or key):
        raise click.UsageError("name what changes: --email or --key")
    with context.app(writing=not dry_run) as app:
        planned = person_changes.prepare(app, id, partnership, email=email, key=key)
        if not planned:
            click.echo("Every definition says so already.")
            return
        for one in planned:
            click.echo(plain(f"{one.place.row.id}: {one.place.definition.people[one.place.person].name}"))
            for note in one.notes:
                click.echo(plain(f"Note: {note}"))
            before, after, file = one.text.splitlines(), one.after.splitlines(), str(one.file)
            for line in unified_diff(before, after, file, file, n=1, lineterm=""):
                click.echo(plain(line))
        if not dry_run and not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant, or --dry-run")
        if dry_run or not (yes or click.confirm("Write it?", err=True)):
            click.echo("Nothing was changed (--dry-run)." if dry_run else "Nothing was changed.")
            return
        person_changes.write(app, planned)
    click.echo("Written. The next cycle takes it up: cadence once")
