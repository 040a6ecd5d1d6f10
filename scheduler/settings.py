"""The settings: one file that names the folders, the database and the few numbers of the daemon.

Folders are relative to the settings file itself, so that a set-up can be moved as a whole.
"""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from scheduler.domain.people import Email, is_email
from scheduler.domain.phrases import Percent, Span
from scheduler.domain.trouble import Fault, Trouble

MOST_BYTES = 64 * 1024
ENVIRONMENT = "CADENCE_CONFIG"
SYSTEM_WIDE = Path("/etc/cadence/cadence.yaml")
FOLDERS = ("definitions", "playbooks", "templates", "data")
_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent
_IN_A_CHECKOUT = {
    "templates": _CHECKOUT / "templates",
    "playbooks": _CHECKOUT / "config" / "playbooks",
    "cadence.yaml": _CHECKOUT / "config" / "cadence.yaml",
}

TOKEN_LENGTH = 32
"""The characters of a reply token: 128 random bits, in hexadecimal, since servers may change the case of an address."""

Lines = dict[tuple[str, ...], int]
"""The line, from 1, of each key of the file."""


class SettingsFault(Trouble):
    """A settings file that is missing, or that cannot be read as one."""


class Part(BaseModel):
    """A block of settings: frozen, and refusing unknown keys, so that a misspelling is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Log(Part):
    """How the log is written: `auto` is text on a terminal and JSON elsewhere."""

    format: Literal["auto", "json", "text"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Guard(Part):
    """The guard against mass cancellation: a re-plan that would cancel more than `reviews` of a partnership's future
    reviews, and at least `share` of them, waits for a person's word."""

    reviews: Annotated[int, Field(ge=0)] = 10
    share: Percent = Percent.read("50%")


class Web(Part):
    """Where calendars are served: `listen` is host:port, or off; `public_url` is what stands before /calendars/ in the
    addresses that people are given."""

    listen: str = "127.0.0.1:8377"
    public_url: str | None = None
    gzip: bool = True

    @field_validator("listen")
    @classmethod
    def _is_a_place(cls, listen: str) -> str:
        if listen != "off" and _host_and_port(listen) is None:
            raise Fault(f"{listen[:60]!r} is no place to listen", "write host:port, like 127.0.0.1:8377, or off")
        return listen

    @field_validator("public_url")
    @classmethod
    def _is_a_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", url):
            raise Fault(f"{url[:60]!r} is no address of a site", "write one like https://cadence.acme.example")
        return url.rstrip("/")

    @property
    def address(self) -> tuple[str, int] | None:
        """The host and the port to listen at; None for nowhere."""
        return _host_and_port(self.listen)

    @property
    def url(self) -> str:
        """What stands before ``/calendars/…`` in an address."""
        return self.public_url or f"http://{self.listen}"


def _host_and_port(listen: str) -> tuple[str, int] | None:
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})", listen)
    if found is None or int(found[2]) > 65535:
        return None
    return found[1].strip("[]"), int(found[2])


class Replies(Part):
    """The mailbox that answers to invitations come to: a Maildir, or a folder of an IMAP server at `host`; neither:
    none is read."""

    maildir: Path | None = None
    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "tls"
    user: str | None = None
    password_file: Path | None = None
    mailbox: str = "INBOX"

    @model_validator(mode="after")
    def _is_one_mailbox(self) -> Self:
        if self.host and self.maildir:
            raise Fault("names both a Maildir and a server", "leave out one of the two")
        if self.host and not (self.user and self.password_file):
            raise Fault("there is a server, but not who reads there", "add user: and password_file:")
        if self.host and self.tls == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise Fault("the password would travel unprotected", "write tls: tls, or starttls")
        return self

    @property
    def server_port(self) -> int:
        """The port, or the one that is usual for what `tls` says (RFC 8314)."""
        return self.port or (993 if self.tls == "tls" else 143)


class Mail(Part):
    """Invitations by mail. Without a `sender` nobody is invited; without a `host` letters lie in the folder `outbox`
    under `data`.

    Answers go to `agent`, in which TOKEN stands for what tells them apart; unless it is said, that is the sender with
    ``+TOKEN``. The password is read from `password_file`, or from the environment's `password_variable`, at each
    connection.
    """

    sender: Email | None = None
    agent: str | None = None
    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_file: Path | None = None
    password_variable: str | None = None
    invite_days: Annotated[int, Field(ge=0, le=400)] = 60
    interval: Span = Span(1, "minute")

    @field_validator("agent")
    @classmethod
    def _has_a_place_for_the_token(cls, agent: str) -> str:
        if agent.count("TOKEN") != 1 or not is_email(agent.replace("TOKEN", "0" * TOKEN_LENGTH)):
            raise Fault(
                f"{agent[:80]!r} is no address with TOKEN in it", "write one like cadence+TOKEN@alliances.acme.example"
            )
        return agent

    @field_validator("interval")
    @classmethod
    def _is_a_pace(cls, interval: Span) -> Span:
        return _pace(interval)

    @model_validator(mode="after")
    def _fits_together(self) -> "Mail":
        if self.host and not self.sender:
            raise Fault("there is a mail server and no sender", "write sender: cadence@alliances.acme.example")
        if self.user and not (self.password_file or self.password_variable):
            raise Fault("there is a user and no password", "name a file under password_file, or a password_variable")
        if self.sender and not is_email(self.organizer("0" * TOKEN_LENGTH)):
            raise Fault(f"{self.sender} is too long for a token in it", "choose a shorter one, or write agent:")
        return self

    @property
    def server_port(self) -> int:
        """The port, or the one that is usual for what `tls` says (RFC 8314)."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.tls]

    def organizer(self, token: str) -> str:
        """The address that answers go to, with its token."""
        name, _, host = (self.sender or "").rpartition("@")
        return (self.agent or f"{name}+TOKEN@{host}").replace("TOKEN", token)


def _pace(interval: Span) -> Span:
    if not 1 <= interval.duration.total_seconds() / 60 <= 24 * 60:
        raise Fault(f'"{interval}" is no interval between cycles', "write 1 minute to 24 hours, like 15 minutes")
    return interval


class Settings(Part):
    """The settings with every default filled; `horizon_days`, `agenda_days` and `past_days` are calendar days.

    As `load` returns them, folders are absolute and `database` is a SQLAlchemy URL.
    """

    definitions: Path = Path("partnerships")
    playbooks: Path = Path("playbooks")
    templates: Path = Path("templates")
    data: Path = Path("data")
    database: str = "sqlite:///cadence.db"
    horizon_days: Annotated[int, Field(ge=1, le=3660)] = 400
    agenda_days: Annotated[int, Field(ge=0, le=400)] = 14
    past_days: Annotated[int, Field(ge=0, le=400)] = 90
    interval: Span = Span(15, "minute")
    log: Log = Log()
    guard: Guard = Guard()
    web: Web = Web()
    replies: Replies = Replies()
    mail: Mail = Mail()

    @field_validator("interval")
    @classmethod
    def _is_a_pace(cls, interval: Span) -> Span:
        return _pace(interval)

    @field_validator("database")
    @classmethod
    def _is_an_address(cls, database: str) -> str:
        if not database.startswith(("sqlite:///", "postgresql")) or database in ("sqlite:///", "sqlite:///:memory:"):
            raise Fault(
                f'"{database.partition("@")[0].partition(":")[0][:40]}" names no database that cadence can keep',
                "write sqlite:///cadence.db (a file under data) or postgresql+psycopg://host/name",
            )
        return database

    @property
    def playbook_folders(self) -> tuple[Path, Path]:
        """Where playbooks are looked for: the operator's folder, then the shipped one."""
        return self.playbooks, shipped("playbooks")

    @property
    def template_folders(self) -> tuple[Path, Path]:
        """Where templates are looked for: the operator's folder, then the shipped one."""
        return self.templates, shipped("templates")


_PARTS: dict[tuple[str, ...], type[Part]] = {
    ("log",): Log,
    ("guard",): Guard,
    ("web",): Web,
    ("replies",): Replies,
    ("mail",): Mail,
}
_DEEPEST = 1  # blocks within blocks; what lies deeper is no setting, and aliases could make it endless


def find(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The settings file: `explicit`, else $CADENCE_CONFIG, else ./config/cadence.yaml, else /etc/cadence/cadence.yaml.

    The first two are taken at their word. Raises SettingsFault, naming the places looked in, where there is none.
    """
    if explicit is not None:
        return _existing(cwd / explicit, "--config")
    if environ.get(ENVIRONMENT):
        return _existing(cwd / environ[ENVIRONMENT], f"${ENVIRONMENT}")
    here = cwd / "config" / "cadence.yaml"
    for place in (here, SYSTEM_WIDE):
        if place.is_file():
            return place
    raise SettingsFault(
        f"there is no settings file: neither --config nor ${ENVIRONMENT} names one, and there is no {here} and no "
        f"{SYSTEM_WIDE}",
        "set one up here with: cadence init",
    )


def load(path: Path) -> Settings:
    """Read a settings file. Raises SettingsFault with all that is wrong in it, each with its line."""
    lines: Lines = {}
    try:
        root = yaml.compose(_text(path), Loader=yaml.SafeLoader)
        faults = list(_twice(root, ()))
        written = _values(root, (), lines) if root else {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(path, error) from None
    try:
        settings = Settings.model_validate(written)
    except ValidationError as error:
        faults += [_fault(detail, lines) for detail in error.errors(include_url=False)]
    if faults:
        told = [f"{path}:{line}: {what}" + (f" ({hint})" if hint else "") for line, what, hint in sorted(faults)]
        raise SettingsFault("\n".join(told), "a settings file with every default comes from: cadence init")
    return _rooted(settings, path.absolute().parent.resolve())


def shipped(name: Literal["templates", "playbooks", "cadence.yaml"]) -> Path:
    """What travels with the program, a folder or the commented settings: in an installed wheel within the package, in a
    checkout beside it."""
    packed = _PACKAGE / "_shipped" / name
    return packed if packed.exists() else _IN_A_CHECKOUT[name]


def _existing(path: Path, named_by: str) -> Path:
    if not path.is_file():
        raise SettingsFault(f"{named_by} names {path}, and there is no such file", "set one up with: cadence init")
    return path


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise SettingsFault(f"{path} cannot be read: {error.strerror}", "check that this user may read it") from None
    if len(raw) > MOST_BYTES:
        raise SettingsFault(f"{path} is larger than 64 KiB", "settings are a page of text; is this another file?")
    return raw.decode("utf-8-sig")


def _unreadable(path: Path, error: Exception) -> SettingsFault:
    mark = getattr(error, "problem_mark", None)
    place = f"{path}:{mark.line + 1}" if mark else str(path)
    said = getattr(error, "problem", None) or "it is no plain UTF-8 text of a few keys"
    return SettingsFault(f"{place}: this is not YAML: {said}", "compare it with a new one from: cadence init")


def _values(node: yaml.Node, path: tuple[str, ...], lines: Lines) -> Any:
    """What a node says, all of it as text: each setting knows how to read its own words, and none is a boolean."""
    if not isinstance(node, yaml.MappingNode) or len(path) > _DEEPEST:
        return node.value if isinstance(node, yaml.ScalarNode) else list(node.value)
    values = {}
    for key, value in node.value:
        below = (*path, str(key.value))
        lines[below] = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode) or value.value:  # a key without a value leaves the default in force
            values[below[-1]] = _values(value, below, lines)
    return values


def _twice(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    pairs = node.value if isinstance(node, yaml.MappingNode) and len(path) <= _DEEPEST else []
    for index, (key, value) in enumerate(pairs):
        if any(key.value == earlier.value for earlier, _ in pairs[:index]):
            yield key.start_mark.line + 1, f"{'.'.join((*path, str(key.value)))} stands twice", "delete one of the two"
        yield from _twice(value, (*path, str(key.value)))


def _fault(detail: ErrorDetails, lines: Lines) -> tuple[int, str, str]:
    """One thing that pydantic refuses: its line, what is wrong, and the way out."""
    path = tuple(str(step) for step in detail["loc"])
    line, name, fault = lines.get(path, 1), ".".join(path), detail.get("ctx", {}).get("error")
    if isinstance(fault, Fault):
        return line, f"{name}: {fault.what}", fault.hint
    if detail["type"] == "extra_forbidden":
        keys = list(_PARTS.get(path[:-1], Settings).model_fields)
        near = get_close_matches(path[-1], keys, n=1)
        return line, f"{name[:60]!r} is no setting", f"did you mean {near[0]}?" if near else f"known: {', '.join(keys)}"
    return line, f"{name or 'the file'}: {detail['msg'][0].lower()}{detail['msg'][1:]}", ""


def _rooted(settings: Settings, base: Path) -> Settings:
    """The settings with every folder absolute, and a SQLite file under `data`."""
    folders = {name: Path(os.path.normpath(base / getattr(settings, name))) for name in FOLDERS}
    database = settings.database
    if database.startswith("sqlite:///"):
        database = f"sqlite:///{folders['data'] / database.removeprefix('sqlite:///')}"
    files = {name: base / path for name in ("maildir", "password_file") if (path := getattr(settings.replies, name))}
    replies = settings.replies.model_copy(update=files)
    password = settings.mail.password_file
    mail = settings.mail.model_copy(update={"password_file": base / password if password else None})
    return settings.model_copy(update={**folders, "database": database, "replies": replies, "mail": mail})
