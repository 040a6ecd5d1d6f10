"""What every command is handed: the settings file that was asked for, and the moment at which it acts."""

import logging
import os
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.services.app import App, EventLog
    from scheduler.settings import Settings


FREE = "CADENCE_CLOCK"
"""The environment's word for a folder of one's own, in which any day may be tried on the given record: ``free``."""


def wall_clock() -> datetime:
    return datetime.now(UTC)


class _WhenNeeded(logging.Handler):
    """A log of what goes wrong that is set up once something does: most commands have nothing to say there. As the last
    resort of `logging` it takes what libraries warn of, too."""

    @cached_property
    def _log(self) -> "EventLog":
        from scheduler.daemon.logs import logger

        return logger("auto", "error")

    def info(self, event: str, **known: object) -> None:
        self._log.info(event, **known)

    def warning(self, event: str, **known: object) -> None:
        self._log.warning(event, **known)

    def error(self, event: str, **known: object) -> None:
        self._log.error(event, **known)

    def exception(self, event: str, **known: object) -> None:
        self._log.exception(event, **known)

    def emit(self, record: logging.LogRecord) -> None:
        _ = self._log  # which becomes the last resort
        if logging.lastResort and logging.lastResort is not self:
            logging.lastResort.handle(record)


def _errors_only() -> "EventLog":
    log = _WhenNeeded(logging.WARNING)
    logging.lastResort = log
    return log


@dataclass
class Context:
    """The call as a command sees it. With `--now`, `now` is that moment; else the clock is read once, so a command
    acts at one.

    Where `--now` is ahead of the clock, or before the newest moment on record, the app is that of a scratch copy.
    """

    config: Path | None = None
    given_now: datetime | None = None
    clock: Callable[[], datetime] = wall_clock
    _told: list[str] = field(default_factory=list)

    @cached_property
    def wall(self) -> datetime:
        """What the clock says, whatever `--now` is."""
        return self.clock()

    @cached_property
    def now(self) -> datetime:
        return self.given_now or self.wall

    @property
    def is_free(self) -> bool:
        """Whether any `--now` works on the given record. Raises UserError for a word that says nothing."""
        said = os.environ.get(FREE, "")
        if said not in ("", "free"):
            raise UserError(f"{FREE} is {said[:40]!r}, which says nothing", f"write {FREE}=free, or leave it out")
        return said == "free"

    @cached_property
    def settings(self) -> "Settings":
        """The settings file: `--config`, `$CADENCE_CONFIG`, ./config/cadence.yaml or /etc/cadence/cadence.yaml, in
        that order."""
        from scheduler import settings

        return settings.load(self.settings_file)

    @cached_property
    def settings_file(self) -> Path:
        """Where the settings are. Raises UserError where there are none."""
        from scheduler import settings

        return settings.find(self.config, os.environ, Path.cwd())

    def playbook_folders(self) -> "Sequence[Path]":
        """The operator's folder of playbooks, then the shipped one; the latter alone where no settings file was named
        and none is found."""
        from scheduler import settings

        try:
            settings.find(self.config, os.environ, Path.cwd())
        except settings.SettingsFault:
            if self.config is not None or settings.ENVIRONMENT in os.environ:
                raise
            return (settings.shipped("playbooks"),)
        return self.settings.playbook_folders

    @contextmanager
    def app(self, *, writing: bool = False) -> "Iterator[App]":
        """Settings, playbooks and the open store, silent but for problems; closed at the end. Only with `writing` can
        the store be written to."""
        app = self.open_app(self.settings, _errors_only()) if writing else self._looking()
        app.store.is_for_reading = not writing
        try:
            yield app
        finally:
            app.close()

    def open_app(self, settings: "Settings", log: "EventLog") -> "App":
        """The app of who writes to the record or, where `--now` is none of its moments, to the scratch copy."""
        from scheduler.services.app import open_app

        return self._by_the_clock(open_app(settings, log), log, writing=True)

    def _looking(self) -> "App":
        from scheduler.services.app import looking

        log = _errors_only()
        return self._by_the_clock(looking(self.settings_file, log), log, writing=False)

    def _by_the_clock(self, app: "App", log: "EventLog", *, writing: bool) -> "App":
        """The same app or, where `--now` is none of its moments, that of the scratch copy. Who only looks gets a
        scratch copy that is there and reaches no further than `--now`, and else the record."""
        why = self._off_the_clock(app)
        if why is None:
            return app
        from scheduler.services.app import open_app
        from scheduler.services.previews import scratch

        try:
            settings = app.settings
            tried = scratch.moment_of(settings, app.store)
            goes_on = tried is not None and tried <= self.now
            if not writing and not goes_on:
                return app
            if not goes_on:
                scratch.begin(settings, app.store, self.now, self.wall)
        except BaseException:
            app.close()
            raise
        app.close()
        copy = open_app(scratch.settings_for(settings), log, is_scratch=True, only_looks=not writing)
        if writing:
            scratch.go_on(copy.store, self.now)
        self._tell_of_the_copy(why, copy, writing=writing, begun=not goes_on)
        return copy

    def _off_the_clock(self, app: "App") -> str | None:
        """Why `--now` may not work on the record; None where it may."""
        if self.given_now is None or self.is_free:
            return None
        if self.now > self.wall:
            return "is ahead of the clock"
        from scheduler.store import clock

        with app.store.read() as db:
            newest = clock.newest_moment(db)
        if newest is not None and self.now < newest:
            return f"lies before the newest moment on record ({newest.astimezone():%Y-%m-%d %H:%M})"
        return None

    def _tell_of_the_copy(self, why: str, copy: "App", *, writing: bool, begun: bool) -> None:
        """Once for a call, and not on standard output: that is for the answer."""
        if self._told:
            return
        does = ("begins" if begun else "goes on with") if writing else "reads"
        line = f"--now {self.now:%Y-%m-%d %H:%M} {why}: this {does} a scratch copy, {copy.settings.data}"
        self._told.append(line)
        click.echo(line, err=True)
        click.echo(
            "  the record stays as it is, and nothing is sent; cadence db discard throws the copy away", err=True
        )
