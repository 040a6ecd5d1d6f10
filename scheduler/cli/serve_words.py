"""What the daemon says to whoever started it on a terminal: how far the first cycle has got, then what stands, where
the pages are, and what to try next. After that it is silent until something goes wrong."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats
from scheduler.cli.output import plain, terminal_width
from scheduler.cli.table import wrapped_at
from scheduler.render.wording import counted

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.services.views.first_look import FirstLook

_ROOM = 10


class ServeWords:
    """For one run of the daemon; `clock` tells its time, `program` is how it was called."""

    def __init__(self, clock: Callable[[], datetime], program: str) -> None:
        self._clock, self._call = clock, _callable_as(program)
        self._bar: Any = None

    def progress(self, done: int, of: int) -> None:
        """The first cycle has planned so many of its partnerships."""
        if self._bar is None:
            self._bar = click.progressbar(length=of, label="Planning", file=sys.stderr)
        self._bar.update(done - self._bar.pos)

    def ready(self, app: "App", port: int | None) -> None:
        """The first cycle was completed; pages are served at that port, None: nowhere. Raises StoreError."""
        from scheduler.services.views.first_look import first_look

        if self._bar:
            self._bar.render_finish()
            self._bar = None
        now = self._clock()
        found = first_look(app, now)
        click.echo(f"\n{_headline(found)}\n")
        for name, said in _facts(found, app, _pages(app, port, now)):
            head = click.style(f"  {name:<{_ROOM}}", bold=True)
            first, *others = wrapped_at(plain(said), max((terminal_width() or 100) - _ROOM - 2, 20))
            click.echo("\n".join([f"{head}{first}", *(f"{'':<{_ROOM + 2}}{line}" for line in others)]))
        click.echo(f"\nTry next, in another shell:\n{self._tries()}\n")
        click.echo("Save a definition, and it is planned anew at once. Ctrl-C stops the daemon.")

    def stopped(self) -> None:
        click.echo("\nStopped. What was begun is finished at the next start.")

    def _tries(self) -> str:
        return "\n".join(f"  {self._call} {command:<12}{does}" for command, does in _TRIES)


_TRIES = (
    ("reviews", "what is to come, and why a date was moved"),
    ("overdue", "who owes which KPI, since when, and who is told next"),
    ("portfolio", "how each partnership stands"),
    ("simulate", "the letters to come, were nothing reported"),
)


def _headline(found: "FirstLook") -> str:
    if not found.partnerships:
        return "cadence runs, and governs nothing yet: write a definition, for example by cadence add."
    return f"cadence keeps {counted(found.partnerships, 'partnership')} governed."


def _facts(found: "FirstLook", app: "App", pages: str) -> Iterator[tuple[str, str]]:
    if found.next_at and found.last_at:
        coming = f"the next is {found.next_title} on {formats.in_zone(found.next_at)} ({found.next_review})"
        yield "planned", f"{counted(found.planned, 'review')} until {found.last_at.date()}; {coming}"
    yield "overdue", f"{counted(found.overdue, 'period')} of KPIs" if found.overdue else "nothing"
    yield "letters", _letters(found, app)
    if found.wrong_files:
        yield "wrong", f"{counted(found.wrong_files, 'definition')}: cadence check says where, and the way out"
    yield "pages", pages


def _letters(found: "FirstLook", app: "App") -> str:
    said = (
        "they leave by mail"
        if app.settings.mail.host
        else f"none is sent: they lie under {app.settings.data / 'outbox'}"
    )
    if found.notices_waiting:
        said += f"; {counted(found.notices_waiting, 'notice')} for people's working hours to come"
    return said


def _pages(app: "App", port: int | None, now: datetime) -> str:
    """Where to look in a browser: on a first run by a link that signs the operator in. Raises StoreError."""
    from scheduler.services.cases.sign_in.first_run import first_run_link

    if port is None:
        return "none: web.listen is off, or taken"
    link = first_run_link(app, now, port)
    return f"{link} (for ten minutes, once, on this machine)" if link else f"{app.settings.web.url}/"


def _callable_as(program: str) -> str:
    """How the program is called from the folder that it was called in."""
    name = Path(program).name
    if name == "__main__.py":
        return "python -m scheduler"
    return name if shutil.which(name) else program
