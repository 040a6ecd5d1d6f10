"""`cadence once`: one cycle, then exit."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json

if TYPE_CHECKING:
    from scheduler.services.pipeline.cycle import CycleReport


@click.command(epilog="Try a day ahead: cadence --now 2027-03-01T09:00+01:00 once")
@as_json
@click.pass_obj
def once(context: Context, as_json: bool) -> int:
    """Run one cycle: read what changed, plan, watch, publish; then exit.

    Exits 1 where a definition has errors or a plan needs approval; the rest of the work is done all the same.
    """
    from dataclasses import asdict

    from scheduler.daemon import machine
    from scheduler.services.pipeline.one_cycle import one_cycle

    is_the_machines = context.given_now is None and not context.is_free
    reading = machine.reading(context.now) if is_the_machines else None
    hidden = as_json or not sys.stderr.isatty()
    with context.app(writing=True) as app:
        with click.progressbar(length=1, label="Planning", file=sys.stderr, hidden=hidden) as bar:

            def progress(done: int, of: int) -> None:
                bar.length = of
                bar.update(done - bar.pos)

            outcome = one_cycle(app, context.now, lambda: context.now, reading, progress)
        place = None if app.settings.mail.host else app.settings.data / "outbox"
    report, letters = outcome.report, outcome.letters
    if as_json:
        print_json({**asdict(report), "letters": letters})
    else:
        click.echo(_said(report, letters, place))
        if report.superseded:
            click.echo(f"Nothing was planned: {plain(report.superseded.says)}; {report.superseded.hint}.", err=True)
        if report.problems:
            click.echo(f"Problems: {report.problems}; see 'cadence status' and 'cadence check'.", err=True)
        for what in outcome.broken_agendas:
            click.echo(f"Problem: {plain(what)}; mend its marks.", err=True)
        for what in outcome.stopped:
            click.echo(f"Problem: {plain(what)}; letters wait. See 'cadence status'.", err=True)
        if outcome.unheard:
            click.echo(f"Problem: the monitor was not reached: {plain(outcome.unheard)}", err=True)
    return 1 if report.problems else 0


def _said(report: "CycleReport", letters: Mapping[str, int], place: Path | None) -> str:
    """``Looked at 5 partnerships: 12 changes to their reviews, 5 published; 7 letters written, 7 laid into data/outbox;
    3 notices wait for the working hours of whom they are for.``"""
    from scheduler.render.wording import counted

    parts = ["Nothing was due"]
    if report.governed or report.published:
        changes = f"{counted(report.actions, 'change')} to the schedule" if report.actions else "the schedule stays"
        parts = [f"Looked at {counted(report.governed, 'partnership')}: {changes}, {report.published} published"]
    left = f"laid into {place}" if place else "sent"
    written = [f"{counted(letters['written'], 'letter')} written" if letters["written"] else "no letter written"]
    for key, words in (("sent", left), ("refused", "refused"), ("too_late", "too late to be sent"), ("due", "due")):
        if letters[key]:
            written.append(f"{letters[key]} {words}")
    parts.append(", ".join(written))
    if waiting := letters["notices_waiting"]:
        waits = "waits" if waiting == 1 else "wait"
        parts.append(f"{counted(waiting, 'notice')} {waits} for the working hours of whom they are for")
    return f"{'; '.join(parts)}."
