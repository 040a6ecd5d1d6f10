"""`cadence serve`: the daemon."""

import os
from pathlib import Path

import click

from scheduler.cli.context import Context


@click.command(epilog="On a server: systemctl enable --now cadence (see systemd/README.md)")
@click.pass_obj
def serve(context: Context) -> None:
    """Run the daemon: a cycle at the start, at the interval, and right after a change of the definitions.

    SIGHUP reads settings and playbooks anew; SIGTERM stops in order. With --now its clock starts at that moment and
    runs on; a moment ahead of the clock is tried on a scratch copy.
    """
    from scheduler import settings
    from scheduler.daemon import Daemon
    from scheduler.daemon.logs import logger
    from scheduler.services.app import App

    path = settings.find(context.config, os.environ, Path.cwd())
    ahead = context.now - context.wall

    def open_again() -> App:
        read = settings.load(path)
        return context.open_app(read, logger(read.log.format, read.log.level))

    is_given = context.given_now is not None or context.is_free
    Daemon(open_again, lambda: context.clock() + ahead, is_given=is_given).serve()
