"""Who asks: the session of the browser's cookie, and what its person may see now. Somebody who has left since they
signed in is out at once, since what they are is looked up at each request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection
from starlette.requests import Request

from scheduler.services.app import App
from scheduler.services.cases import sessions
from scheduler.services.cases.sessions import SignedIn
from scheduler.services.viewer import Viewer, viewer
from scheduler.settings import Settings

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class Entrant:
    """Somebody who is signed in, with the session of their browser."""

    viewer: Viewer
    signed_in: SignedIn


def entrant(app: App, db: Connection, now: datetime, cookies: Mapping[str, str]) -> Entrant | None:
    """Who a browser is of; None for one that is not signed in, or whose person is nobody here any more."""
    token = cookies.get(cookie_name(app.settings))
    signed_in = sessions.in_force(db, token, now) if token else None
    known = viewer(app, db, signed_in.session.email, now) if signed_in else None
    return Entrant(known, signed_in) if signed_in and known else None


def cookie_name(settings: Settings) -> str:
    """Where pages are reached by TLS, the browser takes the cookie from this host alone and sends it by TLS alone."""
    return "__Host-cadence" if is_secure(settings) else "cadence"


def cookie(settings: Settings, token: str) -> dict[str, object]:
    """A session's cookie, as `Response.set_cookie` wants it. The browser lets go of it when it is closed; how long the
    session lives, the record says."""
    return {
        "key": cookie_name(settings),
        "value": token,
        "path": "/",
        "httponly": True,
        "secure": is_secure(settings),
        "samesite": "lax",
    }


def is_secure(settings: Settings) -> bool:
    return (settings.web.public_url or "").startswith("https://")


def is_own_host(request: Request, settings: Settings) -> bool:
    """Whether a request names one of the hosts that pages are served for: that of `public_url`; while there is none,
    this machine itself."""
    host = request.headers.get("host", "").lower()
    url = settings.web.public_url
    return host == urlsplit(url).netloc.lower() if url else host.rpartition(":")[0] in _LOOPBACK or host in _LOOPBACK
