"""What every command is handed: the settings file that was asked for, and the moment at which it acts."""

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scheduler.cycle.house import House
    from scheduler.settings import Settings


@dataclass
class Context:
    """The call as a command sees it. With `--now`, `now` is that moment; else the clock is read once, so a command
    acts at one."""

    config: Path | None = None
    given_now: datetime | None = None

    @cached_property
    def now(self) -> datetime:
        return self.given_now or datetime.now(UTC)

    @cached_property
    def settings(self) -> "Settings":
        """The settings file: `--config`, `$CADENCE_CONFIG`, ./config/cadence.yaml or /etc/cadence/cadence.yaml, in
        that order."""
        from scheduler import settings

        return settings.load(settings.find(self.config, os.environ, Path.cwd()))

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
    def house(self) -> "Iterator[House]":
        """Settings, playbooks and the open store, silent but for problems; closed at the end."""
        from scheduler.cycle.house import open_house
        from scheduler.daemon.logs import logger

        house = open_house(self.settings, logger("auto", "error"))
        try:
            yield house
        finally:
            house.close()
