"""The transports that letters leave by: the mail server or a folder in its stead, and the chats of the settings.

A channel is `mail`, the name of a chat, or ``webhook:`` and the name of a program's webhook. Each is opened for a batch
of letters, with secrets read anew, by the transport of its kind: this is their registry.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scheduler import named_files
from scheduler.domain.errors import InvalidValue
from scheduler.services.app import App
from scheduler.services.mail_access import token_of
from scheduler.settings import Mail, Settings
from scheduler.settings.chats import Addressed
from scheduler.store.outbox import MAIL, OF_PROGRAMS
from scheduler.store.tables import LetterRow
from scheduler.transports import eml_folder
from scheduler.transports.delivery_errors import Closed
from scheduler.transports.eml_folder import FOLDER
from scheduler.transports.interrupt import Interrupt
from scheduler.transports.smtp import SmtpServer, connected
from scheduler.transports.webhook import Hook, post
from scheduler.transports.webhook_signature import keys_of

Send = Callable[[LetterRow, Callable[[], bool]], str | None]
"""Hands one letter over and gives the taker's word for it. What it is called with says whether the last line may go."""


def channels(settings: Settings) -> tuple[str, ...]:
    """Every channel that the settings open."""
    return MAIL, *sorted(settings.chats), *(f"{OF_PROGRAMS}{name}" for name in sorted(settings.webhooks))


def name_of(settings: Settings, channel: str) -> str:
    """What is remembered of where a letter went."""
    mail = settings.mail
    if channel != MAIL:
        return channel
    return f"{mail.host}:{mail.server_port}" if mail.host else FOLDER


def unknown(channel: str) -> tuple[str, str]:
    """What is wrong where letters wait for a webhook that the settings do not have, and the way out."""
    if _is_of_programs(channel):
        name = channel.removeprefix(OF_PROGRAMS)
        return f"events wait for the webhook {name}, which the settings do not have", "add it under `webhooks:`"
    return f"letters wait for the chat {channel}, which the settings do not have", "add it under `chats:`"


@dataclass(frozen=True)
class Opening:
    """A channel that is to be opened, with secrets from files and from `environ`; `clock` gives aware moments, and
    `interrupt` ends a conversation that hangs."""

    app: App
    channel: str
    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    interrupt: Interrupt


def kind_of(app: App, channel: str) -> str:
    """The transport that a channel leaves by: from a scratch copy, and without a mail server, into a folder."""
    if app.is_scratch or (channel == MAIL and app.settings.mail.host is None):
        return "eml_folder"
    return "smtp" if channel == MAIL else "webhook"


def opened(at: Opening) -> AbstractContextManager[Send]:
    """A channel, open. Raises Cut where the other side is out of reach, Closed where the channel is not set up."""
    return TRANSPORTS[kind_of(at.app, at.channel)](at)


@contextmanager
def _smtp(at: Opening) -> Iterator[Send]:
    with connected(server(at.app.settings.mail, at.environ), at.interrupt) as connection:
        yield lambda letter, may_go: connection.send(letter.sender, letter.email, letter.content, may_go)


@contextmanager
def _webhook(at: Opening) -> Iterator[Send]:
    hook = hook_of(at.channel, at.app.settings)
    yield lambda letter, may_go: post(hook, letter.content, letter.dedup_key, at.clock(), may_go, at.interrupt)


@contextmanager
def _eml_folder(at: Opening) -> Iterator[Send]:
    root = at.app.settings.data / FOLDER

    def put(letter: LetterRow, may_go: Callable[[], bool]) -> str | None:
        if not may_go():
            return None
        name = file_name(letter)
        eml_folder.put(root, name, letter.content)
        return f"it lies in {FOLDER}/{name}"

    yield put


TRANSPORTS: Mapping[str, Callable[[Opening], AbstractContextManager[Send]]] = {
    "smtp": _smtp,
    "webhook": _webhook,
    "eml_folder": _eml_folder,
}
"""Each kind of transport, and how it is opened for a batch of letters."""


def server(mail: Mail, environ: Mapping[str, str]) -> SmtpServer:
    """The mail server of the settings, with its password. Raises Closed where that cannot be read."""
    token = token_of(mail, Closed)
    password = _password(mail, environ) if token is None else None
    return SmtpServer(mail.host or "", mail.server_port, mail.tls, mail.user, password, helo=mail.helo, token=token)


def _password(mail: Mail, environ: Mapping[str, str]) -> str | None:
    if mail.user is None:
        return None
    if mail.password_file is None:
        name = mail.password_variable or ""
        if name not in environ:
            raise Closed(f"the environment has no {name}", "set it to the mail server's password")
        return environ[name]
    return _secret(mail.password_file)


def hook_of(channel: str, settings: Settings) -> Hook:
    """The webhook of a channel, with its address and keys. Raises Closed where there is no such webhook, or no such
    file."""
    found = settings.webhooks.get(channel.removeprefix(OF_PROGRAMS)) if _is_of_programs(channel) else None
    hooked = found or settings.chats.get(channel)
    if hooked is None:
        raise Closed(*unknown(channel))
    try:
        url = address_of(hooked)
        keys = keys_of(_secret(hooked.secret_file)) if hooked.secret_file else ()
    except InvalidValue as fault:
        raise Closed(f"{_called(channel)}: {fault.what}", fault.hint) from None
    return Hook(channel, url, keys, hooked.internal)


def address_of(hooked: Addressed) -> str:
    """Its address, read anew where a file holds it. Raises InvalidValue, Closed."""
    if hooked.url:
        return hooked.url.get_secret_value()
    return hooked.checked(_secret(hooked.url_file or Path()).strip())


def _is_of_programs(channel: str) -> bool:
    return channel.startswith(OF_PROGRAMS)


def _called(channel: str) -> str:
    return f"the webhook {channel.removeprefix(OF_PROGRAMS)}" if _is_of_programs(channel) else f"the chat {channel}"


def _secret(file: Path) -> str:
    try:
        return named_files.read(file).decode("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        raise Closed(f"{file} is no text", "write the secret into it, and nothing else") from None
    except OSError as error:
        raise Closed(f"{file} cannot be read: {error.strerror}", "check who may read it") from None


def file_name(letter: LetterRow) -> str:
    """``20270104T160509Z-request-5f0c….eml``: when it was written, what it is, and the key that it is known by. What
    would be said in a chat ends in ``.json``."""
    ending = "eml" if letter.channel == MAIL else "json"
    return f"{letter.created_at:%Y%m%dT%H%M%SZ}-{letter.method.lower()}-{letter.dedup_key[:16]}.{ending}"
