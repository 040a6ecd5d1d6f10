"""One review as its page shows it: its clocks, its agenda as it stands, who comes; afterwards who was there, what was
decided and is to be done, its minutes and the objections to them; and everything that ever befell it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Literal

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.domain.record.filing import MinutesRecord
from scheduler.domain.record.presence import Presence
from scheduler.domain.record.review import RECONVENED, Recorded
from scheduler.domain.record.rsvp import RsvpStanding
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.languages import spoken
from scheduler.render.reasons import MovedByHand, moved_by_hand, remark_words
from scheduler.rules.access import JOINT, Audience, may_learn
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.minutes.objections import filings_of
from scheduler.rules.reviews.clock_standing import ReviewClockStanding, clock_standings
from scheduler.services.app import App
from scheduler.services.briefings import audiences, briefing
from scheduler.services.pipeline.agendas import agenda_as_read
from scheduler.services.pipeline.counsel_letters import lines_for_counsel
from scheduler.services.state import PartnershipState, state_of
from scheduler.services.views.actions import ActionStanding, promises
from scheduler.services.views.decisions import of_partnership
from scheduler.services.views.minutes import MinutesView, minutes_of
from scheduler.services.views.overlaps import overlaps
from scheduler.store import actions, agendas, filings, partnerships, pre_reads, presence, reviews
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
class AgendaAt:
    """An agenda as it stands, in Markdown, for all (`organisation` None) or as the internal brief of one; the number of
    the edit that it is (0: nobody edited it), who made that when, and the language that it is written in, by its tag
    (None: English, as everybody is written to who says nothing else)."""

    organisation: str | None
    organisation_name: str | None
    markdown: str
    version: int
    edited_at: datetime | None
    edited_by: str | None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ItemAt:
    """An item that somebody added to the agenda, until it was dropped; or owns, where a health check put it there."""

    id: str
    says: str
    minutes: int | None
    by: str
    by_person: str
    of_health_check: bool = False


@dataclass(frozen=True, slots=True)
class PreReadAt:
    """A file to be read before, for all or for one side alone; `size` in bytes. Of one whose content was let go of at
    `forgotten_at` the `sha256` stays."""

    id: str
    name: str
    size: int
    organisation: str | None
    by: str | None
    by_person: str | None
    at: datetime
    forgotten_at: datetime | None = None
    sha256: str | None = None


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
class HistoryAt:
    """What befell the review, its agenda or its minutes: `what` is the word of a change of the review (``minutes`` and
    ``presence`` where one that was held before got them), ``agenda``, of which `version` was made by `way`, or
    ``objection``, ``settled`` and ``withdrawn``."""

    at: datetime
    what: str
    by: str | None
    because: str | None
    to: str | None = None
    version: int | None = None
    way: str | None = None


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
    there, versions = presence.of_review(db, record.id), _versions(db, record, state, audience)
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
        agendas=tuple(_agendas(app, db, state, record, audience, versions)),
        for_counsel=tuple(lines_for_counsel(app, state, record, versions.get(None, []))),
        items=tuple(_items(state, record.id)),
        pre_reads=tuple(_pre_reads(db, state.partnership, record.id, audience)),
        decisions=tuple(_decisions(app, db, row, record, now)),
        actions=tuple(_actions(app, db, record, now)),
        minutes=_minutes(minutes, known, state.partnership, audience) if minutes else None,
        reconvened_as=again.id if again else None,
        before=before,
        after=after,
        history=tuple(_history(db, record, state.partnership, versions, known if minutes else None)),
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


def _audiences(state: PartnershipState, record: Recorded, audience: Audience) -> Iterator[Audience]:
    """The joint agenda, and the internal briefs that this audience may see."""
    for each in audiences(state, record.review):
        if each.organisation is None or audience.sees_all or each.organisation == audience.organisation:
            yield each


def _versions(
    db: Connection, record: Recorded, state: PartnershipState, audience: Audience
) -> dict[str | None, list[AgendaVersion]]:
    theirs = (each.organisation for each in _audiences(state, record, audience))
    return {each: agendas.versions(db, record.id, each) for each in theirs}


def _agendas(
    app: App,
    db: Connection,
    state: PartnershipState,
    record: Recorded,
    audience: Audience,
    versions: Mapping[str | None, list[AgendaVersion]],
) -> Iterator[AgendaAt]:
    if record.status in (Status.SKIPPED, Status.CANCELLED):
        return
    for each in _audiences(state, record, audience):
        read = agenda_as_read(app, db, state, record, each, spoken())
        if read is None:
            continue
        last = next(reversed(versions[each.organisation]), None)
        yield AgendaAt(
            organisation=each.organisation,
            organisation_name=state.partnership.organisation_name(each.organisation),
            markdown=read.text,
            version=last.number if last else 0,
            edited_at=last.at if last and last.text is not None else None,
            edited_by=state.partnership.name_of(last.by) if last and last.by else None,
            language=read.manner.language,
        )


def _items(state: PartnershipState, id: str) -> Iterator[ItemAt]:
    for each in state.added:
        if each.review == id:
            name, is_of_health = state.partnership.name_of(each.by), each.out_of is not None
            yield ItemAt(each.id, each.says, each.minutes, name, each.by, is_of_health)


def _pre_reads(db: Connection, partnership: Partnership, id: str, audience: Audience) -> Iterator[PreReadAt]:
    for each in pre_reads.of_review(db, id):
        if each.stands and may_learn(each.audience, audience):
            yield PreReadAt(
                id=each.id,
                name=each.name,
                size=each.size,
                organisation=partnership.organisation_name(each.audience),
                by=partnership.name_of(each.by) if each.by else None,
                by_person=each.by,
                at=each.at,
                forgotten_at=each.forgotten_at,
                sha256=each.sha256,
            )


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


def _history(
    db: Connection,
    record: Recorded,
    partnership: Partnership,
    versions: Mapping[str | None, list[AgendaVersion]],
    minutes: MinutesRecord | None,
) -> Iterator[HistoryAt]:
    """The changes of the review and of the agendas that the reader may see, and what became of its minutes, the newest
    first."""
    found = [
        HistoryAt(
            at=each.at.astimezone(UTC),
            what=reviews.befell(each.action, each.before),
            by=partnership.name_of(each.person) if each.person else None,
            because=each.because,
            to=(each.after or {}).get("start"),
        )
        for each in reviews.history(db, record.id)
    ]
    found += [
        HistoryAt(
            at=each.at.astimezone(UTC),
            what="agenda",
            by=partnership.name_of(each.by) if each.by else None,
            because=None,
            version=each.number,
            way="reset" if each.text is None else each.way,
        )
        for of_one in versions.values()
        for each in of_one
    ]
    found += _objected(minutes, partnership) if minutes else ()
    yield from sorted(found, key=lambda each: each.at, reverse=True)


def _objected(minutes: MinutesRecord, partnership: Partnership) -> Iterator[HistoryAt]:
    for each in minutes.objections:
        yield HistoryAt(each.at.astimezone(UTC), "objection", partnership.name_of(each.by), each.says)
        if each.settled_at:
            by = partnership.name_of(each.settled_by) if each.settled_by else None
            what = "withdrawn" if each.is_withdrawn else "settled"
            yield HistoryAt(each.settled_at.astimezone(UTC), what, by, each.settled_because)
