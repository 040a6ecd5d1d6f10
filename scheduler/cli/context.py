"""What every command is handed: the settings file that was asked for, and the moment at which it acts."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
