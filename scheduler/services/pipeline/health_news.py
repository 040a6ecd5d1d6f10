"""The other letters of a health check: reminders to all who are asked, since nobody knows who has answered, each in the
thread of the letter with the link; and what a round found, to the same roles of every side."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.record.health import HealthRound
from scheduler.render.health_findings import sentences
from scheduler.render.health_letter import PATH, AreaNews, HealthLetterText, HealthNews, news_text
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.wording import end_of_day_words
from scheduler.rules.calendar.business_hours import telling_time
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.health_checks.asked import asked
from scheduler.services.app import App
from scheduler.services.pipeline.digest_items import SENDER, means_of
from scheduler.services.pipeline.digest_letters import SENDER_NAME
from scheduler.services.pipeline.health_letters import closes_at, first_letter
from scheduler.services.pipeline.notifications import working_time_in
from scheduler.store import faults, outbox
from scheduler.store.health_checks import AskedPerson
from scheduler.store.tables import LetterRow

_AS_NEWS = timedelta(days=14)
"""So long after the close its result may still leave."""


def remind(
    app: App, db: Connection, partnership: Partnership, round: HealthRound, people: Iterable[AskedPerson], now: datetime
) -> None:
    """Put the reminders of a round into the outbox as it opens, each to leave on its day; they go when it is over."""
    days = [round.closes_on - timedelta(days=each) for each in round.terms.reminders]
    letters = [
        _letter(app, db, partnership, round, each.person, "reminder", day, now)
        for day in days
        if day > round.opens_on
        for each in people
    ]
    outbox.add(db, [each for each in letters if each])


def tell_result(app: App, db: Connection, partnership: Partnership, round: HealthRound, now: datetime) -> None:
    """Tell the roles that a round asks what it found, whoever fills them today."""
    today = round.closes_on + timedelta(days=1)
    people = [key for of_side in asked(round.terms, partnership, today).values() for key in of_side]
    letters = (_letter(app, db, partnership, round, key, "result", today, now) for key in people)
    outbox.add(db, [each for each in letters if each])


def _letter(
    app: App,
    db: Connection,
    partnership: Partnership,
    round: HealthRound,
    key: str,
    kind: str,
    day: date,
    now: datetime,
) -> LetterRow | None:
    """None where it cannot be written, a fault on record."""
    person, sender = partnership.people[key], app.settings.mail.sender or SENDER
    dedup = hashlib.sha256(f"health {kind}\n{round.id}\n{key}\n{day}".encode()).hexdigest()
    text, id = _text(app, partnership, round, key, kind), message_id(dedup, sender)
    thread = message_id(first_letter(round, key), sender)
    envelope = Envelope(
        sender, SENDER_NAME, sender, person.email, header_text(person.name), text.subject, id, thread, now
    )
    try:
        content = plain_mail(envelope, text.plain, text.html)
    except Unsendable as fault:
        faults.note(db, f"letter:{person.email.casefold()}", fault.what, fault.hint, now)
        return None
    at = max(now, moment(day, time(), round.timezone))
    expires = closes_at(round) if kind == "reminder" else now + _AS_NEWS
    return LetterRow(
        dedup_key=dedup,
        partnership=round.partnership,
        subject=round.id,
        uid=f"{PATH}:{round.id}:{kind}:{day}",
        instance="",
        sequence=0,
        method=outbox.HEALTH_NEWS,
        email=person.email,
        title=text.subject,
        sender=sender,
        message_id=id,
        created_at=now,
        due_at=telling_time(working_time_in(partnership, key), at, by=round.closes_on if kind == "reminder" else None),
        expires_at=expires,
        content=content,
    )


def _text(app: App, partnership: Partnership, round: HealthRound, key: str, kind: str) -> HealthLetterText:
    person, folders = partnership.people[key], app.settings.template_folders
    here = zone_of(person, partnership.organisations, partnership.zone).key
    names = {side: each.name for side, each in partnership.organisations.items()}
    found = sentences(round, names, folders) if kind == "result" else []
    url = app.settings.web.reachable_url
    news = HealthNews(
        kind=kind,
        reader=person.name,
        name=partnership.name,
        period=round.period,
        until=end_of_day_words(round.closes_on, round.timezone, here),
        letter=f"Health check of {partnership.name}: five minutes, without your name",
        page=f"{url}/partnerships/{round.partnership}/{PATH}" if url else None,
        contact=means_of(app.settings, partnership, key).contact,
        fewest=round.terms.fewest,
        areas=tuple(AreaNews(each.title, each.light.value, says) for each, says in found),
    )
    return news_text(news, folders)
