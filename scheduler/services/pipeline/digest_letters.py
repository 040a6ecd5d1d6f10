"""One person's letter of the day: by which channels it goes, what each may say, and its bytes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from scheduler.domain.definition.people import Person, manner_of
from scheduler.domain.ids import KpiId
from scheduler.domain.record.notification import SETTLED
from scheduler.render.languages import say, sentence, speaking
from scheduler.render.mime import Envelope, Unsendable, header_text, message_id, plain_mail
from scheduler.render.notifications.answering import numbered
from scheduler.render.notifications.chat import body
from scheduler.render.notifications.digest import Digest, headline, message_of, text_of
from scheduler.rules.access import may_be_said
from scheduler.rules.kpis.ladder import free_from
from scheduler.services.pipeline.digest_items import SENDER, Writer, chapters
from scheduler.services.pipeline.letter_questions import addressed, remember, takes_answers
from scheduler.services.pipeline.notifications import internal_to
from scheduler.services.pipeline.personal_items import MaySay, owed_of
from scheduler.services.pipeline.sending.routing import Reach, reach
from scheduler.services.state import PartnershipState
from scheduler.store import faults, notifications, outbox
from scheduler.store.tables import NotificationRow

Theirs = dict[str, list[NotificationRow]]
"""What one person is told, by partnership."""
SENDER_NAME = sentence("Partnership governance")
TEMPLATE = "mail/matters"
"""The operator's own template of letters."""
NOT_THERE = sentence("This comes by mail because nobody has said that the chat %(chat)s is your organisation's alone.")
_LATE = timedelta(days=3)
"""A step that was recorded so long after its day was missed: the program was not running. A weekend is no outage."""


class Addressee(NamedTuple):
    """Who is written to, by mail address in lower case, as the first of their partnerships knows them by this key; and
    what they are told."""

    email: str
    known: PartnershipState
    key: str
    theirs: Theirs

    @property
    def person(self) -> Person:
        return self.known.partnership.people[self.key]


def post(writer: Writer, addressees: Iterable[Addressee]) -> None:
    """Put the letters into the outbox, each once for each channel of its person, and mark what they carry."""
    news: list[outbox.News] = []
    told: dict[int, str] = {}
    for each in addressees:
        ids = sorted(row.id for rows in each.theirs.values() for row in rows if row.id)
        # The same may be told anew by a later letter: one that was taken back, or came too late, has its key for ever.
        key = hashlib.sha256(f"{each.email}\n{ids}\n{writer.now.isoformat()}".encode()).hexdigest()
        news += _letters(writer, each, key)
        told |= dict.fromkeys(ids, key)
    outbox.add_news(writer.db, news)
    notifications.tell(writer.db, told, writer.now)
    _note_templates(writer)


def _letters(writer: Writer, to: Addressee, key: str) -> list[outbox.News]:
    """The same letter by each channel, in the language of who reads it; none where it cannot be sent."""
    with speaking(manner_of(to.person, to.known.partnership.organisations, writer.app.settings.manner)):
        return list(_in_their_language(writer, to, key))


def _in_their_language(writer: Writer, to: Addressee, key: str) -> Iterator[outbox.News]:
    settings = writer.app.settings
    reached = reach(writer.app, writer.db, to.known.partnership.partnership, to.key, to.person, writer.now)
    for channel, parcel in _parcels(writer, to.theirs, reached).items():
        told = chapters(writer, to.email, parcel.rows, parcel.may_say)
        digest = Digest(
            to.person.name,
            numbered(told) if channel == outbox.MAIL and takes_answers(settings) else tuple(told),
            _caught_up(writer, parcel.rows),
            parcel.remark,
            writer.links.away(to.known.partnership.partnership, to.key) if channel == outbox.MAIL else None,
            writer.links.request(to.known.partnership.partnership, to.key) if channel == outbox.MAIL else None,
        )
        if channel == outbox.MAIL:
            posted = _mailed(writer, to, digest, key)
        else:
            page = writer.links.mine(to.known.partnership.partnership, to.key)
            posted = _Posted(headline(digest), body(message_of(digest, page), settings.chats[channel].shape))
        if posted:
            first = next(row for rows in parcel.rows.values() for row in rows)
            yield _news(writer, key, channel, to.person, posted, first)


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
            parcels[outbox.MAIL] = _Parcel(kept_back, say(NOT_THERE, chat=channel), _not(may_say))
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


def _mailed(writer: Writer, to: Addressee, digest: Digest, key: str) -> _Posted | None:
    """The mail; None where it cannot be sent, a fault on record: they count as told, or it would be tried for ever."""
    sender = writer.app.settings.mail.sender or SENDER
    text = text_of(digest, writer.app.settings.template_folders)
    writer.note({TEMPLATE: text.fault})
    address, name = to.person.email, header_text(to.person.name)
    id, reply_to, subject = message_id(key, sender), sender, text.subject
    if takes_answers(writer.app.settings):
        reply_to, subject = addressed(writer.app, writer.links.key, key, text.subject)
    envelope = Envelope(sender, say(SENDER_NAME), reply_to, address, name, subject, id, None, writer.now)
    try:
        content = plain_mail(envelope, text.plain, text.html)
        remember(writer.db, writer.archive, key, digest.questions, writer.now)
        return _Posted(text.subject, content)
    except Unsendable as fault:
        writer.app.log.error("letter.unsendable", to=to.email, what=fault.what)
        faults.note(writer.db, f"letter:{to.email}", fault.what, fault.hint, writer.now)
        return None


def _note_templates(writer: Writer) -> None:
    """An operator's template that fails is a fault until it renders."""
    standing = faults.keys(writer.db, "template:")
    for template, fault in writer.faults.items():
        key = f"template:{template}"
        if fault is None:
            if key in standing:
                faults.clear(writer.db, key)
        elif faults.note(writer.db, key, fault, "correct it, or delete it to use the shipped one", writer.now):
            writer.app.log.error("template.failed", fault=fault)


def _news(
    writer: Writer, key: str, channel: str, person: Person, posted: _Posted, first: NotificationRow
) -> outbox.News:
    sender = writer.app.settings.mail.sender or SENDER
    return outbox.News(
        dedup_key=key if channel == outbox.MAIL else f"{key}:{channel}",
        partnership=first.partnership,
        subject=first.subject,
        instance=key,
        channel=channel,
        email=person.email,
        title=posted.title,
        sender=sender,
        message_id=message_id(key, sender),
        created_at=writer.now,
        content=posted.content,
    )


def _caught_up(writer: Writer, theirs: Theirs) -> date | None:
    """The first day on which something of this could have been told and was not; None where that is no day to speak
    of."""
    free = [
        (_free_to_be_told(writer.archive[id], row), row)
        for id, rows in theirs.items()
        for row in rows
        if row.rung != SETTLED and not _stands_in(writer.archive[id], row)
    ]
    return min((on for on, row in free if row.recorded_at.date() - on > _LATE), default=None)


def _stands_in(known: PartnershipState, row: NotificationRow) -> bool:
    """Whether they are asked because letters to somebody else do not arrive: the earlier steps were not missed."""
    if (row.facts or {}).get("unreached"):
        return True
    owed = owed_of(known, row)
    if owed is None or owed.asked == owed.kpi.owner:
        return False
    owner = known.partnership.people.get(owed.kpi.owner)
    return owner is not None and not owner.is_reached(known.unreached)


def _free_to_be_told(known: PartnershipState, row: NotificationRow) -> date:
    """The day of a step, or that on which an excuse let it go."""
    owed = owed_of(known, row)
    held_back = free_from(owed, known.scopes[KpiId(row.subject).scope]) if owed else None
    return max(row.due_on, held_back or row.due_on)
