"""Calendars and agendas as files: what the daemon keeps current under `data`, and what `cadence export` writes
anywhere.

A file is written only where its content differs. An agenda that a person has edited keeps every word of theirs; only
the figures between its marks are renewed.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection

from scheduler.cycle.decide import agenda_is_open
from scheduler.cycle.dossier import Archive, Dossier
from scheduler.cycle.house import House
from scheduler.deliver import DiskError, folder
from scheduler.domain.people import zone_of
from scheduler.domain.review import Recorded
from scheduler.domain.terms import Status
from scheduler.domain.trouble import Trouble
from scheduler.publish.agenda import Refreshed, agenda, as_html, refreshed
from scheduler.publish.audience import Audience
from scheduler.publish.calendar import partnership_calendar, person_calendar, review_invitation
from scheduler.store import StoreError, agendas, partnerships

BATCH = 20
"""Partnerships published at a time; somebody who is in several of them gets one calendar for all."""
Digest = tuple[str, str | None, str]
"""A review, an organisation (None: the joint agenda), and the digest of the agenda as it was written."""


@dataclass(frozen=True)
class File:
    """A file to be written: its path, relative to where things are published, and its bytes."""

    path: str
    content: bytes


class Published(NamedTuple):
    """How many partnerships were published, and how many could not be."""

    done: int
    failed: int


def publish(house: House, now: datetime, between: Callable[[], None] = lambda: None) -> Published:
    """Bring the files under `data` up to date for every partnership that changed.

    A partnership is marked as published after its files are there: a cycle cut off in between writes them again. One
    that cannot be published keeps no other from it, and is tried again in the next cycle. Raises StoreError, and
    DiskError where the disk takes nothing more.
    """
    with house.store.read() as db:
        waiting = partnerships.unpublished(db)
        if waiting:
            _forget_strangers(house, db)
    batches = iter(waiting)
    done = 0
    while batch := list(islice(batches, BATCH)):
        done += _publish_batch(house, batch, now, between)
        between()
    return Published(done, len(waiting) - done)


def _publish_batch(house: House, ids: list[str], now: datetime, between: Callable[[], None]) -> int:
    """Render from one view of the database, write the files, and only then mark: nobody waits for a rendering."""
    digests: dict[str, list[Digest]] = {}
    with house.store.read() as db:
        archive = Archive(house, db, now)
        for id in ids:
            with _alone(house, partnership=id):
                _write(house, partnership_files(archive[id]))
                digests[id] = list(_keep_agendas(house, db, archive[id]))
            between()
        for email in sorted({email for id in digests for email in archive[id].emails}):
            written = False
            with _alone(house, person=email):
                _write(house, people_files(archive, [email]))
                written = True
            if not written:
                digests = {id: theirs for id, theirs in digests.items() if email not in archive[id].emails}
    with house.store.write() as db:
        for id, theirs in digests.items():
            for review, organisation, digest in theirs:
                agendas.remember(db, review, organisation, digest, now)
            partnerships.mark_published(db, id, archive[id].revision)
    return len(digests)


@contextmanager
def _alone(house: House, **whose: str) -> Iterator[None]:
    """What goes wrong with one partnership or person is logged and ends nothing else; what is wrong with the database
    or the disk passes."""
    try:
        yield
    except (StoreError, DiskError):
        raise
    except Trouble as trouble:
        house.log.error("publish.failed", **whose, what=trouble.what, hint=trouble.hint)
    except Exception:
        house.log.exception("publish.failed", **whose)


def _write(house: House, files: Iterable[File]) -> None:
    for file in files:
        folder.write(house.settings.data, file.path, file.content)


# Calendars ---------------------------------------------------------------------------------------------------------


def partnership_files(known: Dossier) -> Iterator[File]:
    """The calendar that all partners share."""
    ics = partnership_calendar(known.partnership, known.meetings, known.dues, known.window)
    yield File(f"calendars/{known.partnership.partnership}.ics", ics)


def invitation(known: Dossier, record: Recorded) -> File:
    """One review as a file to import; it lies beside its agenda."""
    return File(f"agendas/{record.id}.ics", review_invitation(known.meeting(record)))


def people_files(archive: Archive, emails: Collection[str]) -> Iterator[File]:
    """The calendar of each of these people, over all partnerships that know their mail address."""
    for email in emails:
        theirs = [archive[id] for id in partnerships.partnerships_of(archive.db, email)]
        found = next(((known, person) for known in theirs if (person := known.known_as(email))), None)
        if found:
            known, person = found
            zone = zone_of(person, known.partnership.organisations, known.partnership.zone).key
            meetings = [meeting for each in theirs for meeting in each.meetings]
            dues = [due for each in theirs for due in each.dues]
            yield File(person_path(email), person_calendar(person, zone, meetings, dues, known.window))


def person_path(email: str) -> str:
    """The mail address names the file; what in it would name a folder, or hide the file, is written as in a URL."""
    name = quote(email, safe="@+!#$&'*=?^`{|}")
    return f"calendars/people/{f'%2E{name[1:]}' if name.startswith('.') else name}.ics"


def _forget_strangers(house: House, db: Connection) -> None:
    """Remove the calendars of people who are in no partnership any more: they would be shown as they were for ever."""
    known = {person_path(email) for email in partnerships.emails(db)}
    for path in (house.settings.data / "calendars" / "people").glob("*.ics"):
        if f"calendars/people/{path.name}" not in known:
            folder.remove(house.settings.data, f"calendars/people/{path.name}")


# Agendas -----------------------------------------------------------------------------------------------------------


def agenda_path(review: str, audience: Audience) -> str:
    """``agendas/acme-globex/pipeline/2026-W49.md``; an internal brief bears its organisation before the ending."""
    return f"agendas/{review}{f'.{audience.organisation}' if audience.organisation else ''}.md"


def written(house: House, known: Dossier, record: Recorded, audience: Audience) -> str | None:
    """A review's agenda for an audience in Markdown, fresh from the templates; None where its layer is gone."""
    brief = known.briefing(record, audience)
    if brief is None:
        return None
    text = agenda(brief, house.settings.template_folders)
    if text.fault:
        house.log.error("template.failed", review=record.id, fault=text.fault)
    return text.text


def page(house: House, record: Recorded, markdown: str) -> str:
    """An agenda as a page of HTML that prints well."""
    text = as_html(markdown, f"{record.review.title} {record.review.period}", house.settings.template_folders)
    if text.fault:
        house.log.error("template.failed", review=record.id, fault=text.fault)
    return text.text


def agenda_now(house: House, db: Connection, known: Dossier, record: Recorded, audience: Audience) -> str | None:
    """The agenda as it stands: the daemon's file with what people wrote into it and fresh figures, else a fresh one.
    Once the review is over, the file as it was at the table."""
    kept = _content(house, agenda_path(record.id, audience)) if record.is_past(known.now) or record.settled else None
    if kept is not None:
        return kept
    fresh = written(house, known, record, audience)
    return None if fresh is None else _renewed(house, db, Draft(record, audience, fresh)).text


class Draft(NamedTuple):
    """A review's agenda for an audience, fresh from the templates."""

    record: Recorded
    audience: Audience
    text: str

    @property
    def path(self) -> str:
        return agenda_path(self.record.id, self.audience)

    @property
    def digest(self) -> Digest:
        return self.record.id, self.audience.organisation, _digest(self.text)


def _keep_agendas(house: House, db: Connection, known: Dossier) -> Iterator[Digest]:
    """Write the invitations and agendas of the reviews that are near; give the digests of those that are ours."""
    near = list(_near(house, db, known))
    _write(house, (invitation(known, record) for record in near))
    drafts = [draft for record in near if record.status is Status.PLANNED for draft in _drafts(house, known, record)]
    _announce(house, db, drafts, known.now)
    return (draft.digest for draft in drafts if _keep_agenda(house, db, draft))


def _near(house: House, db: Connection, known: Dossier) -> Iterator[Recorded]:
    """The reviews whose files are kept: from when the agenda opens until the review is over. What was once written is
    kept though the review was put off, and tells of it where it was called off."""
    written = agendas.written_of(db, known.partnership.partnership)
    for record in known.recorded.values():
        is_kept = record.id in written and not record.is_past(known.now) and record.status is not Status.HELD
        if is_kept or agenda_is_open(record, house.settings.agenda_days, known.now):
            yield record


def _drafts(house: House, known: Dossier, record: Recorded) -> Iterator[Draft]:
    for audience in known.audiences(record.review):
        fresh = written(house, known, record, audience)
        if fresh is not None:
            yield Draft(record, audience, fresh)


def _announce(house: House, db: Connection, drafts: list[Draft], now: datetime) -> None:
    """Remember what is about to be written. Without it, a cycle that was cut off would leave files that look as if a
    person had edited them."""
    new = [draft for draft in drafts if not agendas.is_ours(db, *draft.digest) and not _is_theirs(house, db, draft)]
    if new:
        with house.store.write() as pen:
            for draft in new:
                agendas.announce(pen, *draft.digest, now)


def _keep_agenda(house: House, db: Connection, draft: Draft) -> bool:
    """Write an agenda and say whether it is ours. One that a person has made theirs has only its figures renewed."""
    data, stem = house.settings.data, draft.path.removesuffix(".md")
    renewed = _renewed(house, db, draft)
    if renewed.fault:
        folder.write(data, f"{stem}.figures.md", draft.text)
        house.log.warning("agenda.not_renewed", review=draft.record.id, fault=renewed.fault)
    else:
        folder.write(data, draft.path, renewed.text)
        folder.remove(data, f"{stem}.figures.md")
    folder.write(data, f"{stem}.html", page(house, draft.record, renewed.text))
    return renewed == Refreshed(draft.text)


def _renewed(house: House, db: Connection, draft: Draft) -> Refreshed:
    """The agenda as it is to be: the draft or, where a person has edited the file, theirs with fresh figures. With a
    `fault` the file is to stay as it is."""
    try:
        edited = _content(house, draft.path)
    except UnicodeDecodeError:
        return Refreshed(draft.text, "the file is no UTF-8 text")
    if edited is None or _wrote(db, draft, edited):
        return Refreshed(draft.text)
    return refreshed(edited, draft.text)


def _is_theirs(house: House, db: Connection, draft: Draft) -> bool:
    try:
        text = _content(house, draft.path)
    except UnicodeDecodeError:
        return True
    return text is not None and not _wrote(db, draft, text)


def _wrote(db: Connection, draft: Draft, text: str) -> bool:
    """Whether an agenda's text is one of ours."""
    return text == draft.text or agendas.is_ours(db, draft.record.id, draft.audience.organisation, _digest(text))


def _content(house: House, path: str) -> str | None:
    """The text of an agenda's file, None where there is none. Raises Trouble where it cannot be read."""
    try:
        return (house.settings.data / path).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"{house.settings.data / path} cannot be read: {error.strerror}"
        raise Trouble(what, "check who may read it, or move it away") from None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
