"""One review as its page shows it: its clocks, its agenda as it stands, who comes; afterwards who was there, what was
decided and is to be done, its minutes and the objections to them; and everything that ever befell it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Literal

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import RECONVENED, Recorded
from scheduler.domain.record.rsvp import RsvpStanding
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.reasons import MovedByHand, moved_by_hand, remark_words
from scheduler.rules.access import JOINT, Audience
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.objections import filings_of
from scheduler.rules.reviews.clock_standing import ReviewClockStanding, clock_standings
from scheduler.services.app import App
from scheduler.services.briefings import briefing
from scheduler.services.pipeline.counsel_letters import lines_for_counsel
from scheduler.services.state import PartnershipState, state_of
from scheduler.services.views.actions import ActionStanding, promises
from scheduler.services.views.decisions import of_partnership
from scheduler.services.views.minutes import MinutesView, minutes_of
from scheduler.services.views.overlaps import overlaps
from scheduler.services.views.review_agendas import (
    AgendaAt,
    ItemAt,
    PreReadAt,
    agendas_of,
    items_of,
    pre_reads_of,
    versions_of,
)
from scheduler.services.views.review_history import HistoryAt, history_of
from scheduler.store import actions, filings, partnerships, presence, reviews
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True, slots=True)
class SeatAt:
    """Somebody who is to attend: what they answered and, once that was said, whether they were there or who stood in.
    `remark` is why they do not come, or will be away. `proposes` is another start that they ask for."""

    person: str
    name: str
    organisation: str | None
    role: str | None
    answer: str | None
    remark: str | None
    proposes: datetime | None
    was_present: bool | None
    stand_in: str | None


@dataclass(frozen=True, slots=True)
class DecisionAt:
    id: str
    says: str
    state: str
    course: str | None
    replaced_by: str | None


@dataclass(frozen=True, slots=True)
class ActionAt:
    """`status` is ``open``, ``overdue`` or ``done``; `owner` who answers for it, by name."""

    id: str
    says: str
    owner: str | None
    due: date | None
    status: str


@dataclass(frozen=True, slots=True)
class ObjectionAt:
    """What somebody objects to in the minutes; `to` are the words of the item, None for the minutes as a whole."""

    id: str
    to: str | None
    says: str
    by: str
    at: datetime
    state: Literal["open", "settled", "withdrawn"]
    because: str | None


@dataclass(frozen=True, slots=True)
class MinutesItemAt:
    """What one can object to in minutes."""

    id: str
    says: str


@dataclass(frozen=True, slots=True)
class MinutesAt:
    """The minutes as their reader may see them, and what one can object to in them."""

    text: str
    state: str
    standing: str
    is_open: bool
    until: date | None
    items: tuple[MinutesItemAt, ...]
    objections: tuple[ObjectionAt, ...]


@dataclass(frozen=True, slots=True)
class ReviewSheet:
    """A review as its page shows it. People are named; moments are aware. `reconvened_as` is the id of the meeting that
    is convened in its place, where it had no quorum."""

    id: str
    partnership: str
    partnership_name: str
    layer: str | None
    title: str
    kind: Kind
    goal: str | None
    status: Status
    remark: str
    moved: MovedByHand | None
    start: datetime
    end: datetime
    timezone: str
    place: str | None
    agenda_owner: str
    chair: str | None
    stand_in_chair: str | None
    host: str | None
    minutes_by: str | None
    hardship: tuple[str, ...]
    clocks: tuple[ReviewClockStanding, ...]
    seats: tuple[SeatAt, ...]
    quorum: str
    quorum_forecast: str | None
    quorate: bool | None
    overlaps: tuple[str, ...]
    agendas: tuple[AgendaAt, ...]
    for_counsel: tuple[str, ...]
    """Lines of the joint agenda that somebody wrote into its file and that counsel is to look at first."""
    items: tuple[ItemAt, ...]
    pre_reads: tuple[PreReadAt, ...]
    decisions: tuple[DecisionAt, ...]
    actions: tuple[ActionAt, ...]
    minutes: MinutesAt | None
    reconvened_as: str | None
    before: str | None
    after: str | None
    """The reviews of its series before and after it, by id."""
    history: tuple[HistoryAt, ...]


@dataclass(frozen=True)
class Looked:
    """What a review's sheet was made of: for whoever decides what can be done with it."""

    sheet: ReviewSheet
    record: Recorded
    state: PartnershipState
    is_ended: bool


def review_sheet(app: App, db: Connection, id: str, now: datetime, audience: Audience) -> Looked | None:
    """A review for one audience, which is one of its partnership's; None where there is none."""
    record, row = reviews.find(db, id), partnerships.get(db, ReviewId(id).partnership)
    if record is None or row is None:
        return None
    state = state_of(app, db, row, now)
    if not audience.is_of(state.partnership.organisations):
        return None
    record = record.as_of(now)
    known = filings.of_review(db, record.id)
    minutes = minutes_of(db, record, state.partnership, now, audience)
    brief = briefing(state, record, JOINT)
    here, plan = zone(record.review.timezone), record.review
    first = next(iter(filings_of(record, known)), None)
    filed_on = first.filed_at.astimezone(here).date() if first and record.minutes is not None else None
    there, versions = presence.of_review(db, record.id), versions_of(db, record, state, audience)
    again = reviews.find(db, f"{record.id}{RECONVENED}")
    before, after = _neighbours(record, state)
    sheet = ReviewSheet(
        id=record.id,
        partnership=plan.partnership,
        partnership_name=state.partnership.name,
        layer=state.scopes[plan.scope_id].name if plan.layer and plan.scope_id in state.scopes else None,
        title=plan.full_title,
        kind=plan.kind,
        goal=brief.goal if brief else None,
        status=record.status,
        remark=remark_words(record, plan.timezone),
        moved=moved_by_hand(record),
        start=plan.start,
        end=plan.end,
        timezone=plan.timezone,
        place=plan.place,
        agenda_owner=brief.owner.name if brief else state.partnership.name_of(plan.agenda_owner),
        chair=state.partnership.name_of(plan.chair) if plan.chair else None,
        stand_in_chair=brief.chaired_by.who.name if brief and brief.chaired_by and brief.chaired_by.who else None,
        host=state.partnership.organisation_name(plan.host),
        minutes_by=state.partnership.organisation_name(plan.minutes_by),
        hardship=brief.hardship if brief else (),
        clocks=clock_standings(record, filed_on, minutes.state if minutes else None, now.astimezone(here).date()),
        seats=tuple(_seats(record, state, brief, there)),
        quorum=plan.quorum,
        quorum_forecast=brief.forecast if brief and record.status is Status.PLANNED else None,
        quorate=record.quorate,
        overlaps=overlaps(app, db, [record.id], audience).get(record.id, ()),
        agendas=tuple(agendas_of(app, db, state, record, audience, versions)),
        for_counsel=tuple(each.says for each in lines_for_counsel(app, state, record, versions.get(None, []))),
        items=tuple(items_of(state, record.id)),
        pre_reads=tuple(pre_reads_of(db, state.partnership, record.id, audience)),
        decisions=tuple(_decisions(app, db, row, record, now)),
        actions=tuple(_actions(app, db, record, now)),
        minutes=_minutes(minutes, known, state.partnership, audience) if minutes else None,
        reconvened_as=again.id if again else None,
        before=before,
        after=after,
        history=tuple(history_of(db, record, state.partnership, versions, known if minutes else None)),
    )
    return Looked(sheet, record, state, row.ended_at is not None)


def _seats(
    record: Recorded, state: PartnershipState, brief: Briefing | None, there: Mapping[str, Presence]
) -> Iterator[SeatAt]:
    """Whoever is to attend, and who was there besides."""
    answers = state.answers.get(record.id, {})
    told = dict(zip(record.review.attendees, brief.attendees, strict=True)) if brief else {}
    short = dict(brief.answers) if brief else {}
    for key in dict.fromkeys(chain(record.review.attendees, there)):
        person, attendee, was = state.partnership.people.get(key), told.get(key), there.get(key)
        name = state.partnership.name_of(key)
        yield SeatAt(
            person=key,
            name=name,
            organisation=state.partnership.organisation_name(person.of if person else None),
            role=person.role.words if person and person.role else None,
            answer=short.get(name),
            remark=(attendee.comes_not or attendee.away) if attendee else None,
            proposes=_proposed(answers.get(person.email.casefold())) if person else None,
            was_present=was.was_present if was else None,
            stand_in=state.partnership.name_of(was.stand_in) if was and was.stand_in else None,
        )


def _proposed(standing: RsvpStanding | None) -> datetime | None:
    if standing is None or standing.is_void or not standing.answer.proposed:
        return None
    return standing.answer.proposed[0]


def _decisions(app: App, db: Connection, row: PartnershipRow, record: Recorded, now: datetime) -> Iterator[DecisionAt]:
    if record.status is Status.HELD:
        for each in of_partnership(app, db, row, now):
            told = each.decision
            if told.review == record.id:
                yield DecisionAt(told.id, told.says, each.state, told.course, each.replaced_by)


def _actions(app: App, db: Connection, record: Recorded, now: datetime) -> Iterator[ActionAt]:
    if record.status is Status.HELD:
        theirs = [each for each in actions.recorded(db, record.review.partnership) if each.review == record.id]
        yield from (_action(each) for each in promises(app, db, theirs, now))


def _action(each: ActionStanding) -> ActionAt:
    commitment = each.commitment
    due = commitment.due if commitment else each.action.due
    return ActionAt(each.action.id, each.action.says, each.name or each.action.owner, due, each.status)


def _minutes(minutes: MinutesView, known: MinutesRecord, partnership: Partnership, audience: Audience) -> MinutesAt:
    standing = minutes.words
    if minutes.state == "waiting" and not minutes.reached and not minutes.on_their_way and not audience.sees_all:
        standing = "sent to nobody: no letter could be delivered"
    return MinutesAt(
        text=minutes.text,
        state=minutes.state,
        standing=standing,
        is_open=minutes.is_open,
        until=minutes.until,
        items=tuple(MinutesItemAt(item.id, item.says) for item in minutes.items),
        objections=tuple(
            ObjectionAt(
                id=each.id,
                to=each.item_says,
                says=each.says,
                by=partnership.name_of(each.by),
                at=each.at,
                state="open" if each.is_open else "withdrawn" if each.is_withdrawn else "settled",
                because=each.settled_because,
            )
            for each in known.objections
        ),
    )


def _neighbours(record: Recorded, state: PartnershipState) -> tuple[str | None, str | None]:
    """The reviews of the same series that are held or to be held before and after it."""
    of_series = [
        each
        for each in state.recorded.values()
        if each.review.series_id == record.review.series_id and each.status is not Status.CANCELLED
    ]
    earlier = [each for each in of_series if each.review.start < record.review.start]
    later = [each for each in of_series if each.review.start > record.review.start]
    before = max(earlier, key=lambda each: each.review.start, default=None)
    after = min(later, key=lambda each: each.review.start, default=None)
    return before.id if before else None, after.id if after else None
