"""Who was probably at a review, by the answers to its invitation: what whoever closes it is proposed."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.services.app import App


class Proposed(NamedTuple):
    """People by how they would be named to `hold` (``dev=tom`` where Dev sends Tom), with their names: who accepted,
    who declined, and of whom nothing is known."""

    there: dict[str, str]
    absent: dict[str, str]
    unknown: dict[str, str]


def proposed(app: "App", id: str, now: datetime) -> Proposed:
    """Nobody, where it was said already who was there. Raises `UserError`."""
    from scheduler.services import lookup
    from scheduler.store import presence

    with app.store.read() as db:
        record = lookup.review(db, id)
        if presence.of_review(db, record.id):
            return Proposed({}, {}, {})
        definition = app.in_force(lookup.partnership(db, record.review.partnership)).as_of(now)
        return by_answers(db, record, definition)


def by_answers(db: "Connection", record: "Recorded", definition: "Partnership") -> Proposed:
    """As `proposed`, of a review at hand. Whoever is sent by two, comes in their own right or is of another side fills
    no further seat."""
    from scheduler.rules.reviews.presence import expected, is_of_another_side
    from scheduler.store import rsvps

    answers = rsvps.standings(db, definition.partnership, {record.id: record}).get(record.id, {})
    found, comers = Proposed({}, {}, {}), expected(record.review, definition.people, answers)
    taken = {key for key, comes in comers.items() if comes}
    for key, comes in comers.items():
        name = definition.name_of(key)
        standing = answers.get(definition.people[key].email.casefold()) if key in definition.people else None
        sent = standing.answer.delegate if standing else None
        instead = next((other for other, each in definition.people.items() if sent and each.writes_from(sent)), None)
        if instead and instead not in taken and not is_of_another_side(definition.people, key, instead):
            taken.add(instead)
            found.there[f"{key}={instead}"] = f"{definition.name_of(instead)} for {name}"
        else:
            (found.unknown if comes is None else found.there if comes else found.absent)[key] = name
    return found
