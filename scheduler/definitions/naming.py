"""What people call things: a name of nothing is told with the nearest name there is."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from scheduler.definitions.problems import near_miss, quoted
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership


def person(definition: "Partnership", written: str | None) -> str | None:
    """The key of a person of the partnership, named by key or by mail address. Raises `UserError`."""
    if written is None or written in definition.people:
        return written
    by_address = {person.email.casefold(): key for key, person in definition.people.items()}
    if written.casefold() in by_address:
        return by_address[written.casefold()]
    people = list(definition.people)
    raise unknown("person", written, people, f"{definition.partnership} has {', '.join(people[:12])}")


def unknown(noun: str, written: str, known: Collection[str], way_out: str) -> UserError:
    """There is none of that name: the near miss, else the way out."""
    near = near_miss(written, known)
    hint = f"did you mean {near}?" if near else way_out
    return UserError(f"there is no {noun} {quoted(written)}", hint)
