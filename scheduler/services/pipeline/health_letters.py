"""The letters of a health check on their way, one to each who is asked.

The link in them is made as late as can be: what waits in the outbox has no token. One is drawn as the letter leaves,
only its hash is put on record, and the bytes with it go to the mail server and nowhere else here. So no copy of the
database, of whatever hour, opens anybody's form or tells who has used theirs. A letter that goes out again, since
nobody knows whether it arrived, has another token, and both are good; otherwise the last one is.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.record.health import HealthRound
from scheduler.render.health_letter import PATH, TOKEN_PLACE, HealthLetter, HealthLetterText, text_of, with_token
from scheduler.render.languages import say, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.signed_links import person_seal
from scheduler.render.wording import end_of_day_words
from scheduler.rules.calendar.business_hours import telling_time
from scheduler.rules.calendar.wall_clock import moment
from scheduler.services.app import App
from scheduler.services.pipeline.digest_items import SENDER, means_of
from scheduler.services.pipeline.digest_letters import SENDER_NAME
from scheduler.services.pipeline.notifications import working_time_in
from scheduler.store import faults, health_checks, outbox, partnerships
from scheduler.store.health_checks import AskedPerson, LinkHolder
from scheduler.store.link_revocations import revocations
from scheduler.store.tables import LetterRow

TEMPLATE = "template:mail/health"
"""The fault of the operator's own template."""


def send(
    app: App,
    db: Connection,
    partnership: Partnership,
    round: HealthRound,
    asked: Iterable[AskedPerson],
    now: datetime,
) -> int:
    """Put the letters of a round into the outbox, each to leave in its reader's working hours; return how many. A
    second one to somebody takes the place of the first, where that has not left."""
    letters = [row for each in asked if (row := _letter(app, db, partnership, round, each, now))]
    outbox.add(db, letters)
    return len(letters)


def closes_at(round: HealthRound) -> datetime:
    """The moment, in UTC, from which on nothing can be answered any more."""
    return moment(round.closes_on + timedelta(days=1), time(), round.timezone).astimezone(UTC)


def _letter(
    app: App, db: Connection, partnership: Partnership, round: HealthRound, asked: AskedPerson, now: datetime
) -> LetterRow | None:
    """None where it cannot be written, a fault on record."""
    person, sender = partnership.people[asked.person], app.settings.mail.sender or SENDER
    dedup = _key(round, asked.person, asked.letters)
    with speaking(manner_of(person, partnership.organisations, app.settings.manner)):
        name, text = say(SENDER_NAME), _text(app, db, partnership, round, asked, now)
    id = message_id(dedup, sender)
    envelope = Envelope(sender, name, sender, person.email, header_text(person.name), text.subject, id, None, now)
    try:
        content = plain_mail(envelope, text.plain, text.html)
    except Unsendable as fault:
        app.log.error("letter.unsendable", to=person.email, what=fault.what)
        faults.note(db, f"letter:{person.email.casefold()}", fault.what, fault.hint, now)
        return None
    return LetterRow(
        dedup_key=dedup,
        partnership=round.partnership,
        subject=round.id,
        uid=f"{PATH}:{round.id}",
        instance="",
        sequence=asked.letters,
        method=outbox.HEALTH,
        email=person.email,
        title=text.subject,
        sender=sender,
        message_id=id,
        created_at=now,
        due_at=telling_time(working_time_in(partnership, asked.person), now, by=round.closes_on),
        expires_at=closes_at(round),
        content=content,
    )


def _key(round: HealthRound, person: str, number: int) -> str:
    return hashlib.sha256(f"health\n{round.id}\n{person}\n{number}".encode()).hexdigest()


def first_letter(round: HealthRound, person: str) -> str:
    """The key of the letter that asked somebody first: reminders follow it in its thread."""
    return _key(round, person, 1)


def _text(
    app: App, db: Connection, partnership: Partnership, round: HealthRound, asked: AskedPerson, now: datetime
) -> HealthLetterText:
    person = partnership.people[asked.person]
    here = zone_of(person, partnership.organisations, partnership.zone).key
    letter = HealthLetter(
        reader=person.name,
        name=partnership.name,
        side=partnership.organisations[asked.side].name,
        period=round.period,
        because=round.because,
        rated=sum(len(area.questions) for area in round.terms.areas),
        in_words=len(round.terms.in_words),
        until=end_of_day_words(round.closes_on, round.timezone, here),
        fewest=round.terms.fewest,
        link=f"{app.settings.web.url}/{PATH}/{TOKEN_PLACE}",
        is_again=asked.letters > 1,
    )
    text = text_of(letter, means_of(app.settings, partnership, asked.person), app.settings.template_folders)
    if text.fault:
        app.log.error("template.failed", round=round.id, fault=text.fault)
        faults.note(db, TEMPLATE, text.fault, "correct it, or delete it to use the shipped one", now)
    elif faults.stands(db, TEMPLATE):
        faults.clear(db, TEMPLATE)
    return text


def as_it_leaves(app: App, letter: LetterRow, now: datetime) -> LetterRow | None:
    """A letter of a health check with a link that is good; None where its round is over, or its reader is asked no
    more. A letter of any other kind as it is."""
    if letter.method != outbox.HEALTH:
        return letter
    token = health_checks.new_secret()
    with app.store.write(letter.partnership) as db:
        holder = _holder(app, db, letter, now)
        if holder is None:
            return None
        is_first = letter.transmitting_at is None
        health_checks.give_token(db, token, letter.partnership, holder, replaces=is_first)
    return letter.model_copy(update={"content": with_token(letter.content, token)})


def _holder(app: App, db: Connection, letter: LetterRow, now: datetime) -> LinkHolder | None:
    row = partnerships.get(db, letter.partnership)
    if row is None:
        return None
    partnership = app.in_force(row).as_of(now)
    known = {each.id: each for each in health_checks.recorded(db, row.id)}
    round = known.get(letter.subject)
    if round is None or not round.is_open or now >= closes_at(round):
        return None
    for each in health_checks.asked_in(db, round.id):
        person = partnership.people.get(each.person)
        if person and person.email.casefold() == letter.email.casefold() and person.of == each.side:
            revoked = revocations(db, row.id).of(person.email)
            return LinkHolder(round.id, each.person, each.side, person_seal(person.email, person.of, revoked))
    return None
