"""What all ways in share: a sign-in is begun in a browser, which keeps a secret meanwhile, and gone through with once,
in that browser, within ten minutes; then its person is let in, if they are somebody here.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.rules.identity import NotLetIn
from scheduler.services.app import App
from scheduler.services.cases.sessions import SignedIn, open_session
from scheduler.services.viewer import viewer
from scheduler.store import sessions, sign_ins
from scheduler.store.sign_ins import SignInAttempt
from scheduler.store.subscriptions import hashed, new_token

GOOD_FOR = timedelta(minutes=10)
MOST_UNDER_WAY = 5000
"""So many sign-ins are under way at once, so that whoever asks without end fills no disk; nginx in front lets an
address begin 3,000 in the ten minutes that each takes at the most."""
MAIL, PROXY, FIRST_RUN, OPENID = "mail", "proxy", "first run", "openid"
"""The ways in, as sessions have them; behind the last stands which provider."""


class TooMany(UserError):
    """More sign-ins are under way than are taken."""


def begin(
    app: App, way: str, browser: str | None, now: datetime, *, email: str | None = None, back: str | None = None
) -> tuple[int, str]:
    """Begin to sign in with a browser (None: with any), which keeps the secret `browser`; `back` is the page that was
    asked for. Return the number and the secret by which it goes on. Raises TooMany, StoreError."""
    secret = new_token()
    with app.store.write() as db:
        if sign_ins.under_way(db, now) >= MOST_UNDER_WAY:
            raise TooMany("Too many sign-ins are under way", "try again in ten minutes")
        kept = hashed(browser) if browser else None
        id = sign_ins.add(db, way, hashed(secret), kept, now, now + GOOD_FOR, email=email, back=back)
    return id, secret


def is_good(found: SignInAttempt | None, way: str, now: datetime) -> bool:
    """Whether a sign-in can still be gone through with, by this way."""
    return found is not None and found.way == way and not found.used_at and found.created_at <= now < found.expires_at


def is_vouched_for(way: str) -> bool:
    """Whether somebody's own company says, at its proxy or its provider, who they are: that is more than a code by mail
    would show."""
    return way == PROXY or way.startswith(f"{OPENID} ")


def let_in(app: App, email: str, way: str, browser: str | None, now: datetime, former: str | None = None) -> SignedIn:
    """Open a session for whoever has proved that an address is theirs; `browser` is what theirs calls itself, `former`
    the secret of a session in it, which ends. Raises NotLetIn for an address that nobody has here."""
    with app.store.read() as db:
        known = viewer(app, db, email, now)
    if known is None:
        app.log.warning("sign_in.refused", way=way, email=email, why="nobody here has this address")
        raise NotLetIn(
            f"No partnership knows {email}", "ask your alliance manager which address of yours stands in the definition"
        )
    if former:
        with app.store.write() as db:
            _end(db, former, now)
    signed_in = open_session(app, known.email, way, browser, now)
    app.log.info("sign_in.done", way=way, email=known.email, session=signed_in.session.id)
    return signed_in


def _end(db: Connection, former: str, now: datetime) -> None:
    if session := sessions.find(db, hashed(former)):
        sessions.end(db, now, id=session.id)
