"""What agendas show of a partnership's state: a review's briefing, and what comes back to it from earlier reviews."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.manner import Manner
from scheduler.domain.record.health import HealthRound
from scheduler.domain.record.review import Recorded, Review
from scheduler.render.agenda import briefing as agenda_briefing
from scheduler.render.agenda.agenda_facts import AgendaFacts
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.agenda.decision_lines import DecisionLines, decision_lines
from scheduler.render.agenda.disputes import disputed
from scheduler.render.agenda.rsvps import NONE
from scheduler.render.agenda.undecided import undecided
from scheduler.rules.access import JOINT, Audience, internal_to
from scheduler.rules.competition_law import guard_of
from scheduler.rules.decisions.coming_back import coming_back
from scheduler.rules.decisions.register import Register
from scheduler.rules.health_checks.rounds import last_closed
from scheduler.rules.minutes import parked as parking
from scheduler.rules.reminders.actions import Commitment, comes_back
from scheduler.rules.reviews.forward_agenda import topics_of
from scheduler.rules.reviews.launch_steps import LaunchStep, StepStanding, launch_steps, standing
from scheduler.rules.reviews.presence import held_before
from scheduler.rules.reviews.scopes import Scope
from scheduler.services.state import PartnershipState


def briefing(state: PartnershipState, record: Recorded, audience: Audience = JOINT) -> Briefing | None:
    """What the agenda of a review shows this audience; None where its layer is gone from the definition."""
    scope = state.scope_of(record.review)
    if scope is None:
        return None
    return agenda_briefing.briefing(_facts(state, record, scope), state.sketch(record, scope), audience)


def audiences(state: PartnershipState, review: Review) -> Iterator[Audience]:
    """The joint audience, then each organisation that has KPIs of its own in the review's scope."""
    yield JOINT
    scope = state.scope_of(review)
    owners = {internal_to(kpi) for kpi in scope.kpis.values()} if scope else set()
    if health := health_of(state, review):
        owners |= state.health_words.get(health.id, {}).keys()
    yield from (Audience(key) for key in state.partnership.organisations if key in owners)


def manner_of_agenda(state: PartnershipState, audience: Audience) -> Manner:
    """How an agenda is written: the joint one as the partnership has it, a brief as its organisation has it."""
    return state.partnership.manner(audience.organisation, state.settings.manner)


def launch_track(state: PartnershipState, record: Recorded) -> Iterator[tuple[LaunchStep, StepStanding]]:
    """The steps on the way to a checkpoint, each as it stands where its owner lives."""
    scope = state.scope_of(record.review)
    if scope is None:
        return
    for step in launch_steps(record, scope, state.ticks):
        today = state.facts.day_of(step.owner, timedelta())
        yield step, standing(step, record, scope, state.launch_from or today, today)


def _facts(state: PartnershipState, record: Recorded, scope: Scope) -> AgendaFacts:
    last = held_before(record.review, state.recorded)
    health = health_of(state, record.review)
    return AgendaFacts(
        scope=scope,
        partnership=state.partnership,
        recorded=record,
        now=state.now,
        measurements=state.owed[scope.id],
        flags=state.flags[scope.id],
        history=state.history,
        notified=state.notified,
        disputes=lambda kpis: disputed(state.partnership, scope, kpis, state.disputes, state.readings, state.changes),
        commitments=_open_actions(state, record.review),
        unfinished=_unfinished(state, record.review),
        causes=[each for each in state.causes if each.review == record.id],
        answers=state.answers.get(record.id, NONE),
        judgements=state.judgements,
        decisions=state.decisions,
        track=launch_track(state, record) if record.review.kind is Kind.CHECKPOINT else (),
        register=_decisions_back(state, record.review),
        undecided=undecided(state.proposals, state.deadlocks, scope, state.now),
        topics=_topics(state, record.review, scope),
        added=[each for each in state.added if each.review == record.id],
        pre_reads=[each for each in state.pre_reads if each.review == record.id],
        last=last,
        health=health,
        health_before=last_closed(each for each in state.health_rounds if health and each.opens_on < health.opens_on),
        health_words=state.health_words.get(health.id, {}) if health else {},
        minutes_before=state.minutes_records.get(last.id) if last else None,
        guard=guard_of(state.partnership, state.playbooks, record.review.model),
    )


def health_of(state: PartnershipState, review: Review) -> HealthRound | None:
    """The health check that a health audit of the partnership itself speaks of: the one that was closed last by
    then."""
    if review.kind is not Kind.HEALTH_AUDIT or review.layer is not None:
        return None
    return last_closed(state.health_rounds, review.start.date())


def _topics(state: PartnershipState, review: Review, scope: Scope) -> tuple[str, ...]:
    """What the annual forward agenda has for a review."""
    mine = (each for each in scope.series if each.id == review.series_id and each.model is review.model)
    series = next(mine, None)
    return topics_of(review, series, state.recorded.values()) if series else ()


def _open_actions(state: PartnershipState, review: Review) -> tuple[Commitment, ...]:
    """The open actions of earlier reviews that stand on the agenda of this one."""
    scope = state.scope_of(review)
    if scope is None:
        return ()
    return tuple(
        each
        for each in state.commitments[scope.id]
        if comes_back(each, review, scope, state.now) and _is_before(state, each.action.review, review)
    )


def _decisions_back(state: PartnershipState, review: Review) -> DecisionLines:
    """The decisions of last time, and those that are still to be carried out."""
    today = state.now.astimezone(ZoneInfo(review.timezone)).date()
    register = Register({each.id: each for each in state.register}, state.recorded, state.minutes_records)
    found = coming_back(review, register, today)
    return decision_lines(found, register, today, state.partnership.name_of)


def _unfinished(state: PartnershipState, review: Review) -> tuple[str, ...]:
    """What earlier minutes of the series left unfinished and nobody has closed; to a health audit also what those
    of checkpoints and formal reviews did, and of series that have no review to come."""
    over = parking.series_over(state.parked, review, state.recorded.values(), state.scopes, state.now)
    theirs = [each for each in state.parked if parking.comes_back(each, review, over)]
    return tuple(dict.fromkeys(each.says for each in theirs if _is_before(state, each.review, review)))


def _is_before(state: PartnershipState, id: str, review: Review) -> bool:
    record = state.recorded.get(id)
    return record is None or record.review.start < review.start
