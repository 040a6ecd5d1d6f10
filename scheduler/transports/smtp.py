"""SMTP as a way out: one connection, letter after letter.

SMTP cannot deliver exactly once (RFC 1047): between the dot that ends a letter and the server's answer nobody knows
whose it is. So the caller is asked just before the dot, and can commit that it is about to go.

A letter is Refused by a 5xx at RCPT or DATA, Deferred by a 4xx there; where either speaks of us (`refusals`) it is
Barred. A 5xx at the greeting, TLS, AUTH or MAIL concerns them all, and is Closed. Silence, 421 and whatever else ends
the connection is Cut, also where another thread ends it (`Interrupt`).
"""

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from .delivery_errors import Barred, Closed, Concerns, Cut, Deferred, Refused
from .interrupt import Interrupt
from .oauth import xoauth2
from .refusals import concerns

SECONDS = 30.0
"""How long the server may take for each answer."""
_OF_US = "check the sender address, the login and its limits, and whether the server knows us; letters wait"
_AT_LINE_START = re.compile(rb"^\.", re.MULTILINE)
"""A dot that begins a line is doubled, or it would end the letter (RFC 5321 4.5.2)."""


@dataclass(frozen=True)
class SmtpServer:
    """A mail server as the settings name it; `user` None is without a login, a `token` is for XOAUTH2. `helo` is the
    name that we give ourselves; None is the machine's own."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str | None = None
    password: str | None = None
    seconds: float = SECONDS
    trusted: ssl.SSLContext | None = None
    helo: str | None = None
    token: str | None = None

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


class Connection:
    """An open connection to a mail server."""

    def __init__(self, smtp: smtplib.SMTP, name: str, interrupt: Interrupt) -> None:
        self._smtp, self._name, self._interrupt, self._is_amid = smtp, name, interrupt, False

    def send(self, sender: str, recipient: str, content: bytes, before_dot: Callable[[], bool]) -> str | None:
        """Send one letter and return the server's word for it.

        `before_dot` is called when all but the last line has gone; where it says no, or fails, the letter is not sent
        and the connection is closed; for a no, None comes back. `content` has CRLF line ends, the last too. Raises
        Refused, Deferred, Cut, Closed, Barred.
        """
        with _told(self._name):
            if self._is_amid:
                self._smtp.rset()
            self._is_amid = True
            _expect(self._smtp.mail(sender), "the sender", of_all=True)
            _expect(self._smtp.rcpt(recipient), recipient)
            _expect(self._smtp.docmd("DATA"), recipient, wanted=354)
            self._smtp.send(_AT_LINE_START.sub(b"..", content))
        may_go = False
        try:
            may_go = before_dot()
        finally:
            if not may_go:  # whatever came next would be taken for a part of the letter
                self._smtp.close()
        if not may_go:
            return None
        with _told(self._name, may_have_arrived=True), self._interrupt.not_now():
            self._smtp.send(b".\r\n")
            answer = self._smtp.getreply()
        _expect(answer, recipient)
        self._is_amid = False
        return _words(answer)


@contextmanager
def connected(server: SmtpServer, interrupt: Interrupt | None = None) -> Iterator[Connection]:
    """A connection, logged in, which `interrupt` may end. Raises Cut where the server is out of reach, Closed where it
    will not have us."""
    interrupt = interrupt or Interrupt()
    context = server.trusted or ssl.create_default_context()
    smtp = _unconnected(server, context)
    with interrupt.watching(lambda: smtp.sock):
        try:
            with _told(server.name):
                _log_in(smtp, server, context)
            # Else each of the small writes waits for the answer to the one before: 40 ms a letter.
            if smtp.sock:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield Connection(smtp, server.name, interrupt)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()


def _unconnected(server: SmtpServer, context: ssl.SSLContext) -> smtplib.SMTP:
    """Made without a host, it has its socket before the greeting, which may never come."""
    if server.tls == "tls":
        return smtplib.SMTP_SSL(local_hostname=server.helo, timeout=server.seconds, context=context)
    return smtplib.SMTP(local_hostname=server.helo, timeout=server.seconds)


def _log_in(smtp: smtplib.SMTP, server: SmtpServer, context: ssl.SSLContext) -> None:
    smtp._host = server.host  # type: ignore[attr-defined]  # whose certificate TLS asks for
    code, said = smtp.connect(server.host, server.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    smtp.ehlo_or_helo_if_needed()
    if server.tls == "starttls":
        smtp.starttls(context=context)
    if server.user is not None:
        _authenticate(smtp, server.user, server)


def _authenticate(smtp: smtplib.SMTP, user: str, server: SmtpServer) -> None:
    """With a token by XOAUTH2; with a password as the server likes it best. smtplib knows ASCII alone, so one with
    other letters goes by PLAIN, which is UTF-8 (RFC 4616)."""
    password = server.password or ""
    if server.token is not None:
        token = xoauth2(user, server.token)
        smtp.auth("XOAUTH2", lambda challenge=None: token if challenge is None else "")
    elif (user + password).isascii():
        smtp.login(user, password)
    else:
        whole = b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
        code, said = smtp.docmd("AUTH", f"PLAIN {whole}")
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, said)


def _expect(answer: tuple[int, bytes], about: str, *, wanted: int = 250, of_all: bool = False) -> None:
    code = answer[0]
    if code == wanted or (wanted == 250 and code == 251):
        return
    said = f"{about}: {_words(answer)}"
    if code == 421 or code < 0:
        raise Cut(said)
    if of_all:
        raise Cut(said) if code < 500 else Closed(said, _OF_US)
    whom = concerns(code, said)
    if whom is Concerns.CHANNEL:
        raise Barred(said, _OF_US)
    raise Deferred(said) if code < 500 else Refused(said, concerns=whom)


def _words(answer: tuple[int, bytes]) -> str:
    text = " ".join(answer[1].decode("utf-8", "replace").split())[:500]
    return f"{answer[0]} {''.join(letter for letter in text if letter.isprintable())}"


@contextmanager
def _told(name: str, *, may_have_arrived: bool = False) -> Iterator[None]:
    """What smtplib and the network complain of, by whom it concerns."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        said = f"{name}: {_words((error.smtp_code, _bytes(error.smtp_error)))}"
        if 500 <= error.smtp_code < 600:
            raise Closed(said, "check the login under `mail:`, and whether the server lets us in") from None
        raise Cut(said) from None
    except smtplib.SMTPNotSupportedError as error:
        raise Closed(f"{name}: {error}", "choose another `tls:` under `mail:`, or leave the login out") from None
    except ssl.SSLCertVerificationError as error:
        raise Closed(
            f"{name}: its certificate is not to be trusted: {error.verify_message}", "check the name"
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        what = f"{name}: {error or type(error).__name__}"
        raise Cut(what, "letters wait", may_have_arrived=may_have_arrived) from None


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")
