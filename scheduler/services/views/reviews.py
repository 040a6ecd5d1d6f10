"""The reviews on record, planned and past; and one of them with everything that ever befell it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.definition.vocabulary import Status
    from scheduler.domain.record.burden import Burden
    from scheduler.domain.record.presence import Presence
    from scheduler.domain.record.review import Recorded, Review
    from scheduler.domain.record.rsvp import RsvpStanding
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.chairing import StandInChair
    from scheduler.rules.reviews.quorum import Forecast
    from scheduler.rules.reviews.rescheduling import Weighed
    from scheduler.services.app import App
    from scheduler.services.views.decisions import DecisionStanding
    from scheduler.services.views.minutes import MinutesView
    from scheduler.store.reviews import Revision

_A_DAY = timedelta(days=1)
_AT_ONCE = 300
"""So many reviews are asked about in one question."""


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews: those whose date, where they are held, lies from `first` to `last` (None: as far as there are
    any), of one partnership or of all, that stand so at the moment of the call."""

    first: date | None = None
    last: date | None = None
    partnership: str | None = None
    status: "Status | None" = None


def reviews(app: "App", wanted: ReviewFilter, now: datetime, audience: "Audience") -> "Iterator[Recorded]":
    """The reviews by start and id, as they stand at `now`, read as they are asked for: there may be very many. A review
    is shared by the partners of its partnership. Raises `UserError`."""
    with app.store.read() as db:
        for record in _found(app, db, wanted, audience):
            standing = record.as_of(now)
            if wanted.status in (None, standing.status):
                yield standing


def _found(app: "App", db: "Connection", wanted: ReviewFilter, audience: "Audience") -> "Iterator[Recorded]":
    from scheduler.services import lookup
    from scheduler.store import reviews as store

    theirs = None
    if audience.sees_all and wanted.partnership is not None:
        lookup.known_partnership(db, wanted.partnership)
    elif not audience.sees_all:
        rows = lookup.partnerships_of(app, db, wanted.partnership, audience.organisation)
        theirs = {row.id for row in rows}
    # Zones reach a day to either side of UTC: the database finds a little too much, and the civil date decides.
    since = _midnight(wanted.first, -_A_DAY) if wanted.first else None
    until = _midnight(wanted.last, 2 * _A_DAY) if wanted.last else None
    for record in store.listing(db, partnership=wanted.partnership, since=since, until=until):
        if theirs is not None and record.review.partnership not in theirs:
            continue
        if (wanted.first or date.min) <= record.review.start.date() <= (wanted.last or date.max):
            yield record


def _midnight(day: date, shift: timedelta) -> datetime | None:
    """None beyond the first and the last year there are: then nothing is cut off."""
    try:
        return datetime.combine(day + shift, time(), UTC)
    except OverflowError:
        return None


def with_overlaps(
    app: "App", wanted: ReviewFilter, now: datetime, audience: "Audience"
) -> "Iterator[tuple[Recorded, tuple[str, ...]]]":
    """The same, each with the reviews to come at its time at which somebody of it is expected too, as far as this
    audience may see them, by id."""
    from scheduler.services.views.overlaps import overlaps

    found = reviews(app, wanted, now, audience)
    while some := list(islice(found, _AT_ONCE)):
        with app.store.read() as db:
            met = overlaps(app, db, [each.id for each in some], audience)
        yield from ((each, met.get(each.id, ())) for each in some)


def as_json(record: "Recorded") -> dict[str, Any]:
    """A review as `reviews --json` lists it. People are named by their keys, moments have their zone's offset."""
    plan = record.review
    return {
        "id": plan.id,
        "uid": plan.uid,
        "partnership": plan.partnership,
        "layer": plan.layer,
        "series": plan.series,
        "kind": plan.kind,
        "model": plan.model,
        "title": plan.title,
        "period": plan.period,
        "start": plan.start,
        "end": plan.end,
        "timezone": plan.timezone,
        "nominal_date": plan.nominal_date,
        "moved_because": plan.moved_because,
        "moved_by_person": record.moved_by_person,
        "status": record.status,
        "because": record.because,
        "sequence": record.sequence,
        "agenda_owner": plan.agenda_owner,
        "deputy": plan.deputy,
        "chair": plan.chair,
        "host": plan.host,
        "minutes_by": plan.minutes_by,
        "attendees": plan.attendees,
        "quorum": plan.quorum,
        "place": plan.place,
        "clocks": dict(plan.clocks),
        "minutes": record.minutes is not None,
        "quorate": record.quorate,
        "held_on": record.held_on,
        "outside_hours": [_outside(each, plan) for each in record.burdens or () if each.minutes],
        "local_day_off": [_day_off(each) for each in record.burdens or () if each.day_off],
    }


def _outside(burden: "Burden", plan: "Review") -> dict[str, Any]:
    """Start and end on the clocks of the side."""
    zone = ZoneInfo(burden.zone)
    start, end = plan.start.astimezone(zone), plan.end.astimezone(zone)
    return {
        "organisation": burden.organisation,
        "start": start,
        "end": end,
        "hours": burden.hours,
        "minutes": burden.minutes,
    }


def _day_off(burden: "Burden") -> dict[str, Any]:
    return {"organisation": burden.organisation, "date": burden.day_off, "why": burden.why}


# One of them -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """A review as it stands, the definition in force, how the answers to its invitation stand by mail address, what
    they make of the quorum (None where its layer is gone), who lives in which zone, and its history, oldest first."""

    record: "Recorded"
    definition: "Partnership"
    answers: "Mapping[str, RsvpStanding]"
    forecast: "Forecast | None"
    zones: Mapping[str, tuple[str, ...]]
    history: "Sequence[Revision]"
    proposals: "Mapping[str, Weighed]"
    """What speaks against the times that attendees propose, by mail address, and better ones: over all partnerships,
    so for the operator alone; of reviews to come."""
    minutes: "MinutesView | None"
    """How its minutes stand; None where there are none."""
    chaired_by: "StandInChair | None"
    """Who takes the chair, where its holder is away or has declined."""
    presence: "Mapping[str, Presence]"
    """Who was there, as far as that was said, by person."""
    overlaps: tuple[str, ...]
    """The reviews to come at its time at which somebody of it is expected too, as far as the audience may see them."""
    decisions: "tuple[DecisionStanding, ...]"
    """What it decided, those that count no longer too, as they stand."""


def review(app: "App", id: str, now: datetime, audience: "Audience") -> Story:
    """The review of that id, which its partners share. Raises `UserError`, too, where the organisation is none."""
    from scheduler.services import lookup
    from scheduler.services.views.decisions import of_partnership
    from scheduler.services.views.minutes import minutes_of
    from scheduler.services.views.overlaps import overlaps
    from scheduler.store import presence, rsvps
    from scheduler.store import reviews as store

    with app.store.read() as db:
        record = lookup.review(db, id).as_of(now)
        row = lookup.partnership(db, record.review.partnership)
        definition = app.in_force(row)
        if audience.organisation is not None:
            lookup.organisation(definition, audience.organisation)
        decided = tuple(each for each in of_partnership(app, db, row, now) if each.decision.review == record.id)
        answers = rsvps.standings(db, definition.partnership, {record.id: record}).get(record.id, {})
        forecast, zones, chaired_by = _outlook(app, record, definition, answers)
        proposals = _weighed(app, db, record, definition, answers, now) if audience.sees_all else {}
        met = overlaps(app, db, [record.id], audience).get(record.id, ())
        history = store.history(db, record.id)
        minutes = minutes_of(db, record, definition, now, audience)
        there = presence.of_review(db, record.id)
        return Story(
            record, definition, answers, forecast, zones, history, proposals, minutes, chaired_by, there, met, decided
        )


def _weighed(
    app: "App",
    db: "Connection",
    record: "Recorded",
    definition: "Partnership",
    answers: "Mapping[str, RsvpStanding]",
    now: datetime,
) -> "dict[str, Weighed]":
    from scheduler.domain.definition.vocabulary import Status
    from scheduler.domain.errors import UserError
    from scheduler.rules.reviews import rescheduling
    from scheduler.services.previews.double_booking import Elsewhere
    from scheduler.store import reviews as store

    proposed = {email: each.answer.proposed for email, each in answers.items() if not each.is_void}
    starts = {email: span[0] for email, span in proposed.items() if span is not None}
    if not starts or record.status is not Status.PLANNED or record.is_past(now):
        return {}
    others, elsewhere = store.recorded(db, definition.partnership), Elsewhere(db, now).others(definition)
    found: dict[str, Weighed] = {}
    for email, start in starts.items():
        try:
            scope = rescheduling.scope_of(record.review, definition, app.playbooks)
            to = rescheduling.moment_of(start, record.review)
            found[email] = rescheduling.weighed(record, scope, to, others, now, elsewhere)
        except UserError as fault:
            found[email] = rescheduling.Weighed((fault.what,))
    return found


def _outlook(
    app: "App", record: "Recorded", definition: "Partnership", answers: "Mapping[str, RsvpStanding]"
) -> "tuple[Forecast | None, Mapping[str, tuple[str, ...]], StandInChair | None]":
    from scheduler.domain.definition.vocabulary import Status
    from scheduler.render.agenda.attendance import People
    from scheduler.render.agenda.rsvps import outlook
    from scheduler.rules.reviews.chairing import stand_in_chair
    from scheduler.rules.reviews.scopes import scopes

    plan = record.review
    scope = next((each for each in scopes(definition, app.playbooks) if each.layer == plan.layer), None)
    if scope is None:
        return None, {plan.timezone: ()}, None
    people = People(scope, definition, plan)
    chaired_by = stand_in_chair(plan, scope, answers) if record.status is Status.PLANNED else None
    return outlook(plan, scope, people, answers), people.zones(), chaired_by


def story_as_json(story: Story) -> dict[str, Any]:
    """A review as `review show --json` shows it."""
    from scheduler.services.views.decisions import as_json as decision_as_json
    from scheduler.services.views.minutes import minutes_as_json

    return {
        **as_json(story.record),
        "quorum_forecast": story.forecast.words if story.forecast else None,
        "minutes": story.minutes.text if story.minutes else None,
        "minutes_standing": minutes_as_json(story.minutes) if story.minutes else None,
        "chaired_by": story.chaired_by.stand_in if story.chaired_by else story.record.review.chair,
        "presence": [_presence(each) for each in story.presence.values()],
        "decisions": [decision_as_json(each) for each in story.decisions],
        "overlaps": story.overlaps,
        "answers": [_answer(each, story.proposals.get(email)) for email, each in story.answers.items()],
        "history": [asdict(each) for each in story.history],
    }


def _presence(each: "Presence") -> dict[str, Any]:
    return {
        "person": each.person,
        "present": each.was_present,
        "stand_in": each.stand_in,
        "said_by": each.said_by,
        "said_at": each.said_at,
    }


def _answer(standing: "RsvpStanding", weighed: "Weighed | None") -> dict[str, Any]:
    answer = standing.answer
    start, end = answer.proposed or (None, None)
    return {
        "email": answer.email,
        "says": answer.says,
        "for_an_earlier_time": standing.is_void,
        "at": answer.dtstamp,
        "sequence": answer.sequence,
        "comment": answer.comment,
        "delegate": answer.delegate,
        "proposed_start": start,
        "proposed_end": end,
        "proposed_against": weighed.against if weighed else None,
        "better_start": weighed.better.start if weighed and weighed.better else None,
        "better_against": weighed.better.against if weighed and weighed.better else None,
    }
