"""What is to be done for one partnership: its definition and all that is remembered of it, at a moment, in; a
decision out.

Pure, so that `cadence plan` can show what a cycle would do before it does it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.burden import Burden
from scheduler.domain.record.measurement import Flag, Measurement
from scheduler.domain.record.notification import Ending, Notification
from scheduler.domain.record.review import Recorded, Review, Window
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reminders import definition_changes, disputes, renewal_words, statements
from scheduler.rules.reminders.timeline import next_notice, notices, settlements
from scheduler.rules.reviews import burdens, identity, pauses, reconvened
from scheduler.rules.reviews.conflicts import Note
from scheduler.rules.reviews.giving_way import fixed, give_way
from scheduler.rules.reviews.kept_in_place import Kept, kept, kept_away, note, staying
from scheduler.rules.reviews.known_hours import on_notice, standing_note
from scheduler.rules.reviews.planner import Plan, plan_scopes
from scheduler.rules.reviews.reconcile import ReviewChange, cancels_too_many, reconcile
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.reviews.wind_down import called_off_because
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.firing import Firing, called_reviews, firing
from scheduler.services.pipeline.waking import wake_at
from scheduler.services.state import PartnershipState

Key = tuple[str, str]


@dataclass(frozen=True)
class GovernanceDecision:
    """What to do at a moment. Where `refused`, the plan would cancel too many reviews and none of its actions is to
    be taken.

    `notices` are all whose day has come, whether or not they were told; `settled` says how what was owed came to its
    end. `causes` are the triggers that fire now, and those that no longer hold. `wake_at` is the next moment, in UTC,
    at which something is due without anybody's doing.
    """

    scopes: tuple[Scope, ...]
    actions: tuple[ReviewChange, ...]
    refused: bool
    notes: tuple[Note, ...]
    measurements: tuple[Measurement, ...]
    flags: tuple[Flag, ...]
    notices: tuple[Notification, ...]
    settled: Mapping[Key, Ending]
    causes: Firing
    wake_at: datetime
    kept: tuple[Kept, ...] = ()
    """The reviews that stay though a rule of days off that the program has learnt since would move them, or their
    clocks, and those that stay away though it would add them."""
    burdens: Mapping[str, tuple[Burden, ...]] = field(default_factory=dict)
    """What sides bear at reviews, by id, where that is not on record."""

    @property
    def cancelled(self) -> int:
        return sum(action.verb == "cancel" for action in self.actions)


def decide(state: PartnershipState) -> GovernanceDecision:
    """Decide for one partnership. Raises UserError where its terms cannot be planned."""
    try:
        return _decided(state)
    except InvalidValue as fault:
        what = f"{state.definition.partnership} cannot be planned: {fault.what}"
        raise UserError(what, fault.hint) from None


def _decided(state: PartnershipState) -> GovernanceDecision:
    parts = tuple(state.scopes.values())
    known = identity.on_record(state.recorded)
    plan = _plan(parts, state.partnership, state.horizon, state, known)
    fires, called = _called(state)
    meant = _meant(state, plan, fires, [identity.known_as(review, known) for review in called], known)
    actions, too_many = _actions(state, meant.reviews, fires)
    refused = too_many and not state.approved
    standing = {**state.recorded, **({} if refused else {action.review: action.result for action in actions})}
    bears = dict(burdens.newly_known(standing.values(), state.scopes, state.now))
    facts = replace(
        state.facts,
        recorded=standing,
        assigned=state.assigned,
        causes=[each for each in state.causes if each.is_open] if refused else fires.standing,
    )
    wakes_at = wake_at(state, plan, standing)
    return GovernanceDecision(
        scopes=parts,
        actions=tuple(_with_burdens(action, bears) for action in actions),
        refused=refused,
        notes=meant.notes,
        kept=meant.kept,
        burdens=bears,
        measurements=tuple(m for each in state.owed.values() for m in each),
        flags=tuple(each for flags in state.flags.values() for each in flags),
        notices=(*(() if state.is_paused else (*notices(facts), *_of_changes(state))), *_of_pauses(state)),
        settled={} if state.is_paused else settlements(facts),
        causes=Firing() if refused else fires,
        wake_at=next_notice(facts, wakes_at) or wakes_at,
    )


class _Meant(NamedTuple):
    """The reviews that are to be, what is to be said of them, and those that stay where people know them."""

    reviews: tuple[Review, ...]
    notes: tuple[Note, ...]
    kept: tuple[Kept, ...]


def _meant(
    state: PartnershipState, plan: Plan, fires: Firing, called: Iterable[Review], known: Mapping[str, str]
) -> _Meant:
    again = reconvened.reconvened(state.recorded, state.scopes, state.now)
    planned = (*_recent(plan.reviews, state.now, state.settings.past_days), *called, *again)
    stay = _kept(state, planned, fires, known)
    planned = staying(planned, stay) if stay else planned
    planned = tuple(pauses.outside(planned, state.partnership.pauses, state.recorded, state.scopes))
    noticed = on_notice(planned, state.recorded, state.scopes, state.now)
    notes = (*_with_kept(plan.notes, stay, state.scopes.values()), *_notes_of(state, noticed, planned))
    return _Meant(_apart(state, _with(planned, noticed), plan.beyond), notes, stay)


def _actions(
    state: PartnershipState, planned: Sequence[Review], fires: Firing
) -> tuple[tuple[ReviewChange, ...], bool]:
    """What has to change, and whether it would cancel more reviews than is likely to be meant: those that a person's
    own word calls off do not count."""
    new, guard = state.scopes.keys() - state.seen.keys(), state.settings.guard
    actions = reconcile(planned, state.recorded, state.horizon, new, is_edited=state.taken_up_at == state.now)
    actions = tuple(reconvened.explained(each, state.recorded) for each in _explained(actions, fires, state))
    asked = {each.review for each in actions if pauses.cancelled_for(each, state.partnership.pauses)}
    asked |= {each.review for each in actions if _by_exit(each, state)}
    unasked = [each for each in actions if each.review not in asked]
    too_many = cancels_too_many(unasked, state.recorded, state.now, guard.reviews, float(guard.share.value) / 100)
    return tuple(pauses.explained(actions, state.partnership.pauses)), too_many


def decided(state: PartnershipState, decision: GovernanceDecision) -> PartnershipState:
    """The state once a decision is on record, as the database gives it back."""
    if decision.refused:
        return state
    now = state.now.astimezone(UTC)
    results = (_in_utc(action.result) for action in decision.actions)
    standing = {**state.recorded, **{each.id: each for each in results}}
    noted = {id: replace(standing[id], burdens=found) for id, found in decision.burdens.items()}
    recorded = [*{**standing, **noted}.values()]
    recorded.sort(key=lambda each: (each.review.start.timestamp(), each.id))
    ended = {(each.cause.scope, each.cause.key) for each in decision.causes.ended}
    known = (
        replace(each, ended_at=now) if each.is_open and (each.cause.scope, each.cause.key) in ended else each
        for each in state.causes
    )
    return state.with_record(
        recorded={each.id: each for each in recorded},
        causes=[*known, *(replace(each, fired_at=now) for each in decision.causes.fired)],
        seen=dict.fromkeys(state.scopes, now) | dict(state.seen),
    )


def _with_burdens(action: ReviewChange, bears: Mapping[str, tuple[Burden, ...]]) -> ReviewChange:
    if action.review not in bears:
        return action
    return replace(action, result=replace(action.result, burdens=bears[action.review]))


def _in_utc(record: Recorded) -> Recorded:
    moved_from = record.moved_from.astimezone(UTC) if record.moved_from else None
    created_at, modified_at = record.created_at.astimezone(UTC), record.modified_at.astimezone(UTC)
    return replace(record, created_at=created_at, modified_at=modified_at, moved_from=moved_from)


def _plan(
    parts: Sequence[Scope], partnership: Partnership, window: Window, state: PartnershipState, known: Mapping[str, str]
) -> Plan:
    """The plan, its reviews under the ids that they have on record: `known`, by those of the keys of today."""
    decisions = identity.planned_as(known, state.decisions)
    return identity.identified(plan_scopes(parts, partnership.people, window, decisions), known)


def _called(state: PartnershipState) -> tuple[Firing, tuple[Review, ...]]:
    """What fires now, and the formal reviews that were called until now, as they are planned."""
    if state.is_paused:  # nothing fires meanwhile, and nothing is over for it
        standing = Firing(standing=tuple(each for each in state.causes if each.is_open))
        return standing, tuple(called_reviews(state.causes, state.recorded, state.scopes))
    holding = (cause for situation in state.situations for cause in causes(situation))
    fires = firing(holding, state.causes, state.recorded, state.scopes, state.now)
    return fires, tuple(called_reviews((*state.causes, *fires.fired), state.recorded, state.scopes))


def _kept(
    state: PartnershipState, planned: Collection[Review], fires: Firing, known: Mapping[str, str]
) -> tuple[Kept, ...]:
    """The reviews that stay as people know them, each by the latest earlier rule that had it so."""
    found: dict[str, Kept] = {}
    for earlier in state.earlier_rules:
        parts: dict[str, Scope] = {id: earlier(scope) for id, scope in state.scopes.items()}
        called = called_reviews((*state.causes, *fires.fired), state.recorded, parts)
        formal = (identity.known_as(review, known) for review in called)
        reviews = (*_plan([*parts.values()], state.partnership, state.horizon, state, known).reviews, *formal)
        as_known = (planned, reviews, state.recorded, state.keeps, state.now)
        for each in (*kept(*as_known), *kept_away(*as_known)):
            found.setdefault(each.review.id, each)
    return tuple(found.values())


def _apart(state: PartnershipState, planned: Sequence[Review], beyond: Sequence[Review]) -> tuple[Review, ...]:
    """The planned reviews, none at the time of another one to which it has to give way; those just `beyond` the horizon
    count for that."""
    known = fixed((*planned, *beyond), state.recorded, state.announced, state.now)
    skipped = {id for id, record in state.recorded.items() if record.status is Status.SKIPPED}
    placed = give_way((*planned, *beyond), state.scopes.values(), known, state.now, skipped)
    return placed[: len(planned)]


def _with_kept(notes: Iterable[Note], stay: Sequence[Kept], parts: Iterable[Scope]) -> tuple[Note, ...]:
    """The notes of the plan; of a review that stays, that it does."""
    held_back = [each for each in stay if each.is_moved]
    by_layer, staying_ids = {scope.layer: scope for scope in parts}, {each.review.id for each in held_back}
    others = (each for each in notes if each.review_id not in staying_ids)
    return (*others, *(note(each, by_layer[each.review.layer]) for each in held_back))


def _notes_of(state: PartnershipState, noticed: Collection[Review], planned: Collection[Review]) -> Iterator[Note]:
    """That reviews stand though the plan has them at another hour."""
    standing, by_id = {review.id for review in noticed}, {review.id: review for review in planned}
    fixed_by_hand = {id for id, record in state.recorded.items() if record.settled or record.moved_by_person}
    free = [review for review in planned if review.id not in standing | fixed_by_hand]
    for this in noticed:
        following = [each for each in free if each.series_id == this.series_id and each.start > this.start]
        yield standing_note(state.recorded[this.id].review, by_id[this.id], following)


def _with(planned: Iterable[Review], noticed: Iterable[Review]) -> tuple[Review, ...]:
    by_id = {review.id: review for review in noticed}
    return tuple(by_id.get(review.id, review) for review in planned)


def _explained(actions: Iterable[ReviewChange], fires: Firing, state: PartnershipState) -> tuple[ReviewChange, ...]:
    """The actions; one that schedules a formal review says what called it, one that an exit calls off says so."""
    why = {each.review: each.cause.says for each in reversed(fires.fired) if each.review}
    return tuple(_with_reason(action, why, state) for action in actions)


def _with_reason(action: ReviewChange, why: Mapping[str, str], state: PartnershipState) -> ReviewChange:
    if action.verb == "schedule" and action.review in why:
        return replace(action, because=f"called: {why[action.review]}")
    because = _by_exit(action, state)
    return replace(action, because=because, result=replace(action.result, because=because)) if because else action


def _by_exit(action: ReviewChange, state: PartnershipState) -> str | None:
    """Why a review is called off by what a person has said of an exit, whom the guard need not ask once more."""
    review = action.result.review
    if action.verb != "cancel" or review.scope_id not in state.scopes:
        return None
    return called_off_because(review, state.scopes[review.scope_id], state.exit_words.get(review.scope_id))


def _recent(reviews: Iterable[Review], now: datetime, days: int) -> Iterator[Review]:
    return (review for review in reviews if review.end >= now - timedelta(days=days))


def _of_changes(state: PartnershipState) -> Iterator[Notification]:
    """What edits of the definition have changed, what people said of a term or document that runs out, what they say is
    not right, and the statement of the month."""
    here = state.now.astimezone(zone(state.partnership.zone)).date()
    yield from definition_changes.notices(state.partnership, state.changes)
    yield from renewal_words.notices(state.partnership, here)
    yield from statements.notices(state.partnership, state.statement, here)
    if state.disputes:
        yield from disputes.notices(state.partnership, state.disputes, state.readings, here)


def _of_pauses(state: PartnershipState) -> Iterator[Notification]:
    """That the partnership is paused, and that it goes on again."""
    partnership = state.partnership
    if not partnership.pauses:
        return
    names = {key: who.name for key, who in partnership.people.items()}
    here = state.now.astimezone(zone(partnership.zone)).date()
    there = [key for key, who in partnership.people.items() if not who.has_left(here)]
    yield from pauses.notices(partnership.partnership, partnership.name, there, partnership.pauses, names, here)
