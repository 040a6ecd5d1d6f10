"""What waits to be told, as letters: one to a person and a day, over all partnerships, in their working hours.

A letter is put into the outbox in the transaction that marks its notices as told. One that could not leave yet is
replaced by the next day's, which says all that it said: after days without a mail server nobody gets a pile.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.domain.definition.people import Person
from scheduler.domain.ids import KpiId
from scheduler.domain.record.notification import SETTLED
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.notifications.chat import body
from scheduler.render.notifications.digest import Digest, headline, message_of, text_of
from scheduler.render.notifications.sentences import FOLDER
from scheduler.rules.access import Audience, may_be_said, may_learn
from scheduler.rules.calendar.business_hours import put_off, telling_time
from scheduler.rules.kpis.ladder import free_from
from scheduler.services.app import App
from scheduler.services.failures import noted
from scheduler.services.pipeline.digest_items import SENDER, Writer, chapters
from scheduler.services.pipeline.notifications import breaks_digest, desk_in, internal_to, matter_of
from scheduler.services.pipeline.personal_items import MaySay, is_of, owed_of
from scheduler.services.pipeline.sending.routing import Reach, reach
from scheduler.services.state import Archive, PartnershipState, States
from scheduler.store import faults, notifications, outbox
from scheduler.store.tables import LetterRow, NotificationRow

Theirs = dict[str, list[NotificationRow]]
"""What one person is told, by partnership."""
NOTICE = outbox.NOTICE
"""The method of a letter that is no invitation."""
OFFICE = "Partnership governance"
TEMPLATE = "template:mail/matters"
"""The fault of the operator's own template of letters."""
NOT_THERE = "This comes by mail because nobody has said that the chat {chat} is your organisation's alone."
BATCH = 60
"""People written to from one view of the database: the states of all their partnerships are in memory with it."""
_LATE = timedelta(days=3)
"""A step that was recorded so long after its day was missed: the program was not running. A weekend is no outage."""


def tell(
    app: App,
    now: datetime,
    between: Callable[[], None] = lambda: None,
    states: States | None = None,
    *,
    goes_on: bool = False,
) -> int:
    """Put the letters that are due at `now` into the outbox; return how many people they are for.

    Who `goes_on` running, and will look again at any hour, writes to people in their working hours alone; a program
    that is run now and then also writes to whom it missed in theirs.
    What goes wrong with one person's letter is logged, and keeps nobody else from theirs. Raises StoreError.
    """
    done = 0
    with app.store.read() as view:
        people = notifications.due(view, now)
    for start in range(0, len(people), BATCH):
        with app.store.read() as view:
            archive = Archive(app, view, now, states)
            for email in people[start : start + BATCH]:
                done += _tell(archive, email, goes_on)
                between()
    return done


def _tell(archive: Archive, email: str, goes_on: bool) -> bool:
    app, fault = archive.app, f"letter:{email}"
    sentence = f"no letter could be written to {email}"
    with noted(app, fault, sentence, archive.now, event="tell.failed", to=email), app.store.write() as db:
        faults.clear(db, fault)
        return _told(Writer(app, db, archive, email, archive.now), goes_on)
    return False


def _told(writer: Writer, goes_on: bool) -> bool:
    """Write to one person, unless it is no time for it."""
    rows = notifications.waiting(writer.db, writer.email)
    theirs = _by_partnership(writer, rows)
    gone = {row.id for row in rows} - {row.id for each in theirs.values() for row in each}
    notifications.drop(writer.db, sorted(id for id in gone if id))
    if not theirs:
        return False
    first = writer.archive[next(iter(theirs))]
    person = first.known_as(writer.email)
    if person is None or not (ripe := _ripe(writer, first, person, theirs, goes_on)):
        return False
    unsent = outbox.supersede(writer.db, writer.email, NOTICE, writer.now)
    for id, more in _by_partnership(writer, notifications.carried(writer.db, unsent)).items():
        ripe.setdefault(id, []).extend(more)
    _post(writer, first, person, ripe)
    return True


def _by_partnership(writer: Writer, rows: Sequence[NotificationRow]) -> Theirs:
    """The notices by partnership, without those for somebody who has left, or who has changed sides since."""
    found: Theirs = defaultdict(list)
    for row in rows:
        known = writer.archive[row.partnership]
        who = known.known_as(writer.email)
        if who is None or who.has_left(writer.now.date()):
            continue
        if may_learn(internal_to(row, known.partnership), Audience(who.of)):
            found[row.partnership].append(row)
    return found


def _ripe(writer: Writer, known: PartnershipState, person: Person, theirs: Theirs, goes_on: bool) -> Theirs:
    """What can be told now: all that waits, where they are at work; else, by a program that is run now and then, what
    could have been told since it began to wait, had it run in their hours. None of it where that is nothing: then it
    waits until they can."""
    desk = desk_in(known.partnership, _key_of(known, person))
    today, last = writer.now.astimezone(ZoneInfo(desk.zone)).date(), notifications.last_told(writer.db, writer.email)
    told_today = today if last and last.astimezone(ZoneInfo(desk.zone)).date() == today else None
    times = {
        row.id: put_off(
            desk,
            writer.now if told_today else row.tell_at or writer.now,
            told_today,
            _deadline(writer, row, person),
            writer.now if goes_on else None,
        )
        for rows in theirs.values()
        for row in rows
    }
    first = min(times.values())
    if first > writer.now:
        notifications.postpone(writer.db, writer.email, first)
        return {}
    if telling_time(desk, writer.now) == writer.now:
        return theirs
    ripe = {id: [row for row in rows if times[row.id] <= writer.now] for id, rows in theirs.items()}
    return {id: rows for id, rows in ripe.items() if rows}


def _deadline(writer: Writer, row: NotificationRow, person: Person) -> date | None:
    """The day before which who wants a digest has to be told of a step, as its notice stands now."""
    if person.tell != "digest":
        return None
    key = notifications.Key(row.subject, row.period, row.rung, row.occasion, row.email)
    notice = next((each for each in writer.archive[row.partnership].ahead if is_of(each, row)), None)
    heard = {
        matter_of(key) for key, each in notifications.known(writer.db, row.partnership).items() if each.state == "told"
    }
    return breaks_digest(key, notice, heard) if notice else None


def _key_of(known: PartnershipState, person: Person) -> str:
    return next(key for key, each in known.partnership.people.items() if each is person)


def _caught_up(writer: Writer, theirs: Theirs) -> date | None:
    """The first day on which something of this could have been told and was not; None where that is no day to speak
    of."""
    free = [
        (_free_to_be_told(writer.archive[id], row), row)
        for id, rows in theirs.items()
        for row in rows
        if row.rung != SETTLED
    ]
    return min((on for on, row in free if row.recorded_at.date() - on > _LATE), default=None)


def _free_to_be_told(known: PartnershipState, row: NotificationRow) -> date:
    """The day of a step, or that on which an excuse let it go."""
    owed = owed_of(known, row)
    held_back = free_from(owed, known.scopes[KpiId(row.subject).scope]) if owed else None
    return max(row.due_on, held_back or row.due_on)


# The letter --------------------------------------------------------------------------------------------------------


def _post(writer: Writer, known: PartnershipState, person: Person, theirs: Theirs) -> None:
    """Put the letter into the outbox, once for each channel of the person, and mark what it carries."""
    settings = writer.app.settings
    reached = reach(writer.app, writer.db, known.partnership.partnership, _key_of(known, person), person, writer.now)
    ids = sorted(row.id for rows in theirs.values() for row in rows if row.id)
    # The same may be told anew by a later letter: one that was taken back, or came too late, has its key for ever.
    key = hashlib.sha256(f"{writer.email}\n{ids}\n{writer.now.isoformat()}".encode()).hexdigest()
    for channel, parcel in _parcels(writer, theirs, reached).items():
        digest = Digest(
            person.name,
            tuple(chapters(writer, parcel.rows, parcel.may_say)),
            _caught_up(writer, parcel.rows),
            parcel.remark,
        )
        if channel == outbox.MAIL:
            posted = _mailed(writer, person, digest, key)
        else:
            posted = _Posted(headline(digest), body(message_of(digest), settings.chats[channel].shape))
        if posted:
            rows = [row for of_one in parcel.rows.values() for row in of_one]
            outbox.add(writer.db, [_letter(writer, key, channel, person, posted, rows)])
    _note_sentences(writer)
    notifications.tell(writer.db, ids, key, writer.now)


class _Parcel(NamedTuple):
    """What goes by a channel, and what is to be said of that."""

    rows: Theirs
    remark: str
    may_say: MaySay


def _parcels(writer: Writer, theirs: Theirs, reached: Reach) -> dict[str, _Parcel]:
    """What goes by which channel. What is internal to an organisation goes to no chat but its own: by mail instead."""
    parcels: dict[str, _Parcel] = {}
    for channel in reached.channels:
        if channel == outbox.MAIL:
            parcels[channel] = _Parcel(theirs, reached.remark, lambda of, partnership: True)
            continue
        may_say = _in_the_chat(writer.app.settings.chats[channel].of)
        said, kept_back = _parted(writer, theirs, may_say)
        if said:
            parcels[channel] = _Parcel(said, reached.remark, may_say)
        if kept_back and outbox.MAIL not in reached.channels:
            parcels[outbox.MAIL] = _Parcel(kept_back, NOT_THERE.format(chat=channel), _not(may_say))
    return parcels


def _in_the_chat(readers: str | None) -> MaySay:
    """What may be said in a chat in which people with addresses at that domain read."""
    return lambda of, partnership: may_be_said(of, readers, partnership)


def _not(may_say: MaySay) -> MaySay:
    return lambda of, partnership: not may_say(of, partnership)


def _parted(writer: Writer, theirs: Theirs, may_say: MaySay) -> tuple[Theirs, Theirs]:
    """What may be said in a chat, and what may not."""
    said: Theirs = defaultdict(list)
    kept_back: Theirs = defaultdict(list)
    for id, rows in theirs.items():
        partnership = writer.archive[id].partnership
        for row in rows:
            (said if may_say(internal_to(row, partnership), partnership) else kept_back)[id].append(row)
    return said, kept_back


class _Posted(NamedTuple):
    """A letter's title and its bytes."""

    title: str
    content: bytes


def _mailed(writer: Writer, person: Person, digest: Digest, key: str) -> _Posted | None:
    """The mail; None where it cannot be sent, a fault on record: they count as told, or it would be tried for ever."""
    sender = writer.app.settings.mail.sender or SENDER
    text = text_of(digest, writer.app.settings.template_folders)
    _note_template(writer, TEMPLATE, text.fault)
    address, name = person.email, header_text(person.name)
    id = message_id(key, sender)
    envelope = Envelope(sender, OFFICE, sender, address, name, text.subject, id, None, writer.now)
    try:
        return _Posted(text.subject, plain_mail(envelope, text.plain, text.html))
    except Unsendable as fault:
        writer.app.log.error("letter.unsendable", to=writer.email, what=fault.what)
        faults.note(writer.db, f"letter:{writer.email}", fault.what, fault.hint, writer.now)
        return None


def _note_sentences(writer: Writer) -> None:
    """The same of those that word what is told, one for each kind."""
    standing = faults.keys(writer.db, f"template:{FOLDER}/")
    for kind, fault in writer.faults.items():
        if fault or f"template:{FOLDER}/{kind}" in standing:
            _note_template(writer, f"template:{FOLDER}/{kind}", fault)


def _note_template(writer: Writer, template: str, fault: str | None) -> None:
    """An operator's template that fails is a fault until it renders."""
    if fault is None:
        faults.clear(writer.db, template)
    elif faults.note(writer.db, template, fault, "correct it, or delete it to use the shipped one", writer.now):
        writer.app.log.error("template.failed", fault=fault)


def _letter(
    writer: Writer, key: str, channel: str, person: Person, posted: _Posted, rows: Sequence[NotificationRow]
) -> LetterRow:
    sender = writer.app.settings.mail.sender or SENDER
    own = key if channel == outbox.MAIL else f"{key}:{channel}"
    return LetterRow(
        dedup_key=own,
        partnership=rows[0].partnership,
        subject=rows[0].subject,
        uid=own,
        instance=key,
        sequence=0,
        method=NOTICE,
        channel=channel,
        email=person.email,
        title=posted.title,
        sender=sender,
        message_id=message_id(key, sender),
        created_at=writer.now,
        due_at=writer.now,
        content=posted.content,
    )
