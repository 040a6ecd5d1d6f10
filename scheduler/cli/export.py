"""`cadence export`: calendars and agendas as files in a folder; or all that the installation knows, in one file."""

import sys
from pathlib import Path

import click

from scheduler.cli import params
from scheduler.cli.context import Context


@click.command(epilog="For example: cadence export --out /srv/www/governance")
@click.option(
    "--out", required=True, type=params.PathParam(), metavar="DIR|FILE", help="The folder; with --all a file."
)
@params.partnership
@params.clocks
@click.option(
    "--all", "whole", is_flag=True, help="All that this installation knows, as a ZIP file: to leave, or move."
)
@click.option(
    "--with-keys",
    is_flag=True,
    help="With --all: also the keys, so that links in letters of before go on opening elsewhere.",
)
@click.option("--replace", is_flag=True, help="With --all: write over a file that is there.")
@click.pass_obj
def export(
    context: Context, out: Path, partnership: str | None, clocks: str, whole: bool, with_keys: bool, replace: bool
) -> None:
    """Write calendars and agendas into a folder: those of 90 days back, and ahead as far as the horizon.

    \b
    calendars/<partnership>.ics              what all partners share
    calendars/people/<mail address>.ics      one for each person
    agendas/<review>.md, .html, .ics         the joint agenda, and the invitation
    agendas/<review>.<organisation>.md       an organisation's internal brief

    An agenda that somebody has edited there keeps their words; its figures are renewed.

    With --all it is one ZIP file instead, with the whole record as text, the definitions and the agendas: what 'cadence
    import' puts into another installation, and any program can read (docs/export.md). The daemon goes on working. It
    holds what every side said: keep it as you keep the record.
    """
    if whole and (partnership or clocks != "none"):
        raise click.UsageError("--all is of everything: leave --partnership and --clocks out")
    if not whole and (with_keys or replace):
        raise click.UsageError("--with-keys and --replace go with --all")
    if whole:
        _export_all(context, out, with_keys=with_keys, replace=replace)
    else:
        _export_files(context, out, partnership, clocks)


def _export_all(context: Context, out: Path, *, with_keys: bool, replace: bool) -> None:
    from scheduler.render.wording import counted
    from scheduler.services.leaving.writing import export as write

    with context.app() as app:
        made = write(app, out, context.wall, with_keys=with_keys, replace=replace)
    size, of = counted(made.size, "byte"), counted(made.partnerships, "partnership")
    click.echo(f"Export: {made.file}, {size}: {of}, {counted(made.rows, 'row')}.")
    for each in made.left_out:
        click.echo(f"Left out: {each}", err=True)
    if with_keys:
        click.echo("It holds the keys: whoever has it can open what everybody can. One installation may go on with it.")
    else:
        click.echo("It holds no keys: links in letters of before open nothing elsewhere (--with-keys, to move).")
        if made.on_their_way:
            click.echo(
                f"{counted(made.on_their_way, 'letter')} had not left yet: there they are written anew where they are "
                "news of a day, and else lie in the outbox as dead. Better wait until cadence outbox is empty.",
                err=True,
            )


def _export_files(context: Context, out: Path, partnership: str | None, clocks: str) -> None:
    from scheduler.services.pipeline.export import export as write

    if out.exists() and not out.is_dir():
        raise click.UsageError(f"{out} is a file: name a folder, or add --all for one file")
    with context.app() as app:
        hidden = not sys.stderr.isatty()
        with click.progressbar(length=1, label="exporting", file=sys.stderr, hidden=hidden) as bar:

            def progress(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            written, changed = write(app, out, partnership, clocks, context.now, progress)
    click.echo(f"{written} files in {out}, {changed} of them new or changed.")
