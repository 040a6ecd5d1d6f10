"""What people call things, found: a partnership, a review, a KPI, a person. A name of nothing is told with the nearest
name there is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.definitions.problems import near_miss, quoted
from scheduler.domain.trouble import Trouble

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.cycle.house import House
    from scheduler.domain.kpi import Kpi
    from scheduler.domain.partnership import Partnership
    from scheduler.domain.review import Recorded
    from scheduler.plan.cadence import Scope
    from scheduler.store.tables import PartnershipRow

_FEW = 3


@dataclass(frozen=True)
class FoundKpi:
    """A KPI in its place. `id` is ``<partnership>[/<layer>]/<key>``."""

    id: str
    kpi: "Kpi"
    scope: "Scope"
    partnership: "Partnership"
    row: "PartnershipRow"


def partnership(db: "Connection", id: str) -> "PartnershipRow":
    """The partnership of that id. Raises `Trouble`."""
    from scheduler.store import partnerships

    row = partnerships.get(db, id)
    if row is None:
        known = [each.id for each in partnerships.listing(db)]
        way_out = "cadence list shows them all" if known else "nothing is taken up yet: run cadence once"
        raise unknown("partnership", id, known, way_out)
    return row


def partnerships(db: "Connection", id: str | None) -> "Iterator[PartnershipRow]":
    """That partnership, or without an id every one. Raises `Trouble`."""
    from scheduler.store import partnerships as store

    return store.listing(db) if id is None else iter([partnership(db, id)])


def partnerships_of(
    house: "House", db: "Connection", id: str | None, organisation: str | None
) -> "Iterator[PartnershipRow]":
    """That partnership, or every one; with an organisation only where it is a partner. Raises `Trouble`."""
    known, found = dict[str, None](), False
    for row in partnerships(db, id):
        partners = house.in_force(row).organisations if organisation is not None else {}
        known |= dict.fromkeys(partners)
        if organisation is None or organisation in partners:
            found = True
            yield row
    if organisation is not None and not found:
        raise unknown("organisation", organisation, known, "cadence show ID tells who the partners are")


def review(db: "Connection", id: str) -> "Recorded":
    """The review of that id. Raises `Trouble`, with the next ones where only a series is named."""
    from scheduler.store import reviews

    record = reviews.find(db, id)
    if record is not None:
        return record
    owner = id.partition("/")[0]
    partnership(db, owner)
    known = reviews.recorded(db, owner)
    of_the_series = [other for other in known if other.startswith(f"{id.rstrip('/')}/")]
    if of_the_series:
        coming = (other for other in of_the_series if known[other].status == "planned")
        what = f"{quoted(id)} is more than one review"
        raise Trouble(what, f"name one of them, like {next(coming, of_the_series[0])}")
    raise unknown("review", id, known, f"cadence reviews --partnership {owner} lists them")


def kpi(house: "House", db: "Connection", id: str) -> FoundKpi:
    """The KPI of that id in the definition in force. Raises `Trouble`."""
    from scheduler.plan.cadence import scopes

    row = partnership(db, id.partition("/")[0])
    definition = house.in_force(row)
    known = {
        f"{scope.id}/{key}": FoundKpi(f"{scope.id}/{key}", kpi, scope, definition, row)
        for scope in scopes(definition, house.playbooks)
        for key, kpi in scope.kpis.items()
    }
    if id not in known:
        raise unknown("KPI", id, known, f"cadence kpi list --partnership {row.id} lists them")
    return known[id]


def person(definition: "Partnership", written: str | None) -> str | None:
    """The key of a person of the partnership, named by key or by mail address. Raises `Trouble`."""
    if written is None or written in definition.people:
        return written
    by_address = {person.email.casefold(): key for key, person in definition.people.items()}
    if written.casefold() in by_address:
        return by_address[written.casefold()]
    people = list(definition.people)
    raise unknown("person", written, people, f"{definition.partnership} has {', '.join(people[:12])}")


def organisation(definition: "Partnership", written: str) -> str:
    """The key of an organisation of the partnership. Raises `Trouble`."""
    if written not in definition.organisations:
        known = list(definition.organisations)
        raise unknown("organisation", written, known, f"{definition.partnership} has {', '.join(known)}")
    return written


def unknown(noun: str, written: str, known: Collection[str], way_out: str) -> Trouble:
    """There is none of that name: the near miss, else the way out."""
    near = near_miss(written, known)
    hint = f"did you mean {near}?" if near else way_out
    return Trouble(f"there is no {noun} {quoted(written)}", hint)


def few(names: Collection[str]) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(list(names)[:_FEW])
    return shown + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
