"""Calendars and agendas as files: what the daemon keeps current under `data`, and what `cadence export` writes
anywhere.

A file is written only where its content differs. An agenda that a person has edited keeps every word of theirs; only
the figures between its marks are renewed.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from scheduler.cycle.decide import agenda_is_open
from scheduler.cycle.dossier import Archive, Dossier
from scheduler.cycle.house import House
from scheduler.deliver import folder
from scheduler.domain.people import zone_of
from scheduler.domain.review import Recorded
from scheduler.domain.trouble import Trouble
from scheduler.publish.agenda import Refreshed, agenda, as_html, refreshed
from scheduler.publish.audience import Audience
from scheduler.publish.calendar import partnership_calendar, person_calendar, review_invitation
from scheduler.store import agendas, partnerships

BATCH = 20
"""Partnerships published at a time; somebody who is in several of them gets one calendar for all."""
Digest = tuple[str, str | None, str]
"""A review, an organisation (None: the joint agenda), and the digest of the agenda as it was written."""


@dataclass(frozen=True)
class File:
    """A file to be written: its path, relative to where things are published, and its bytes."""

    path: str
    content: bytes


def publish(house: House, now: datetime, between: Callable[[], None] = lambda: None) -> int:
    """Bring the files under `data` up to date for every partnership that changed; return how many there were.

    A partnership is marked as published after its files are there: a cycle cut off in between writes them again.
    """
    with house.store.read() as db:
        waiting = iter(partnerships.unpublished(db))
    count = 0
    while batch := list(islice(waiting, BATCH)):
        _publish_batch(house, batch, now)
        count += len(batch)
        between()
    return count


def _publish_batch(house: House, ids: list[str], now: datetime) -> None:
    """Render from one view of the database, write the files, and only then take the pen: nobody waits for a
    rendering."""
    revisions: dict[str, int] = {}
    digests: list[Digest] = []
    with house.store.read() as db:
        archive = Archive(house, db, now)
        for id in ids:
            known = archive[id]
            revisions[id] = known.revision
            _write(house, partnership_files(known))
            digests += _keep_agendas(house, db, known)
        concerned = {email for id in ids for email in archive[id].emails}
        _write(house, people_files(archive, sorted(concerned)))
        _forget_strangers(house, db)
    with house.store.write() as db:
        for review, organisation, digest in digests:
            agendas.remember(db, review, organisation, digest, now)
        for id, revision in revisions.items():
            partnerships.mark_published(db, id, revision)


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
    return f"calendars/people/{email}.ics"


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
    return as_html(markdown, f"{record.review.title} {record.review.period}", house.settings.template_folders).text


def agenda_now(house: House, db: Connection, known: Dossier, record: Recorded, audience: Audience) -> str | None:
    """The agenda as it stands: the daemon's file with what people wrote into it and fresh figures, else a fresh one."""
    fresh = written(house, known, record, audience)
    edited = None if fresh is None else _edited(house, db, record.id, audience, fresh)
    return fresh if fresh is None or edited is None else refreshed(edited, fresh).text


def _keep_agendas(house: House, db: Connection, known: Dossier) -> Iterator[Digest]:
    """Write the agendas and invitations of the reviews whose agenda is near; give the digests of those that are
    ours."""
    for record in known.recorded.values():
        if not agenda_is_open(record, house.settings.agenda_days, known.now):
            continue
        _write(house, [invitation(known, record)])
        for audience in known.audiences(record.review):
            fresh = written(house, known, record, audience)
            if fresh is not None and _keep_agenda(house, db, record, audience, fresh):
                yield record.id, audience.organisation, _digest(fresh)


def _keep_agenda(house: House, db: Connection, record: Recorded, audience: Audience, fresh: str) -> bool:
    """Write an agenda and say whether it is ours. One that a person has made theirs has only its figures renewed."""
    path, data = agenda_path(record.id, audience), house.settings.data
    edited = _edited(house, db, record.id, audience, fresh)
    renewed = Refreshed(fresh) if edited is None else refreshed(edited, fresh)
    if renewed.fault:
        folder.write(data, path.removesuffix(".md") + ".figures.md", fresh)
        house.log.warning("agenda.marks_broken", review=record.id, fault=renewed.fault)
    folder.write(data, path, renewed.text)
    folder.write(data, path.removesuffix(".md") + ".html", page(house, record, renewed.text))
    return edited is None


def _edited(house: House, db: Connection, review: str, audience: Audience, fresh: str) -> str | None:
    """The agenda's file where a person has changed it; None where it is still as we wrote it, or not there."""
    path = house.settings.data / agenda_path(review, audience)
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{path} cannot be read: {error}", "save it as UTF-8 text, or move it away") from None
    # A cycle that was cut off after writing the file has not remembered its digest: then the text itself tells.
    ours = text == fresh or _digest(text) == agendas.digest(db, review, audience.organisation)
    return None if ours else text


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
