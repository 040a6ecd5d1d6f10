"""The settings as a whole, and where what travels with the program lies."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from scheduler.domain.definition.people import Email
from scheduler.domain.errors import InvalidValue
from scheduler.domain.languages import Dates, Language, Numbers
from scheduler.domain.manner import Manner
from scheduler.domain.phrases import Span

from .block import Part
from .chats import Chat, ChatName, EventWebhook, Monitor
from .parts import Guard, Log, Mail, Replies, Web, pace
from .retention import Retention
from .settings_file import DATA, DATABASE, is_address

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parent
_IN_A_CHECKOUT = {
    "templates": _CHECKOUT / "templates",
    "playbooks": _CHECKOUT / "config" / "playbooks",
    "standards": _CHECKOUT / "config" / "standards",
    "cadence.yaml": _CHECKOUT / "config" / "cadence.yaml",
}


class Settings(Part):
    """The settings with every default filled; `horizon_days`, `agenda_days`, `past_days` and `letter_days` are
    calendar days. `operators` are the mail addresses of those who run the program, `privacy_contact`
    that of whom people ask about what is held of them; the first operator where it is not set. `name` is what people
    call this daemon among several on one database; its host's name where it is not set. `language`, `numbers` and
    `dates` are those of all whose definition says none.

    As `load` returns them, folders are absolute and `database` is a SQLAlchemy URL.
    """

    name: str | None = None
    definitions: Path = Path("partnerships")
    playbooks: Path = Path("playbooks")
    templates: Path = Path("templates")
    data: Path = Path(DATA)
    database: str = DATABASE
    horizon_days: Annotated[int, Field(ge=1, le=3660)] = 400
    agenda_days: Annotated[int, Field(ge=0, le=400)] = 14
    past_days: Annotated[int, Field(ge=0, le=400)] = 90
    letter_days: Annotated[int, Field(ge=7, le=3660)] = 365
    interval: Span = Span(15, "minute")
    language: Language | None = None
    numbers: Numbers | None = None
    dates: Dates | None = None
    log: Log = Log()
    guard: Guard = Guard()
    web: Web = Web()
    replies: Replies = Replies()
    mail: Mail = Mail()
    retention: Retention = Retention()
    monitor: Monitor | None = None
    operators: tuple[Email, ...] = ()
    privacy_contact: Email | None = None
    chats: dict[ChatName, Chat] = {}
    webhooks: dict[ChatName, EventWebhook] = {}

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str | None) -> str | None:
        if name is not None and not _NAME.fullmatch(name):
            raise InvalidValue(f"{name[:40]!r} names no daemon", "write letters, digits, dots and hyphens, like alpha")
        return name

    @field_validator("interval")
    @classmethod
    def _is_a_pace(cls, interval: Span) -> Span:
        return pace(interval)

    @field_validator("database")
    @classmethod
    def _is_an_address(cls, database: str) -> str:
        if not is_address(database):
            raise InvalidValue(
                f'"{database.partition("@")[0].partition(":")[0][:40]}" names no database that cadence can keep',
                "write sqlite:///cadence.db (a file under data) or postgresql+psycopg://host/name",
            )
        return database

    @property
    def playbook_folders(self) -> tuple[Path, Path]:
        """Where playbooks are looked for: the operator's folder, then the shipped one."""
        return self.playbooks, shipped("playbooks")

    @property
    def manner(self) -> Manner:
        """How everybody is written to whose definition does not say it."""
        return Manner(self.language, self.numbers, self.dates)

    @property
    def template_folders(self) -> tuple[Path, Path]:
        """Where templates are looked for: the operator's folder, then the shipped one."""
        return self.templates, shipped("templates")


def shipped(name: Literal["templates", "playbooks", "standards", "cadence.yaml"]) -> Path:
    """What travels with the program, a folder or the commented settings: in an installed wheel within the package, in a
    checkout beside it."""
    packed = _PACKAGE / "_shipped" / name
    return packed if packed.exists() else _IN_A_CHECKOUT[name]
