"""`cadence restore`: a backup in place of the record."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.services.cases.backups import Restored


@click.command(epilog="For example: systemctl stop cadence && cadence restore /srv/backups/cadence-2026-11-28.db")
@click.argument("file", type=params.PathParam(exists=True, dir_okay=False), metavar="FILE")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore(context: Context, file: Path, yes: bool) -> None:
    """Lay a backup in place of the record, with the daemon stopped. What was there is kept beside it.

    The backup is read to its end before anything changes: one that is damaged, another program's, or of a newer
    cadence is refused. What people did between the backup and now is gone from the record. The letters that were sent
    in between are put on record, where what was there can be read, so that nobody is written to once more.
    """
    from scheduler.services.cases.backups import restore as lay_in_place

    settings = context.settings
    if not yes:
        if not sys.stdin.isatty():
            raise UserError("it replaces the record, and nobody can be asked here", "add --yes")
        if not click.confirm(f"Lay {file} in place of the record?", err=True):
            click.echo("Nothing was changed.")
            return
    restored = lay_in_place(settings.database, settings.data, file, context.wall)
    click.echo(_said(restored, file))


def _said(restored: "Restored", file: Path) -> str:
    from scheduler.render.wording import counted

    said = [
        f"{file} is in place"
        + (f", with what was on record at {formats.when(restored.reaches)} UTC." if restored.reaches else ".")
    ]
    if restored.aside:
        said.append(f"What was there is kept: {restored.aside}.")
    if restored.is_older:
        said.append(f"Its schema is {restored.schema}: now run cadence db upgrade.")
    if restored.carried is None:
        said.append("What people were told after it was made is not known here: some of it may be told once more.")
        said.append(
            "Nor is what was withdrawn since: see cadence token list; after a leak cadence link rotate-key --at-once."
        )
    elif letters := restored.carried.letters:
        went = "went to one person" if restored.carried.people == 1 else f"went to {restored.carried.people} people"
        said.append(
            f"{counted(letters, 'letter')} that {went} after it was made {'is' if letters == 1 else 'are'} on record."
        )
    elif not restored.carried.strange:
        said.append("No letter was sent after it was made.")
    if restored.carried and (strange := restored.carried.strange):
        were = "was" if strange == 1 else "were"
        said.append(
            f"{counted(strange, 'letter')} of partnerships that it does not know {were} sent after it was made: once "
            "they are taken up, their people are written to anew."
        )
    return "\n".join(said)
