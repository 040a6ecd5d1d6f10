"""Signing in by a letter: a link that opens a page with one button, and eight digits; for whoever has neither a proxy
nor a provider.

Both sign in the browser alone in which the address was typed in. So a link that a scanner opens, that is forwarded or
that somebody asked for in another's name lets nobody in; on another device the digits are read off and typed in there.
An address that nobody has here is answered in the same way, in the same time: whose it is, is looked up after the
answer. The letter stands in no outbox, no folder and no log.
"""

import hashlib
import hmac
import os
import secrets as random
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.errors import UserError
from scheduler.render.languages import say, sentence, speaking
from scheduler.render.mime import Envelope, header_text, message_id, plain_mail
from scheduler.render.templating import rendered
from scheduler.render.wording import clock_words, offset_words
from scheduler.rules.identity import NotLetIn
from scheduler.services.app import App
from scheduler.services.pipeline.sending import at_once
from scheduler.services.viewer import manner, viewer
from scheduler.store import secrets, sessions, sign_ins
from scheduler.store.holding import take_turn
from scheduler.store.sign_ins import SignInAttempt
from scheduler.store.subscriptions import hashed

from .entry import GOOD_FOR, MAIL, begin, is_good

DIGITS = 8
MOST_TRIES = 5
MOST_LETTERS, WITHIN = 5, timedelta(hours=1)
"""So many letters go to an address in an hour, and so many more if they are asked for in a browser in which its person
was signed in before: a stranger who asks without end does not use those up. With five tries each, eight digits are
found once in 200 years."""
SENDER_NAME = sentence("Partnership governance")
_NO_MORE = NotLetIn("The code is no longer good", "ask for a new letter")
_WAITED = NotLetIn("The link is no longer good", "ask for a new letter")


class LinkRequest(NamedTuple):
    """A letter that was asked for: the sign-in's number, the address as it was typed in, the secret for the link, and
    that of the last session in the browser that asks."""

    id: int
    email: str
    secret: str
    former: str | None


class SignInLetter(NamedTuple):
    email: str
    content: bytes


def is_possible(app: App) -> bool:
    """Whether letters with links are sent: links lead to `public_url`, and the session's cookie would travel there."""
    web = app.settings.web
    return web.sign_in.mail_link and web.is_private and at_once.is_possible(app)


def ask(app: App, email: str, browser: str, back: str | None, now: datetime, former: str | None = None) -> LinkRequest:
    """Begin to sign in by a letter, whoever's address it is; `former` is the secret of the last session in the browser.
    Raises TooMany, StoreError."""
    address = email.casefold()
    id, secret = begin(app, MAIL, browser, now, email=address, back=back)
    return LinkRequest(id, address, secret, former)


def letter(app: App, asked: LinkRequest, now: datetime) -> SignInLetter | None:
    """The letter that was asked for; None where nobody here has the address, or enough letters went there. Either way
    the same is done, but for what is kept. Raises StoreError."""
    code = f"{random.randbelow(10**DIGITS):0{DIGITS}}"
    with app.store.write() as db:
        take_turn(db, f"sign-ins of {asked.email}")
        known = viewer(app, db, asked.email, now)
        most = MOST_LETTERS * 2 if _was_here(db, asked) else MOST_LETTERS
        enough = sign_ins.letters_within(db, asked.email, now, WITHIN) >= most
        name, zone = (known.name, known.zone) if known else (asked.email, "UTC")
        with speaking(manner(app, db, known)):
            content = _content(app, asked, code, name, zone, now)
        is_sent = known is not None and not enough
        sign_ins.has_letter(db, asked.id, _hash(secrets.signing_key(db, now), asked.id, code) if is_sent else None)
    if is_sent:
        return SignInLetter(asked.email, content)
    app.log.info("sign_in.no_letter", why="enough letters went there" if known else "nobody here has the address")
    return None


def _was_here(db: Connection, asked: LinkRequest) -> bool:
    """Whether the last session in the browser that asks was one of the same address; it may have ended."""
    session = sessions.find(db, hashed(asked.former or ""))
    return session is not None and session.email == asked.email


def send(app: App, letter: SignInLetter, environ: Mapping[str, str] = os.environ) -> None:
    """Hand it to the mail server, now. What fails goes to the log: nobody waits for it any more."""
    try:
        at_once.hand_over(app, letter.email, letter.content, environ)
    except UserError as failed:
        app.log.warning("sign_in.letter_not_sent", to=letter.email, what=failed.what)
        return
    app.log.info("sign_in.letter_sent", to=letter.email)


def is_of_browser(db: Connection, secret: str, browser: str | None, now: datetime) -> bool:
    """Whether a link was asked for in this browser. Raises NotLetIn where it is good for nobody any more."""
    if not is_good(sign_ins.of_secret(db, hashed(secret)), MAIL, now):
        raise _WAITED
    return bool(browser) and is_good(sign_ins.of_browser(db, hashed(secret), hashed(browser or "")), MAIL, now)


def by_link(app: App, secret: str, browser: str, now: datetime) -> SignInAttempt:
    """Go through with the sign-in of a link, in the browser that asked for it. Raises NotLetIn, StoreError."""
    with app.store.write() as db:
        found = sign_ins.of_browser(db, hashed(secret), hashed(browser))
        if found is None or not found.code_hash or not is_good(found, MAIL, now) or not sign_ins.use(db, found.id, now):
            raise _WAITED
    return found


def by_code(app: App, code: str, browser: str, now: datetime) -> SignInAttempt:
    """Go through with the last sign-in that a browser has begun, by the digits of its letter. Raises NotLetIn,
    StoreError."""
    typed = "".join(code.split())
    with app.store.write() as db:
        found = sign_ins.last_of_browser(db, MAIL, hashed(browser), to_try=True)
        if found is None or not is_good(found, MAIL, now) or found.tries >= MOST_TRIES:
            raise _NO_MORE
        hashes = [_hash(key, found.id, typed) for key in secrets.verifying_keys(db)]
        is_it = any(hmac.compare_digest(found.code_hash or "", each) for each in hashes)
        if is_it and sign_ins.use(db, found.id, now):
            return found
        sign_ins.note_try(db, found.id)
    app.log.warning("sign_in.refused", way=MAIL, why="another code was typed", tries=found.tries + 1)
    raise NotLetIn("This is not the code that was sent", "type the eight digits of the last letter")


def _hash(key: str, id: int, code: str) -> str:
    """Keyed, or eight digits would be found by trying them all."""
    said = f"sign-in\n{id}\n{code}".encode()
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()


def _content(app: App, asked: LinkRequest, code: str, name: str, zone: str, now: datetime) -> bytes:
    until, url, sender = (
        (now + GOOD_FOR).astimezone(ZoneInfo(zone)),
        app.settings.web.url,
        app.settings.mail.sender or "",
    )
    words = {
        "code": f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}",
        "link": f"{url}/sign-in/mail/{asked.secret}",
        "host": urlsplit(url).netloc,
        "reader": name,
        "until": f"{clock_words(until)} ({offset_words(until)})",
    }
    plain, html = (
        rendered(f"mail/sign_in.{kind}.j2", app.settings.template_folders, **words) for kind in ("txt", "html")
    )
    if fault := plain.fault or html.fault:
        app.log.error("template.failed", template="mail/sign_in", fault=fault)
    id, subject = message_id(random.token_hex(16), sender), header_text(say("Sign in to %(host)s", host=words["host"]))
    envelope = Envelope(sender, say(SENDER_NAME), sender, asked.email, header_text(name), subject, id, None, now)
    return plain_mail(envelope, plain.text, html.text)
