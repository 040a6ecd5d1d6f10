"""What would be told to whom, and when, were nothing reported and nothing closed from now on.

The same decisions that a cycle takes, without waiting for their days: the timeline of notices is followed to its end,
triggers are tried on each day on which one may fire by itself, and notices are gathered into letters by the hours of
whoever reads them. Nothing is written. Invitations, minutes and the letters of a health check are not among them: they
are of meetings and rounds, and go by days of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.render.notifications.digest import Digest, due_state, headline, state_of
from scheduler.render.notifications.letter_parts import OVERDUE, Chapter, Matter
from scheduler.render.notifications.sentences import Sentences, sentences_of
from scheduler.rules.calendar.business_hours import WorkingTime, telling_time
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.kpis.measurements import measurements, owners_zone
from scheduler.rules.reminders.timeline import Facts, notices
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.firing import called_reviews, firing
from scheduler.rules.triggers.forecast import wakes
from scheduler.rules.triggers.situation import Situation, situations
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.decide import decide
from scheduler.services.pipeline.digest_items import means_of
from scheduler.services.pipeline.intake import not_taken_up
from scheduler.services.pipeline.notifications import addressed, breaks_digest, matter_of, working_time_in
from scheduler.services.pipeline.personal_items import matter_key, of_a_series, told_of
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import notifications as store
from scheduler.store.tables import PartnershipRow

_DAY = timedelta(days=1)
_Matter = tuple[str, str, str, str]
"""What something is about: the partnership, the subject, of a KPI the period, of a launch track the step."""


@dataclass(frozen=True)
class ForeseenLetter:
    """A letter that would go out `at` a moment in UTC: to whom, its subject, and what it says of what."""

    at: datetime
    email: str
    zone: str
    digest: Digest

    @property
    def subject(self) -> str:
        return headline(self.digest)


@dataclass(frozen=True)
class _Event:
    """That somebody is to be told of something, from the moment `since` on."""

    since: datetime
    partnership: Partnership
    person: str
    working_time: WorkingTime
    notice: Notification
    overdue_since: date | None
    zone: str
    key: store.Key
    said: Sentences
    is_known: bool
    """Whether the person was told of the same matter before."""
    was_told: bool
    """Whether they were told of this very step."""

    def comes(self, told: datetime | None, heard: Collection[tuple[str, str, str, str]]) -> datetime:
        """When it is told to somebody who was last told at a moment, and knows of those matters."""
        last = told.astimezone(ZoneInfo(self.working_time.zone)).date() if told else None
        by = None if self.is_known and not self.notice.passes_for_good else self.notice.by
        return telling_time(self.working_time, self.since, last, by and breaks_digest(self.key, self.notice, heard))

    @property
    def matter(self) -> _Matter:
        return self.notice.partnership, *matter_key(self.notice)

    @property
    def is_asked(self) -> bool:
        return self.person in self.notice.asked

    def stands(self, at: datetime) -> bool:
        """Whether it is still to be done by then: what is not reported or not ticked always is."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        return self.overdue_since is not None or self.is_step_past(at) or self.notice.stands(day)

    def is_step_past(self, at: datetime) -> bool:
        """Whether it is a step of a launch track whose day has passed by then."""
        by, facts = self.notice.by, self.notice.facts or {}
        return "nominal" in facts and by is not None and at.astimezone(ZoneInfo(self.zone)).date() > by

    def is_out_of_time(self, at: datetime) -> bool:
        """Whether its day has passed for good by then, so that nothing is said of it any more."""
        by = self.notice.by
        return self.notice.passes_for_good and by is not None and at.astimezone(ZoneInfo(self.zone)).date() > by


def foreseen(
    app: App, partnership: str | None, now: datetime, until: datetime
) -> tuple[list[ForeseenLetter], tuple[str, ...]]:
    """The letters of a partnership (None: of all) between two aware moments, those among them that the next cycle will
    begin to govern; and the ids of these. Raises `UserError`."""
    with app.store.read() as db:
        fresh = [row for row in not_taken_up(app, db, now) if partnership in (None, row.id)]
        known = lookup.partnerships(db, partnership) if partnership is None or not fresh else ()
        return simulate(app, db, [*fresh, *known], now, until), tuple(row.id for row in fresh)


def simulate(
    app: App, db: Connection, rows: Iterable[PartnershipRow], now: datetime, until: datetime
) -> list[ForeseenLetter]:
    """The letters of these partnerships between two aware moments, in the order in which they would go out."""
    waiting: dict[str, list[_Event]] = defaultdict(list)
    for row in rows:
        if row.ended_at is None:
            for event in _events(app, db, row, now, until):
                person = event.partnership.people[event.person]
                waiting[person.email.casefold()].append(event)
    last = store.last_told(db, waiting)
    found = (each for email, events in waiting.items() for each in _letters(email, events, last.get(email), until))
    return sorted(found, key=lambda each: (each.at, each.email))


# What is told ------------------------------------------------------------------------------------------------------


def _events(app: App, db: Connection, row: PartnershipRow, now: datetime, until: datetime) -> Iterator[_Event]:
    state, known = remembered(app, db, row, now), store.known(db, row.id)
    partnership, facts = state.partnership, _foreseen(state, until)
    owed = {(each.id, each.period.label): each for of_scope in facts.owed.values() for each in of_scope}
    heard = {matter_of(key) for key, each in known.items() if each.state == "told"}
    for key, (notice, person) in addressed(partnership, notices(facts, until - now)):
        if person:
            of = owed.get((notice.subject, notice.period))
            means = means_of(app.settings, partnership, person)
            said = sentences_of(told_of(notice), means, app.settings.template_folders)
            was_told = key in known and known[key].state == "told"
            yield _event(facts, key, notice, person, of, said, is_known=matter_of(key) in heard, was_told=was_told)


def _event(
    facts: Facts,
    key: store.Key,
    notice: Notification,
    person: str,
    owed: Measurement | None,
    said: Sentences,
    *,
    is_known: bool,
    was_told: bool,
) -> _Event:
    partnership = facts.partnership
    zone = partnership.zone
    if owed:
        scope = next(scope for scope in facts.scopes if scope.layer == owed.layer)
        zone = owners_zone(scope, owed.kpi).key
    since = max(moment(notice.on, time(), zone).astimezone(UTC), facts.now.astimezone(UTC))
    overdue_since = owed.overdue_since if owed else None
    working_time = working_time_in(partnership, person)
    return _Event(since, partnership, person, working_time, notice, overdue_since, zone, key, said, is_known, was_told)


def _foreseen(state: PartnershipState, until: datetime) -> Facts:
    """All that the timeline follows from, with the formal reviews that would be called on the way."""
    horizon = max(state.settings.horizon_days, (until - state.now).days + 1)
    state = replace(state, settings=state.settings.model_copy(update={"horizon_days": horizon}))
    first = decide(state)
    recorded = dict(state.recorded)
    if not first.refused:
        recorded |= {action.review: action.result for action in first.actions}
    fires = _fired(state, recorded, first.causes.standing, until)
    return Facts(
        partnership=state.partnership,
        scopes=first.scopes,
        owed=_owed(state, state.now, until),
        recorded=recorded,
        judgements=state.judgements,
        decisions=state.decisions,
        assigned=state.assigned,
        causes=fires,
        now=state.now,
        ticks=state.ticks,
        launch_from=state.launch_from,
        unreached=state.unreached,
    )


def _owed(state: PartnershipState, at: datetime, until: datetime) -> dict[str, tuple[Measurement, ...]]:
    last = until.date() + _DAY
    return {
        id: measurements(scope, state.readings, state.excuses, at, last, state.past, state.unreached)
        for id, scope in state.scopes.items()
    }


def _fired(
    state: PartnershipState, recorded: dict[str, Recorded], standing: Sequence[TriggerEvent], until: datetime
) -> list[TriggerEvent]:
    """Every cause that is open, or would fire by itself until then; the reviews that they call are put on record."""
    parts, now = state.scopes, state.now
    known = [*(each for each in state.causes if not each.is_open), *standing]
    at = now
    while True:
        watched = _watched(state, recorded, known, at, until)
        if at > now:
            fires = firing((cause for each in watched for cause in causes(each)), known, recorded, parts, at)
            known += fires.fired
            for review in called_reviews(fires.fired, recorded, parts):
                recorded.setdefault(review.id, Recorded(review, created_at=at, modified_at=at))
        coming = min((turn for each in watched for turn in wakes(each) if turn > at), default=None)
        if coming is None or coming > until:
            return [each for each in known if each.is_open]
        at = coming


def _watched(
    state: PartnershipState,
    recorded: Mapping[str, Recorded],
    known: Sequence[TriggerEvent],
    at: datetime,
    until: datetime,
) -> tuple[Situation, ...]:
    owed, seen = _owed(state, at, until), dict.fromkeys(state.scopes, state.now) | dict(state.seen)
    parts = [*state.scopes.values()]
    promised = [each for of_scope in state.commitments.values() for each in of_scope]
    return situations(state.partnership, parts, owed, recorded, state.judgements, known, seen, at, commitments=promised)


# Letters -----------------------------------------------------------------------------------------------------------


def _letters(
    email: str, events: Sequence[_Event], last_told: datetime | None, until: datetime
) -> Iterator[ForeseenLetter]:
    """The letters to one person: at each telling time, all that has come up until then, and what stands of before."""
    before = sorted((event for event in events if event.was_told), key=_by_day)
    left = sorted((event for event in events if not event.was_told), key=lambda event: event.since)
    told, heard = last_told, set[tuple[str, str, str, str]]()
    asked = {event.matter: event for event in before if event.is_asked}
    while left:
        at = min(event.comes(told, heard) for event in _that_may_come_first(left))
        if at > until:
            return
        due = [event for event in left if event.since <= at]
        left = left[len(due) :]
        heard |= {matter_of(event.key) for event in due}
        news = {event.matter: event for event in sorted(due, key=_by_day) if not event.is_out_of_time(at)}
        asked = {matter: event for matter, event in asked.items() if event.stands(at)}
        if news:
            first = next(iter(news.values()))
            reader = first.partnership.people[first.person].name
            yield ForeseenLetter(at, email, first.working_time.zone, Digest(reader, tuple(_chapters(news, asked, at))))
            told = at
        asked |= {matter: event for matter, event in news.items() if event.is_asked}


def _that_may_come_first(left: Sequence[_Event]) -> Sequence[_Event]:
    """Who wants a digest may be told of a later step before it; anybody else hears of the first one first."""
    return left if left[0].working_time.person.tell == "digest" else left[:1]


def _chapters(news: Mapping[_Matter, _Event], asked: Mapping[_Matter, _Event], at: datetime) -> Iterator[Chapter]:
    """What is asked, whether or not anything of it has come up; then what is to be known. The periods of a KPI are one
    matter, told by its worst."""
    whole: dict[tuple[bool, str, str], list[_Event]] = defaultdict(list)
    for event in {**asked, **news}.values():
        whole[event.is_asked, *_joint(event)].append(event)
    for is_asked in (True, False):
        by_partnership: dict[str, list[Matter]] = defaultdict(list)
        for (asks, *_), events in whole.items():
            if asks is is_asked:
                worst, is_news = min(events, key=_by_due), any(each.matter in news for each in events)
                by_partnership[worst.partnership.name].append(_matter(worst, at, is_news=is_news))
        for name, matters in by_partnership.items():
            yield Chapter(name, tuple(matters), is_asked)


def _joint(event: _Event) -> tuple[str, str]:
    """What is one matter in a letter: a KPI with all its periods, the reviews of a series of which the same is asked,
    anything else by itself."""
    partnership, subject, *rest = event.matter
    of_series = of_a_series(told_of(event.notice)) if event.is_asked else None
    alone = (subject,) if event.overdue_since else (subject, *rest)
    return partnership, "\n".join(of_series or alone)


def _by_due(event: _Event) -> date:
    return event.overdue_since or event.notice.on


def _by_day(event: _Event) -> date:
    return event.notice.on


def _matter(event: _Event, at: datetime, *, is_news: bool) -> Matter:
    notice = event.notice
    if event.overdue_since is None:
        state = state_of(notice.about, notice.rung, notice.late or event.is_step_past(at))
    else:
        today = at.astimezone(ZoneInfo(event.zone)).date()
        is_overdue = today >= event.overdue_since
        state = OVERDUE if is_overdue else due_state(event.overdue_since - timedelta(days=1), today)
    return Matter(event.said.title, state, event.said.lines, is_news=is_news)
