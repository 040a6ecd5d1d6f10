"""`cadence once`: one cycle, then exit."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.services.pipeline.sending.delivery import Round


@click.command(epilog="Try a day ahead: cadence --now 2027-03-01T09:00+01:00 once")
@as_json
@click.pass_obj
def once(context: Context, as_json: bool) -> int:
    """Run one cycle: read what changed, plan, watch, publish; then exit.

    Exits 1 where a definition has errors or a plan needs approval; the rest of the work is done all the same.
    """
    from dataclasses import asdict

    from scheduler.render.wording import counted
    from scheduler.services.pipeline.cycle import run

    with context.app(writing=True) as app:
        if context.given_now is None and not context.is_free:
            _held_against_the_record(app, context.now)
        before = _written(app)
        if sys.stderr.isatty() and not as_json:
            with click.progressbar(length=1, label="Planning", file=sys.stderr) as bar:

                def progress(done: int, of: int) -> None:
                    bar.length = of
                    bar.update(done - bar.pos)

                report = run(app, context.now, progress=progress)
        else:
            report = run(app, context.now)
        rounds = _deliver(context, app)
        letters = _letters(app, _written(app) - before, rounds)
        broken = _broken_agendas(app)
        place = None if app.settings.mail.host else app.settings.data / "outbox"
    if as_json:
        print_json({**asdict(report), "letters": letters})
    else:
        looked_at, changes = counted(report.governed, "partnership"), counted(report.actions, "change")
        click.echo(f"{looked_at} looked at, {changes}, {report.published} published.")
        click.echo(_said(letters, place))
        if report.problems:
            click.echo(f"Problems: {report.problems}; see 'cadence status' and 'cadence check'.", err=True)
        for what in broken:
            click.echo(f"Problem: {plain(what)}; mend its marks.", err=True)
        for fault in (each.fault for each in rounds.values() if each.fault):
            click.echo(f"Problem: {plain(fault.what)}; letters wait. See 'cadence status'.", err=True)
    return 1 if report.problems else 0


def _held_against_the_record(app: "App", now: datetime) -> None:
    """Raises UserError where the clock is not believed: what it tells cannot be taken back."""
    from scheduler.daemon import machine
    from scheduler.services.pipeline import clock_check
    from scheduler.store import faults

    if clock_check.look(app, machine.reading(now)).suspect:
        with app.store.read() as db:
            [fault] = [each for each in faults.listing(db) if each.key == clock_check.LEAPT]
        raise UserError(fault.what, fault.hint)


def _deliver(context: Context, app: "App") -> "dict[str, Round]":
    """Send what is due, once: what the mail server will not take now is tried again by the next run. Agendas, which
    say who was told, are brought up to date with it."""
    import random
    import secrets

    from scheduler.services.pipeline.calendars import publish
    from scheduler.services.pipeline.sending.delivery import Sender, deliver

    sender = Sender(app, f"once-{secrets.token_hex(8)}", lambda: context.now, random.SystemRandom().random)
    rounds = deliver(sender)
    publish(app, context.now)
    return rounds


def _broken_agendas(app: "App") -> list[str]:
    """What is wrong with agendas whose marks somebody has broken."""
    from scheduler.store import faults

    with app.store.read() as db:
        return [each.what for each in faults.listing(db) if each.key.startswith("agendas/")]


def _written(app: "App") -> int:
    """How many letters were ever written."""
    from scheduler.store import outbox

    with app.store.read() as db:
        return sum(outbox.counts(db).values())


def _letters(app: "App", written: int, rounds: "Mapping[str, Round]") -> dict[str, int]:
    """The letters that this run wrote, what became of those that were due, and what still waits to be told."""
    from scheduler.store import notifications, outbox

    with app.store.read() as db:
        due, waiting = outbox.counts(db).get("due", 0), notifications.counts(db).get("waiting", 0)
    return {
        "written": written,
        "sent": sum(each.sent for each in rounds.values()),
        "refused": sum(each.dead for each in rounds.values()),
        "too_late": sum(each.expired for each in rounds.values()),
        "due": due,
        "notices_waiting": waiting,
    }


def _said(letters: Mapping[str, int], place: Path | None) -> str:
    """``7 letters written, 7 laid into data/outbox; 3 notices wait for the working hours of whom they are for.``"""
    from scheduler.render.wording import counted

    left = f"laid into {place}" if place else "sent"
    parts = [f"{counted(letters['written'], 'letter')} written"]
    for key, words in (("sent", left), ("refused", "refused"), ("too_late", "too late to be sent"), ("due", "due")):
        if letters[key]:
            parts.append(f"{letters[key]} {words}")
    waiting = letters["notices_waiting"]
    if not waiting:
        return f"{', '.join(parts)}."
    wait = f"{counted(waiting, 'notice')} {'waits' if waiting == 1 else 'wait'}"
    return f"{', '.join(parts)}; {wait} for the working hours of whom they are for."
