"""What a subscription shows, as the bytes of a calendar.

A feed is made of sections, one for each partnership, and those of entries. Sections are kept by the revision they show,
entries by what they say: after one change in one partnership, only that one is read again, and only the entries that
changed are rendered. The bytes depend on what is on record and on the day, never on the hour or on who asked before.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.people import manner_of, zone_of
from scheduler.domain.manner import Manner
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Says
from scheduler.render.ics.feed import Heading, calendar, partnership_heading, person_heading, portfolio_heading
from scheduler.render.ics.options import AS_SUBSCRIBED, NEVER, Asked, Choice, Reports, clocks_of
from scheduler.render.ics.selection import (
    CalendarPart,
    Dates,
    bundled,
    of_partnership,
    of_person,
    of_portfolio,
    parts_of,
)
from scheduler.render.invitations.delivered import Delivered, Mailed
from scheduler.render.languages import speaking, spoken
from scheduler.render.signed_links import Holder, subscription_seal
from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.calendar_entries import links_of, obligations
from scheduler.services.cases.credentials import note_subscription_read
from scheduler.services.lru_cache import LruCache
from scheduler.services.state import WINDOW_BACK, PartnershipState, state_of
from scheduler.store import invitations, partnerships, subscriptions
from scheduler.store.subscriptions import Concerned
from scheduler.store.tables import PartnershipRow, SubscriptionRow
from scheduler.transports.eml_folder import FOLDER

SECTION_BYTES = 64 * 1024 * 1024


class Edition(NamedTuple):
    """All that the bytes of a feed depend on, besides whose it is: two of the same edition are the same bytes."""

    day: date
    environment: str
    concerned: tuple[Concerned, ...]
    shows: tuple[str, bool, str]
    """The choice of the subscription: its clocks, whether invitations, whose reports."""
    mailed: tuple[Mailed, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A subscription that is open, and the edition of its feed that is in force."""

    subscription: SubscriptionRow
    edition: Edition


class Feeds:
    """The feeds of an app. `build` is for one thread at a time, all else for any. A `day` is a civil date in UTC."""

    def __init__(self, app: App) -> None:
        self._app = app.for_another_thread()
        self._sections: LruCache[object, tuple[CalendarPart, ...]] = LruCache(SECTION_BYTES, weigh=_size)

    def wanted(self, token_hash: str, day: date) -> Wanted | None:
        """What a token opens on that day; None where it opens nothing. Raises StoreError."""
        with self._app.store.read() as db:
            subscription = subscriptions.opened_by(db, token_hash)
            return Wanted(subscription, self._edition(db, subscription, day)) if subscription else None

    def build(self, subscription: SubscriptionRow, day: date, asked: Asked = AS_SUBSCRIBED) -> tuple[Edition, bytes]:
        """The calendar of a subscription as it stands, with what its address asks for, and the edition that it is.
        Raises StoreError."""
        choice = replace(
            asked.choice(clocks_of(subscription.clocks)),
            reports=Reports(subscription.reports),
            shown_since=subscription.first_read_at or NEVER,
        )
        with self._app.store.read() as db:
            edition = self._edition(db, subscription, day)
            with speaking(self._manner(db, subscription, edition.concerned)):
                heading = self._heading(db, subscription, edition.concerned)
                sections = [self._section(db, subscription, each, edition, choice) for each in edition.concerned]
                parts = [part for section in sections for part in section]
                return edition, calendar(heading, parts, self._window(day))

    def note_use(self, subscription: SubscriptionRow, now: datetime) -> None:
        """Remember that a subscription was read. Raises StoreError."""
        note_subscription_read(self._app, subscription.id or 0, now)

    def ping(self) -> None:
        """Go to the database and back. Raises StoreError."""
        self._app.store.ping()

    def _edition(self, db: Connection, subscription: SubscriptionRow, day: date) -> Edition:
        concerned = tuple(subscriptions.concerned(db, subscription))
        shows = subscription.clocks, subscription.invited, subscription.reports
        return Edition(day, self._app.environment, concerned, shows, tuple(_mailed(db, subscription, concerned)))

    def _window(self, day: date) -> Dates:
        return day - WINDOW_BACK, day + timedelta(days=self._app.settings.horizon_days)

    def _heading(self, db: Connection, subscription: SubscriptionRow, concerned: Sequence[Concerned]) -> Heading:
        if subscription.email is not None:
            return self._persons_heading(db, subscription.email, concerned)
        if subscription.partnership is not None:
            return partnership_heading(self._app.in_force(_row(db, subscription.partnership)))
        return portfolio_heading()

    def _manner(self, db: Connection, subscription: SubscriptionRow, concerned: Sequence[Concerned]) -> Manner:
        """How a feed is written: somebody's own as the first of their partnerships has them, that of a partnership as
        its joint papers are, that of all as the settings have everybody."""
        manner = self._app.settings.manner
        if subscription.email is None and subscription.partnership is not None:
            return self._app.in_force(_row(db, subscription.partnership)).manner(None, manner)
        for each in concerned if subscription.email is not None else ():
            definition = self._app.in_force(_row(db, each.id))
            for person in definition.people.values():
                if person.email.casefold() == subscription.email:
                    return manner_of(person, definition.organisations, manner)
        return manner

    def _persons_heading(self, db: Connection, email: str, concerned: Sequence[Concerned]) -> Heading:
        """Somebody is called as the first of their partnerships calls them; who is in none any more has no name."""
        for each in concerned:
            definition = self._app.in_force(_row(db, each.id))
            for person in definition.people.values():
                if person.email.casefold() == email:
                    return person_heading(person.name, zone_of(person, definition.organisations, definition.zone).key)
        return person_heading(None, "UTC")

    def _section(
        self, db: Connection, subscription: SubscriptionRow, shown: Concerned, edition: Edition, choice: Choice
    ) -> tuple[CalendarPart, ...]:
        """What the subscription shows of one partnership."""
        mailed = tuple(each for each in edition.mailed if each.partnership == shown.id)
        key = (
            shown,
            edition.day,
            subscription.email,
            subscription.partnership,
            subscription.organisation,
            mailed,
            choice,
            spoken(),
        )
        kept = self._sections.get(key)
        if kept is None:
            kept = self._sections.keep(key, self._rendered(db, subscription, shown, edition.day, mailed, choice))
        return kept

    def _rendered(
        self,
        db: Connection,
        subscription: SubscriptionRow,
        shown: Concerned,
        day: date,
        mailed: Sequence[Mailed],
        choice: Choice,
    ) -> tuple[CalendarPart, ...]:
        row, window = _row(db, shown.id), self._window(day)
        known = state_of(self._app, db, row, datetime.combine(day, time(), UTC))
        holder = _holder(known, subscription)
        if holder is None:  # somebody who has left
            return ()
        entries, links = self._app.calendar_entries, links_of(known, holder)
        reviews, dues = entries.reviews(known), entries.dues(known)
        if subscription.email is not None:
            left_out = _has_already(db, known, subscription.email, mailed)
            items = of_person(subscription.email, reviews, dues, window, choice, links, left_out)
            items += obligations(known, subscription.email)
        elif subscription.partnership is None:
            items = of_portfolio(reviews, window, choice, links)
        else:
            items = of_partnership(reviews, dues, window, Audience(subscription.organisation), choice, links)
            items += obligations(known)
        return bundled(parts_of(items))


def _holder(known: PartnershipState, subscription: SubscriptionRow) -> Holder | None:
    """Whose links a feed carries: those of its subscription, which end with it, and of the person whose it is; None for
    somebody who has left."""
    its = Holder(subscription=subscription.id, subscription_seal=subscription_seal(subscription.token_hash))
    if subscription.email is None:
        return its
    person = known.holder(subscription.email)
    return replace(its, person=person.person, seal=person.seal) if person else None


def _mailed(db: Connection, subscription: SubscriptionRow, concerned: Sequence[Concerned]) -> Iterator[Mailed]:
    """The letters by which a person's own calendar knows what the feed need not show."""
    if subscription.email is None or subscription.invited:
        return
    for each in invitations.invitations_to(db, subscription.email, (each.id for each in concerned)):
        if each.via != FOLDER:  # what lies in a folder has invited nobody
            yield Mailed(each.partnership, each.uid, each.instance, each.method, each.via is not None)


def _has_already(
    db: Connection, known: PartnershipState, email: str, mailed: Sequence[Mailed]
) -> Callable[[Recorded], bool]:
    """Whether a review stands in the person's own calendar: they were invited to it and did not decline."""
    there = Delivered(invitations.of(db, known.partnership.partnership) if mailed else (), known.recorded, mailed)

    def has(record: Recorded) -> bool:
        answer = known.answers.get(record.id, {}).get(email)
        return (answer is None or answer.says is not Says.DECLINED) and there.has(record)

    return has


def _row(db: Connection, id: str) -> PartnershipRow:
    row = partnerships.get(db, id)
    if row is None:
        raise KeyError(id)
    return row


def _size(section: Sequence[CalendarPart]) -> int:
    return sum(len(part.ics) for part in section)
