"""`cadence export`: calendars and agendas as files in a folder."""

import sys
from pathlib import Path

import click

from scheduler.cli import params
from scheduler.cli.context import Context


@click.command(epilog="For example: cadence export --out /srv/www/governance")
@click.option("--out", required=True, type=params.PathParam(file_okay=False), metavar="DIR", help="The folder.")
@params.partnership
@params.clocks
@click.pass_obj
def export(context: Context, out: Path, partnership: str | None, clocks: str) -> None:
    """Write calendars and agendas into a folder: those of 90 days back, and ahead as far as the horizon.

    \b
    calendars/<partnership>.ics              what all partners share
    calendars/people/<mail address>.ics      one for each person
    agendas/<review>.md, .html, .ics         the joint agenda, and the invitation
    agendas/<review>.<organisation>.md       an organisation's internal brief

    An agenda that somebody has edited there keeps their words; its figures are renewed.
    """
    from scheduler.services.pipeline.export import export as write

    with context.app() as app:
        hidden = not sys.stderr.isatty()
        with click.progressbar(length=1, label="exporting", file=sys.stderr, hidden=hidden) as bar:

            def progress(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            written, changed = write(app, out, partnership, clocks, context.now, progress)
    click.echo(f"{written} files in {out}, {changed} of them new or changed.")
