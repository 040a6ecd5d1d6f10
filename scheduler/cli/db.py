"""`cadence db`: the database."""

import click

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
@click.pass_obj
def upgrade(context: Context) -> None:
    """Bring the database's tables up to this version of cadence. A new database is made by 'cadence db create'."""
    from scheduler.store import open_store

    open_store(context.settings.database, migrate=True).close()
    click.echo("The database is up to date.")


@db.command(epilog="For example: cadence db discard")
@click.pass_obj
def discard(context: Context) -> None:
    """Throw the scratch copy away, on which commands with a --now ahead of the clock work."""
    from scheduler.services.previews import scratch

    was_there = scratch.discard(context.settings)
    click.echo("The scratch copy is gone." if was_there else "There is no scratch copy.")
