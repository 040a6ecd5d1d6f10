"""Who asks: the session of the browser's cookie, and what its person may see now. Somebody who has left since they
signed in is out at once, since what they are is looked up at each request; so is what a proxy says of them, where that
was their way in."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from scheduler.domain.manner import Manner
from scheduler.services.app import App
from scheduler.services.cases import sessions
from scheduler.services.cases.sessions import SignedIn
from scheduler.services.cases.sign_in import first_run
from scheduler.services.cases.sign_in.entry import FIRST_RUN, PROXY
from scheduler.services.viewer import Viewer, manner, viewer
from scheduler.settings import Settings
from scheduler.settings.signing_in import is_loopback
from scheduler.store.sessions import Session
from scheduler.web.security import is_passed_on

from .sign_in import proxy

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Entrant:
    """Somebody who is signed in, with the session of their browser, and how they are written to."""

    viewer: Viewer
    signed_in: SignedIn
    manner: Manner


def entrant(app: App, db: Connection, now: datetime, request: Request) -> Entrant | None:
    """Who a browser is of; None for one that is not signed in, or whose person is nobody here any more."""
    token = request.cookies.get(cookie_name(app.settings))
    signed_in = sessions.in_force(db, token, now) if token else None
    if signed_in is None or not _holds(signed_in.session, request, app.settings):
        return None
    is_first = signed_in.session.way == FIRST_RUN
    known = first_run.OPERATOR if is_first else viewer(app, db, signed_in.session.email, now)
    return Entrant(known, signed_in, manner(app, db, known)) if known else None


def _holds(session: Session, request: Request, settings: Settings) -> bool:
    """Whether its way in would still let this session in: a proxy says at each request who asks."""
    said = proxy.address_of(request, settings)
    if session.way == FIRST_RUN:
        return said is None and is_on_this_machine(request, settings)
    return said == session.email if session.way == PROXY else said in (None, session.email)


def is_on_this_machine(request: Request, settings: Settings) -> bool:
    """Whether somebody on this machine asks, without a proxy between, where nothing leads here from outside."""
    peer = request.client.host if request.client else ""
    return first_run.is_possible(settings) and is_loopback(peer) and not is_passed_on(request.headers)


def cookie_name(settings: Settings) -> str:
    """Where pages are reached by TLS, the browser takes the cookie from this host alone and sends it by TLS alone."""
    return "__Host-cadence" if is_secure(settings) else "cadence"


def keep(response: Response, settings: Settings, name: str, value: str, seconds: int | None = None) -> None:
    """Let the browser keep a cookie, for so long; without `seconds` until it is closed. No script reads it, and another
    site's form does not bring it."""
    secure = is_secure(settings)
    response.set_cookie(name, value, seconds, path="/", secure=secure, httponly=True, samesite="lax")


def is_secure(settings: Settings) -> bool:
    return (settings.web.public_url or "").startswith("https://")


def is_own_host(request: Request, settings: Settings) -> bool:
    """Whether a request names one of the hosts that pages are served for: that of `public_url`, or one of `hosts`;
    while there is no `public_url`, this machine itself."""
    host = request.headers.get("host", "").lower()
    url = settings.web.public_url
    if host.partition(":")[0] in settings.web.hosts:
        return True
    return host == urlsplit(url).netloc.lower() if url else host.rpartition(":")[0] in _LOOPBACK or host in _LOOPBACK
