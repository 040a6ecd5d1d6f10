"""`cadence db`: the database."""

from contextlib import suppress
from pathlib import Path

import click

from scheduler.cli import params
from scheduler.cli.context import Context


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(epilog="For example: cadence --config /etc/cadence/cadence.yaml db create")
@click.pass_obj
def create(context: Context) -> None:
    """Make the database of a new installation: the file that the settings name, or the tables of an empty PostgreSQL
    database.

    One that is there stays as it is. Nothing but this and 'cadence init' ever makes one: where a database is lost,
    'once' and 'serve' say so, since a new one would write to everybody again.
    """
    from scheduler.store import open_store

    with open_store(context.settings.database, create=True) as store:
        click.echo(f"Created {store.name}." if store.is_new else f"{store.name} is there already; nothing was changed.")


@db.command(epilog="Stop the daemon first: systemctl stop cadence && cadence db upgrade")
@click.option("--backup", type=params.PathParam(file_okay=False), metavar="DIR", help="The folder for the backup.")
@click.option("--no-backup", is_flag=True, help="Make no backup first.")
@click.option("--create", is_flag=True, help="Make the tables first where there are none, as 'cadence db create' does.")
@click.pass_obj
def upgrade(context: Context, backup: Path | None, no_backup: bool, create: bool) -> None:
    """Bring the database's tables up to this version of cadence. A new database is made by 'cadence db create'.

    With --create one command does for the first start of an installation and for each later version: where a database
    was lost, that makes a new one, which writes to everybody again.

    A backup is made first, by default under 'backups' in the folder of data: the way back is to install the version
    before, and lay that in place ('cadence restore'). No database is turned into an older one.
    """
    from scheduler.services.cases.backups import FOLDER, back_up_before_upgrade
    from scheduler.store import OlderSchema, open_store

    if backup and no_backup:
        raise click.UsageError("--backup names a folder for what --no-backup leaves out; name one of the two")
    settings = context.settings
    if create:
        with suppress(OlderSchema):
            open_store(settings.database, create=True).close()
    if not no_backup:
        made = back_up_before_upgrade(settings.database, backup or settings.data / FOLDER, context.wall)
        if made:
            click.echo(f"Backup: {made}")
    open_store(settings.database, migrate=True).close()
    click.echo("The database is up to date.")


@db.command(epilog="For example: cadence db discard")
@click.pass_obj
def discard(context: Context) -> None:
    """Throw the scratch copy away, on which commands with a --now ahead of the clock work."""
    from scheduler.services.previews import scratch

    was_there = scratch.discard(context.settings)
    click.echo("The scratch copy is gone." if was_there else "There is no scratch copy.")
