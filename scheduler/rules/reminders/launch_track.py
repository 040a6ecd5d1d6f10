"""The launch track: what the owners of its steps hear on the way to the checkpoint, and what judges are asked.

A step is told on its day or, where that is a day off for whoever is told, on their working day before; one that is done
is told no more, and one that is not stands in their letters as late from the day after. At the
evidence call each criterion is asked of its judge, and the reading that it waits for of the KPI's owner; on the first
working day after the checkpoint, what has no verdict yet is asked once more. A checkpoint that was held asks for
nothing but verdicts, and a decision ends all of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Literal, NamedTuple

from scheduler.domain.definition.kpi import Criterion, Kpi
from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import DayOff, Status
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.launch_tick import LaunchTicks
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.notification import Ending, Notification
from scheduler.domain.record.notification_facts import CheckpointFacts, CriterionFacts, ended
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import CourseDecision, Judgement, Verdict
from scheduler.rules.calendar.working_days import WorkingCalendar
from scheduler.rules.kpis.verdicts import Judgements, evidence, internal_to, judge_of, overruled, verdict_on
from scheduler.rules.reviews.checkpoint import EVIDENCE_CALL, day_zero
from scheduler.rules.reviews.launch_steps import LaunchStep, agenda_owner, is_told, known_since, launch_steps, standing
from scheduler.rules.reviews.scopes import Scope


class TicksOnRecord(NamedTuple):
    """What is known of the steps of launch tracks: the words on them, the first day of which one that nobody has ticked
    is late, and today's date where a person lives."""

    ticks: LaunchTicks
    since: date
    today: Callable[[str], date]


Choose = Callable[[WorkingCalendar], date]
"""Picks the day in the working days of whoever is told."""


def notices(
    checkpoint: Recorded,
    scope: Scope,
    owed: Sequence[Measurement],
    judgements: Judgements,
    decision: CourseDecision | None,
    until: Callable[[str], date],
    said: TicksOnRecord,
) -> Iterator[Notification]:
    """Every step of a checkpoint's launch track up to `until`, the civil date where the person who is told lives.

    `owed` is the scope's; `decision` is the one taken at this checkpoint. Of a step that had passed before the
    checkpoint was on record nobody is told.
    """
    track = _Track(checkpoint, scope, owed, judgements)
    steps: Iterator[Notification] = iter(())
    if decision is None and checkpoint.status is Status.PLANNED:
        steps = chain(_steps(track, said), _at_the_call(track), _afterwards(track))
    elif decision is None and checkpoint.status is Status.HELD:
        steps = _afterwards(track)
    return (notice for notice in steps if notice.on <= until(notice.people[0]))


def settlements(
    judgements: Judgements,
    people: Mapping[str, Person],
    recorded: Mapping[str, Recorded],
    scopes: Iterable[Scope],
    owed: Mapping[str, Sequence[Measurement]],
) -> dict[tuple[str, str], Ending]:
    """How each criterion that was asked for came to its verdict, by the subject and period of its notices. A verdict
    that overrules its readings says so, but where they are one side's own."""
    by_id: dict[str, Scope] = {scope.id: scope for scope in scopes}
    found = {}
    for said in judgements.values():
        if said.by in people:
            record = recorded.get(said.review)
            scope = by_id.get(record.review.scope_id if record else ReviewId(said.review).parent)
            shown = _overruled(said, record, scope, owed) if scope else None
            how = ended("judged", people[said.by].name, verdict=said.verdict, readings_say=shown)
            found[f"{said.review}/{said.criterion}", ""] = Ending(how, said.by)
    return found


def _overruled(
    said: Judgement, record: Recorded | None, scope: Scope, owed: Mapping[str, Sequence[Measurement]]
) -> Verdict | None:
    written = scope.success.criteria if scope.success else ()
    criterion = next((each for each in written if each.id == said.criterion), None)
    if record is None or criterion is None or internal_to(criterion, scope):
        return None
    readings = evidence(criterion, record.review, scope, owed.get(scope.id, ()))
    return overruled(criterion, scope.kpis.get(criterion.kpi or ""), readings, said)


@dataclass(frozen=True, slots=True)
class _Track:
    """A checkpoint, and what is known of its criteria."""

    checkpoint: Recorded
    scope: Scope
    owed: Sequence[Measurement]
    judgements: Judgements

    @property
    def day(self) -> date:
        return self.checkpoint.review.start.date()

    def unjudged(self) -> Iterator[Criterion]:
        for criterion in self.scope.success.criteria if self.scope.success else ():
            if (self.checkpoint.id, criterion.id) not in self.judgements:
                yield criterion

    def kpi(self, criterion: Criterion) -> Kpi | None:
        return self.scope.kpis.get(criterion.kpi or "")

    def is_measured(self, criterion: Criterion) -> bool:
        return bool(evidence(criterion, self.checkpoint.review, self.scope, self.owed))

    def has_ended_before(self, day: date, criterion: Criterion) -> bool:
        """Whether a period of its KPI has ended, so that there is something to report."""
        return any(each.key == criterion.kpi and each.period.last < day for each in self.owed)

    def is_open(self, criterion: Criterion) -> bool:
        """Whether the partners together have no verdict yet on a criterion that nobody has judged."""
        kpi = None if internal_to(criterion, self.scope) else self.kpi(criterion)
        readings = evidence(criterion, self.checkpoint.review, self.scope, self.owed)
        return verdict_on(criterion, kpi, readings, None) in ("not measured", "to be judged")


def _steps(track: _Track, said: TicksOnRecord) -> Iterator[Notification]:
    """The steps after day 0 that are not done, up to the day of the checkpoint. One that had passed before the
    checkpoint was brought forward, as its new day has it, is simply past; and of one that passed when nobody could say
    that it was done, nobody but the owner of the agenda was ever told."""
    checkpoint, scope = track.checkpoint, track.scope
    for step in launch_steps(checkpoint, scope, said.ticks):
        is_known = is_told(step, checkpoint) and known_since(step, checkpoint, scope) <= step.on
        if is_known and step.done_on is None and (step.on >= said.since or step.owner == _agenda_owner(track)):
            yield _step(track, step, said)


def _agenda_owner(track: _Track) -> str:
    return agenda_owner(track.checkpoint.review, track.scope)


def _step(track: _Track, step: LaunchStep, said: TicksOnRecord) -> Notification:
    review, scope = track.checkpoint.review, track.scope
    deputy = review.deputy if step.owner == _agenda_owner(track) else _agenda_owner(track)
    told, on, instead_of = _told(scope, step.owner, deputy, _on_or_before(step.on))
    facts: CheckpointFacts = {
        "review": review.title,
        "scope": scope.name,
        "step": step.says,
        "number": step.number,
        "nominal": step.nominal.isoformat(),
        "due": step.on.isoformat(),
        "on": track.day.isoformat(),
        "instead_of": instead_of,
    }
    return Notification(
        partnership=scope.partnership,
        about="checkpoint",
        subject=review.id,
        period="",
        rung=step.key,
        occasion=str(day_zero(review, scope)),
        on=on,
        people=(told,),
        facts=facts,
        late=standing(step, track.checkpoint, scope, said.since, said.today(told)) == "late",
        by=step.on,
        asked=(told,),
        deputy=deputy,
    )


class _Round(NamedTuple):
    """A time at which verdicts are asked for: its rung and occasion, the day, and whether the checkpoint is over."""

    rung: str
    occasion: date
    choose: Choose
    late: bool = False
    is_over: bool = False


def _at_the_call(track: _Track) -> Iterator[Notification]:
    """What is asked at the evidence call, of every criterion that nobody has judged."""
    day = dict(track.checkpoint.review.clocks).get(EVIDENCE_CALL)
    if day is not None:
        start = day_zero(track.checkpoint.review, track.scope)
        yield from _asked(track, track.unjudged(), _Round(EVIDENCE_CALL, start, _on_or_before(day)))


def _afterwards(track: _Track) -> Iterator[Notification]:
    """What is asked once more after the checkpoint, of every criterion without a verdict."""
    still_open = (criterion for criterion in track.unjudged() if track.is_open(criterion))
    after = _Round("verdict", track.day, _first_after(track.day), late=True, is_over=True)
    yield from _asked(track, still_open, after)


def _asked(track: _Track, criteria: Iterable[Criterion], at: _Round) -> Iterator[Notification]:
    """A verdict of each judge, and of each KPI's owner the reading that criteria wait for, if any can be given yet."""
    waiting: set[str | None] = set()
    for criterion in criteria:
        judge, kpi = judge_of(criterion, track.scope), track.kpi(criterion)
        if judge in track.scope.people:
            yield _of_judge(track, criterion, judge, at)
        if kpi and kpi.owner != judge and criterion.kpi not in waiting and not track.is_measured(criterion):
            waiting.add(criterion.kpi)
            notice = _of_owner(track, criterion, kpi, at)
            if track.has_ended_before(notice.on, criterion):
                yield notice


class _Asked(NamedTuple):
    """What somebody is asked for, the KPI that has no reading, by name, and the organisation that it is internal to."""

    asks: Literal["verdict", "reading"]
    kpi: str | None
    of: str | None


def _of_judge(track: _Track, criterion: Criterion, judge: str, at: _Round) -> Notification:
    """Internal where it rests on a KPI of the judge's own side; a judge of another side hears the sentence alone."""
    internal, kpi = internal_to(criterion, track.scope), track.kpi(criterion)
    of = internal if internal == track.scope.people[judge].of else None
    unmeasured = kpi is not None and internal == of and not track.is_measured(criterion)
    missing = kpi.name if kpi and unmeasured else None
    return _question(track, criterion, at, (judge, None), _Asked("verdict", missing, of))


def _of_owner(track: _Track, criterion: Criterion, kpi: Kpi, at: _Round) -> Notification:
    of, asked = internal_to(criterion, track.scope), at._replace(rung=f"{at.rung}-reading", late=False)
    return _question(track, criterion, asked, (kpi.owner, kpi.deputy), _Asked("reading", kpi.name, of))


def _question(
    track: _Track, criterion: Criterion, at: _Round, people: tuple[str, str | None], what: _Asked
) -> Notification:
    told, on, instead_of = _told(track.scope, *people, at.choose)
    facts: CriterionFacts = {
        "asks": what.asks,
        "review": track.checkpoint.review.title,
        "scope": track.scope.name,
        "criterion": criterion.says,
        "kpi": what.kpi,
        "on": track.day.isoformat(),
        "is_over": at.is_over,
        "is_one_sides": what.of is not None,
        "instead_of": instead_of,
    }
    return Notification(
        partnership=track.scope.partnership,
        about="criterion",
        subject=f"{track.checkpoint.id}/{criterion.id}",
        period="",
        rung=at.rung,
        occasion=str(at.occasion),
        on=on,
        people=(told,),
        facts=facts,
        of=what.of,
        late=at.late,
        by=None if at.late else track.day,
        asked=(told,),
        deputy=people[1],
    )


def _told(scope: Scope, person: str, deputy: str | None, choose: Choose) -> tuple[str, date, str | None]:
    """Who is told, the day, and the name of whoever is away on it, where they stand in for somebody."""
    on = choose(scope.calendar_of(person))
    if not scope.people[person].is_away(on) or deputy not in scope.people or scope.people[deputy].is_away(on):
        return person, on, None
    return deputy, choose(scope.calendar_of(deputy)), scope.people[person].name


def _on_or_before(day: date) -> Choose:
    return lambda calendar: calendar.shift(day, DayOff.PREVIOUS)


def _first_after(day: date) -> Choose:
    return lambda calendar: calendar.add(day, 1)
