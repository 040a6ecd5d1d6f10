"""What only the network can say: whether the mail server lets us in, and where the public address leads."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from scheduler.domain.errors import UserError
from scheduler.services.pipeline.sending.transports import server
from scheduler.settings import Settings
from scheduler.transports.interrupt import Interrupt
from scheduler.transports.smtp import connected

from .check import Check, good, to_do, wrong

_SECONDS = 10
_RENEWED = timedelta(days=14)
"""Who renews certificates by themselves does so some weeks before their end."""


def reached(settings: Settings, environ: Mapping[str, str], now: datetime) -> Iterator[Check]:
    """The mail server, then the public address; what the settings do not have is not called."""
    if settings.mail.host:
        yield _mail(settings, environ)
    if settings.web.reachable_url:
        yield _web(settings.web.reachable_url, now)


def _mail(settings: Settings, environ: Mapping[str, str]) -> Check:
    mail = settings.mail
    where = f"{mail.host}:{mail.server_port}"
    try:
        with connected(server(mail, environ), Interrupt()):
            pass
    except UserError as error:
        return wrong("mail server", f"{where} is not reached: {error.what}", "check mail: in the settings")
    login = f", and takes the login of {mail.user}" if mail.user else ""
    return good("mail server", f"{where} answers{login}; cadence mail test --to YOU sends a letter")


def _web(url: str, now: datetime) -> Check:
    parts = urlsplit(url)
    is_tls, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if is_tls else 80)
    context = ssl.create_default_context()
    connection = (
        HTTPSConnection(host, port, timeout=_SECONDS, context=context)
        if is_tls
        else HTTPConnection(host, port, timeout=_SECONDS)
    )
    try:
        connection.connect()
        until = _certificate_until(connection.sock) if is_tls else None
        connection.request("GET", f"{parts.path}/", headers={"User-Agent": "cadence"})
        with closing(connection.getresponse()) as answer:
            status = answer.status
    except ssl.SSLCertVerificationError as error:
        return wrong(
            "public address",
            f"the certificate of {url} is not to be trusted: {error.verify_message}",
            "renew it, or correct web.public_url",
        )
    except (OSError, HTTPException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        return wrong(
            "public address", f"{url} does not answer from here: {why}", "see to the proxy before it: docs/nginx.md"
        )
    finally:
        connection.close()
    if status >= 500:
        return wrong("public address", f"{url} answers {status}", "is the daemon running where the proxy looks for it?")
    if until and until - now < _RENEWED:
        return to_do("public address", f"the certificate of {url} ends on {until:%Y-%m-%d}", "renew it")
    ends = f"; its certificate is good until {until:%Y-%m-%d}" if until else ""
    return good("public address", f"{url} answers{ends}")


def _certificate_until(sock: socket.socket) -> datetime | None:
    found = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    until = found.get("notAfter") if found else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(until)), UTC) if until else None
