"""The blocks of the settings, each with its defaults, and what can be seen to be wrong with it."""

import re
import shlex
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from scheduler.domain.definition.people import Email, is_email
from scheduler.domain.errors import InvalidValue
from scheduler.domain.link_life import LONGEST_LIFE
from scheduler.domain.phrases import Percent, Span

from .block import Part
from .signing_in import Host, Network, SignIn, is_loopback, network_of

TOKEN_LENGTH = 32
"""The characters of a reply token: 128 random bits, in hexadecimal, since servers may change the case of an address."""
_THIS_MACHINE = network_of("127.0.0.0/8"), network_of("::1")


class Log(Part):
    """How the log is written: `auto` is JSON but on a terminal, where people are told in words."""

    format: Literal["auto", "json", "text"] = "auto"
    level: Literal["debug", "info", "warning", "error"] = "info"


class Guard(Part):
    """The guard against mass cancellation: a re-plan that would cancel more than `reviews` of a partnership's future
    reviews, and at least `share` of them, waits for a person's word."""

    reviews: Annotated[int, Field(ge=0)] = 10
    share: Percent = Percent.read("50%")


class Web(Part):
    """Where calendars and forms are served: `listen` is host:port, or off; `public_url` is what stands before
    /calendars/ in the addresses that people are given. Links in letters open their form for `link_days` days. Pages are
    shown under the name in `public_url`, under `hosts`, and on this machine; `sign_in` says who is let in to them.
    `metrics_from` are the networks from which /metrics may be read."""

    listen: str = "127.0.0.1:8377"
    public_url: str | None = None
    gzip: bool = True
    link_days: Annotated[int, Field(ge=1, le=LONGEST_LIFE.days)] = 30
    hosts: tuple[Host, ...] = ()
    sign_in: SignIn = SignIn()
    metrics_from: tuple[Annotated[Network, BeforeValidator(network_of)], ...] = (
        network_of("127.0.0.0/8"),
        network_of("::1"),
    )

    @field_validator("listen")
    @classmethod
    def _is_a_place(cls, listen: str) -> str:
        if listen != "off" and _host_and_port(listen) is None:
            raise InvalidValue(f"{listen[:60]!r} is no place to listen", "write host:port, like 127.0.0.1:8377, or off")
        return listen

    @field_validator("public_url")
    @classmethod
    def _is_a_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?", url):
            raise InvalidValue(f"{url[:60]!r} is no address of a site", "write one like https://cadence.acme.example")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _leads_back(self) -> Self:
        if self.sign_in.openid and self.public_url is None:
            raise InvalidValue(
                "sign_in.openid sends people to their provider, which must know where to send them back",
                "write public_url: https://cadence.acme.example",
            )
        if self.sign_in.openid and not self.is_private:
            raise InvalidValue(
                "who signs in at a provider would come back without TLS, for everybody on the way to read",
                f"write public_url: {(self.public_url or '').replace('http://', 'https://', 1)}",
            )
        return self

    @property
    def is_private(self) -> bool:
        """Whether what people send to `public_url` cannot be read on the way: TLS, or this machine."""
        parts = urlsplit(self.public_url or "")
        return parts.scheme == "https" or (bool(parts.hostname) and is_loopback(parts.hostname or ""))

    @property
    def address(self) -> tuple[str, int] | None:
        """The host and the port to listen at; None for nowhere."""
        return _host_and_port(self.listen)

    @property
    def url(self) -> str:
        """What stands before ``/calendars/…`` in an address."""
        return self.public_url or f"http://{self.listen}"

    @property
    def reachable_url(self) -> str | None:
        """The same for what other people's programs are given; None where it is unknown, or leads to this machine."""
        return None if is_loopback(urlsplit(self.public_url or "").hostname or "localhost") else self.public_url


def _host_and_port(listen: str) -> tuple[str, int] | None:
    found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})", listen)
    if found is None or int(found[2]) > 65535:
        return None
    return found[1].strip("[]"), int(found[2])


def _command(written: str) -> str:
    try:
        words = shlex.split(written)
    except ValueError:
        words = []
    if not words:
        raise InvalidValue(f"{written[:40]!r} is no command", "write a program and its arguments, quotes in pairs")
    return written


Command = Annotated[str, AfterValidator(_command)]
"""A program and its arguments as a shell parts them; no shell runs it."""
_TWO_SECRETS = "names a password and a token, or two of a kind"


class Replies(Part):
    """The mailbox that answers to invitations come to: a Maildir, or a folder of an IMAP server at `host`; neither:
    none is read. Who reads there shows a password or, by XOAUTH2, a token that is in a file or that a command
    prints.

    A letter that can be answered says by its token which it is, in the address that the answer goes to or, where that
    can bear none, at the end of its subject (`known_by`). `authserv_id` is the name under which our own mail server
    says, in Authentication-Results, whether a mail comes from where it says (RFC 8601)."""

    maildir: Path | None = None
    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "tls"
    user: str | None = None
    password_file: Path | None = None
    token_file: Path | None = None
    token_command: Command | None = None
    mailbox: str = "INBOX"
    known_by: Literal["address", "subject"] = "address"
    authserv_id: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _is_one_mailbox(self) -> Self:
        if self.host and self.maildir:
            raise InvalidValue("names both a Maildir and a server", "leave out one of the two")
        shown = [each for each in (self.password_file, self.token_file, self.token_command) if each]
        if self.host and not (self.user and shown):
            raise InvalidValue(
                "there is a server, but not who reads there", "add user: and password_file:, or token_command:"
            )
        if len(shown) > 1:
            raise InvalidValue(_TWO_SECRETS, "leave out all but one")
        if self.host and self.tls == "none" and self.host not in ("localhost", "127.0.0.1", "::1"):
            raise InvalidValue("the password would travel unprotected", "write tls: tls, or starttls")
        return self

    @property
    def is_read(self) -> bool:
        """Whether there is a mailbox that answers are read from."""
        return bool(self.maildir or self.host)

    @property
    def server_port(self) -> int:
        """The port, or the one that is usual for what `tls` says (RFC 8314)."""
        return self.port or (993 if self.tls == "tls" else 143)


class Mail(Part):
    """Invitations by mail. Without a `sender` nobody is invited; without a `host` letters lie in the folder `outbox`
    under `data`.

    Answers go to `agent`, in which TOKEN stands for what tells them apart; unless it is said, that is the sender with
    ``+TOKEN``. The password is read from `password_file`, or from the environment's `password_variable`, at each
    connection; or XOAUTH2 takes a token, from `token_file` or as `token_command` prints it. `helo` is the name that
    the server is greeted with; None is the machine's own.
    """

    sender: Email | None = None
    agent: str | None = None
    host: str | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    helo: str | None = None
    user: str | None = None
    password_file: Path | None = None
    password_variable: str | None = None
    token_file: Path | None = None
    token_command: Command | None = None
    invite_days: Annotated[int, Field(ge=0, le=400)] = 60
    interval: Span = Span(1, "minute")

    @field_validator("agent")
    @classmethod
    def _has_a_place_for_the_token(cls, agent: str) -> str:
        if agent.count("TOKEN") != 1 or not is_email(agent.replace("TOKEN", "0" * TOKEN_LENGTH)):
            raise InvalidValue(
                f"{agent[:80]!r} is no address with TOKEN in it", "write one like cadence+TOKEN@alliances.acme.example"
            )
        return agent

    @field_validator("interval")
    @classmethod
    def _is_a_pace(cls, interval: Span) -> Span:
        return pace(interval)

    @field_validator("helo")
    @classmethod
    def _is_a_host(cls, helo: str | None) -> str | None:
        if helo is not None and not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", helo):
            raise InvalidValue(f"{helo[:60]!r} is no full name of a machine", "write one like cadence.acme.example")
        return helo

    @model_validator(mode="after")
    def _fits_together(self) -> "Mail":
        if self.host and not self.sender:
            raise InvalidValue("there is a mail server and no sender", "write sender: cadence@alliances.acme.example")
        secrets = (self.password_file, self.password_variable, self.token_file, self.token_command)
        shown = [each for each in secrets if each]
        if self.user and not shown:
            raise InvalidValue(
                "there is a user and no password", "name a file under password_file, or a password_variable"
            )
        if len(shown) > 1 and (self.token_file or self.token_command):
            raise InvalidValue(_TWO_SECRETS, "leave out all but one")
        if (self.token_file or self.token_command) and not self.user:
            raise InvalidValue("there is a token and nobody whose it is", "add user:, the address of the mailbox")
        if self.sender and not is_email(self.organizer("0" * TOKEN_LENGTH)):
            raise InvalidValue(f"{self.sender} is too long for a token in it", "choose a shorter one, or write agent:")
        return self

    @property
    def server_port(self) -> int:
        """The port, or the one that is usual for what `tls` says (RFC 8314)."""
        return self.port or {"starttls": 587, "tls": 465, "none": 25}[self.tls]

    def organizer(self, token: str) -> str:
        """The address that answers go to, with its token."""
        name, _, host = (self.sender or "").rpartition("@")
        return (self.agent or f"{name}+TOKEN@{host}").replace("TOKEN", token)


def pace(interval: Span) -> Span:
    """The interval itself. Raises InvalidValue for one that is shorter than a minute or longer than a day."""
    if not 1 <= interval.duration.total_seconds() / 60 <= 24 * 60:
        raise InvalidValue(f'"{interval}" is no interval between cycles', "write 1 minute to 24 hours, like 15 minutes")
    return interval
