"""`cadence backup`: a copy of the record."""

import click

from scheduler.cli import params
from scheduler.cli.context import Context


@click.command(epilog="For example: cadence backup --keep 14 /srv/backups/")
@click.argument("target", type=params.TargetParam(), metavar="FILE|DIR/")
@click.option("--replace", is_flag=True, help="Replace the file if it is there.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of the backups in the folder keep the newest N, this one among them.",
)
@click.pass_obj
def backup(context: Context, target: params.Target, replace: bool, keep: int | None) -> None:
    """Copy all that is on record into one file, as it stands at one moment, while the daemon goes on working.

    In a folder it gets a name with its moment; one that is not there yet is made, where its name ends with a /. The
    copy is read to its end before it bears its name, so a file that is there is whole. It holds what people said and
    the key that signs links: keep it where only you read it. 'cadence restore' lays it in place. Of PostgreSQL it is a
    dump of pg_dump's own format, which has to be installed.
    """
    from scheduler.render.wording import counted
    from scheduler.services.cases.backups import back_up

    made = back_up(
        context.settings.database, target.path, context.wall, replace=replace, is_folder=target.is_folder, keep=keep
    )
    click.echo(f"Backup: {made.file}, {counted(made.size, 'byte')}, schema {made.schema}.")
    for each in made.removed:
        click.echo(f"Removed: {each}, which is older than the newest {keep}.")
    if made.unrecorded:
        click.echo(f"That it was made is not on record: {made.unrecorded}", err=True)
