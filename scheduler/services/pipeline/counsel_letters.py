"""What of an agenda of competitors is for counsel, and the letter by which counsel hears of it. By a page and a command
such lines come from counsel alone; into the file of an agenda anybody can write them."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ReviewFacts
from scheduler.domain.record.review import Recorded
from scheduler.rules.access import JOINT
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.competition_law import guard_of
from scheduler.rules.reminders.of_reviews import before_it, facts_of
from scheduler.rules.reviews.scope import Scope
from scheduler.services.app import App
from scheduler.services.competition import unseen_by_counsel
from scheduler.services.pipeline.agendas import written
from scheduler.services.state import PartnershipState
from scheduler.store import agendas

RUNG: Final = "for_counsel"


def lines_for_counsel(
    app: App, state: PartnershipState, record: Recorded, versions: Sequence[AgendaVersion]
) -> Iterator[str]:
    """The lines of the newest version of a joint agenda that counsel has seen in none of theirs."""
    guard = guard_of(state.partnership, state.playbooks, record.review.model)
    if guard is not None and versions and record.status is Status.PLANNED:
        yield from unseen_by_counsel(guard, versions, written(app, state, record, JOINT) or "")


def notices(app: App, db: Connection, state: PartnershipState) -> Iterator[Notification]:
    """One for each agenda to come that has lines for counsel, and for each version of it that has some."""
    coming = [each for each in state.recorded.values() if each.status is Status.PLANNED and not each.is_past(state.now)]
    guarded = [each for each in coming if guard_of(state.partnership, state.playbooks, each.review.model)]
    edited = agendas.numbers(db, state.partnership.partnership) if guarded else {}
    for record in guarded:
        if edited.get((record.id, None)):
            yield from _of_review(app, db, state, record)


def _of_review(app: App, db: Connection, state: PartnershipState, record: Recorded) -> Iterator[Notification]:
    versions, scope = agendas.versions(db, record.id, None), state.scope_of(record.review)
    guard = guard_of(state.partnership, state.playbooks, record.review.model)
    lines = [*lines_for_counsel(app, state, record, versions)]
    if lines and scope and guard and guard.counsel:
        yield _notice(state, record, scope, versions[-1], lines, guard.counsel)


def _notice(
    state: PartnershipState,
    record: Recorded,
    scope: Scope,
    version: AgendaVersion,
    lines: Sequence[str],
    counsel: tuple[str, ...],
) -> Notification:
    here = version.at.astimezone(zone(record.review.timezone)).date()
    who = state.partnership.name_of(version.by) if version.by else ""
    facts: ReviewFacts = {**facts_of(record, scope, RUNG), "added": [{"who": who, "says": each} for each in lines]}
    return before_it(record, RUNG, f"{here.isoformat()}+{version.number}", here, counsel, facts, asked=counsel)
