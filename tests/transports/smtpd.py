"""A real mail server on loopback that does as it is told: takes, refuses, puts off, hangs up, stays silent."""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from scheduler.transports.smtp import SmtpServer
from tests.daemon.polling import HANG


@dataclass
class Mailbox:
    """What the server took, and how it answers: `at_rcpt`, `at_data`, `at_mail` are replies, by recipient where they
    differ. `hangs_up_after` so many letters it has taken without saying so."""

    taken: list[Envelope] = field(default_factory=list)
    at_mail: str = ""
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    hangs_up: int = 0
    silent: float | Callable[[], float] = 0.0
    """Seconds without a word after each letter."""
    answers: Event = field(default_factory=lambda: _set(Event()))
    """While this is not set, it says nothing of a letter that it has taken."""
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    helos: list[str] = field(default_factory=list)

    @property
    def letters(self) -> list[bytes]:
        return [each.content for each in self.taken if isinstance(each.content, bytes)]

    @property
    def recipients(self) -> list[str]:
        return [each.rcpt_tos[0] for each in self.taken]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.helos.append(hostname)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_mail:
            return self.at_mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.at_rcpt:
            return self.at_rcpt[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.at_data.get(envelope.rcpt_tos[0])
        if answer:
            return answer
        self.taken.append(envelope)
        if self.hangs_up:
            self.hangs_up -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        while not self.answers.is_set():
            await asyncio.sleep(0.01)
        if self.silent:
            await asyncio.sleep(self.silent() if callable(self.silent) else self.silent)
        return "250 taken"

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """As Google does it: a wrong token is answered by a challenge, and that by nothing."""
        self.tokens.append(b64decode(args[1]).decode())
        if "auth=Bearer good" in self.tokens[-1]:
            return AuthResult(success=True)
        await server.challenge_auth('{"status":"400"}')
        return AuthResult(success=False, handled=False)

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password in (b"right", "schlüssel".encode()), handled=False)


def _set(event: Event) -> Event:
    event.set()
    return event


class _AnyPort(Controller):
    """Listens at a port that the system chooses, and hangs up before it ends: a loop that stops closes no connection
    whose end it has yet to hear of."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self._sessions: list[SMTP] = []
        super().__init__(*args, **more)

    def factory(self) -> SMTP:
        session: SMTP = super().factory()
        self._sessions.append(session)
        return session

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(HANG)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.server.close()
        await asyncio.sleep(0)
        while lines := [each.transport for each in self._sessions if each.transport is not None]:
            for line in lines:
                assert isinstance(line, asyncio.Transport)
                line.abort()
            await asyncio.sleep(0)

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def listening(
    mailbox: Mailbox,
    tls: ssl.SSLContext | None = None,
    *,
    login: bool = False,
    from_the_start: bool = False,
    port: int = 0,
) -> Iterator[SmtpServer]:
    """With `tls` by STARTTLS, or from the start; at a port that the system chooses, or at this one."""
    more: dict[str, Any] = {"ssl_context" if from_the_start else "tls_context": tls} if tls else {}
    if login:
        more |= {
            "authenticator": mailbox.login,
            "auth_require_tls": bool(tls) and not from_the_start,
            "auth_required": True,
        }
    controller = _AnyPort(mailbox, hostname="127.0.0.1", port=port, server_hostname="mail.example", **more)
    controller.start()
    try:
        kind: Literal["tls", "starttls", "none"] = "none" if tls is None else "tls" if from_the_start else "starttls"
        yield SmtpServer("127.0.0.1", controller.port, kind, seconds=HANG)
    finally:
        controller.stop()
