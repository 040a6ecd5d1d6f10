"""The six signals of a partnership or a layer: value, reporting, rhythm, relationship, dates, people.

Each is a function of what is known at a moment and of the thresholds of the playbook; beside its state and the facts of
its sentence it gives the civil days on which time alone changes it. Whatever is known was filtered for its reader
before: what one organisation sees of an actor-level KPI colours nobody else's picture.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from scheduler.domain.definition.agreement import after, before
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.standing_terms import Shares, Spans, StandingTerms
from scheduler.domain.definition.vocabulary import Kind, Role, Status
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.proposal import Deadlock
from scheduler.domain.record.renewal import of_term
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.standing import Fact, Signal, SignalKind, State
from scheduler.domain.record.verdict import CourseDecision
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reminders.agreement import decide_by, is_notice_asked, running, vacancies
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.standing import adherence
from scheduler.rules.standing.adherence import PastOccurrence


@dataclass(frozen=True, kw_only=True)
class Known:
    """What one reader may know of a partnership at `now`, an aware moment.

    `parts` are the scopes that are looked at: all of them, the umbrella first, or a layer alone. `owed` are the
    measurements, by scope, that the reader may see, the oldest of each KPI first; `past` the past reviews.
    """

    partnership: Partnership
    parts: Sequence[Scope]
    owed: Mapping[str, Sequence[Measurement]]
    recorded: Mapping[str, Recorded]
    past: Sequence[PastOccurrence]
    decisions: Mapping[str, CourseDecision]
    deadlocks: Sequence[Deadlock]
    now: datetime

    @property
    def scope(self) -> Scope:
        """The umbrella or, of a layer, the layer."""
        return self.parts[0]

    @property
    def terms(self) -> StandingTerms:
        return self.scope.playbook.standing

    @property
    def today(self) -> date:
        """The civil date in the partnership's zone."""
        return self.now.astimezone(zone(self.partnership.zone)).date()

    @property
    def measured(self) -> Iterator[Measurement]:
        return (each for part in self.parts for each in self.owed.get(part.id, ()))

    def part(self, scope_id: str) -> Scope | None:
        return next((each for each in self.parts if each.id == scope_id), None)


class FoundSignal(NamedTuple):
    """A signal, and the civil days of the partnership's zone on which it may change by itself."""

    signal: Signal
    turns: tuple[date, ...] = ()


def _found(
    kind: SignalKind, state: State, cause: str, about: str, *, turns: Iterable[date] = (), **facts: Fact
) -> FoundSignal:
    return FoundSignal(Signal(kind, state, cause, about, facts), tuple(turns))


def all_of(known: Known) -> tuple[FoundSignal, ...]:
    """The six in the order in which they are told; of a layer all but the seats, which are the partnership's."""
    found = (value(known), reporting(known), rhythm(known), relationship(known), dates(known))
    return found if known.scope.layer else (*found, people(known))


# Value -------------------------------------------------------------------------------------------------------------


def value(known: Known) -> FoundSignal:
    """The share of readings on target: of each KPI its last ones, so that a weekly KPI weighs as much as a monthly one.
    What is named is the KPI that missed most of them."""
    last = _last_readings(known)
    met = sum(each.reading.met for readings in last.values() for each in readings if each.reading)
    of = sum(map(len, last.values()))
    if of < known.terms.fewest:
        return _found("value", State.TOO_EARLY, "few_readings", known.scope.id, readings=of, fewest=known.terms.fewest)
    state = _by_share(met, of, known.terms.value)
    missed = {id: sum(not each.reading.met for each in of_kpi if each.reading) for id, of_kpi in last.items()}
    id, most = max(missed.items(), key=lambda each: each[1])
    share = round(100 * met / of)
    if not most:
        return _found("value", state, "on_target", known.scope.id, met=met, readings=of, percent=share)
    return _found(
        "value",
        state,
        "off_target",
        id,
        met=met,
        readings=of,
        percent=share,
        kpi=last[id][-1].kpi.name,
        missed=most,
        last=len(last[id]),
    )


def gains(known: Known) -> dict[str, tuple[int, int]]:
    """How many of so many of the last readings were on target, by the leverage that the KPI stands for."""
    counted: dict[str, tuple[int, int]] = {}
    for readings in _last_readings(known).values():
        leverage = readings[-1].kpi.leverage
        if leverage:
            met, of = counted.get(leverage.value, (0, 0))
            counted[leverage.value] = (
                met + sum(each.reading.met for each in readings if each.reading),
                of + len(readings),
            )
    return counted


def _last_readings(known: Known) -> dict[str, list[Measurement]]:
    reported: dict[str, list[Measurement]] = defaultdict(list)
    for each in known.measured:
        if each.reading is not None and each.reading.way != "history":
            reported[each.id].append(each)
    return {id: readings[-known.terms.readings :] for id, readings in reported.items()}


def _by_share(part: int, whole: int, bounds: Shares) -> State:
    """Compared exactly: a share that is met to the last digit is met."""
    if part * 100 < bounds.at_risk.value * whole:
        return State.AT_RISK
    return State.ATTENTION if part * 100 < bounds.attention.value * whole else State.ON_COURSE


# Reporting ---------------------------------------------------------------------------------------------------------


def reporting(known: Known) -> FoundSignal:
    """What is overdue, by side; how bad that is is counted in the owner's working days, from the day on which it was
    asked for: a program that was set up late blames nobody for the time before, and the sentence names that day. What
    is named is what decides, the one that is longest overdue of several as bad."""
    late = [each for each in known.measured if each.status == "overdue"]
    if not late:
        is_owed = any(each.status == "reported" for each in known.measured)
        return _found("reporting", State.ON_COURSE, "all_reported" if is_owed else "nothing_due", known.scope.id)
    oldest = {each.id: each for each in reversed(late)}.values()  # later periods of a KPI are late for less long
    lateness = [_lateness(known, each) for each in oldest]
    worst, how = min(zip(oldest, lateness, strict=True), key=lambda each: (each[1].state.rank, -each[1].days))
    sides = Counter(_side_of(known, each.kpi.owner) for each in late)
    return _found(
        "reporting",
        min((each.state for each in lateness), key=lambda state: state.rank),
        "overdue",
        worst.id,
        turns=(day for each in lateness for day in each.turns),
        overdue=len(late),
        kpi=worst.kpi.name,
        period=worst.period.name,
        days=how.days,
        since=worst.ladder_from.isoformat() if worst.ladder_from else None,
        sides=", ".join(f"{side} {count}" for side, count in sides.most_common()),
    )


class _Lateness(NamedTuple):
    """For how many working days a measurement is past its due day, how bad that is, and when it gets worse."""

    days: int
    state: State
    turns: tuple[date, ...]


def _lateness(known: Known, owed: Measurement) -> _Lateness:
    scope, spans = known.part(_scope_id(owed)) or known.scope, known.terms.reporting
    calendar = scope.calendar_of(owed.kpi.owner)
    attention, at_risk = (
        calendar.add(owed.counted_from, span.count) if span.unit == "working day" else after(owed.counted_from, span)
        for span in (spans.attention, spans.at_risk)
    )
    state, turns = _by_day(attention, at_risk, known.today)
    return _Lateness(calendar.between(owed.due, known.today), state, turns)


def _scope_id(owed: Measurement) -> str:
    return f"{owed.partnership}/{owed.layer}" if owed.layer else owed.partnership


def _side_of(known: Known, person: str) -> str:
    """The name of somebody's organisation; of somebody of none their own."""
    of = known.partnership.organisation_of(person)
    named = known.partnership.organisations.get(of or "")
    return named.name if named else known.partnership.name_of(person)


# Rhythm ------------------------------------------------------------------------------------------------------------


def rhythm(known: Known) -> FoundSignal:
    """The share of past reviews that were held in time, within the window of the playbook."""
    terms, today = known.terms, known.today
    first = adherence.since(terms, today)
    counting = list(adherence.counting(known.past, first))
    found = adherence.count(counting)
    turns = [each.closes_on for each in known.past if each.outcome == "open"]
    turns = [date.fromordinal(day.toordinal() + 1) for day in turns]
    if counting:
        turns.append(adherence.leaves_on(terms, min(counting, key=lambda each: each.day)))
    percent = found.percent(terms.fewest)
    if percent is None:
        return _found(
            "rhythm",
            State.TOO_EARLY,
            "few_reviews",
            known.scope.id,
            turns=turns,
            reviews=found.counted,
            fewest=terms.fewest,
        )
    wrong = [each for each in counting if each.outcome != "held"]
    last = wrong[-1] if wrong else None
    return _found(
        "rhythm",
        _by_share(found.held, found.counted, terms.rhythm),
        "kept" if last is None else "not_kept",
        last.review if last else known.scope.id,
        turns=turns,
        held=found.held,
        reviews=found.counted,
        late=found.late,
        no_quorum=found.no_quorum,
        skipped=found.skipped,
        not_closed=found.not_closed,
        percent=percent,
        because=next((each.because for each in reversed(wrong) if each.outcome == "skipped"), None),
    )


# Relationship ------------------------------------------------------------------------------------------------------


def relationship(known: Known) -> FoundSignal:
    """How long ago the sides last held a health audit together, and whether they are in a deadlock. A partnership that
    had none yet is as old as its first day."""
    stuck = [each for each in known.deadlocks if each.ended_at is None and known.part(each.scope)]
    if stuck:
        oldest = min(stuck, key=lambda each: each.opened_on)
        return _found(
            "relationship",
            State.AT_RISK,
            "deadlock",
            known.scope.id,
            says=oldest.says,
            on=oldest.opened_on.isoformat(),
        )
    held = [
        each
        for each in known.recorded.values()
        if each.review.kind is Kind.HEALTH_AUDIT and each.status is Status.HELD and known.part(each.review.scope_id)
    ]
    last = max(held, key=lambda each: each.review.start, default=None)
    from_ = (last.held_on or last.review.start.date()) if last else known.scope.effective
    state, turns = _by_age(from_, known.terms.relationship, known.today)
    if last is None:
        state = State.TOO_EARLY if state is State.ON_COURSE else state
        return _found("relationship", state, "no_audit", known.scope.id, turns=turns, on=from_.isoformat())
    return _found("relationship", state, "audit", last.id, turns=turns, title=last.review.title, on=from_.isoformat())


def _by_age(from_: date, spans: Spans, today: date) -> tuple[State, tuple[date, ...]]:
    """How something stands that gets worse with age, and the days to come on which it does."""
    return _by_day(after(from_, spans.attention), after(from_, spans.at_risk), today)


def _by_day(attention: date, at_risk: date, today: date) -> tuple[State, tuple[date, ...]]:
    state = State.AT_RISK if today >= at_risk else State.ATTENTION if today >= attention else State.ON_COURSE
    return state, tuple(day for day in (attention, at_risk) if day > today)


# Dates -------------------------------------------------------------------------------------------------------------


class _Ahead(NamedTuple):
    """A date that asks for something: which sentence tells it, and whose id is clicked."""

    on: date
    cause: str
    about: str
    what: str | None = None


def dates(known: Known) -> FoundSignal:
    """What is to be decided or done by a date: what stands worst, the nearest first. One whose day has passed with
    nothing done is at risk; so is one of the last days before it; a checkpoint needs attention then, and only then."""
    today, spans = known.today, known.terms.dates
    ahead = sorted(_ahead(known))
    if not ahead:
        return _found("dates", State.ON_COURSE, "no_dates", known.scope.id)
    state, first = min(((_by_date(each, spans, today), each) for each in ahead), key=lambda each: each[0].rank)
    edges = (before(each.on, span) for each in ahead for span in (spans.attention, spans.at_risk))
    next_days = (date.fromordinal(each.on.toordinal() + 1) for each in ahead)
    return _found(
        "dates",
        state,
        first.cause,
        first.about,
        turns=(day for day in (*edges, *next_days) if day > today),
        on=first.on.isoformat(),
        days=(first.on - today).days,
        what=first.what,
    )


def _by_date(ahead: _Ahead, spans: Spans, today: date) -> State:
    state, _ = _by_day(before(ahead.on, spans.attention), before(ahead.on, spans.at_risk), today)
    if ahead.cause == "checkpoint":
        return State.ATTENTION if state is State.AT_RISK else State.ON_COURSE
    return state


_OF_THE_AGREEMENT = ("decide", "notice", "ends", "expires")


def next_of_agreement(known: Known) -> tuple[date, str] | None:
    """The next date of the agreement and its documents, and which it is; None where none is ahead."""
    return next(((each.on, each.cause) for each in sorted(_ahead(known)) if each.cause in _OF_THE_AGREEMENT), None)


def _ahead(known: Known) -> Iterator[_Ahead]:
    for part in known.parts:
        yield from _undecided(known, part)
        yield from _checkpoints(known, part)
        if part.layer and part.ends and part.ends >= known.today and _ends_by_itself(part, known.partnership):
            yield _Ahead(part.ends, "ends", part.id, part.name)
    if known.scope.layer is None:
        yield from _of_the_agreement(known)
        yield from _documents(known)


def _ends_by_itself(layer: Scope, partnership: Partnership) -> bool:
    """Whether nobody has decided that it ends, and it does not end with its umbrella, which tells of that."""
    return layer.leaves_with is None and layer.ends != partnership.agreement.ends


def _of_the_agreement(known: Known) -> Iterator[_Ahead]:
    """Decide-by, cancel-by and the end of a term; none where the end is decided anyway. A day to decide that has passed
    is told until the day of the notice, when nothing is left to decide."""
    agreement, umbrella = known.partnership.agreement, known.scope
    if agreement.ends is None or umbrella.wind_down is not None:
        return
    works, id = known.partnership.works, umbrella.id
    said = of_term(known.partnership.renewals, agreement.ends)
    cancel_by = agreement.cancel_by(works)
    is_open = cancel_by is not None and cancel_by >= known.today
    decide = decide_by(agreement, umbrella.playbook.agreement, works)
    if is_open and decide and said.decided is None and said.notice is None:
        yield _Ahead(decide, "decide", id)
    if is_open and cancel_by and said.decided is not None and is_notice_asked(agreement, said):
        yield _Ahead(cancel_by, "notice", id)
    if agreement.renewal.kind != "tacit" and agreement.ends >= known.today and not said.notice:
        yield _Ahead(agreement.ends, "ends", id)


def _documents(known: Known) -> Iterator[_Ahead]:
    for document, longer in running(known.partnership.agreement.documents, known.today):
        if document.expires and longer is None:
            cause = "expires" if document.expires >= known.today else "expired"
            yield _Ahead(document.expires, cause, known.scope.id, document.words)


def _undecided(known: Known, part: Scope) -> Iterator[_Ahead]:
    """A checkpoint that was held and led to no decision: it was to be taken that day, so it is told from the day after
    on as long as nobody says what was decided."""
    held = [
        each
        for each in known.recorded.values()
        if each.review.scope_id == part.id and each.review.kind is Kind.CHECKPOINT and each.status is Status.HELD
    ]
    last = max(held, key=lambda each: each.review.start, default=None)
    if last and last.id not in known.decisions:
        on = last.held_on or last.review.start.date()
        yield _Ahead(after(on, known.terms.dates.attention), "undecided", last.id, last.review.title)


def _checkpoints(known: Known, part: Scope) -> Iterator[_Ahead]:
    """A checkpoint that is to come: its criteria are judged by then, and it decides whether to go on."""
    there = zone(known.partnership.zone)
    for each in known.recorded.values():
        review, on = each.review, each.review.start.astimezone(there).date()
        is_planned = review.kind is Kind.CHECKPOINT and each.status is Status.PLANNED and on >= known.today
        if is_planned and review.scope_id == part.id:
            yield _Ahead(on, "checkpoint", each.id, review.title)


# People ------------------------------------------------------------------------------------------------------------


def people(known: Known) -> FoundSignal:
    """The seats that each side needs and that are empty: the sponsor's, the alliance manager's."""
    empty = [each for each in vacancies(known.parts, known.today) if each.since <= known.today]
    if not empty:
        return _found("people", State.ON_COURSE, "filled", known.scope.id)
    longest = min(empty, key=lambda each: (each.since, each.role is not Role.SPONSOR))
    state, turns = _by_age(longest.since, known.terms.people, known.today)
    return _found(
        "people",
        state,
        "vacant",
        known.scope.id,
        turns=turns,
        empty=len(empty),
        role=longest.role.words,
        side=known.partnership.organisations[longest.organisation].name,
        on=longest.since.isoformat(),
    )
