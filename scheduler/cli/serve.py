"""`cadence serve`: the daemon."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from scheduler.cli.context import Context

if TYPE_CHECKING:
    from scheduler.settings import Log


@click.command(epilog="On a server: systemctl enable --now cadence (see systemd/README.md)")
@click.option(
    "--log",
    type=click.Choice(["json", "text"]),
    help="Write a line of log for each event, so. Without it the settings say how; on a terminal a few words are said "
    "instead, and what goes wrong.",
)
@click.pass_obj
def serve(context: Context, log: Literal["json", "text"] | None) -> None:
    """Run the daemon: a cycle at the start, at the interval, and right after a change of the definitions.

    SIGHUP reads settings and playbooks anew; SIGTERM stops in order. With --now its clock starts at that moment and
    runs on; a moment ahead of the clock is tried on a scratch copy.
    """
    from scheduler import settings
    from scheduler.cli.serve_words import ServeWords
    from scheduler.daemon import Daemon
    from scheduler.daemon.logs import logger
    from scheduler.services.app import App
    from scheduler.services.views.installation.sign_in_faults import refuse

    path = settings.find(context.config, os.environ, Path.cwd())
    ahead = context.now - context.wall
    words = (
        ServeWords(lambda: context.clock() + ahead, sys.argv[0])
        if log is None and is_for_people(settings.load(path).log)
        else None
    )

    def open_again() -> App:
        read = settings.load(path)
        refuse(read)
        level = "error" if words else read.log.level  # what is overdue is counted, what fires is on the pages
        return context.open_app(read, logger(log or read.log.format, level))

    is_given = context.given_now is not None or context.is_free
    daemon = Daemon(open_again, lambda: context.clock() + ahead, is_given=is_given, words=words)
    daemon.serve()


def is_for_people(log: "Log") -> bool:
    """Whether whoever started the daemon sits before it: on a terminal, where the settings leave the form of the log
    open."""
    return log.format == "auto" and sys.stdout.isatty() and sys.stderr.isatty()
