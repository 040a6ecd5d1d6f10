"""A webhook as a way out: one POST for each letter, to an address that was looked up once and checked.

The address in the settings may lead anywhere, by mistake or by somebody's will. So every address that its host has
must be a public one, unless the hook is `internal`; the connection goes to one of the addresses that were checked,
whatever the name means a moment later; proxies of the environment are not asked, and a redirect is not followed.

429 and 5xx are Deferred. What says that the address is wrong (a redirect, 401, 403, 404, 410) is Closed, since the next
letter would fare no better; any other 4xx is Refused. Silence is Cut. The url is a secret, and in no error.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from . import webhook_signature
from .delivery_errors import Closed, Cut, Deferred, Refused
from .interrupt import Interrupt
from .ssrf_guard import is_public

SECONDS = 10.0
"""How long the other side may take to connect, and to be silent."""
WHOLE = 30.0
"""How long all may take once the connection stands, however busily the other side talks."""
MOST_BYTES = 64 * 1024
"""So much of an answer is read."""
LONGEST_AFTER = timedelta(hours=6)
"""A Retry-After is honoured as far as this (RFC 9110 10.2.3)."""
_MOST_ADDRESSES = 4
_PASSING = (408, 425, 429)
_OF_THE_ADDRESS = (401, 403, 404, 407, 410)


@dataclass(frozen=True)
class Hook:
    """A webhook by the `name` that people know it by; `keys` are those that its posts are signed with."""

    name: str
    url: str = field(repr=False)
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    internal: bool = False
    seconds: float = SECONDS
    whole: float = WHOLE
    trusted: ssl.SSLContext | None = None

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def port(self) -> int:
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)

    @property
    def target(self) -> str:
        """What stands in the request line."""
        path = self.parts.path or "/"
        return f"{path}?{self.parts.query}" if self.parts.query else path


def post(
    hook: Hook,
    body: bytes,
    id: str,
    now: datetime,
    before_post: Callable[[], bool],
    interrupt: Interrupt | None = None,
) -> str | None:
    """Post a letter, known by its `id` however often it comes, and return the server's word for it.

    `before_post` is called when the connection stands; where it says no, nothing is posted and None comes back;
    `interrupt` may end it. Raises Refused, Deferred, Cut, Closed.
    """
    return _asked(hook, "POST", body, headers(hook.keys, body, id, now), before_post, interrupt or Interrupt())


def ping(hook: Hook, interrupt: Interrupt | None = None) -> str:
    """Ask for the address and no more, and return the server's word for it. Raises as `post`."""
    said = {"User-Agent": "cadence", "Connection": "close"}
    return _asked(hook, "GET", None, said, lambda: True, interrupt or Interrupt()) or ""


def _asked(
    hook: Hook,
    method: str,
    body: bytes | None,
    said: dict[str, str],
    may_go: Callable[[], bool],
    interrupt: Interrupt,
) -> str | None:
    with closing(_connected(hook)) as sock, _ended_after(hook.whole, sock), interrupt.watching(lambda: sock):
        with _told(hook):
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
        if not may_go():
            return None
        with _told(hook, may_have_arrived=True), interrupt.not_now():
            connection = _speaking(hook, sock)
            connection.request(method, hook.target, body, said)
            answer = connection.getresponse()
        text = b""
        # What is not read to its end keeps the line open, until the answer is closed too. The status has said it all.
        with closing(answer), suppress(HTTPException, OSError):
            text = answer.read(MOST_BYTES)
    return _judged(hook, answer.status, answer.headers, _words(hook, answer.status, text))


def headers(keys: Sequence[bytes], body: bytes, id: str, now: datetime) -> dict[str, str]:
    """What stands above a post: its id and its moment, and where there are keys, the signatures."""
    said = {"Content-Type": "application/json", "User-Agent": "cadence", "Connection": "close"}
    return {**said, **webhook_signature.headers(keys, id, now, body)}


# The connection ----------------------------------------------------------------------------------------------------


def _connected(hook: Hook) -> socket.socket:
    """A connection to one of the addresses that were checked; with TLS, the name's certificate is still to come."""
    fault: OSError | None = None
    for family, address in _checked(hook)[:_MOST_ADDRESSES]:
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(hook.seconds)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            fault = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hook.parts.scheme == "http":
            return sock
        context = hook.trusted or ssl.create_default_context()
        return context.wrap_socket(sock, server_hostname=hook.parts.hostname, do_handshake_on_connect=False)
    raise Cut(f"{hook.name}: {_why(fault or OSError())}", "letters wait")


def _checked(hook: Hook) -> list[tuple[socket.AddressFamily, Any]]:
    """Where the host is, looked up this once. Raises Closed where any of it is not public."""
    try:
        found = socket.getaddrinfo(hook.parts.hostname, hook.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Cut(f"{hook.name}: its host is not found: {_why(error)}", "letters wait") from None
    inside = [str(address[0]) for *_, address in found if not is_public(str(address[0]))]
    if inside and not hook.internal:
        raise Closed(
            f"{hook.name}: its host leads to {inside[0]}, which is no public address",
            "correct the url, or write internal: yes if it is meant to be there",
        )
    return [(family, address) for family, *_, address in found]


def _speaking(hook: Hook, sock: socket.socket) -> HTTPConnection:
    kind = HTTPSConnection if isinstance(sock, ssl.SSLSocket) else HTTPConnection
    connection = kind(hook.parts.hostname or "", hook.port)
    connection.sock = sock
    connection.auto_open = 0  # or a lost connection would be opened again, to whatever the name means by then
    return connection


@contextmanager
def _ended_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Shut the connection then, whatever goes on: a byte a second would else go on for ever."""

    def shut() -> None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # TLS's own would take its state from under the reader

    timer = Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _told(hook: Hook, *, may_have_arrived: bool = False) -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Closed(
            f"{hook.name}: its certificate is not to be trusted: {error.verify_message}", "check the host of its url"
        ) from None
    except (HTTPException, OSError) as error:
        raise Cut(f"{hook.name}: {_why(error)}", "letters wait", may_have_arrived=may_have_arrived) from None


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


# The answer --------------------------------------------------------------------------------------------------------


def _judged(hook: Hook, status: int, said: HTTPMessage, words: str) -> str:
    if 200 <= status < 300:
        return words
    fault = f"{hook.name}: {words}"
    if 300 <= status < 400:
        raise Closed(f"{fault}: it leads elsewhere, and is not followed", "write the url that it is at now")
    if status in _OF_THE_ADDRESS:
        raise Closed(fault, "check its url, and whether the other side still knows it")
    if 400 <= status < 500 and status not in _PASSING:
        raise Refused(fault)
    raise Deferred(fault, "letters wait", after=_after(said))


def _after(said: HTTPMessage) -> timedelta:
    """How long the other side wants to be left alone: seconds, or a date, counted from the answer's own."""
    wanted = said.get("Retry-After", "").strip()
    if wanted.isascii() and wanted.isdigit():
        return min(LONGEST_AFTER, timedelta(seconds=int(wanted[:6])))
    try:
        wait = parsedate_to_datetime(wanted) - parsedate_to_datetime(said.get("Date", ""))
    except (TypeError, ValueError):
        return timedelta()
    return max(timedelta(), min(LONGEST_AFTER, wait))


def _words(hook: Hook, status: int, said: bytes) -> str:
    """The status and the first words of the answer, without what it may repeat of the url."""
    text = said[:1000].decode("utf-8", "replace")
    for secret in filter(lambda part: len(part) >= 6, re.split(r"[/?&=]", hook.target)):
        text = text.replace(secret, "…")
    shown = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    return f"{status} {shown[:200]}".strip()
