"""What is to be done for one partnership: its definition and all that is remembered of it, at a moment, in; a
decision out.

Pure, so that `cadence plan` can show what a cycle would do before it does it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.version import Version
from scheduler.domain.definition.vocabulary import Model, Status
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record import minutes, verdict
from scheduler.domain.record.measurement import Excuse, Flag, Measurement, Reading
from scheduler.domain.record.notification import Ending, Notification, NotifiedOf
from scheduler.domain.record.review import Recorded, Review, Window
from scheduler.domain.record.trigger_event import TriggerEvent
from scheduler.render.invitations import decide as inviting
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.kpis.definition_in_force import Past, timelines
from scheduler.rules.kpis.ladder import flag, next_change
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reminders.actions import commitments, next_overdue
from scheduler.rules.reminders.timeline import Facts, next_notice, notices, settlements
from scheduler.rules.reviews import identity
from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.kept_in_place import Kept, kept, note, staying
from scheduler.rules.reviews.planner import Plan, plan_reviews
from scheduler.rules.reviews.reconcile import Action, cancels_too_many, reconcile
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.firing import Firing, called_reviews, firing
from scheduler.rules.triggers.forecast import wakes
from scheduler.rules.triggers.situation import Situation, situations
from scheduler.settings import Settings
from scheduler.store.partnerships import LONGEST_SLEEP

Key = tuple[str, str]


@dataclass(frozen=True)
class Memory:
    """What is remembered of a partnership. `seen` says when each of its scopes was first planned; `approved` is whether
    a person has allowed this definition to cancel many reviews. `judgements` are by checkpoint and criterion,
    `decisions` by checkpoint; `causes` are those that ever fired, as they did; `assigned` are the actions of
    the minutes, done ones too. `keeps` are the reviews and series that people were invited to before the program knew
    weekends of countries and days off by custom, until a person takes these for them. `versions` are those of its
    definition, the last in force; `dues` the due days on record that stay."""

    recorded: Mapping[str, Recorded]
    readings: Mapping[Key, Reading]
    excuses: Mapping[Key, Excuse]
    seen: Mapping[str, datetime]
    approved: bool
    judgements: Mapping[Key, verdict.Judgement] = field(default_factory=dict)
    decisions: Mapping[str, verdict.Decision] = field(default_factory=dict)
    causes: Sequence[TriggerEvent] = ()
    assigned: Sequence[minutes.Action] = ()
    keeps: Collection[str] = ()
    notified: NotifiedOf = field(default_factory=dict)
    """What became of telling people of KPIs that are overdue."""
    versions: Sequence[Version] = ()
    dues: Mapping[Key, date] = field(default_factory=dict)
    taken_up_at: datetime | None = None
    """When the definition was taken up: at the moment of a decision, it is an edit that decides."""


@dataclass(frozen=True)
class Decision:
    """What to do at a moment. Where `refused`, the plan would cancel too many reviews and none of its actions is to
    be taken.

    `notices` are all whose day has come, whether or not they were told; `settled` says how what was owed came to its
    end. `causes` are the triggers that fire now, and those that no longer hold. `wake_at` is the next moment, in UTC,
    at which something is due without anybody's doing. `past` says how the KPIs were defined before.
    """

    scopes: tuple[Scope, ...]
    actions: tuple[Action, ...]
    refused: bool
    notes: tuple[Note, ...]
    measurements: tuple[Measurement, ...]
    flags: tuple[Flag, ...]
    notices: tuple[Notification, ...]
    settled: Mapping[Key, Ending]
    causes: Firing
    wake_at: datetime
    kept: tuple[Kept, ...] = ()
    """The reviews that stay though days off that the program has learnt of since would move them."""
    past: Past = field(default_factory=dict)

    @property
    def cancelled(self) -> int:
        return sum(action.verb == "cancel" for action in self.actions)


def decide(
    partnership: Partnership, playbooks: Mapping[Model, Playbook], memory: Memory, settings: Settings, now: datetime
) -> Decision:
    """Decide for one partnership at `now`, an aware moment. Raises UserError where its terms cannot be planned."""
    try:
        return _decided(partnership, playbooks, memory, settings, now)
    except InvalidValue as fault:
        raise UserError(f"{partnership.partnership} cannot be planned: {fault.what}", fault.hint) from None


def _decided(
    partnership: Partnership, playbooks: Mapping[Model, Playbook], memory: Memory, settings: Settings, now: datetime
) -> Decision:
    window = Window.rolling(now, settings.horizon_days)
    partnership = partnership.as_of(now)
    parts = scopes(partnership, playbooks)
    known = identity.on_record(memory.recorded)
    plan = _plan(partnership, playbooks, window, memory, known)
    new = {scope.id for scope in parts} - memory.seen.keys()
    past = timelines(memory.versions, parts, playbooks, now, memory.dues)
    owed = {scope.id: measurements(scope, memory.readings, memory.excuses, now, window.until, past) for scope in parts}
    watched = situations(
        partnership, parts, owed, memory.recorded, memory.judgements, memory.causes, memory.seen, now, memory.notified
    )
    fires, called = _called(watched, memory, now)
    called = tuple(identity.known_as(review, known) for review in called)
    planned = (*_recent(plan.reviews, now, settings.past_days), *called)
    stay = _kept(partnership, playbooks, memory, window, planned, fires, known)
    planned = staying(planned, stay) if stay else planned
    actions = _explained(reconcile(planned, memory.recorded, window, new, is_edited=memory.taken_up_at == now), fires)
    guard = settings.guard
    too_many = cancels_too_many(actions, memory.recorded, now, guard.reviews, float(guard.share.value) / 100)
    refused = too_many and not memory.approved
    standing = {**memory.recorded, **({} if refused else {action.review: action.result for action in actions})}
    facts = Facts(
        partnership,
        parts,
        owed,
        standing,
        memory.judgements,
        memory.decisions,
        memory.assigned,
        [each for each in memory.causes if each.is_open] if refused else fires.standing,
        now,
    )
    wake_at = min(
        (
            *_wakes(partnership, parts, owed, plan.next_on, standing.values(), settings, now),
            *(moment for situation in watched for moment in wakes(situation) if moment > now),
            *_promised(memory.assigned, parts, standing, now),
        )
    )
    return Decision(
        scopes=parts,
        actions=actions,
        refused=refused,
        notes=_with_kept(plan.notes, stay, parts),
        kept=stay,
        measurements=tuple(m for each in owed.values() for m in each),
        flags=tuple(flag(m, scope, now) for scope in parts for m in owed[scope.id] if m.status == "overdue"),
        notices=tuple(notices(facts)),
        settled=settlements(facts),
        causes=Firing() if refused else fires,
        wake_at=next_notice(facts, wake_at) or wake_at,
        past=past,
    )


def _plan(
    partnership: Partnership,
    playbooks: Mapping[Model, Playbook],
    window: Window,
    memory: Memory,
    known: Mapping[str, str],
) -> Plan:
    """The plan, its reviews under the ids that they have on record: `known`, by those of the keys of today."""
    decisions = identity.planned_as(known, memory.decisions)
    return identity.identified(plan_reviews(partnership, playbooks, window, decisions), known)


def _promised(
    assigned: Iterable[minutes.Action], parts: Sequence[Scope], standing: Mapping[str, Recorded], now: datetime
) -> Iterator[datetime]:
    """When the next action of the minutes becomes overdue, so that the agendas say so."""
    promised = commitments(assigned, parts, standing)
    turns = (next_overdue(promised[scope.id], scope, now) for scope in parts)
    return (turn for turn in turns if turn)


def _called(watched: Sequence[Situation], memory: Memory, now: datetime) -> tuple[Firing, tuple[Review, ...]]:
    """What fires now, and the formal reviews that were called until now, as they are planned."""
    parts = {situation.scope.id: situation.scope for situation in watched}
    holding = (cause for situation in watched for cause in causes(situation))
    fires = firing(holding, memory.causes, memory.recorded, parts, now)
    return fires, tuple(called_reviews((*memory.causes, *fires.fired), memory.recorded, parts))


def _kept(
    partnership: Partnership,
    playbooks: Mapping[Model, Playbook],
    memory: Memory,
    window: Window,
    planned: Iterable[Review],
    fires: Firing,
    known: Mapping[str, str],
) -> tuple[Kept, ...]:
    """The reviews that stay where people were invited to."""
    if not memory.keeps:
        return ()
    before = partnership.counting_days_off_as_before()
    parts = {scope.id: scope for scope in scopes(before, playbooks)}
    called = called_reviews((*memory.causes, *fires.fired), memory.recorded, parts)
    formal = (identity.known_as(review, known) for review in called)
    reviews = (*_plan(before, playbooks, window, memory, known).reviews, *formal)
    return kept(planned, reviews, memory.recorded, memory.keeps, window.now)


def _with_kept(notes: Iterable[Note], stay: Sequence[Kept], parts: Iterable[Scope]) -> tuple[Note, ...]:
    """The notes of the plan; of a review that stays, that it does."""
    by_layer, staying_ids = {scope.layer: scope for scope in parts}, {each.review.id for each in stay}
    others = (each for each in notes if each.review_id not in staying_ids)
    return (*others, *(note(each, by_layer[each.review.layer]) for each in stay))


def _explained(actions: Iterable[Action], fires: Firing) -> tuple[Action, ...]:
    """The actions; one that schedules a formal review says what called it."""
    why = {each.review: each.cause.says for each in reversed(fires.fired) if each.review}
    return tuple(
        replace(action, because=f"called: {why[action.review]}")
        if action.verb == "schedule" and action.review in why
        else action
        for action in actions
    )


def _recent(reviews: Iterable[Review], now: datetime, days: int) -> Iterator[Review]:
    return (review for review in reviews if review.end >= now - timedelta(days=days))


def _wakes(
    partnership: Partnership,
    parts: Iterable[Scope],
    owed: Mapping[str, tuple[Measurement, ...]],
    next_on: date,
    standing: Iterable[Recorded],
    settings: Settings,
    now: datetime,
) -> Iterator[datetime]:
    """A review enters the horizon; an agreement renews; somebody hands over; a KPI falls due or climbs; an agenda is to
    be written."""
    yield now + LONGEST_SLEEP
    cancel_by = partnership.cancel_by
    if cancel_by and _midnight(cancel_by) > now:
        yield _midnight(cancel_by + timedelta(days=1))
    handed_over = (moment(each.leaves, time(), partnership.zone) for each in partnership.people.values() if each.leaves)
    yield from (day.astimezone(UTC) for day in handed_over if day > now)
    yield max(_midnight(next_on), now + timedelta(hours=1))
    for scope in parts:
        if change := next_change(owed[scope.id], scope, now):
            yield change
    for record in standing:
        opens = _midnight(agenda_opens(record.review, settings.agenda_days))
        invited = inviting.opens(record.review, settings.mail.invite_days) if settings.mail.sender else now
        if record.status is Status.PLANNED:
            yield from (moment for moment in (opens, invited) if moment > now)


def agenda_opens(review: Review, days: int) -> date:
    """The civil date from which a review's agenda is written: so many days before `agenda by`, or before itself."""
    return dict(review.clocks).get("agenda_by", review.start.date()) - timedelta(days=days)


def agenda_is_open(record: Recorded, days: int, now: datetime) -> bool:
    """Whether the daemon writes this review's agenda now: it is planned, its agenda is near, and it is not over."""
    opens = _midnight(agenda_opens(record.review, days))
    return record.status is Status.PLANNED and opens <= now <= record.review.end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
