"""`cadence plan ID --correct --since DATE`: a slip in a definition is mended from a day in the past on."""

import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import plain

if TYPE_CHECKING:
    from scheduler.services.cases.corrections import Correction

_SHOWN = 12
"""So many changes are shown unless all are asked for."""


def correct(context: Context, id: str, since: date, by: str | None, *, yes: bool, every: bool) -> int:
    """Show what the correction changes, ask, and put it in force."""
    from scheduler.services.cases import corrections

    with context.app(writing=True) as app:
        declared = corrections.correction(app, id, since, by, context.now)
        _tell(id, declared, every=every)
        if not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant")
        if not yes and not click.confirm("Correct it?", err=True):
            click.echo("Nothing was changed.")
            return 0
        corrections.correct(app, declared, by, context.now)
    click.echo(f"The definition of {id} counts from {since} on. Both versions stay: cadence partnership versions {id}")
    return 0


def _tell(id: str, declared: "Correction", *, every: bool) -> None:
    click.echo(f"{id}: its file as it is now would count from {declared.since} on.")
    shown = declared.lines if every else declared.lines[:_SHOWN]
    for line in shown:
        click.echo(f"  {plain(line)}")
    if len(shown) < len(declared.lines):
        click.echo(f"  … and {len(declared.lines) - len(shown)} more; --all shows them")
    if not declared.lines:
        click.echo("  nothing of what has ended would change")
