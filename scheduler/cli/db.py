"""`cadence db`: the database."""

import click

from scheduler.cli.context import Context


@click.group()
def db() -> None:
    """Look after the database."""


@db.command(epilog="Stop the daemon first: systemctl stop cadence && cadence db upgrade")
@click.pass_obj
def upgrade(context: Context) -> None:
    """Bring the database's tables up to this version of cadence; a new database gets its tables."""
    from scheduler.store import open_store

    open_store(context.settings.database, migrate=True).close()
    click.echo("The database is up to date.")
