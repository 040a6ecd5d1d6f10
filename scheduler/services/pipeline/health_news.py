"""The other letters of a health check: reminders to all who are asked, since nobody knows who has answered, each in the
thread of the letter with the link; what a round found, to the same roles of every side; and that one is skipped."""

import hashlib
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.record.health import HealthRound
from scheduler.render.health_findings import sentences
from scheduler.render.health_letter import PATH, AreaNews, HealthLetterText, HealthNews, headline_of, news_text
from scheduler.render.languages import say, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.wording import end_of_day_words
from scheduler.rules.calendar.business_hours import telling_time
from scheduler.rules.calendar.wall_clock import moment, zone
from scheduler.rules.health_checks.asked import asked
from scheduler.services.app import App
from scheduler.services.pipeline.digest_items import SENDER, means_of
from scheduler.services.pipeline.digest_letters import SENDER_NAME
from scheduler.services.pipeline.health_letters import closes_at, first_letter
from scheduler.services.pipeline.notifications import working_time_in
from scheduler.store import faults, health_checks, outbox
from scheduler.store.tables import LetterRow

_AS_NEWS = timedelta(days=14)
"""So long after the close its result may still leave."""


def remind(app: App, db: Connection, partnership: Partnership, round: HealthRound, today: date, now: datetime) -> bool:
    """Put the reminder of a civil date, or the last one before it, on its way to all who are asked, once; whether there
    was one. It is written on its day, so that none comes while the partnership is paused, and none to who has left."""
    day = max((each for each in reminder_days(round) if each <= today), default=None)
    if day is None or outbox.has_letter_of(db, round.partnership, _uid(round, "reminder", day)):
        return False
    people = [each.person for each in health_checks.asked_in(db, round.id) if each.person in partnership.people]
    there = (key for key in people if not partnership.people[key].has_left(today))
    found = (_letter(app, db, partnership, round, key, "reminder", day, now) for key in there)
    letters = [each for each in found if each]
    outbox.add(db, letters)
    return bool(letters)


def reminder_days(round: HealthRound) -> list[date]:
    """The civil dates, in the zone of a round, on which those who are asked are reminded of it."""
    days = (round.closes_on - timedelta(days=each) for each in round.terms.reminders)
    return [each for each in days if each > round.opens_on]


def _uid(round: HealthRound, kind: str, day: date) -> str:
    return f"{PATH}:{round.id}:{kind}:{day}"


def tell_result(app: App, db: Connection, partnership: Partnership, round: HealthRound, now: datetime) -> None:
    """Tell the roles that a round asks what it found, whoever fills them today."""
    today = round.closes_on + timedelta(days=1)
    people = [key for of_side in asked(round.terms, partnership, today).values() for key in of_side]
    letters = (_letter(app, db, partnership, round, key, "result", today, now) for key in people)
    outbox.add(db, [each for each in letters if each])


def tell_skipped(app: App, db: Connection, partnership: Partnership, round: HealthRound, now: datetime) -> None:
    """Tell the roles of every side that a round asks, or would have, that it is called off, by whom and why; but not
    whoever did it."""
    today = now.astimezone(zone(round.timezone)).date()
    people = [key for of_side in asked(round.terms, partnership, today).values() for key in of_side]
    told = (key for key in people if key != round.skipped_by)
    letters = (_letter(app, db, partnership, round, key, "skipped", today, now) for key in told)
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
    with speaking(manner_of(person, partnership.organisations, app.settings.manner)):
        name, text = say(SENDER_NAME), _text(app, partnership, round, key, kind)
    id = message_id(dedup, sender)
    thread = message_id(first_letter(round, key), sender)
    envelope = Envelope(sender, name, sender, person.email, header_text(person.name), text.subject, id, thread, now)
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
        uid=_uid(round, kind, day),
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
        letter=headline_of(partnership.name),
        page=f"{url}/partnerships/{round.partnership}/{PATH}" if url else None,
        contact=means_of(app.settings, partnership, key).contact,
        fewest=round.terms.fewest,
        areas=tuple(AreaNews(each.title, each.light.value, says) for each, says in found),
        by=partnership.name_of(round.skipped_by) if round.skipped_by else "",
        because=round.skipped_because or "",
        was_open=round.opened_at is not None,
    )
    return news_text(news, folders)
