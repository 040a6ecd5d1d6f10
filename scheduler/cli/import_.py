"""`cadence import`: all that another installation knew, put on record here."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context

if TYPE_CHECKING:
    from scheduler.services.leaving.importing import Imported


@click.command("import", epilog="For example: cadence import --dry-run cadence-2026-11-28.zip")
@click.argument("file", type=params.PathParam(exists=True, dir_okay=False), metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Only look whether it can be done, and say what it would do.")
@click.pass_obj
def import_(context: Context, file: Path, dry_run: bool) -> None:
    """Put all of FILE, which 'cadence export --all' made, on record here, and lay its definitions, playbooks, templates
    and agendas into the folders of the settings.

    The record has to be empty, on SQLite or PostgreSQL, whichever the export came from, and no daemon may run. The file
    is read to its end before anything changes: one that is altered, cut off or of a newer cadence is refused. All of it
    is put on record or nothing, with the ids of before: nobody is written to anew. Stop the other installation for good
    before you start the daemon here.
    """
    from scheduler.services.leaving.importing import import_ as put_on_record

    click.echo(_said(put_on_record(context.settings, file, context.wall, dry_run=dry_run), file, dry_run))


def _said(done: "Imported", file: Path, dry_run: bool) -> str:
    from scheduler.render.wording import counted

    what = f"{counted(done.partnerships, 'partnership')}, {counted(done.rows, 'row')}"
    reaches = f", with what was on record at {formats.when(done.reaches)} UTC" if done.reaches else ""
    if done.goes_on:
        said = [f"{file} was on record already; {'its files would be laid' if dry_run else 'now its files are, too'}."]
    else:
        verb = "would be put on record" if dry_run else "is on record"
        said = [f"{file} {verb}{reaches}: {what}, {counted(done.files, 'file')} laid."]
    if done.schema != done.brought_up_to:
        said.append(f"Its schema is {done.schema}; it is brought up to {done.brought_up_to}.")
    if not done.with_keys:
        said.append(
            "No keys came along: links in letters of before open nothing here. Programs get new tokens (cadence token),"
            " calendars new addresses (cadence calendar rotate NUMBER)."
        )
    if done.differences:
        said.append("Plans here rest on something else than there, so dates and calendars may become others:")
        said += [f"  {each}" for each in done.differences]
    if not dry_run:
        said.append(
            "Next: cadence plan tells what would change here; then stop the other one for good, and start this."
        )
    return "\n".join(said)
