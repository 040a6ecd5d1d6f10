"""Who owns the agenda of a review to come hears of the items that others have added to it since they heard last; so
does the owner of an item that a health check put there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.agenda_item import AddedItem
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ItemFacts, ReviewFacts
from scheduler.domain.record.review import Recorded
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reminders.of_reviews import before_it, facts_of
from scheduler.rules.reviews.scope import Scope
from scheduler.services.state import PartnershipState
from scheduler.store import agenda_items, notifications

RUNG: Final = "item_added"


def notices(db: Connection, state: PartnershipState) -> Iterator[Notification]:
    """One for each review to come to whose agenda something was added of which its owner has not heard."""
    fresh: dict[str, list[AddedItem]] = {}
    known = agenda_items.recorded(db, state.definition.partnership)
    told = _told(db, state) if known else {}
    for item in known:
        record = state.recorded.get(item.review)
        if record and item.is_open and _is_news(item, record, told, state):
            fresh.setdefault(record.id, []).append(item)
    for id, items in fresh.items():
        scope = state.scope_of(state.recorded[id].review)
        if scope is not None:
            yield _notice(items, state.recorded[id], scope, state)


def _is_news(item: AddedItem, record: Recorded, told: Mapping[tuple[str, str], int], state: PartnershipState) -> bool:
    """Whether the owner of the agenda of a review to come has not heard of an item, and has not added it."""
    owner = state.partnership.people.get(record.review.agenda_owner)
    is_to_come = record.status is Status.PLANNED and not record.is_past(state.now)
    is_own = item.by == record.review.agenda_owner and item.out_of is None
    if owner is None or not is_to_come or is_own:
        return False
    return item.number > told.get((record.id, owner.email.casefold()), 0)


def _told(db: Connection, state: PartnershipState) -> dict[tuple[str, str], int]:
    """The number of the last item of which people have heard, by review and address."""
    partnership = state.definition.partnership
    unsent = notifications.unsent(db, partnership, state.now.date())
    found: dict[tuple[str, str], int] = {}
    for key, each in notifications.known(db, partnership).items():
        if key.rung == RUNG and each.state == "told" and key not in unsent:
            number = int(key.occasion.rpartition("+")[2])
            found[key.subject, key.email] = max(number, found.get((key.subject, key.email), 0))
    return found


def _notice(items: Sequence[AddedItem], record: Recorded, scope: Scope, state: PartnershipState) -> Notification:
    here = items[-1].at.astimezone(zone(record.review.timezone)).date()
    people = tuple(dict.fromkeys((record.review.agenda_owner, *(each.by for each in items if each.out_of))))
    facts: ReviewFacts = {**facts_of(record, scope, RUNG), "added": [_facts(each, state) for each in items]}
    return before_it(record, RUNG, f"{here.isoformat()}+{max(each.number for each in items)}", here, people, facts)


def _facts(item: AddedItem, state: PartnershipState) -> ItemFacts:
    name = state.partnership.name_of(item.by)
    if item.out_of:
        return {"who": "", "says": item.says, "owner": name}
    return {"who": name, "says": item.says}
