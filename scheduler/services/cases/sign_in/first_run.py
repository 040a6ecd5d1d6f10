"""The link that a first run prints on its terminal: it signs the operator in, so that a newcomer sees pages in the
first minute.

It is good for ten minutes and once, on this machine alone, while nothing leads here from outside: no `public_url`, and
what listens is loopback. It stands in no log.
"""

from datetime import datetime
from urllib.parse import urlsplit

from scheduler.rules.identity import NotLetIn
from scheduler.services.app import App
from scheduler.services.cases.sessions import SignedIn, open_session
from scheduler.services.viewer import Viewer
from scheduler.settings import Settings
from scheduler.settings.signing_in import is_loopback
from scheduler.store import sign_ins
from scheduler.store.subscriptions import hashed

from .entry import FIRST_RUN, begin, is_good

OPERATOR = Viewer("operator", "The operator", "UTC", {}, is_operator=True)
"""Whoever started the program here; no address is known of them."""


def is_possible(settings: Settings) -> bool:
    """Whether nothing but this machine leads to the pages."""
    web = settings.web
    return web.public_url is None and web.address is not None and is_loopback(web.address[0])


def first_run_link(app: App, now: datetime, port: int | None = None) -> str | None:
    """A link that signs the operator in; None where the pages can be reached from elsewhere. `port` is the one that is
    listened at, where the settings leave that open. Whoever prints it does so on a terminal and nowhere else. Raises
    StoreError."""
    if not is_possible(app.settings):
        return None
    _, secret = begin(app, FIRST_RUN, None, now)
    parts = urlsplit(app.settings.web.url)
    host = f"{parts.netloc.rpartition(':')[0]}:{port}" if port else parts.netloc
    return f"http://{host}/sign-in/first/{secret}"


def open_pages(app: App, secret: str, browser: str | None, now: datetime) -> SignedIn:
    """Sign the operator in by such a link. Raises NotLetIn, StoreError."""
    with app.store.write() as db:
        found = sign_ins.of_secret(db, hashed(secret))
        is_one = is_possible(app.settings) and found is not None and is_good(found, FIRST_RUN, now)
        if found is None or not is_one or not sign_ins.use(db, found.id, now):
            raise NotLetIn("The link is no longer good", "start cadence again, on a terminal: it prints another one")
    signed_in = open_session(app, OPERATOR.email, FIRST_RUN, browser, now)
    app.log.info("sign_in.done", way=FIRST_RUN, email=OPERATOR.email, session=signed_in.session.id)
    return signed_in
