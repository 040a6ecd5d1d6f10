"""Calendars and agendas as files: what the daemon keeps current under `data`, and what `cadence export` writes
anywhere.

A file is written only where its content differs.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote

from sqlalchemy import Connection

from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.manner import Manner
from scheduler.domain.record.review import Recorded
from scheduler.render.ics.feed import Heading, calendar, partnership_heading, person_heading, review_invitation
from scheduler.render.ics.model import Meeting
from scheduler.render.ics.options import PLAIN, Choice, Reports
from scheduler.render.ics.selection import CalendarItem, Dates, digest, of_partnership, of_person, parts_of
from scheduler.render.languages import speaking
from scheduler.render.templating import templates_digest
from scheduler.services.app import App
from scheduler.services.archive import Archive, States
from scheduler.services.calendar_entries import links_of, obligations
from scheduler.services.failures import noted
from scheduler.services.pipeline import edited_agendas, publishing_place
from scheduler.services.pipeline.agendas import Digest, keep_agendas, near_reviews
from scheduler.services.pipeline.claimed import taken
from scheduler.services.published_files import File
from scheduler.services.state import PartnershipState
from scheduler.store import agendas, claims, faults, members, partnerships
from scheduler.transports import files as folder
from scheduler.transports.delivery_errors import DiskError

BATCH = 20
"""Partnerships published at a time; somebody who is in several of them gets one calendar for all."""


class Published(NamedTuple):
    """How many partnerships were published, and how many could not be."""

    done: int
    failed: int


def publish(
    app: App, now: datetime, between: Callable[[], None] = lambda: None, states: States | None = None
) -> Published:
    """Bring the files under `data` up to date for every partnership that changed, or of which somebody has edited an
    agenda's file.

    A partnership is marked as published after its files are there: a cycle cut off in between writes them again. One
    that cannot be published keeps no other from it, and is tried again in the next cycle. Raises StoreError, and
    DiskError where the disk takes nothing more.
    """
    if not publishing_place.is_here(app):
        return Published(0, 0)
    with app.store.read() as db:
        edited = edited_agendas.edited(app, db, now)
        waiting = sorted({*partnerships.unpublished(db), *edited})
        if waiting:
            _forget_strangers(app, db)
    batches = iter(waiting)
    done = 0
    tried = 0
    while batch := list(islice(batches, BATCH)):
        with taken(app, "files", batch) as mine:
            tried += len(mine)
            published = _publish_batch(app, mine, now, between, states) if mine else {}
            done += len(published)
            for id in published & edited.keys():
                edited_agendas.is_seen_to(app, id, edited[id])
            between()
    return Published(done, tried - done)


def are_left(app: App, view: Connection) -> bool:
    """Whether files wait that are written here and that nothing keeps from it: another daemon has them in
    hand, or had, and may have written them as they were before. What cannot be written waits for its next cycle."""
    waiting = partnerships.unpublished(view)
    if not waiting or not publishing_place.was_here(app, view):
        return False
    if any(each.key.startswith("publish:") for each in faults.listing(view)):
        return not claims.of_others(view, "files", app.by).isdisjoint(waiting)
    return True


def _publish_batch(
    app: App, ids: list[str], now: datetime, between: Callable[[], None], states: States | None
) -> Set[str]:
    """Render from one view of the database, write the files, and only then mark: nobody waits for a rendering. Those
    that were published."""
    digests: dict[str, list[Digest]] = {}
    templates = templates_digest(app.settings.template_folders)
    with app.store.read() as db:
        archive = Archive(app, db, now, states)
        for id in ids:
            with _alone(app, now, partnership=id):
                _write(app, partnership_files(app, archive[id]))
                near = list(near_reviews(app, db, archive[id]))
                _write(app, (invitation(app, archive[id], record) for record in near))
                digests[id] = list(keep_agendas(app, db, archive[id], near, templates))
            between()
        people = members.partnerships_of_each(db, {email for id in digests for email in archive[id].emails})
        for email, theirs in people.items():
            written = False
            with _alone(app, now, person=email):
                _write(app, _person_file(archive, email, theirs))
                written = True
            if not written:
                digests = {id: theirs for id, theirs in digests.items() if email not in archive[id].emails}
    with app.store.write(*ids) as db:
        claims.release(db, "files", ids, app.by)
        agendas.remember_all(db, [each for id in digests for each in digests[id]], now)
        for id in digests:
            partnerships.mark_published(db, id, archive[id].revision)
        went_well = {*digests, *(email for id in digests for email in archive[id].emails)}
        faults.clear_all(db, {f"publish:{each}" for each in went_well} & faults.keys(db, "publish:"))
    return digests.keys()


def _alone(app: App, now: datetime, **whose: str) -> AbstractContextManager[None]:
    """What goes wrong with one partnership or person is a fault on record and ends nothing else; what is wrong with the
    database or the disk passes."""
    [who] = whose.values()
    sentence = f"the files of {who} could not be written"
    return noted(app, f"publish:{who}", sentence, now, DiskError, event="publish.failed", **whose)


def _write(app: App, files: Iterable[File]) -> None:
    for file in files:
        app.published.publish(file)


# Calendars ---------------------------------------------------------------------------------------------------------


def partnership_files(app: App, known: PartnershipState, choice: Choice = PLAIN) -> Iterator[File]:
    """The calendar that all partners share: its reviews, their marks, and the KPIs due, at network level alone."""
    entries, window, choice = app.calendar_entries, known.window, replace(choice, reports=Reports.ALL)
    manner = known.partnership.manner(None, app.settings.manner)
    with speaking(manner):
        items = of_partnership(entries.reviews(known), entries.dues(known), window, choice=choice)
        items += obligations(known)
        path = f"calendars/{known.partnership.partnership}.ics"
        file = _calendar(path, partnership_heading(known.partnership), items, window)
    yield _in_manner(file, manner)


def invitation(app: App, known: PartnershipState, record: Recorded) -> File:
    """One review as a file to import; it lies beside its agenda."""
    manner = known.partnership.manner(None, app.settings.manner)
    with speaking(manner):
        entry = app.calendar_entries.review(known, record)
    return _in_manner(File(f"agendas/{record.id}.ics", entry.said, partial(review_invitation, entry)), manner)


def people_files(archive: Archive, emails: Collection[str], choice: Choice = PLAIN) -> Iterator[File]:
    """The calendar of each of these people, over all partnerships that know their mail address."""
    for email, theirs in members.partnerships_of_each(archive.db, emails).items():
        yield from _person_file(archive, email, theirs, choice)


def _person_file(archive: Archive, email: str, ids: Iterable[str], choice: Choice = PLAIN) -> Iterator[File]:
    """The one of somebody, over these partnerships; none where no definition knows them."""
    theirs = [archive[id] for id in ids]
    found = next(((known, person) for known in theirs if (person := known.known_as(email))), None)
    if found:
        known, person = found
        zone = zone_of(person, known.partnership.organisations, known.partnership.zone).key
        entries = archive.app.calendar_entries
        manner = manner_of(person, known.partnership.organisations, archive.app.settings.manner)
        with speaking(manner):
            reviews = (entry for each in theirs for entry in entries.reviews(each))
            dues = (entry for each in theirs for entry in entries.dues(each))
            items = of_person(email, reviews, dues, known.window, choice, _links(theirs, email))
            items += (item for each in theirs for item in obligations(each, email))
            file = _calendar(person_path(email), person_heading(person.name, zone), items, known.window)
        yield _in_manner(file, manner)


def _in_manner(file: File, manner: Manner) -> File:
    """The file as it is rendered for readers of that manner, whenever that is."""

    def rendered() -> bytes:
        with speaking(manner):
            return file.render()

    return file._replace(render=rendered)


def _calendar(path: str, heading: Heading, items: Sequence[CalendarItem], window: Dates) -> File:
    """A calendar as a file; of the `window`, zones go by the years alone."""
    said = hashlib.blake2b(repr((heading, window[0].year, window[1].year)).encode("utf-8", "surrogatepass"))
    said.update(digest(items))
    return File(path, said.digest(), lambda: calendar(heading, parts_of(items), window))


def _links(theirs: Iterable[PartnershipState], email: str) -> Callable[[Meeting], str | None]:
    """The links to the agendas of all these partnerships that are one person's own."""
    each_ones = {known.partnership.partnership: links_of(known, known.holder(email)) for known in theirs}
    return lambda meeting: each_ones[meeting.partnership.partnership](meeting)


def person_path(email: str) -> str:
    """The mail address names the file; what in it would name a folder, or hide the file, is written as in a URL."""
    name = quote(email, safe="@+!#$&'*=?^`{|}")
    return f"calendars/people/{f'%2E{name[1:]}' if name.startswith('.') else name}.ics"


def _forget_strangers(app: App, db: Connection) -> None:
    """Remove the calendars of people who are in no partnership any more: they would be shown as they were for ever."""
    known = {person_path(email) for email in members.emails(db)}
    for path in (app.settings.data / "calendars" / "people").glob("*.ics"):
        if f"calendars/people/{path.name}" not in known:
            folder.remove(app.settings.data, f"calendars/people/{path.name}")
