"""`cadence serve`: the daemon."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from scheduler.cli.context import Context


@click.command(epilog="On a server: systemctl enable --now cadence (see systemd/README.md)")
@click.pass_obj
def serve(context: Context) -> None:
    """Run the daemon: a cycle at the start, at the interval, and right after a change of the definitions.

    SIGHUP reads settings and playbooks anew; SIGTERM stops in order. With --now its clock starts at that moment and
    runs on.
    """
    from scheduler import settings
    from scheduler.cycle import House, open_house
    from scheduler.daemon import Daemon
    from scheduler.daemon.logs import logger

    path = settings.find(context.config, os.environ, Path.cwd())
    ahead = context.now - datetime.now(UTC)

    def open_again() -> House:
        read = settings.load(path)
        return open_house(read, logger(read.log.format, read.log.level))

    Daemon(open_again, lambda: datetime.now(UTC) + ahead).serve()
