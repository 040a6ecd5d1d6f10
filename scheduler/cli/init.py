"""`cadence init`: commented settings and a worked example, ready to be run."""

import shlex
from pathlib import Path

import click

from scheduler.cli import params
from scheduler.cli.context import Context


@click.command(epilog="For example: cadence init alliances && cd alliances && cadence once && cadence overdue")
@click.argument("folder", type=params.PathParam(file_okay=False), default=".", metavar="[DIR]")
@click.pass_obj
def init(context: Context, folder: Path) -> None:
    """Set up DIR (this folder) for cadence: settings, every one commented, a worked example to try things on, and the
    database.

    A file that is there already is left as it is; where the settings are there already no database is made, since one
    that is lost must not be begun anew in silence ('cadence db create' makes one).
    """
    from scheduler.definitions.authoring.setup import set_up
    from scheduler.settings import load, shipped
    from scheduler.settings.schema import settings_schema
    from scheduler.store import open_store

    settings = folder / "config" / "cadence.yaml"
    written = set_up(folder, shipped("cadence.yaml").read_text(encoding="utf-8"), context.now.date(), settings_schema())
    for file in written:
        click.echo(f"Wrote {file}")
    if settings in written:
        with open_store(load(settings).database, create=True) as store:
            click.echo(f"{'Created' if store.is_new else 'Kept'} {store.name}")
    if not written:
        click.echo(f"{folder} is set up already: nothing was written.")
    step = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"Next:  {step}cadence once && cadence overdue")
