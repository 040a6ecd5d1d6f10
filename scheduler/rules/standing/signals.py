"""The six signals of a partnership or a layer: value, reporting, rhythm, relationship, dates, people.

Each is a function of what is known at a moment and of the thresholds of the playbook; beside its state and the facts of
its sentence it gives the civil days on which time alone changes it. Whatever is known was filtered for its reader
before: what one organisation sees of an actor-level KPI colours nobody else's picture.
"""

from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.standing_terms import Shares
from scheduler.domain.definition.vocabulary import Kind, Role, Status
from scheduler.domain.record.health import HealthRound, Light
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.standing import State
from scheduler.rules.health_checks.kept import skipped_last
from scheduler.rules.health_checks.results import worst
from scheduler.rules.health_checks.rounds import last_closed
from scheduler.rules.reminders.agreement import vacancies
from scheduler.rules.standing import adherence
from scheduler.rules.standing.dates import dates
from scheduler.rules.standing.known import FoundSignal, Known, by_age, by_day, found_signal


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
        return found_signal(
            "value", State.TOO_EARLY, "few_readings", known.scope.id, readings=of, fewest=known.terms.fewest
        )
    state = _by_share(met, of, known.terms.value)
    missed = {id: sum(not each.reading.met for each in of_kpi if each.reading) for id, of_kpi in last.items()}
    id, most = max(missed.items(), key=lambda each: each[1])
    share = round(100 * met / of)
    if not most:
        return found_signal("value", state, "on_target", known.scope.id, met=met, readings=of, percent=share)
    return found_signal(
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
        return found_signal("reporting", State.ON_COURSE, "all_reported" if is_owed else "nothing_due", known.scope.id)
    oldest = {each.id: each for each in reversed(late)}.values()  # later periods of a KPI are late for less long
    lateness = [_lateness(known, each) for each in oldest]
    worst, how = min(zip(oldest, lateness, strict=True), key=lambda each: (each[1].state.rank, -each[1].days))
    sides = Counter(_side_of(known, each.kpi.owner) for each in late)
    return found_signal(
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
    state, turns = by_day(attention, at_risk, known.today)
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
        return found_signal(
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
    return found_signal(
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
    """What the last health check found; where there was none, how long ago the sides last held a health audit together,
    a partnership that had none yet being as old as its first day. A deadlock comes before both."""
    stuck = [each for each in known.deadlocks if each.ended_at is None and known.part(each.scope)]
    if stuck:
        oldest = min(stuck, key=lambda each: each.opened_on)
        return found_signal(
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
    check = last_closed(known.health_rounds)
    if check and (found := _health_check(known, check, from_ if last else check.closes_on)):
        return found
    state, turns = by_age(from_, known.terms.relationship, known.today)
    if (skipped := [*skipped_last(known.health_rounds)]) and state is not State.AT_RISK:
        facts = {"skipped": len(skipped), "because": skipped[0].skipped_because}
        return found_signal("relationship", State.ATTENTION, "health_skipped", known.scope.id, turns=turns, **facts)
    if last is None:
        state = State.TOO_EARLY if state is State.ON_COURSE else state
        return found_signal("relationship", state, "no_audit", known.scope.id, turns=turns, on=from_.isoformat())
    return found_signal(
        "relationship", state, "audit", last.id, turns=turns, title=last.review.title, on=from_.isoformat()
    )


_BY_LIGHT = {Light.RED: State.AT_RISK, Light.AMBER: State.ATTENTION, Light.GREEN: State.ON_COURSE}


def _health_check(known: Known, check: HealthRound, audited_on: date) -> FoundSignal | None:
    """What the last health check found, of its worst area, or that both it and the last audit are too old; that rounds
    were skipped since needs attention. None where too few have answered to say anything."""
    finding = worst(check)
    if finding is None:
        return None
    aged, turns = by_age(max(check.closes_on, audited_on), known.terms.relationship, known.today)
    skipped = [*skipped_last(known.health_rounds)]
    found = _BY_LIGHT[finding.light]
    states = [(found, "health"), (State.ATTENTION, "health_skipped")] if skipped else [(found, "health")]
    state, cause = min([*states, (aged, "health_old")], key=lambda each: each[0].rank)
    sides = {key: each.name for key, each in known.partnership.organisations.items()}
    low, high = finding.low, finding.high
    return found_signal(
        "relationship",
        state,
        cause,
        known.scope.id,
        turns=turns,
        period=check.period,
        on=check.closes_on.isoformat(),
        area=finding.title,
        finding=finding.kind,
        gap=None if finding.gap is None else str(finding.gap),
        low=str(low.mean) if low else None,
        low_side=sides.get(low.side, low.side) if low else None,
        high=str(high.mean) if high else None,
        high_side=sides.get(high.side, high.side) if high else None,
        skipped=len(skipped),
        because=skipped[0].skipped_because if skipped else None,
    )


# People ------------------------------------------------------------------------------------------------------------


def people(known: Known) -> FoundSignal:
    """The seats that each side needs and that are empty: the sponsor's, the alliance manager's."""
    empty = [each for each in vacancies(known.parts, known.today) if each.since <= known.today]
    if not empty:
        return found_signal("people", State.ON_COURSE, "filled", known.scope.id)
    longest = min(empty, key=lambda each: (each.since, each.role is not Role.SPONSOR))
    state, turns = by_age(longest.since, known.terms.people, known.today)
    return found_signal(
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
