"""What of an agenda of competitors is for counsel, and the letter by which counsel hears of it. By a page and a command
such lines come from counsel alone; into the file of an agenda anybody can write them, and minutes leave some to the
next one."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from typing import Final

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ItemFacts, ReviewFacts
from scheduler.domain.record.review import Recorded
from scheduler.render.languages import speaking
from scheduler.rules.access import JOINT
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.competition_law import guard_of
from scheduler.rules.reminders.of_reviews import before_it, facts_of
from scheduler.rules.reviews.scope import Scope
from scheduler.services.app import App
from scheduler.services.briefings import briefing, manner_of_agenda
from scheduler.services.competition import LineForCounsel, unseen_by_counsel
from scheduler.services.pipeline.agendas import written
from scheduler.services.pipeline.waking import agenda_is_open, agenda_opens
from scheduler.services.state import PartnershipState, shown
from scheduler.store import agendas, partnerships

RUNG: Final = "for_counsel"


def lines_for_counsel(
    app: App, state: PartnershipState, record: Recorded, versions: Sequence[AgendaVersion]
) -> Iterator[LineForCounsel]:
    """The lines of a joint agenda that counsel has seen in no version of theirs."""
    guard = guard_of(state.partnership, state.playbooks, record.review.model)
    if guard is None or record.status is not Status.PLANNED:
        return
    carried = _carried(state, record)
    if versions or any(map(guard.word_in, carried)):
        yield from unseen_by_counsel(guard, versions, written(app, state, record, JOINT) or "", carried)


def _carried(state: PartnershipState, record: Recorded) -> Sequence[str]:
    """What the agenda has from earlier minutes, as its lines begin: without the days in brackets, which change."""
    with speaking(manner_of_agenda(state, JOINT)):
        brief = briefing(state, record)
    if brief is None:
        return ()
    lines = (*brief.actions, *brief.register.last, *brief.register.still_open)
    return *brief.unfinished, *(str(each).rpartition(" (")[0] for each in lines)


def notices(app: App, db: Connection, state: PartnershipState) -> Iterator[Notification]:
    """One for each agenda to come that has lines for counsel, and for each version of it that has some; of an agenda
    that nobody has edited once it is written."""
    coming = [each for each in state.recorded.values() if each.status is Status.PLANNED and not each.is_past(state.now)]
    guarded = [each for each in coming if guard_of(state.partnership, state.playbooks, each.review.model)]
    row = partnerships.get(db, state.partnership.partnership) if guarded else None
    if row is None:
        return
    state, edited = shown(app, db, row, state), agendas.numbers(db, row.id)
    for record in guarded:
        if edited.get((record.id, None)) or agenda_is_open(record, app.settings.agenda_days, state.now):
            yield from _of_review(app, db, state, record)


def _of_review(app: App, db: Connection, state: PartnershipState, record: Recorded) -> Iterator[Notification]:
    versions, scope = agendas.versions(db, record.id, None), state.scope_of(record.review)
    guard = guard_of(state.partnership, state.playbooks, record.review.model)
    lines = [*lines_for_counsel(app, state, record, versions)]
    if lines and scope and guard and guard.counsel:
        opened = agenda_opens(record.review, app.settings.agenda_days)
        yield _notice(state, record, scope, versions[-1] if versions else None, opened, lines, guard.counsel)


def _notice(
    state: PartnershipState,
    record: Recorded,
    scope: Scope,
    version: AgendaVersion | None,
    opened: date,
    lines: Sequence[LineForCounsel],
    counsel: tuple[str, ...],
) -> Notification:
    here = version.at.astimezone(zone(record.review.timezone)).date() if version else opened
    who = state.partnership.name_of(version.by) if version and version.by else ""
    of_minutes = [each.says for each in lines if each.is_of_minutes]
    added: list[ItemFacts] = [{"who": "", "says": says, "of_minutes": True} for says in of_minutes]
    added += [{"who": who, "says": each.says} for each in lines if not each.is_of_minutes]
    facts: ReviewFacts = {**facts_of(record, scope, RUNG), "added": added}
    occasion = f"{here.isoformat()}+{version.number if version else 0}"
    if of_minutes:
        occasion += f"-{blake2b(repr(of_minutes).encode(), digest_size=4).hexdigest()}"
    return before_it(record, RUNG, occasion, here, counsel, facts, asked=counsel)
