"""Everything an agenda shows, gathered and already chosen for its audience.

The joint part of every agenda is the network level alone, whoever reads. The brief of one organisation adds
`internal`: its own actor-level KPIs, and nobody else's. Templates get a `Briefing` and nothing more, so none can show
what was not meant for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Model
from scheduler.domain.record.agenda_item import AddedItem
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.measurement import Flag, Measurement, Reading
from scheduler.domain.record.notification import NotifiedOf
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.domain.record.verdict import CourseDecision
from scheduler.render.hardship import burden_words
from scheduler.render.reasons import moved_words
from scheduler.rules.access import JOINT, Audience, may_see
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.kpis.verdicts import Judgements, evidence, overall
from scheduler.rules.reminders.actions import Commitment
from scheduler.rules.reviews.burdens import burdens
from scheduler.rules.reviews.chairing import StandInChair, stand_in_chair
from scheduler.rules.reviews.checkpoint import following
from scheduler.rules.reviews.launch_steps import LaunchStep, StepStanding
from scheduler.rules.reviews.scopes import Scope

from .action_items import ActionLine, action_lines, overdue_risks, undated_risks, unfinished_lines
from .added_lines import AddedLine, MinutesLine, added_lines, minutes_line
from .agreement_facts import Arrangement, arrangement
from .attendance import Attendee, LocalTime, People, clock_note, local_date, local_times
from .checkpoint_lines import (
    CheckpointOutcome,
    CriterionLine,
    DecisionInWords,
    TrackLine,
    criterion_line,
    decided,
    track_line,
)
from .decision_lines import DecisionLines
from .items import AgendaItem, Weight, balance, items
from .kpi_lines import KpiLine, OverdueLine, by_id, kpi_line, overdue_lines
from .risks import Risk, kpi_risks, silence, standing_risks
from .rsvps import NONE, Answers, expected, in_short, outlook, proposals
from .trigger_evidence import CauseLine, cause_lines

_CLOCKS = {
    "notice": "Notice by",
    "agenda": "Agenda out by",
    "items": "Items until",
    "minutes": "Draft minutes by",
    "objections": "Objections until",
}


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date around the review, by its name."""

    name: str
    date: str


@dataclass(frozen=True, slots=True)
class Figures:
    """KPIs, overdue owners and what they warn of, for one circle of readers."""

    kpis: tuple[KpiLine, ...]
    overdue: tuple[OverdueLine, ...]
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class Internal:
    """What one organisation alone sees."""

    organisation: str
    figures: Figures
    criteria: tuple[CriterionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What follows from a review's record and its definition alone: no figure, no answer, no hour of the day."""

    title: str
    partnership: str
    layer: str | None
    kind: Kind
    goal: str | None
    period: str
    moved_because: str | None
    owner: Attendee
    owner_note: str | None
    chair: Attendee | None
    host: str | None
    minutes_by: str | None
    clocks: tuple[NamedDate, ...]
    items: tuple[AgendaItem, ...]


class StandIn(NamedTuple):
    """Who takes the chair where its holder is away or has declined; None where there is nobody."""

    who: Attendee | None
    has_declined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing(Sketch):
    """A review's agenda as values. `minutes` is the review's length; `as_of` the day of the figures; times are in
    words."""

    id: str
    model: Model
    organisations: tuple[str, ...]
    leverage: tuple[str, ...]
    date: str
    minutes: int
    nominal_date: str
    place: str | None
    times: tuple[LocalTime, ...]
    clock_note: str | None
    hardship: tuple[str, ...]
    attendees: tuple[Attendee, ...]
    decides: str | None
    deciding: tuple[str, ...]
    """A line for each body that decides; none where that is said in words."""
    undecided: tuple[str, ...]
    quorum: str
    reconvened_within: str | None
    without_quorum: str | None
    chaired_by: StandIn | None
    forecast: str | None
    answers: tuple[tuple[str, str], ...]
    proposals: tuple[str, ...]
    balance: tuple[Weight, ...]
    figures: Figures
    actions: tuple[ActionLine, ...]
    unfinished: tuple[str, ...]
    register: DecisionLines
    criteria: tuple[CriterionLine, ...]
    track: tuple[TrackLine, ...]
    outcome: CheckpointOutcome | None
    ending: DecisionInWords | None
    cure: str
    causes: tuple[CauseLine, ...]
    arrangement: Arrangement
    internal: Internal | None
    as_of: str
    topics: tuple[str, ...] = ()
    """Those of the annual forward agenda for this meeting."""
    added: tuple[AddedLine, ...] = ()
    """The items that people who are invited added."""
    minutes_before: MinutesLine | None = None
    """How the minutes of the meeting before stand."""


def sketch(scope: Scope, partnership: Partnership, recorded: Recorded) -> Sketch:
    """The part of a briefing that calendars tell: the same for every audience, at any moment."""
    review, people = recorded.review, People(scope, partnership, recorded.review)
    owner, owner_note = people.owner()
    return Sketch(
        title=review.title,
        partnership=partnership.name,
        layer=scope.name if scope.layer else None,
        kind=review.kind,
        goal=_goal(scope, partnership),
        period=review.period,
        moved_because=_moved(recorded),
        owner=owner,
        owner_note=owner_note,
        chair=people.chair(),
        host=people.organisation(review.host),
        minutes_by=people.acting_for(review.minutes_by),
        clocks=tuple(NamedDate(_clock_name(name, scope), in_words(on)) for name, on in review.clocks),
        items=items(scope.agendas[review.model][review.kind].topics, review.start, _length(review)),
    )


def briefing(
    *,
    scope: Scope,
    partnership: Partnership,
    recorded: Recorded,
    audience: Audience,
    measurements: Sequence[Measurement],
    flags: Sequence[Flag],
    history: Mapping[str, Sequence[Reading]],
    now: datetime,
    commitments: Sequence[Commitment] = (),
    unfinished: Sequence[str] = (),
    causes: Sequence[TriggerEvent] = (),
    answers: Answers = NONE,
    judgements: Judgements | None = None,
    decisions: Mapping[str, CourseDecision] | None = None,
    notified: NotifiedOf | None = None,
    known: Sketch | None = None,
    track: Iterable[tuple[LaunchStep, StepStanding]] = (),
    topics: tuple[str, ...] = (),
    added: Iterable[AddedItem] = (),
    minutes_before: MinutesRecord | None = None,
    last: Recorded | None = None,
    register: DecisionLines | None = None,
    disputes: Callable[[Mapping[str, Kpi]], Iterable[Risk]] = lambda kpis: (),
    undecided: Sequence[str] = (),
) -> Briefing:
    """The briefing of one review for one audience, at `now` (an aware moment).

    `measurements` and `flags` are the scope's, of any level, oldest first; `history` holds readings by KPI id, oldest
    first. `commitments` are the open actions that come back to this review, `unfinished` the items. `causes` are what
    called a formal review, in the order in which they fired. `answers` are those to the invitation. `judgements` and
    `decisions` are those of checkpoints that count. `notified` is what became of telling people of what is overdue.
    `register` are the decisions that come back. `topics` are those of the forward agenda, `added` the items of people,
    `minutes_before` is what became of the minutes of the review `last`. `known` is the review's sketch, where that was
    worked out before; `track` are the steps on the way to a checkpoint, `last` is the meeting of the series that was
    held before. `disputes` gives what people say is not right, of the KPIs (by key) that all may see.
    `undecided` is what is put to a vote without a meeting, and what the sides cannot agree on.
    """
    review = recorded.review
    people = People(scope, partnership, review)
    facts = _Facts(scope, review, people, measurements, flags, history, judgements or {}, notified or {})
    criteria = _criteria(facts, JOINT)
    actions = action_lines(commitments, scope, people, now)
    zones, known = people.zones(), known or sketch(scope, partnership, recorded)
    day = local_date(review.start, review.timezone)
    return Briefing(
        **{each.name: getattr(known, each.name) for each in fields(Sketch)},
        id=review.id,
        model=review.model,
        organisations=tuple(organisation.name for organisation in scope.organisations.values()),
        leverage=tuple(kind.value for kind in partnership.leverage),
        date=in_words(day),
        minutes=sum(item.minutes for item in known.items),
        nominal_date=in_words(review.nominal_date),
        place=review.place,
        times=local_times(review.start, review.end, zones),
        clock_note=clock_note(review.start, zones),
        hardship=_hardship(recorded, scope),
        attendees=expected(review, scope, people, answers),
        decides=partnership.decided_by,
        deciding=partnership.deciding if partnership.agreement.bodies else (),
        undecided=tuple(undecided),
        quorum=review.quorum,
        reconvened_within=_reconvened_within(scope, review),
        without_quorum=_without_quorum(last),
        chaired_by=_chaired_by(stand_in_chair(review, scope, answers), people),
        forecast=told.words if (told := outlook(review, scope, people, answers)) else None,
        answers=_answers(review, partnership, answers),
        proposals=proposals(people, answers, partnership),
        balance=balance(known.items),
        figures=_figures(
            facts,
            _circle(scope, JOINT),
            (
                *disputes(_circle(scope, JOINT)),
                *overdue_risks(actions),
                *undated_risks(actions),
                *standing_risks(scope, partnership, recorded, day),
            ),
        ),
        actions=actions,
        unfinished=unfinished_lines(unfinished, commitments),
        register=register or DecisionLines(),
        criteria=criteria,
        track=tuple(track_line(step, standing, people.name) for step, standing in track),
        outcome=_outcome(facts, criteria, decisions or {}),
        ending=_ending(facts, decisions or {}),
        cure=str(scope.playbook.cure),
        causes=cause_lines(causes, JOINT),
        arrangement=arrangement(scope, partnership, day, review.quorum),
        internal=_internal(facts, audience),
        as_of=in_words(local_date(now, review.timezone)),
        topics=topics,
        added=added_lines(added, people.with_side),
        minutes_before=minutes_line(last, minutes_before, now, people.name),
    )


def _chaired_by(found: StandInChair | None, people: People) -> StandIn | None:
    if found is None:
        return None
    return StandIn(people.attendee(found.stand_in) if found.stand_in else None, found.why == "declined")


def _without_quorum(last: Recorded | None) -> str | None:
    """The day of the last meeting of the series, where it had no quorum."""
    if last is None or last.quorate is not False:
        return None
    return in_words(last.held_on or last.review.start.date())


def _reconvened_within(scope: Scope, review: Review) -> str | None:
    """Within how long a meeting without quorum is convened again, where it is."""
    series = scope.series_of(review)
    return str(series.reconvene.within) if series and series.reconvene and not review.is_reconvened else None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known about a scope when a review is prepared, of every level: nothing here has met its audience yet."""

    scope: Scope
    review: Review
    people: People
    measurements: Sequence[Measurement]
    flags: Sequence[Flag]
    history: Mapping[str, Sequence[Reading]]
    judgements: Judgements
    notified: NotifiedOf

    def id(self, key: str | None) -> str:
        return self.scope.id.kpi(str(key))

    def readings(self, key: str | None) -> Sequence[Reading]:
        return self.history.get(self.id(key), ())


def _circle(scope: Scope, audience: Audience) -> dict[str, Kpi]:
    """The KPIs that an audience may see, by key."""
    return {key: kpi for key, kpi in scope.kpis.items() if may_see(kpi, audience)}


def _figures(facts: _Facts, kpis: Mapping[str, Kpi], risks: tuple[Risk, ...] = ()) -> Figures:
    """The figures of some KPIs and no others."""
    name = facts.people.name
    ids = {facts.id(key) for key in kpis}
    measured = by_id(facts.measurements)
    flags = [flag for flag in facts.flags if flag.measurement.id in ids]
    history = {key: facts.readings(key) for key in kpis}
    overdue = overdue_lines(flags, facts.review.kind, name, facts.notified, facts.scope.timezone)
    return Figures(
        kpis=tuple(kpi_line(kpi, measured.get(facts.id(key), ()), history[key], name) for key, kpi in kpis.items()),
        overdue=overdue,
        risks=(
            *kpi_risks(kpis, {key: measured.get(facts.id(key), ()) for key in kpis}, facts.people),
            *silence(overdue),
            *risks,
        ),
    )


def _internal(facts: _Facts, audience: Audience) -> Internal | None:
    """What this organisation sees beyond the joint agenda; None for an audience of no organisation of the scope."""
    organisation = facts.scope.organisations.get(audience.organisation or "")
    if organisation is None:
        return None
    joint = _circle(facts.scope, JOINT)
    own = {key: kpi for key, kpi in _circle(facts.scope, audience).items() if key not in joint}
    return Internal(organisation.name, _figures(facts, own), _criteria(facts, audience, own))


def _criteria(facts: _Facts, audience: Audience, only: Mapping[str, Kpi] | None = None) -> tuple[CriterionLine, ...]:
    """The scope's success criteria; with `only`, those that are measured by one of these KPIs."""
    scope, review = facts.scope, facts.review
    written = scope.success.criteria if scope.success and review.kind is Kind.CHECKPOINT else ()
    return tuple(
        criterion_line(
            criterion,
            scope,
            evidence(criterion, review, scope, facts.measurements),
            facts.judgements.get((review.id, criterion.id)),
            audience,
            facts.people.name,
            {each.period.label: each.period.name for each in facts.measurements if each.key == criterion.kpi},
        )
        for criterion in written
        if only is None or criterion.kpi in only
    )


def _outcome(
    facts: _Facts, criteria: Sequence[CriterionLine], decisions: Mapping[str, CourseDecision]
) -> CheckpointOutcome | None:
    """What a checkpoint comes to, as all partners see it; None for any other review."""
    if facts.review.kind is not Kind.CHECKPOINT:
        return None
    scope, name = facts.scope, facts.people.name
    taken = decisions.get(facts.review.id)
    relaunches = (each for each in decisions.values() if each.decision == "relaunch")
    relaunch = next((each for each in relaunches if following(each.review) == facts.review.id), None)
    return CheckpointOutcome(
        verdict=overall(line.verdict for line in criteria),
        decision=decided(taken, scope, name) if taken else None,
        relaunch=decided(relaunch, scope, name) if relaunch else None,
    )


def _ending(facts: _Facts, decisions: Mapping[str, CourseDecision]) -> DecisionInWords | None:
    """How a formal review ended; None until that is decided, and for any other review."""
    taken = decisions.get(facts.review.id) if facts.review.kind is Kind.FORMAL_REVIEW else None
    return decided(taken, facts.scope, facts.people.name) if taken else None


def _answers(review: Review, partnership: Partnership, answers: Answers) -> tuple[tuple[str, str], ...]:
    """Who of the attendees has answered what, in short."""
    expected = [partnership.people[key] for key in review.attendees if key in partnership.people]
    said = ((person.name, in_short(answers.get(person.email.casefold()), partnership)) for person in expected)
    return tuple((name, short) for name, short in said if short)


def _length(review: Review) -> timedelta:
    """Real time: the wall clock gains or loses an hour where clocks change during the review."""
    return review.end.astimezone(UTC) - review.start.astimezone(UTC)


def _goal(scope: Scope, partnership: Partnership) -> str | None:
    layer = partnership.layers.get(scope.layer or "")
    return (layer.goal if layer else None) or partnership.goal


def _hardship(recorded: Recorded, scope: Scope) -> tuple[str, ...]:
    """Who sits outside their hours, and who has the day off: of what is over as it was noted then."""
    review, noted = recorded.review, recorded.burdens
    names = {key: organisation.name for key, organisation in scope.organisations.items()}
    return tuple(burden_words(review, burdens(scope, review) if noted is None else noted, names))


def _moved(recorded: Recorded) -> str | None:
    """Why it is not held on its nominal date, in words that follow on "this review was"."""
    review = recorded.review
    if not recorded.moved_by_person:
        return review.moved_because
    if recorded.moved_from is None:  # of an earlier program, whose sentence could not be read
        reason = recorded.because or review.moved_because
        return f"moved by hand from {in_words(review.nominal_date)}" + (f": {reason}" if reason else "")
    return moved_words(recorded, review.timezone).replace("moved from", "moved by hand from", 1)


def _clock_name(name: str, scope: Scope) -> str:
    """A clock's name in words; a milestone of the launch track is called what its playbook says."""
    track = {step.key: step.says for step in scope.playbook.launch_track}
    short = name.removesuffix("_by").removesuffix("_until")
    return _CLOCKS.get(short) or track.get(name) or name.replace("_", " ").replace("-", " ").capitalize()
