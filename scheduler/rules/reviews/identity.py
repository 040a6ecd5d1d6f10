"""Ids are for ever: a review on record keeps its id, and with it its UID, when its series or its layer bears another
key. What comes onto the record later bears the new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.ids import ReviewId, ScopeId
from scheduler.domain.record.review import Recorded, Review

from .planner import Plan

T = TypeVar("T")


def as_planned(review: Review) -> str:
    """The id that a plan would give to a review today, by the keys that its series and its layer bear now."""
    owner = review.scope_id if review.kind is Kind.CHECKPOINT else review.series_id
    return f"{owner}/{ReviewId(review.id).key}"


def series_of(id: str, kind: Kind) -> str:
    """The id of the series by whose key a review's id was made."""
    parent = ReviewId(id).parent
    return ScopeId(parent).series(kind) if kind is Kind.CHECKPOINT else parent


def on_record(recorded: Mapping[str, Recorded]) -> dict[str, str]:
    """The ids that reviews have on record, by those that a plan would give them; only where the two differ."""
    found: dict[str, str] = {}
    for id, record in recorded.items():
        planned = as_planned(record.review)
        if planned not in recorded:
            found.setdefault(planned, id)
    return found


def known_as(review: Review, known: Mapping[str, str]) -> Review:
    """A planned review under the id that it has on record. The checkpoint of a relaunch follows the first one's."""
    if review.id in known:
        return replace(review, id=known[review.id])
    first = known.get(f"{review.scope_id}/{Kind.CHECKPOINT}") if review.kind is Kind.CHECKPOINT else None
    return replace(review, id=f"{ReviewId(first).parent}/{ReviewId(review.id).key}") if first else review


def planned_as(known: Mapping[str, str], told: Mapping[str, T]) -> dict[str, T]:
    """What is told of reviews by their ids on record, by those that a plan would give them."""
    planned = {id: name for name, id in known.items()}
    return {planned.get(id, id): each for id, each in told.items()}


def identified(plan: Plan, known: Mapping[str, str]) -> Plan:
    """A plan whose reviews, and the notes about them, bear the ids that they have on record."""
    if not known:
        return plan
    reviews = tuple(known_as(review, known) for review in plan.reviews)
    beyond = tuple(known_as(review, known) for review in plan.beyond)
    ids = {before.id: after.id for before, after in zip(plan.reviews, reviews, strict=True)}
    notes = (replace(note, review_id=ids.get(note.review_id, note.review_id)) for note in plan.notes)
    return replace(plan, reviews=reviews, notes=tuple(notes), beyond=beyond)


def borne_by_others(recorded: Iterable[Recorded], series: Iterable[str]) -> dict[str, str]:
    """Of these ids of series, those by which ids of reviews on record were made that belong to another series now, with
    that one's id."""
    wanted, found = set(series), dict[str, str]()
    for record in recorded:
        made_by = series_of(record.id, record.review.kind)
        if made_by in wanted and made_by != record.review.series_id and record.review.series_id in wanted:
            found[made_by] = record.review.series_id
    return found
