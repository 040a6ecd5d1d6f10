"""`cadence once`: one cycle, then exit."""

import sys
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json

if TYPE_CHECKING:
    from scheduler.cycle.house import House


@click.command(epilog="Try a day ahead: cadence --now 2027-03-01T09:00+01:00 once")
@as_json
@click.pass_obj
def once(context: Context, as_json: bool) -> int:
    """Run one cycle: read what changed, plan, watch, publish; then exit.

    Exits 1 where a definition has errors or a plan waits for a person's word; the rest of the work is done all the
    same.
    """
    from dataclasses import asdict

    from scheduler.cycle import run

    with context.house(writing=True) as house:
        if sys.stderr.isatty() and not as_json:
            with click.progressbar(length=1, label="Planning", file=sys.stderr) as bar:

                def progress(done: int, of: int) -> None:
                    bar.length = of
                    bar.update(done - bar.pos)

                report = run(house, context.now, progress=progress)
        else:
            report = run(house, context.now)
        _deliver(context, house)
    if as_json:
        print_json(asdict(report))
    else:
        click.echo(f"{report.governed} partnerships looked at, {report.actions} changes, {report.published} published.")
        if report.problems:
            click.echo(f"Problems: {report.problems}; see 'cadence status' and 'cadence check'.", err=True)
    return 1 if report.problems else 0


def _deliver(context: Context, house: "House") -> None:
    """Send what is due, once: what the mail server will not take now is tried again by the next run."""
    import random
    import secrets

    from scheduler.cycle.deliver import Sender, deliver

    sender = Sender(house, f"once-{secrets.token_hex(8)}", lambda: context.now, random.SystemRandom().random)
    deliver(sender)
