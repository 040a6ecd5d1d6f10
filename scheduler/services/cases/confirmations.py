"""A code sent to the person whose word a link takes: what binds somebody is taken from them alone, not from whoever
the letter with the link was passed on to.

Eight digits, good for ten minutes, for one act and once. The letter with them leaves at once, whatever the hours of its
reader and their chat or digest say, over a connection of its own: it stands in no outbox, no folder and no log, so that
who can read those can confirm nothing. Where no mail server is set, or on a scratch copy, there are no codes.
"""

import hashlib
import hmac
import json
import os
import secrets as random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.errors import UserError
from scheduler.render.languages import say, sentence, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.templating import rendered
from scheduler.render.wording import clock_words, offset_words
from scheduler.services.app import App
from scheduler.services.pipeline.sending.at_once import hand_over, is_possible
from scheduler.store import confirmations, secrets
from scheduler.store.holding import take_turn
from scheduler.transports.delivery_errors import Refused

DIGITS = 8
GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES, WITHIN = 5, timedelta(hours=1)
"""So many codes a person is sent in an hour, so that nobody's mailbox is filled by whoever holds a link of theirs."""
SENDER_NAME = sentence("Partnership governance")
NO_CODES = UserError(
    "This cannot be confirmed here: no letter with a code can be sent, because no mail server is set",
    "ask whoever runs this program to record it for you",
)


class Act(NamedTuple):
    """What a person is about to do, as they are to confirm it: `key` names it with all that goes on record
    (`key_of`), `says` is in words, and both are what the code is good for."""

    partnership: Partnership
    person: str
    key: str
    says: str

    @property
    def email(self) -> str:
        return self.partnership.people[self.person].email


def key_of(about: str, *recorded: str | date | None) -> str:
    """The key of an act: what it is about, and a digest of every word that it puts on record, so that a code confirms
    these and no others."""
    said = json.dumps([None if each is None else str(each) for each in recorded])
    return f"{about}/{hashlib.sha256(said.encode()).hexdigest()[:32]}"


class CodeLetter(NamedTuple):
    """A letter with a code, ready to be sent; the code is on record under `id`."""

    id: int
    email: str
    content: bytes


class WrongCode(UserError):
    """What was typed is not the code, or the code is no longer good."""


def are_possible(app: App) -> bool:
    """Whether codes can be sent from here."""
    return is_possible(app)


def write_code(app: App, act: Act, now: datetime) -> CodeLetter:
    """Make a code for an act, which takes the place of the one before, and write the letter that brings it. Raises
    UserError where no codes are sent, or this person was sent too many."""
    if not are_possible(app):
        raise NO_CODES
    code = f"{random.randbelow(10**DIGITS):0{DIGITS}}"
    with app.store.write() as db:
        take_turn(db, f"codes of {act.email.casefold()}")
        if confirmations.asked_within(db, act.email, now, WITHIN) >= MOST_CODES:
            what = f"{MOST_CODES} codes were asked for within an hour"
            raise UserError(what, "use the last one, or wait an hour before you ask again")
        made = _hash(secrets.signing_key(db, now), act, code)
        id = confirmations.add(db, act.partnership.partnership, act.email, act.key, made, now, now + GOOD_FOR)
    return CodeLetter(id, act.email, _letter(app, act, code, now))


def send(app: App, letter: CodeLetter, environ: Mapping[str, str] = os.environ) -> None:
    """Hand the letter to the mail server, now. Raises UserError where it is not taken; its code is good for nothing
    then."""
    try:
        hand_over(app, letter.email, letter.content, environ)
    except UserError as failed:
        raise _not_sent(app, letter, failed) from None
    app.log.info("confirmation.sent", to=letter.email)


def _not_sent(app: App, letter: CodeLetter, failed: UserError) -> UserError:
    with app.store.write() as db:
        confirmations.withdraw(db, letter.id)
    app.log.warning("confirmation.not_sent", to=letter.email, what=failed.what)
    later = "" if isinstance(failed, Refused) else "try again in some minutes, or "
    return UserError("The mail server did not take the letter with the code", f"{later}ask your alliance manager")


@contextmanager
def confirmed(app: App, act: Act, code: str, now: datetime) -> Iterator[None]:
    """Spend the code on what is done within; where that fails, the code is as good as before. Raises WrongCode."""
    id = _spent(app, act, "".join(code.split()), now)
    try:
        yield
    except BaseException:
        with app.store.write() as db:
            confirmations.give_back(db, id)
        raise


def _spent(app: App, act: Act, code: str, now: datetime) -> int:
    with app.store.write() as db:
        last = confirmations.last(db, act.email, act.key, to_try=True)
        if last is None or last.used_at or not last.created_at <= now < last.expires_at:
            raise WrongCode("The code is no longer good, or was for something else", "ask for a new one")
        if last.tries >= MOST_TRIES:
            raise WrongCode(f"{MOST_TRIES} codes that were not it have been typed", "ask for a new one")
        if any(hmac.compare_digest(last.code_hash, each) for each in _hashes(db, act, code)):
            if not confirmations.spend(db, last.id, now):
                raise WrongCode("The code was used before", "ask for a new one")
            return last.id
        confirmations.note_try(db, last.id)
    raise WrongCode("This is not the code that was sent", "type the eight digits of the last letter")


def _hashes(db: Connection, act: Act, code: str) -> list[str]:
    """As it is on record: a code outlives the key that was in force when it was sent."""
    return [_hash(key, act, code) for key in secrets.verifying_keys(db)]


def _hash(key: str, act: Act, code: str) -> str:
    """Keyed, or eight digits would be found by trying them all."""
    said = "\n".join((act.partnership.partnership, act.email.casefold(), act.key, act.says, code))
    return hmac.new(key.encode(), f"confirmation\n{said}".encode(), hashlib.sha256).hexdigest()


def _letter(app: App, act: Act, code: str, now: datetime) -> bytes:
    """Raises UserError where it cannot stand in a mail."""
    person, partnership = act.partnership.people[act.person], act.partnership
    with speaking(manner_of(person, partnership.organisations, app.settings.manner)):
        return _in_their_language(app, act, code, now)


def _in_their_language(app: App, act: Act, code: str, now: datetime) -> bytes:
    person, partnership = act.partnership.people[act.person], act.partnership
    until = (now + GOOD_FOR).astimezone(zone_of(person, partnership.organisations, partnership.zone))
    words = {
        "code": f"{code[: DIGITS // 2]} {code[DIGITS // 2 :]}",
        "says": act.says,
        "partnership": partnership.name,
        "reader": person.name,
        "until": f"{clock_words(until)} ({offset_words(until)})",
    }
    folders, sender = app.settings.template_folders, app.settings.mail.sender or ""
    plain, html = (rendered(f"mail/code.{kind}.j2", folders, **words) for kind in ("txt", "html"))
    if fault := plain.fault or html.fault:
        app.log.error("template.failed", template="mail/code", fault=fault)
    id = message_id(random.token_hex(16), sender)
    subject = header_text(say("Your code for %(partnership)s", partnership=partnership.name))
    envelope = Envelope(
        sender, say(SENDER_NAME), sender, person.email, header_text(person.name), subject, id, None, now
    )
    try:
        return plain_mail(envelope, plain.text, html.text)
    except Unsendable as fault:
        raise UserError(fault.what, fault.hint) from None
