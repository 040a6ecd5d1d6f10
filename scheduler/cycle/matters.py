"""What one person is told, gathered: each notice with what holds now, who knows, and who is next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial

from sqlalchemy import Connection

from scheduler.cycle.dossier import Archive, Dossier
from scheduler.cycle.house import House
from scheduler.domain.measure import Measurement
from scheduler.domain.notice import SETTLED, Notice, Notified, NotifiedOf
from scheduler.domain.people import zone_of
from scheduler.publish.audience import audience_of, may_learn
from scheduler.publish.links import judge_link, report_link
from scheduler.publish.matters import YOU, Chapter, Known, Matter, Next, kpi_matter, matter
from scheduler.publish.notified import told_in_full, untold_in_full
from scheduler.store import notified
from scheduler.store.secrets import signing_key
from scheduler.store.tables import NoticeRow
from scheduler.watch.ladder import flag


@dataclass(frozen=True)
class Writer:
    """Who writes to one person, by mail address in lower case."""

    house: House
    db: Connection
    archive: Archive
    email: str
    now: datetime

    @cached_property
    def key(self) -> str:
        return signing_key(self.db)

    @cached_property
    def _notified(self) -> dict[str, NotifiedOf]:
        return {}

    def notified(self, subject: str, period: str) -> Sequence[Notified]:
        """What became of telling people of a matter, until now."""
        if subject not in self._notified:
            self._notified[subject] = notified.of_subjects(self.db, [subject])
        return self._notified[subject].get((subject, period), ())

    def report_link(self, kpi: str, period: str, person: str) -> str | None:
        """The form on which a person reports; None where nothing is served."""
        web, seal = self.house.settings.web, self._seal(kpi, person)
        return report_link(web.url, self.key, kpi, period, person, self._until, seal) if web.address else None

    def judge_link(self, subject: str, person: str) -> str | None:
        """The form on which a person judges a criterion, ``<checkpoint>/<criterion>``."""
        web, seal = self.house.settings.web, self._seal(subject, person)
        checkpoint, _, criterion = subject.rpartition("/")
        return judge_link(web.url, self.key, checkpoint, criterion, person, self._until, seal) if web.address else None

    def _seal(self, subject: str, person: str) -> str | None:
        return self.archive[subject.partition("/")[0]].seal(person)

    @property
    def _until(self) -> datetime:
        return self.now + timedelta(days=self.house.settings.web.link_days)


def chapters(writer: Writer, theirs: dict[str, list[NoticeRow]]) -> Iterator[Chapter]:
    for id, rows in theirs.items():
        known = writer.archive[id]
        yield Chapter(known.partnership.name, tuple(_matters(writer, known, rows)))


def _matters(writer: Writer, known: Dossier, rows: Sequence[NoticeRow]) -> Iterator[Matter]:
    """One for each subject, by the latest step that it has reached: a letter after a week of silence says what holds
    now."""
    latest: dict[tuple[str, str], NoticeRow] = {}
    for row in sorted(rows, key=lambda row: (row.rung == SETTLED, row.due_on, row.id)):
        latest[row.subject, row.period] = row
    for row in sorted(latest.values(), key=lambda row: (not row.late, row.due_on, row.subject, row.period)):
        yield _matter(writer, known, row)


def _matter(writer: Writer, known: Dossier, row: NoticeRow) -> Matter:
    who = _who_knows(writer, known, row)
    coming = _next(known, row)
    owed = _owed(known, row) if row.about == "kpi" and row.rung != SETTLED else None
    if owed is None:
        asks = row.about == "criterion" and row.rung != SETTLED and row.person
        link = writer.judge_link(row.subject, row.person) if asks and row.person else None
        return matter(row.title, row.detail, row.rung, row.late, who, coming, link)
    scope_id = owed.id.rpartition("/")[0]
    late = flag(owed, known.scopes[scope_id], known.now) if owed.status == "overdue" else None
    reader = row.person or ""
    link = writer.report_link(owed.id, owed.period.label, reader)
    return kpi_matter(owed, late, reader, lambda key: _name(known, key), who, coming, link)


def is_of(notice: Notice, row: NoticeRow) -> bool:
    """Whether what is on record is this step."""
    step = notice.subject, notice.period, notice.rung, notice.occasion
    return step == (row.subject, row.period, row.rung, row.occasion)


def _who_knows(writer: Writer, known: Dossier, row: NoticeRow) -> Known:
    """Who else was told of it since the ladder was armed, and whose letter still waits or could not be delivered."""
    reader, armed = audience_of(row.person or "", known.partnership), _armed(row.occasion)
    everybody = writer.notified(row.subject, row.period)
    people = [each for each in everybody if may_learn(each.of, reader) and _armed(each.occasion) == armed]
    others = [each for each in people if each.person != row.person or each.delivered == "told"]
    names, zone = partial(_name, known, reader=row.person), _readers_zone(known, row.person)
    return Known(told_in_full(others, names, zone), tuple(untold_in_full(others, names)))


def _armed(occasion: str) -> str:
    """The date from which a ladder counts, which its repetitions have in common."""
    return occasion.partition("#")[0]


def _readers_zone(known: Dossier, person: str | None) -> str:
    who = known.partnership.people.get(person or "")
    return zone_of(who, known.partnership.organisations, known.partnership.zone).key if who else known.partnership.zone


def _owed(known: Dossier, row: NoticeRow) -> Measurement | None:
    owed = known.owed.get(row.subject.rpartition("/")[0], ())
    return next((each for each in owed if (each.id, each.period.label) == (row.subject, row.period)), None)


def _next(known: Dossier, row: NoticeRow) -> Next | None:
    reader = audience_of(row.person or "", known.partnership)
    coming = [each for each in known.ahead if (each.subject, each.period) == (row.subject, row.period)]
    later = [each for each in coming if each.on > known.now.date() and may_learn(each.of, reader)]
    first = min(later, key=lambda each: each.on, default=None)
    if first is None:
        return None
    return Next(first.on, tuple(_name(known, key, row.person) for key in first.people), first.agenda)


def _name(known: Dossier, person: str | None, reader: str | None = None) -> str:
    if person is not None and person == reader:
        return YOU
    return known.partnership.name_of(str(person))
