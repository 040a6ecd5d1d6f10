"""The ledger of what reviews ask of sides and of people, a quarter: who sits outside their hours how often, whose turn
what was, and how much of a person's time it takes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.load import Expected, PersonKey, PersonLoad, SideKey, SideLoad
    from scheduler.services.app import App


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of sides, by partnership, organisation and quarter, and of people, by name and quarter; `names` are
    people's by mail address in lower case."""

    sides: "Sequence[tuple[SideKey, SideLoad]]"
    people: "Sequence[tuple[PersonKey, PersonLoad]]"
    names: Mapping[str, str]


def load(app: "App", partnership: str | None, now: datetime, audience: "Audience") -> Load:
    """The load of one partnership, or of each that the audience may see, by the definitions in force at `now`. That
    somebody is expected at two reviews at once is found among the reviews that are listed. Raises `UserError`."""
    from scheduler.rules.reviews import load as rules
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.services import lookup
    from scheduler.store import reviews

    sides: dict[SideKey, SideLoad] = {}
    expected: list[Expected] = []
    names: dict[str, str] = {}
    with app.store.read() as db:
        for row in lookup.partnerships_of(app, db, partnership, audience.organisation):
            definition = app.in_force(row).as_of(now)
            records = list(reviews.listing(db, partnership=row.id))
            sides |= rules.of_sides(records, {each.id: each for each in scopes(definition, app.playbooks)}, now)
            expected += rules.expected(records, definition.people)
            names |= {person.email.casefold(): person.name for person in definition.people.values()}
    people = rules.of_people(expected, now)
    by_key = sorted(sides.items(), key=lambda each: (*each[0][:3], not each[0].is_past))
    by_name = sorted(people.items(), key=lambda each: (names[each[0].email].casefold(), *each[0][:2], not each[0][2]))
    return Load(by_key, by_name, names)


def as_json(found: Load) -> dict[str, Any]:
    """The load as `load --json` shows it."""
    return {
        "organisations": [{**_key(key._asdict()), **asdict(load)} for key, load in found.sides],
        "people": [
            {
                "name": found.names[key.email],
                **_key(key._asdict()),
                "reviews": load.reviews,
                "hours": round(load.length.total_seconds() / 3600, 2),
                "at_once": load.at_once,
            }
            for key, load in found.people
        ],
    }


def _key(key: dict[str, Any]) -> dict[str, Any]:
    is_past = key.pop("is_past")
    return {**key, "when": "past" if is_past else "planned"}
