"""What a red area of a health check puts on the agenda of the audit that speaks of it: an item with an owner, once.

Whoever owns the agenda, has the chair or owns the item can drop it, as any other; it does not come back then.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Role, Status
from scheduler.domain.record.health import HealthRound, Light
from scheduler.domain.record.review import Recorded, Review

from .results import Finding, findings


class ProposedItem(NamedTuple):
    """An item for the agenda of a `review`, in words, with the key of its `owner`; `out_of` is the round and the area
    that it comes from, ``<round>/<area>``."""

    review: str
    says: str
    owner: str
    out_of: str


def proposed(
    round: HealthRound, audits: Iterable[Recorded], known: Collection[str | None], partnership: Partnership, today: date
) -> Iterator[ProposedItem]:
    """The items that a closed round puts on the agenda of the first of these `audits` after it, as long as that is to
    come; `known` are the sources of items on record."""
    after = (each for each in audits if each.review.start.date() > round.closes_on)
    audit = min(after, key=lambda each: (each.review.start, each.id), default=None)
    if audit is None or audit.status is not Status.PLANNED or audit.review.start.date() <= today:
        return
    for finding in findings(round):
        out_of = f"{round.id}/{finding.area}"
        if finding.light is Light.RED and out_of not in known:
            yield ProposedItem(
                audit.id, _says(finding, partnership), _owner(finding, audit.review, partnership, today), out_of
            )


def _says(finding: Finding, partnership: Partnership) -> str:
    if finding.kind == "gap":
        return f"{finding.title}: where do the sides see another partnership, and what does each change first?"
    if finding.kind == "low" and finding.low:
        side = partnership.organisations.get(finding.low.side)
        name = side.name if side else finding.low.side
        return f"{finding.title}: what does {name} miss, and what would change it by the next check?"
    return f"{finding.title}: both sides see it; what is changed by the next check?"


def _owner(finding: Finding, review: Review, partnership: Partnership, today: date) -> str:
    """Of a gap, which is both sides', whoever prepares the review; of a low mean the alliance manager of the side that
    is lowest, where it has one."""
    low = finding.low.side if finding.low and finding.kind == "low" else None
    theirs = (key for key, each in partnership.people.items() if each.of == low and each.role is Role.ALLIANCE_MANAGER)
    there = (key for key in theirs if not partnership.people[key].has_left(today))
    return next(there, review.agenda_owner) if low else review.agenda_owner
