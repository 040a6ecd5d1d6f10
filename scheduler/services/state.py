"""All that is known of one partnership at a moment, as publishing needs it: agendas and calendars are read off it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.record.measurement import Flag, Measurement, Reading
from scheduler.domain.record.minutes import ParkedItem
from scheduler.domain.record.notification import Notification, NotifiedOf
from scheduler.domain.record.review import EPOCH, Recorded, Review
from scheduler.domain.record.rsvp import Standing
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import Decision, Judgement
from scheduler.render.agenda.briefing import Briefing, briefing, sketch
from scheduler.render.agenda.markdown import gist
from scheduler.render.agenda.rsvps import NONE
from scheduler.render.ics.model import Due, Meeting
from scheduler.render.signed_links import Holder, agenda_link, person_seal
from scheduler.rules.access import JOINT, Audience, internal_to
from scheduler.rules.kpis.definition_in_force import timelines
from scheduler.rules.kpis.ladder import flag
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.minutes import parked as parking
from scheduler.rules.reminders.actions import Commitment, comes_back, commitments
from scheduler.rules.reminders.timeline import Facts, notices
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services import definition_versions
from scheduler.services.app import App
from scheduler.services.parked import items_of
from scheduler.store import (
    actions,
    notified,
    partnerships,
    readings,
    reviews,
    rsvps,
    verdicts,
)
from scheduler.store import (
    measurements as measures,
)
from scheduler.store import (
    trigger_events as causes,
)
from scheduler.store.links import Revocations, revocations
from scheduler.store.secrets import known_signing_key
from scheduler.store.tables import MeasureRow, PartnershipRow

AHEAD = timedelta(days=60)
"""So far ahead the next step of a ladder is looked for, to say who is told next."""
WINDOW_BACK = timedelta(days=90)
"""How far back calendars and exports reach; ahead they reach as far as the horizon."""


class Site(NamedTuple):
    """Where agendas can be read, and the key that links to them are signed with."""

    url: str
    key: str


@dataclass(frozen=True)
class Dossier:
    """A partnership at `now`. `owed` and `flags` are by scope, of every level: none has met its audience."""

    partnership: Partnership
    scopes: Mapping[str, Scope]
    recorded: Mapping[str, Recorded]
    owed: Mapping[str, tuple[Measurement, ...]]
    flags: Mapping[str, tuple[Flag, ...]]
    history: Mapping[str, Sequence[Reading]]
    entries: Mapping[tuple[str, str], MeasureRow]
    answers: Mapping[str, Mapping[str, Standing]]
    """How the answers to invitations stand: by review, by mail address."""
    judgements: Mapping[tuple[str, str], Judgement]
    """What people said of criteria: by checkpoint and criterion."""
    decisions: Mapping[str, Decision]
    commitments: Mapping[str, Sequence[Commitment]]
    """The open actions of the minutes, by scope."""
    notified: NotifiedOf
    """What became of telling people of KPIs that are overdue."""
    parked: Sequence[ParkedItem]
    """What minutes left unfinished and nobody has closed."""
    causes: Sequence[TriggerEvent]
    """What fired, ended or not, in the order in which it did: of every organisation."""
    site: Site | None
    revocations: Revocations
    told_since: datetime
    """When the definition, or what is told of it besides, last changed."""
    now: datetime
    revision: int
    window: tuple[date, date]
    """The civil dates that calendars and exports cover: 90 days back, ahead as far as the horizon."""

    @property
    def emails(self) -> frozenset[str]:
        """Everybody of the partnership, by mail address in lower case."""
        return frozenset(person.email.casefold() for person in self.partnership.people.values())

    def known_as(self, email: str) -> Person | None:
        """The person of that mail address, however it is spelled; None for a stranger."""
        return next((each for each in self.partnership.people.values() if each.email.casefold() == email), None)

    def scope_of(self, review: Review) -> Scope | None:
        """The scope that a review belongs to; None for a layer the definition no longer has."""
        return self.scopes.get(f"{review.partnership}/{review.layer}" if review.layer else review.partnership)

    def briefing(self, record: Recorded, audience: Audience = JOINT) -> Briefing | None:
        """What the agenda of a review shows this audience; None where its layer is gone from the definition."""
        scope = self.scope_of(record.review)
        if scope is None:
            return None
        return briefing(
            scope=scope,
            partnership=self.partnership,
            recorded=record,
            audience=audience,
            measurements=self.owed[scope.id],
            flags=self.flags[scope.id],
            history=self.history,
            now=self.now,
            commitments=self.open_actions(record.review),
            unfinished=self.unfinished(record.review),
            answers=self.answers.get(record.id, NONE),
            judgements=self.judgements,
            decisions=self.decisions,
            causes=[each for each in self.causes if each.review == record.id],
            notified=self.notified,
        )

    def audiences(self, review: Review) -> Iterator[Audience]:
        """The joint audience, then each organisation that has KPIs of its own in the review's scope."""
        yield JOINT
        scope = self.scope_of(review)
        owners = {internal_to(kpi) for kpi in scope.kpis.values()} if scope else set()
        yield from (Audience(key) for key in self.partnership.organisations if key in owners)

    @property
    def facts(self) -> Facts:
        """The partnership as its timeline needs it."""
        return Facts(
            partnership=self.partnership,
            scopes=tuple(self.scopes.values()),
            owed=self.owed,
            recorded=self.recorded,
            judgements=self.judgements,
            decisions=self.decisions,
            assigned=[each.action for promised in self.commitments.values() for each in promised],
            causes=[each for each in self.causes if each.is_open],
            now=self.now,
        )

    @cached_property
    def ahead(self) -> tuple[Notification, ...]:
        """What is told of the partnership until now and in the time to come, were nothing reported."""
        return tuple(notices(self.facts, AHEAD))

    @cached_property
    def meetings(self) -> tuple[Meeting, ...]:
        """The reviews of the window as calendars show them."""
        first, last = self.window
        return tuple(
            self.meeting(record) for record in self.recorded.values() if first <= record.review.start.date() <= last
        )

    def seal(self, person: str) -> str | None:
        """What a link of this person bears now; None for somebody who is not in the definition."""
        who = self.partnership.people.get(person)
        return person_seal(who.email, who.of, self.revocations.of(who.email)) if who else None

    def holder(self, email: str) -> Holder | None:
        """The person of that mail address as the holder of a link; None for a stranger, and for who has left."""
        who = self.known_as(email)
        if who is None or has_left(self.partnership, who, self.now):
            return None
        key = next(key for key, each in self.partnership.people.items() if each is who)
        return Holder(key, self.seal(key))

    def agenda_link(self, review: str, holder: Holder | None) -> str | None:
        """Where the holder can read a review's agenda; None where they cannot, and for nobody in particular: whoever
        has such a link could never be kept out again."""
        return agenda_link(*self.site, review, holder) if self.site and holder else None

    def meeting(self, record: Recorded, holder: Holder | None = None) -> Meeting:
        """A review as calendars show it, with the gist of its agenda, and its link for the holder."""
        scope = self.scope_of(record.review)
        told = gist(sketch(scope, self.partnership, record)) if scope else ""
        track = {step.key: step.says for step in scope.playbook.launch_track} if scope else {}
        link = self.agenda_link(record.id, holder)
        return Meeting(record, self.partnership, told, track, link, self.told_since)

    @cached_property
    def dues(self) -> tuple[Due, ...]:
        """Every KPI period that is owed or was reported, with the history of its calendar entry."""
        owed = (each for part in self.owed.values() for each in part)
        with_entry = ((m, self.entries.get((m.id, m.period.label))) for m in owed)
        return tuple(
            Due(m, self.partnership, entry.sequence, entry.created_at, entry.modified_at, self.told_since)
            for m, entry in with_entry
            if entry and entry.status != measures.WITHDRAWN
        )

    def open_actions(self, review: Review) -> tuple[Commitment, ...]:
        """The open actions of earlier reviews that stand on the agenda of this one."""
        scope = self.scope_of(review)
        if scope is None:
            return ()
        return tuple(
            each
            for each in self.commitments[scope.id]
            if comes_back(each, review, scope, self.now) and self._is_before(each.action.review, review)
        )

    def _is_before(self, id: str, review: Review) -> bool:
        record = self.recorded.get(id)
        return record is None or record.review.start < review.start

    def unfinished(self, review: Review) -> tuple[str, ...]:
        """What earlier minutes of the series left unfinished and nobody has closed; to a health audit also what those
        of checkpoints and formal reviews did."""
        theirs = [each for each in self.parked if parking.comes_back(each, review)]
        return tuple(dict.fromkeys(each.says for each in theirs if self._is_before(each.review, review)))


def has_left(partnership: Partnership, person: Person, now: datetime) -> bool:
    """Whether somebody has left by the partnership's own date, on which their duties pass to others too."""
    return person.has_left(now.astimezone(ZoneInfo(partnership.zone)).date())


def dossier(app: App, db: Connection, row: PartnershipRow, now: datetime) -> Dossier:
    """Read everything of one partnership and work out how it stands at `now`."""
    taken_up = definition_versions.recorded(app, db, row)
    partnership = app.in_force(row).as_of(now).knowing(definition_versions.names(taken_up))
    parts = {scope.id: scope for scope in scopes(partnership, app.playbooks)}
    current, excuses = readings.current(db, row.id), readings.excuses(db, row.id)
    until = (now + timedelta(days=app.settings.horizon_days)).date()
    past = timelines(
        taken_up, [*parts.values()], app.playbooks, now, definition_versions.kept_dues(db, row.id, taken_up)
    )
    owed = {id: measurements(scope, current, excuses, now, until, past) for id, scope in parts.items()}
    recorded = reviews.recorded(db, row.id)
    flags = {id: tuple(flag(m, parts[id], now) for m in each if m.status == "overdue") for id, each in owed.items()}
    return Dossier(
        partnership=partnership,
        scopes=parts,
        recorded=recorded,
        owed=owed,
        flags=flags,
        history=_by_kpi(owed),
        entries=measures.recorded(db, row.id),
        answers=rsvps.standings(db, row.id, recorded),
        judgements=verdicts.judgements(db, row.id),
        decisions=verdicts.decisions(db, row.id),
        commitments=commitments(actions.open_actions(db, row.id), parts.values(), recorded),
        notified=notified.of_subjects(db, (late.measurement.id for each in flags.values() for late in each)),
        parked=[each for each in items_of(db, partnership, recorded, now) if each.is_open],
        causes=causes.of_partnership(db, row.id),
        site=_site(app, db),
        revocations=revocations(db, row.id),
        told_since=row.told_since or EPOCH,
        now=now,
        revision=row.revision,
        window=((now - WINDOW_BACK).date(), until),
    )


def _site(app: App, db: Connection) -> Site | None:
    """None where no address is known that people could go to."""
    url = app.settings.web.reachable_url
    key = known_signing_key(db) if url else None
    return Site(url, key) if url and key else None


class Archive:
    """The dossiers of one view of the database, each made when it is first asked for."""

    def __init__(self, app: App, db: Connection, now: datetime) -> None:
        self.app, self.db, self.now = app, db, now
        self._made: dict[str, Dossier] = {}

    def __getitem__(self, id: str) -> Dossier:
        """The dossier of a partnership that is in the database. Raises KeyError for one that is not."""
        if id not in self._made:
            row = partnerships.get(self.db, id)
            if row is None:
                raise KeyError(id)
            self._made[id] = dossier(self.app, self.db, row, self.now)
        return self._made[id]


def _by_kpi(owed: Mapping[str, Sequence[Measurement]]) -> dict[str, list[Reading]]:
    """The readings that count, by KPI id, in the order of their periods."""
    history: dict[str, list[Reading]] = defaultdict(list)
    for measurement in (each for part in owed.values() for each in part):
        if measurement.reading:
            history[measurement.id].append(measurement.reading)
    return history
