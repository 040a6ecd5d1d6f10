"""The mailbox that answers come to: a Maildir, or a folder of an IMAP server.

Only letters that nobody has seen are read, one at a time, and never more than a little over a megabyte of each. A
letter is marked as seen after it was dealt with, never moved away or deleted: whoever runs the mailbox keeps it.
"""

import imaplib
import os
import re
import ssl
from base64 import b64encode
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from scheduler import named_files
from scheduler.domain.errors import UserError

from .oauth import xoauth2

MOST_BYTES = 1024 * 1024 + 1
"""So much of a letter is read: a byte more than is taken, which tells that it is too large."""
SECONDS = 20.0
"""How long a server may be silent; the daemon's own watchdog is more patient."""

Tls = Literal["tls", "starttls", "none"]


class MailboxError(UserError):
    """A mailbox that is out of reach. What was not read waits in it."""


class MailboxMessage(NamedTuple):
    """A letter's bytes, as far as they are read; `mark_seen` is for when it was dealt with. Raises MailboxError."""

    content: bytes
    mark_seen: Callable[[], None]


# Maildir -----------------------------------------------------------------------------------------------------------


def maildir(folder: Path) -> Generator[MailboxMessage]:
    """The unseen letters of a Maildir, oldest name first: all in ``new``, and those in ``cur`` without the flag S.

    Others may deliver and read there at the same time; a letter that vanishes meanwhile is passed over.
    """
    for place in ("new", "cur"):
        for name in _unseen(folder / place):
            path = folder / place / name
            try:
                content = read_file(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise MailboxError(f"{path} cannot be read: {error.strerror}", "check who may read it") from None
            yield MailboxMessage(content, lambda path=path: _mark_seen(path, folder / "cur"))  # type: ignore[misc]


def read_file(path: Path) -> bytes:
    """As much of a letter as is taken, and a byte more where it is larger. Raises OSError."""
    return named_files.read(path, MOST_BYTES, os.O_NOFOLLOW)


def _unseen(folder: Path) -> list[str]:
    try:
        names = [entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
    except OSError as error:
        what = f"the Maildir {folder.parent} cannot be read: {error.strerror}"
        raise MailboxError(what, "name another under `replies: maildir:`, or check who may read it") from None
    return sorted(name for name in names if not name.startswith(".") and "S" not in _flags(name))


def _flags(name: str) -> str:
    return name.rpartition(":2,")[2] if ":2," in name else ""


def _mark_seen(path: Path, cur: Path) -> None:
    """In ``cur`` with the flag S; flags stand in the order of the alphabet (cr.yp.to/proto/maildir.html)."""
    base = path.name.partition(":2,")[0]
    flags = "".join(sorted({*_flags(path.name), "S"}))
    try:
        path.rename(cur / f"{base}:2,{flags}")
    except FileNotFoundError:
        return  # somebody else has moved it, and so has seen it
    except OSError as error:
        what = f"{path} cannot be marked as seen: {error.strerror}"
        raise MailboxError(what, "check who may write in the Maildir") from None


# IMAP --------------------------------------------------------------------------------------------------------------


class Account(NamedTuple):
    """Where a mailbox is, and how one gets in: with a password or, by XOAUTH2, with a `token`."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    tls: Tls = "tls"
    token: str | None = None


class UnseenLetters(Iterator[MailboxMessage]):
    """The unseen letters of an IMAP folder (RFC 9051), oldest first; being read does not mark them as seen.

    The connection is opened for the first, and stays until all that were read are marked, or until `close`: who deals
    with several at once marks them once the last is read.
    """

    def __init__(self, account: Account) -> None:
        self._account, self._open = account, ExitStack()
        self._server: imaplib.IMAP4 | None = None
        self._left: Iterator[str] | None = None
        self._unmarked = set[str]()
        self._is_over = False

    def __next__(self) -> MailboxMessage:
        if self._is_over:
            raise StopIteration
        with self._closed_on_failure():
            if self._left is None or self._server is None:
                self._server = self._open.enter_context(_connected(self._account))
                _log_in(self._server, self._account)
                _done(self._server.select(_quoted(self._account.folder)))
                self._left = iter(_done(self._server.uid("SEARCH", "UNSEEN")).decode("ascii").split())
            for number in self._left:
                content = _fetched(self._server, number)
                if content is not None:
                    self._unmarked.add(number)
                    return MailboxMessage(content, partial(self._mark, number))
        self._is_over = True
        self._end_if_done()
        raise StopIteration

    def _mark(self, number: str) -> None:
        if self._server is None:
            return
        with self._closed_on_failure():
            _done(self._server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))
        self._unmarked.discard(number)
        self._end_if_done()

    def _end_if_done(self) -> None:
        if self._is_over and not self._unmarked:
            self.close()

    @contextmanager
    def _closed_on_failure(self) -> Iterator[None]:
        try:
            with _plain_words(self._account):
                yield
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the connection; what was not marked is unseen the next time."""
        self._is_over, self._server = True, None
        self._open.close()


def imap(account: Account) -> UnseenLetters:
    """The unseen letters of a folder. Raises MailboxError, as they are read or marked, where it is out of reach."""
    return UnseenLetters(account)


@contextmanager
def _connected(account: Account) -> Iterator[imaplib.IMAP4]:
    if account.tls == "tls":
        server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            account.host, account.port, ssl_context=ssl.create_default_context(), timeout=SECONDS
        )
    else:
        server = imaplib.IMAP4(account.host, account.port, timeout=SECONDS)
    try:
        if account.tls == "starttls":
            _done(server.starttls(ssl.create_default_context()))
        yield server
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error):
            server.shutdown()


def _log_in(server: imaplib.IMAP4, account: Account) -> None:
    """LOGIN knows ASCII alone; a password with other letters goes by SASL, which is UTF-8 (RFC 4616)."""
    if account.token is not None:
        # A server that refuses says why in a challenge, and its no once that is answered with nothing.
        said = iter((xoauth2(account.user, account.token).encode(),))
        _done(server.authenticate("XOAUTH2", lambda challenge: next(said, b"")))
    elif (account.user + account.password).isascii():
        _done(server.login(account.user, account.password))
    else:
        whole = f"\0{account.user}\0{account.password}".encode()
        _done(server.authenticate("PLAIN", lambda challenge: whole))


@contextmanager
def _plain_words(account: Account) -> Iterator[None]:
    try:
        yield
    except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
        said = " ".join(str(error).split())[:200]
        what = f"the mailbox of {account.user} at {account.host}:{account.port} is out of reach: {said}"
        raise MailboxError(what, "check `replies:` and the server; what is in the mailbox waits") from None


def _done(answer: tuple[str, Sequence[Any]]) -> bytes:
    """The first line of what the server answered. Raises IMAP4.error where it refused."""
    status, lines = answer
    first: bytes = (lines[0] if lines else b"") or b""
    if status != "OK":
        raise imaplib.IMAP4.error(first.decode("utf-8", "replace"))
    return first


def _fetched(server: imaplib.IMAP4, number: str) -> bytes | None:
    """A letter, as far as it is read; None where somebody has deleted it meanwhile."""
    status, lines = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    if status != "OK":
        raise imaplib.IMAP4.error(f"letter {number} is refused")
    return next((line[1][:MOST_BYTES] for line in lines if isinstance(line, tuple)), None)


def _quoted(folder: str) -> str:
    """A folder's name as a quoted string (RFC 9051 4.3), so that it may hold blanks."""
    escaped = _encoded(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _encoded(folder: str) -> str:
    """A folder's name in modified UTF-7 (RFC 3501 5.1.3): ``Entwürfe`` → ``Entw&APw-rfe``. One that is written so in
    the settings stays as it is."""
    if folder.isascii() and _ENCODED.search(folder):
        return folder
    return _OTHER.sub(_shifted, normalize("NFC", folder).replace("&", "&-"))


def _shifted(letters: re.Match[str]) -> str:
    return f"&{b64encode(letters[0].encode('utf-16-be')).decode().rstrip('=').replace('/', ',')}-"


_ENCODED = re.compile(r"&[A-Za-z0-9+,]+-")
_OTHER = re.compile(r"[^\x20-\x7e]+")
