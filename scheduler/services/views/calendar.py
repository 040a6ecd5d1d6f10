"""One's own calendar: one's reviews of a month and those to come, over all partnerships, what one owes, the
subscriptions that one has, and what invitations have brought into one's own calendar already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.render.invitations.delivered import Delivered, Mailed
from scheduler.render.reasons import MovedByHand, moved_by_hand, remark_words
from scheduler.rules.access import may_see
from scheduler.services.app import App
from scheduler.services.viewer import Viewer
from scheduler.store import attendance, invitations, measurements, partnerships, reviews, subscriptions
from scheduler.store.tables import SubscriptionRow
from scheduler.transports.eml_folder import FOLDER

COMING = timedelta(days=90)
"""So far ahead reviews are listed."""
MOST_OTHERS = 200
"""So many subscriptions of others are listed."""
_DAY = timedelta(days=1)
_YEARS = range(1990, 2100)
_OFF = (Status.CANCELLED, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review that somebody attends, chairs or prepares (`part`). `start` and `end` are moments on its own clock, of
    the zone `timezone`; `meets` are the others of theirs at the same time; `is_invited` is that a mail has brought it
    into their own calendar."""

    id: str
    partnership: str
    partnership_name: str
    title: str
    kind: Kind
    part: str
    start: datetime
    end: datetime
    timezone: str
    status: Status
    remark: str
    moved: MovedByHand | None
    meets: tuple[str, ...]
    is_invited: bool


@dataclass(frozen=True, slots=True)
class OwnDue:
    """A period of a KPI that waits for its reader, and the day on which it is due where its owner lives."""

    kpi: str
    name: str
    partnership: str
    partnership_name: str
    period: str
    due: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day on the reader's clock: what lies on it, and whether it is of the month that is shown."""

    date: date
    is_in_month: bool
    reviews: tuple[OwnReview, ...]
    dues: tuple[OwnDue, ...]


@dataclass(frozen=True, slots=True)
class OwnSubscription:
    """A subscription of one's own that is open, without its address: what it shows, and when it was last read."""

    id: int
    created_at: datetime
    last_used_at: datetime | None
    reports: str
    clocks: str
    invited: bool


@dataclass(frozen=True, slots=True)
class SharedSubscription:
    """An open subscription of somebody else (`email`), of a `partnership` as an `organisation` or as all partners see
    it, or with neither of the portfolio."""

    email: str | None
    partnership: str | None
    organisation: str | None
    subscription: OwnSubscription


@dataclass(frozen=True, slots=True)
class Calendar:
    """A month (its first day) in weeks from Monday to Sunday, what comes after today, by start, and the open
    subscriptions. `invited` counts those of the reviews to come that invitations have brought already; `sends_mail`
    says whether there are any: without a mail server nobody is invited. `next_on` is the day of the first review after
    those that are listed. `others` are subscriptions that are not the reader's, the latest first: an operator's to
    see."""

    month: date
    weeks: tuple[tuple[CalendarDay, ...], ...]
    coming: tuple[OwnReview, ...]
    dues: tuple[OwnDue, ...]
    next_on: date | None
    invited: int
    sends_mail: bool
    subscriptions: tuple[OwnSubscription, ...]
    others: tuple[SharedSubscription, ...] = ()


def month_of(written: str | None, today: date) -> date:
    """The first day of a month written like ``2026-12``; without one of that of `today`. Raises UserError."""
    if not written:
        return today.replace(day=1)
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        first = date.min
    if first.year not in _YEARS:
        raise UserError(f"{written[:20]!r} is no month", "write year and month, like ?month=2026-12")
    return first


def calendar(app: App, db: Connection, viewer: Viewer, month: date, now: datetime) -> Calendar:
    """The calendar of whoever looks, on their own clock: the `month` of that first day, and what is to come."""
    zone = ZoneInfo(viewer.zone)
    first = month - timedelta(days=month.weekday())
    last = _after(month) - _DAY
    days = [first + timedelta(days=n) for n in range(((last - first).days // 7 + 1) * 7)]
    span = (_midnight(days[0], zone), _midnight(days[-1] + _DAY, zone))
    records = _own(db, viewer, *span)
    ahead = _own(db, viewer, now, now + COMING)
    invited = _invited(db, viewer, [*records, *ahead]) if app.settings.mail.host else frozenset[str]()
    names = partnerships.names(db, {each.review.partnership for each in (*records, *ahead)})
    shown = {each.id: _review(each.as_of(now), viewer, names, invited) for each in (*records, *ahead)}
    meets = _at_once([each for each in shown.values() if each.status is Status.PLANNED])
    shown |= {id: replace(shown[id], meets=tuple(others)) for id, others in meets.items()}
    today = now.astimezone(zone).date()
    dues = [*_dues(app, db, viewer, max(days[-1], (now + COMING).date()), now)]
    by_day = [_day(day, month, [shown[each.id] for each in records], dues, zone) for day in days]
    coming = [shown[each.id] for each in ahead if shown[each.id].status is Status.PLANNED]
    later = attendance.of_people(db, [viewer.email], now + COMING)
    return Calendar(
        month=month,
        weeks=tuple(tuple(by_day[n : n + 7]) for n in range(0, len(by_day), 7)),
        coming=tuple(coming),
        dues=tuple(each for each in dues if each.is_overdue or each.due >= today),
        next_on=later[0].start_utc.astimezone(zone).date() if later else None,
        invited=sum(each.is_invited for each in coming),
        sends_mail=bool(app.settings.mail.host),
        subscriptions=tuple(_subscription(each) for each in subscriptions.open_of(db, viewer.email)),
        others=tuple(_others(db, viewer)),
    )


def _own(db: Connection, viewer: Viewer, since: datetime, until: datetime) -> list[Recorded]:
    """The reviews that somebody attends, chairs or prepares, or is expected at for another."""
    if viewer.as_organisation is not None or not viewer.seats:
        return []
    expected = {each.review for each in attendance.of_people(db, [viewer.email], since, until)}
    found = reviews.in_several(db, viewer.seats, since, until)
    return [each for each in found if each.id in expected or _part(each, viewer)]


def _part(record: Recorded, viewer: Viewer) -> str:
    """``chair``, ``agenda``, ``attends``; empty where somebody is none of these."""
    review, key = record.review, viewer.seats[record.review.partnership].person
    if key == review.chair:
        return "chair"
    return "agenda" if key == review.agenda_owner else "attends" if key in review.attendees else ""


def _review(record: Recorded, viewer: Viewer, names: Mapping[str, str], invited: frozenset[str]) -> OwnReview:
    plan, zone = record.review, ZoneInfo(record.review.timezone)
    return OwnReview(
        id=record.id,
        partnership=plan.partnership,
        partnership_name=names.get(plan.partnership, plan.partnership),
        title=plan.title,
        kind=plan.kind,
        part=_part(record, viewer) or "attends",
        start=plan.start.astimezone(zone),
        end=plan.end.astimezone(zone),
        timezone=plan.timezone,
        status=record.status,
        remark=remark_words(record, viewer.zone),
        moved=moved_by_hand(record),
        meets=(),
        is_invited=record.id in invited,
    )


def _at_once(planned: Sequence[OwnReview]) -> dict[str, list[str]]:
    """Of each review that overlaps another one, the others; touching is not overlapping."""
    found: dict[str, list[str]] = {}
    ordered = sorted(planned, key=lambda each: (each.start, each.id))
    for n, each in enumerate(ordered):
        for other in ordered[n + 1 :]:
            if other.start >= each.end:
                break
            found.setdefault(each.id, []).append(other.id)
            found.setdefault(other.id, []).append(each.id)
    return found


def _invited(db: Connection, viewer: Viewer, records: Sequence[Recorded]) -> frozenset[str]:
    """Those of the reviews that invitations have brought into the reader's own calendar."""
    by_partnership: dict[str, dict[str, Recorded]] = {}
    for each in records:
        by_partnership.setdefault(each.review.partnership, {})[each.id] = each
    settled = invitations.invitations_to(db, viewer.email, by_partnership)
    mailed = [
        Mailed(each.partnership, each.uid, each.instance, each.method, each.via is not None)
        for each in settled
        if each.via != FOLDER
    ]
    found = set[str]()
    for id in {each.partnership for each in mailed}:
        theirs = by_partnership[id]
        there = Delivered(invitations.of(db, id), theirs, [each for each in mailed if each.partnership == id])
        found |= {each.id for each in theirs.values() if there.has(each)}
    return frozenset(found)


def _dues(app: App, db: Connection, viewer: Viewer, last: date, now: datetime) -> Iterator[OwnDue]:
    if viewer.as_organisation is not None or not viewer.seats:
        return
    people = [(seat.partnership, seat.person) for seat in viewer.seats.values()]
    owed = measurements.asked_of(db, people, last)
    rows = {each.id: each for each in partnerships.in_force(db, {each.partnership for each in owed})}
    for each in owed:
        definition = app.in_force(rows[each.partnership]).as_of(now)
        kpi = definition.kpi(each.kpi)
        if kpi and may_see(kpi, viewer.audience(each.partnership)):
            yield OwnDue(
                each.kpi, kpi.name, each.partnership, definition.name, each.period, each.due, each.status == "overdue"
            )


def _day(day: date, month: date, own: Sequence[OwnReview], dues: Sequence[OwnDue], zone: ZoneInfo) -> CalendarDay:
    return CalendarDay(
        day,
        (day.year, day.month) == (month.year, month.month),
        tuple(each for each in own if each.start.astimezone(zone).date() == day),
        tuple(each for each in dues if each.due == day),
    )


def _others(db: Connection, viewer: Viewer) -> Iterator[SharedSubscription]:
    if viewer.sees_all:
        for row in subscriptions.open_of_others(db, viewer.email, MOST_OTHERS):
            yield SharedSubscription(row.email, row.partnership, row.organisation, _subscription(row))


def _subscription(row: SubscriptionRow) -> OwnSubscription:
    return OwnSubscription(row.id or 0, row.created_at, row.last_used_at, row.reports, row.clocks, row.invited)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
