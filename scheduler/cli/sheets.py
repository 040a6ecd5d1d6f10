"""`cadence sheets`: KPIs, actions and decisions for a spreadsheet program."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import write_file
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.services.views.sheets import Key

_TABLES = ("kpis", "actions", "decisions")


@click.command(epilog="For example: cadence sheets --partnership acme-globex --for acme --out acme-globex.xlsx")
@params.partnership
@params.for_
@click.option("--of", type=click.Choice(_TABLES), help="Only this table; a CSV file holds one.")
@click.option("--out", type=params.PathParam(dir_okay=False), required=True, metavar="FILE", help="A .xlsx or .csv.")
@click.pass_obj
def sheets(context: Context, partnership: str | None, organisation: str | None, of: "Key | None", out: Path) -> None:
    """Write KPIs, actions and decisions into the FILE, of one partnership or of all: as a workbook (.xlsx), or one of
    the tables as CSV.

    Of KPIs every reading, corrected ones too, and every period that has begun and has none. This is the operator's
    file and has KPIs of every level; --for has what one organisation may see.
    """
    from scheduler.services import lookup
    from scheduler.services.views import spreadsheets as view

    kind = out.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise click.UsageError(f"{out.name!r} is neither .xlsx nor .csv: name the file by what it is to be")
    if kind == ".csv" and of is None:
        raise click.UsageError(
            f"a CSV file holds one table: add --of {', --of '.join(_TABLES[:-1])} or --of {_TABLES[-1]}"
        )
    audience = asked_for(organisation)
    with context.app() as app, app.store.read() as db:
        whose = [(row.id, audience) for row in lookup.partnerships_of(app, db, partnership, organisation)]
        if kind == ".csv" and of is not None:
            made = view.as_csv(app, db, whose, context.now, of)
        else:
            made = view.as_workbook(app, db, whose, context.now, of)
    write_file(out, made)
    click.echo(f"{out} is written.")
