"""The state of one partnership at a moment: all that is remembered of it, and what follows from that, each worked out
once and when it is first asked for.

Read once a cycle and handed on: what is decided (`decide`), recorded, told and written out rests on the same state.
`remembered` reads what decisions rest on; `shown` adds what agendas and calendars show besides.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.trigger import Adherence
from scheduler.domain.definition.version import Version
from scheduler.domain.definition.vocabulary import Model, Status
from scheduler.domain.manner import Manner
from scheduler.domain.record.agenda_item import AddedItem
from scheduler.domain.record.decision import Decision
from scheduler.domain.record.measurement import Flag, Measurement, Reading
from scheduler.domain.record.minutes import ParkedItem
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.pre_read import PreRead
from scheduler.domain.record.review import EPOCH, Recorded, Review, Window, people_of
from scheduler.domain.record.rsvp import RsvpStanding
from scheduler.domain.record.wind_down import WindDown
from scheduler.render.agenda.markdown import gist
from scheduler.render.agenda.sketch import Sketch, sketch
from scheduler.render.ics.model import Due, Meeting
from scheduler.render.languages import spoken
from scheduler.render.signed_links import Holder, agenda_link, answer_link, away_link, item_link, person_seal
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.competition_law import guard_of
from scheduler.rules.health_checks.kept import past_rounds
from scheduler.rules.kpis.definition_in_force import Past, timelines
from scheduler.rules.kpis.ladder import flag
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reminders.actions import Commitment, commitments
from scheduler.rules.reminders.timeline import Facts, notices
from scheduler.rules.reviews.adding_items import is_open
from scheduler.rules.reviews.kept_in_place import EarlierRule, together, without_customs
from scheduler.rules.reviews.known_hours import hours_as_left
from scheduler.rules.reviews.launch_steps import launch_steps
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.standing.adherence import PastOccurrence, occurrences
from scheduler.rules.triggers.situation import Situation, situations
from scheduler.services import definition_versions
from scheduler.services.app import App
from scheduler.services.parked import items_of
from scheduler.services.register import decisions_of
from scheduler.settings import Settings
from scheduler.store import (
    agenda_items,
    faults,
    health_checks,
    invitations,
    notified,
    pre_reads,
    rsvps,
    snapshot,
)
from scheduler.store import (
    measurements as measures,
)
from scheduler.store.link_revocations import Revocations, revocations
from scheduler.store.secrets import known_signing_key
from scheduler.store.snapshot import Key, Snapshot
from scheduler.store.tables import MeasureRow, PartnershipRow

AHEAD = timedelta(days=60)
"""So far ahead the next step of a ladder is looked for, to say who is told next."""
WINDOW_BACK = timedelta(days=90)
"""How far back calendars and exports reach; ahead they reach as far as the horizon."""
_OF_THE_DEFINITION = ("partnership", "scopes", "horizon", "past")
"""What is derived from the definition and its versions alone."""


class Site(NamedTuple):
    """Where agendas can be read, and the key that links to them are signed with."""

    url: str
    key: str


@dataclass(frozen=True, kw_only=True)
class PartnershipState(Snapshot):
    """A partnership at `now`, an aware moment. What is derived is of every level: none has met its audience."""

    definition: Partnership
    """In force; or that of an edited file, whose effect is asked for."""
    playbooks: Mapping[Model, Playbook]
    settings: Settings
    now: datetime
    approved: bool = False
    """Whether a person has allowed this definition to cancel many reviews."""
    keeps: Collection[str] = ()
    """The reviews and series that people were invited to, where there are earlier rules."""
    earlier_rules: Sequence[EarlierRule] = ()
    """Those by which days off were counted when people were invited, the latest first, until a person takes those of
    today for them."""
    launch_from: date | None = None
    """The first day of which steps of launch tracks are late where nobody has ticked them; None: from today on."""
    health_from: date | None = None
    """The first day on which a round of the health check opens by itself; None: today."""
    announced: Collection[str] = ()
    """The reviews and series that people were invited to; where nobody is invited by letter, all reviews on record."""
    versions: Sequence[Version] = ()
    """Those of the definition, the last in force."""
    kept_dues: Mapping[Key, date] = field(default_factory=dict)
    """The due days on record that stay."""
    unreached: Collection[str] = ()
    """The mail addresses, in lower case, that take no letters: of anybody."""
    taken_up_at: datetime | None = None
    """When the definition was taken up: at the moment of a decision, it is an edit that decides."""

    # What is shown besides (`shown` reads it).
    entries: Mapping[Key, MeasureRow] = field(default_factory=dict)
    """The calendar entries of KPI periods, by KPI id and period."""
    answers: Mapping[str, Mapping[str, RsvpStanding]] = field(default_factory=dict)
    """How the answers to invitations stand: by review, by mail address."""
    parked: Sequence[ParkedItem] = ()
    """What minutes left unfinished and nobody has closed."""
    register: Sequence[Decision] = ()
    """What was decided, also what counts no longer."""
    added: Sequence[AddedItem] = ()
    """The items that people added to agendas and nobody dropped."""
    health_words: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = field(default_factory=dict)
    """What was written in words in health checks that are closed: by round, side and question. Of every side."""
    pre_reads: Sequence[PreRead] = ()
    """The files that were given to reviews, to be read before, and nobody took back: of every side."""
    site: Site | None = None
    revocations: Revocations = field(default_factory=lambda: Revocations(()))
    definition_changed_at: datetime = EPOCH
    """When the definition, or what is told of it besides, last changed."""
    revision: int = 0

    # What follows -------------------------------------------------------------------------------------------------

    @cached_property
    def partnership(self) -> Partnership:
        """The definition as it stands at `now`; it knows the names of everybody of its versions."""
        return self.definition.as_of(self.now).knowing(definition_versions.names(self.versions))

    @property
    def is_paused(self) -> bool:
        """Whether nothing is planned, told or owed of it at present."""
        return self.partnership.pause_at(self.now) is not None

    @cached_property
    def scopes(self) -> dict[str, Scope]:
        """The umbrella, then the layers, by id."""
        return {scope.id: scope for scope in scopes(self.partnership, self.playbooks)}

    @cached_property
    def horizon(self) -> Window:
        """The days for which reviews are planned."""
        return Window.rolling(self.now, self.settings.horizon_days)

    def ends_at(self, leaving: WindDown) -> datetime:
        """The moment, in UTC, at which the last day of an exit is over."""
        return moment(leaving.ends + timedelta(days=1), time(), self.partnership.zone).astimezone(UTC)

    @property
    def window(self) -> tuple[date, date]:
        """The civil dates that calendars and exports cover: 90 days back, ahead as far as the horizon."""
        return (self.now - WINDOW_BACK).date(), (self.now + timedelta(days=self.settings.horizon_days)).date()

    @cached_property
    def past(self) -> Past:
        """How the KPIs were defined before."""
        return timelines(self.versions, [*self.scopes.values()], self.playbooks, self.now, self.kept_dues)

    @cached_property
    def owed(self) -> dict[str, tuple[Measurement, ...]]:
        """What is to be reported until the horizon, by scope."""
        return self.owed_until(self.horizon.until)

    def owed_until(self, day: date) -> dict[str, tuple[Measurement, ...]]:
        return {
            id: measurements(scope, self.readings, self.excuses, self.now, day, self.past, self.unreached)
            for id, scope in self.scopes.items()
        }

    @cached_property
    def flags(self) -> dict[str, tuple[Flag, ...]]:
        """Who is overdue, by scope."""
        return {
            id: tuple(flag(m, self.scopes[id], self.now) for m in owed if m.status == "overdue")
            for id, owed in self.owed.items()
        }

    @cached_property
    def past_reviews(self) -> tuple[PastOccurrence, ...]:
        """The reviews that are over, in the order of their days, each with what became of it."""
        return occurrences(self.scopes.values(), self.recorded, self.minutes_records, self.moves, self.now)

    @cached_property
    def past_rounds(self) -> tuple[PastOccurrence, ...]:
        """The rounds of the health check that are over, as adherence counts them."""
        return past_rounds(self.health_rounds)

    @cached_property
    def situations(self) -> tuple[Situation, ...]:
        """What the triggers are held against: each scope with what is known of it."""
        return situations(
            self.partnership,
            [*self.scopes.values()],
            self.owed,
            self.recorded,
            self.judgements,
            self.causes,
            self.seen,
            self.now,
            self.notified,
            [each for promised in self.commitments.values() for each in promised],
            self.past_reviews if any(isinstance(each, Adherence) for each in self.partnership.triggers) else (),
            self.health_rounds,
        )

    @cached_property
    def history(self) -> dict[str, list[Reading]]:
        """The readings that count, by KPI id, in the order of their periods; first those of before anything was
        owed."""
        history: dict[str, list[Reading]] = defaultdict(list)
        for _, earlier in sorted(self.readings.items()):
            if earlier.way == "history":
                history[earlier.kpi].append(earlier)
        for owed in (each for part in self.owed.values() for each in part):
            if owed.reading and owed.reading.way != "history":
                history[owed.id].append(owed.reading)
        return history

    @cached_property
    def commitments(self) -> dict[str, tuple[Commitment, ...]]:
        """The open actions of the minutes, by scope."""
        return commitments(self.assigned, self.scopes.values(), self.recorded)

    def with_record(self, **changes: Any) -> "PartnershipState":
        """The state when something else is remembered of the same definition, at the same moment: what follows from
        the definition alone stays, and so does what is owed while readings and excuses do."""
        same = replace(self, **changes)
        kept: tuple[str, ...] = _OF_THE_DEFINITION
        if not changes.keys() & {"readings", "excuses"}:
            kept += ("owed", "flags", "history")
        vars(same).update({name: vars(self)[name] for name in kept if name in vars(self)}, _sketches=self._sketches)
        return same

    @property
    def emails(self) -> frozenset[str]:
        """Everybody of the partnership, by mail address in lower case."""
        return frozenset(person.email.casefold() for person in self.partnership.people.values())

    def known_as(self, email: str) -> Person | None:
        """The person of that mail address, however it is spelled; None for a stranger."""
        return next((each for each in self.partnership.people.values() if each.email.casefold() == email), None)

    def scope_of(self, review: Review) -> Scope | None:
        """The scope that a review belongs to; None for a layer the definition no longer has."""
        return self.scopes.get(review.scope_id)

    @cached_property
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
            ticks=self.ticks,
            minutes_records=self.minutes_records,
            launch_from=self.launch_from,
            proposals=self.proposals,
            deadlocks=self.deadlocks,
            exit_words=self.exit_words,
            unreached=self.unreached,
        )

    @cached_property
    def ahead(self) -> tuple[Notification, ...]:
        """What is told of the partnership until now and in the time to come, were nothing reported."""
        return () if self.is_paused else tuple(notices(self.facts, AHEAD))

    @cached_property
    def words(self) -> bytes:
        """A digest of what calendars say of reviews besides their records: of the definition as it stands, the names
        of those who have left, and when it last changed. The playbooks are the app's."""
        said = self.partnership.model_dump_json(), self.partnership.former, self.partnership.days_off_from
        return hashlib.blake2b(repr((said, self.definition_changed_at)).encode(), digest_size=16).digest()

    @cached_property
    def ahead_of(self) -> Mapping[Key, Sequence[Notification]]:
        """The same by subject and period."""
        found: dict[Key, list[Notification]] = defaultdict(list)
        for each in self.ahead:
            found[each.subject, each.period].append(each)
        return dict(found)

    @cached_property
    def owed_of(self) -> Mapping[Key, Measurement]:
        """What is to be reported until the horizon, by KPI and period."""
        return {(each.id, each.period.label): each for of_scope in self.owed.values() for each in of_scope}

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

    def away_link(self, holder: Holder | None) -> str | None:
        """Where the holder says when they are away."""
        if self.site is None or holder is None:
            return None
        until = self.now + timedelta(days=self.settings.web.link_days)
        return away_link(*self.site, self.partnership.partnership, holder, until)

    def agenda_link(self, review: str, holder: Holder | None) -> str | None:
        """Where the holder can read a review's agenda; None where they cannot, and for nobody in particular: whoever
        has such a link could never be kept out again."""
        return agenda_link(*self.site, review, holder) if self.site and holder else None

    def answer_link(self, record: Recorded, person: str) -> str | None:
        """Where somebody who is invited says whether they come; None where they cannot any more, or nothing is
        served."""
        is_open = record.status is Status.PLANNED and not record.is_past(self.now)
        if self.site is None or not is_open or person not in people_of(record.review):
            return None
        return answer_link(*self.site, record.id, Holder(person, self.seal(person)))

    def counsel_at(self, record: Recorded) -> tuple[str, ...] | None:
        """The keys of counsel where competitors meet; None where they do not."""
        guard = guard_of(self.partnership, self.playbooks, record.review.model)
        return guard.counsel if guard else None

    def item_link(self, record: Recorded, person: str) -> str | None:
        """Where a person can add an item to a review's agenda; None where they cannot any more, or nothing is
        served."""
        if self.site is None or not is_open(record, person, self.now, counsel=self.counsel_at(record)):
            return None
        return item_link(*self.site, record.id, Holder(person, self.seal(person)))

    def meeting(self, record: Recorded) -> Meeting:
        """A review as calendars show it, with the gist of its agenda, as nobody's in particular."""
        scope = self.scope_of(record.review)
        told = gist(self.sketch(record, scope)) if scope else ""
        track = {step.key: step for step in launch_steps(record, scope, self.ticks)} if scope else {}
        return Meeting(record, self.partnership, told, track, None, self.definition_changed_at)

    def sketch(self, record: Recorded, scope: Scope) -> Sketch:
        """What calendars and every agenda of a review tell alike, worked out once in each language that is spoken."""
        at = record.id, spoken()
        known = self._sketches.get(at)
        if known is None or known[0] is not record:
            known = self._sketches[at] = record, sketch(scope, self.partnership, record)
        return known[1]

    @cached_property
    def _sketches(self) -> dict[tuple[str, Manner], tuple[Recorded, Sketch]]:
        return {}

    @cached_property
    def dues(self) -> tuple[Due, ...]:
        """Every KPI period that is owed or was reported, with the history of its calendar entry."""
        owed = (each for part in self.owed.values() for each in part)
        with_entry = ((m, self.entries.get((m.id, m.period.label))) for m in owed)
        return tuple(
            Due(m, self.partnership, entry.sequence, entry.created_at, entry.modified_at, self.definition_changed_at)
            for m, entry in with_entry
            if entry and entry.status != measures.WITHDRAWN
        )


def has_left(partnership: Partnership, person: Person, now: datetime) -> bool:
    """Whether somebody has left by the partnership's own date, on which their duties pass to others too."""
    return person.has_left(now.astimezone(ZoneInfo(partnership.zone)).date())


def remembered(app: App, db: Connection, row: PartnershipRow, now: datetime) -> PartnershipState:
    """The state that decisions about a partnership rest on, as the database has it."""
    known, versions = snapshot.read(db, row.id), definition_versions.recorded(app, db, row)
    return PartnershipState(
        **{each.name: getattr(known, each.name) for each in fields(Snapshot)},
        definition=_with_hours(app, db, row, known, now),
        playbooks=app.playbooks,
        settings=app.settings,
        now=now,
        approved=row.approved == row.content_hash,
        keeps=_kept_invitations(db, row, known) if row.keeps_joint_days or row.keeps_invited else (),
        earlier_rules=tuple(_earlier_rules(row)),
        launch_from=row.launch_from,
        health_from=row.health_from,
        announced=_invited(db, row) if app.settings.mail.sender else known.recorded.keys(),
        versions=versions,
        kept_dues=definition_versions.kept_dues(db, row.id, versions),
        taken_up_at=definition_versions.taken_up_at(db, row.id),
        unreached=faults.unreached(db),
    )


def _earlier_rules(row: PartnershipRow) -> Iterator[EarlierRule]:
    if row.keeps_joint_days:
        yield together
    if row.keeps_invited:
        yield without_customs


def _with_hours(app: App, db: Connection, row: PartnershipRow, known: Snapshot, now: datetime) -> Partnership:
    """The definition in force, with the times of day that people know; where an earlier program kept none, they are
    read from the reviews that it left."""
    if row.series_hours is not None:
        return app.in_force(row)
    return app.in_force(row).keeping_hours(hours_as_left(known.recorded, _kept_invitations(db, row, known), now))


def _kept_invitations(db: Connection, row: PartnershipRow, known: Snapshot) -> set[str]:
    """The reviews and series that people were invited to. Where nobody is invited by letter, the calendars are what
    they go by: all that is on record."""
    return _invited(db, row) or {id for id, record in known.recorded.items() if not record.settled}


def _invited(db: Connection, row: PartnershipRow) -> set[str]:
    """The reviews and series that people were invited to by letter."""
    return {each.subject for each in invitations.of(db, row.id) if not each.closed}


def state_of(app: App, db: Connection, row: PartnershipRow, now: datetime) -> PartnershipState:
    """The state with all that agendas and calendars show."""
    return shown(app, db, row, remembered(app, db, row, now))


def shown(app: App, db: Connection, row: PartnershipRow, state: PartnershipState) -> PartnershipState:
    """A state that is so on record, with what agendas and calendars show besides."""
    late = (each.measurement.id for flags in state.flags.values() for each in flags)
    return state.with_record(
        notified=notified.of_subjects(db, late),
        entries=measures.recorded(db, row.id),
        answers=rsvps.standings(db, row.id, state.recorded),
        parked=[each for each in items_of(db, state.partnership, state.recorded, state.now) if each.is_open],
        register=decisions_of(db, state.partnership, state.now),
        added=[each for each in agenda_items.recorded(db, row.id) if each.is_open],
        health_words=health_checks.words_of(db, [each for each in state.health_rounds if each.closed_at]),
        pre_reads=pre_reads.standing(db, row.id),
        site=_site(app, db),
        revocations=revocations(db, row.id),
        definition_changed_at=row.definition_changed_at or EPOCH,
        revision=row.revision,
    )


def to_be_told(_app: App, db: Connection, row: PartnershipRow, state: PartnershipState) -> PartnershipState:
    """A state with what letters say besides: whose links were revoked."""
    return state.with_record(revocations=revocations(db, row.id))


def _site(app: App, db: Connection) -> Site | None:
    """None where no address is known that people could go to."""
    url = app.settings.web.reachable_url
    key = known_signing_key(db) if url else None
    return Site(url, key) if url and key else None
