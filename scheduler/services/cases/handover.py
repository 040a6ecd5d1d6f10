"""What leaving means: who takes each duty of a person, and the definition's text once they have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.definitions.authoring.writer import replace as replace_file
from scheduler.definitions.yaml_text.editing import edited
from scheduler.definitions.yaml_text.text_faults import decoded
from scheduler.domain.definition.succession import Change, Duty, hand_over, takes_role
from scheduler.domain.errors import UserError
from scheduler.services import lookup
from scheduler.services.cases.definition_files import bytes_of, definition_of, with_local_files, worse
from scheduler.services.folders import local
from scheduler.services.views.duties import Membership, all_duties, matter, places
from scheduler.store import actions

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.services.app import App

EVERYTHING = ""
"""The name under which stands who takes whatever nobody else is named for."""
ROLE = "role"


@dataclass(frozen=True)
class HandOver:
    """A hand-over in one partnership, not written yet: who takes which duty (None goes with the role), the file's bytes
    before, its text before and after, and what is to be known about it."""

    place: Membership
    takers: Sequence[tuple[Duty, str | None]]
    before: bytes
    text: str
    after: str
    notes: Sequence[str]
    actions: Mapping[str, str]
    """Who takes which open action, by its id; none for a day to come: a cycle passes them on when it has come."""

    @property
    def file(self) -> Path:
        return Path(self.place.row.file)


def duties(app: "App", id: str, partnership: str | None) -> list[tuple[Membership, list[Duty]]]:
    """What a person has to do at present, in that partnership or in all of theirs, as the definition files say it; `id`
    is their key, or their mail address. Raises `UserError`, also for a file that cannot be read or has errors."""
    with app.store.read() as db:
        theirs = places(db, id, partnership, lambda row: _definition_in(app, local(app, row.file)))
        found = with_local_files(app, theirs)
        return [(place, all_duties(app, db, place)) for place in found]


def prepare(
    app: "App", theirs: Sequence[tuple[Membership, Sequence[Duty]]], to: Mapping[str, str], on: date, today: date
) -> list[HandOver]:
    """The hand-over of these duties from the civil date `on`, in each partnership; nothing is written.

    `to` says who takes what: a duty by its key, a group of duties by its name, under `EVERYTHING` the rest. The role
    passes to whoever takes the rest, where they are of that side and have none, or to whoever is named for it.

    A day that has come is written as such: each value has its new name. For a day to come the definition says who
    leaves, when, and who succeeds; it is read that way from that day on, and nothing is to be done then. Raises
    `UserError` where a duty has no taker, where a taker is named for what is no duty, or where a definition could not
    be written or would have errors.
    """
    _no_strangers((duty for _, of_place in theirs for duty in of_place), to)
    return [_prepared(app, place, of_place, to, on, today) for place, of_place in theirs]


def write(app: "App", planned: Sequence[HandOver]) -> None:
    """Write each definition, then pass on the actions of it: should that fail, calling again does it. The next cycle
    takes the files up. Raises `UserError` where a file has changed meanwhile, or the app is that of a scratch copy."""
    if app.is_scratch:
        raise UserError(*_NO_OTHER_DAY)
    for one in planned:
        replace_file(one.file, one.before, one.after)
        with app.store.write(*one.actions) as db:
            theirs = [each for each in actions.open_actions(db) if each.id in one.actions]
            if theirs:
                actions.save(db, [replace(each, owner=one.actions[each.id]) for each in theirs])


_NO_OTHER_DAY = (
    "a hand-over is written into the definition files, and of them there is no scratch copy",
    "call it without --now; say the day with --on",
)


def _definition_in(app: "App", file: Path) -> "Partnership":
    """The partnership that a file defines at present. Raises `UserError` where it cannot be read, or has errors."""
    return definition_of(app, file, bytes_of(file))


def _no_strangers(duties: Iterable[Duty], to: Mapping[str, str]) -> None:
    """Raises `UserError` where a taker is named for what is no duty."""
    known = list(dict.fromkeys(name for duty in duties for name in _names(duty)))
    for name in to:
        if name not in (EVERYTHING, *known):
            raise lookup.unknown("duty", name, known, f"there are {', '.join(known)}")


def _prepared(
    app: "App", place: Membership, duties: Sequence[Duty], to: Mapping[str, str], on: date, today: date
) -> HandOver:
    before = bytes_of(Path(place.row.file))
    if definition_of(app, Path(place.row.file), before) != place.definition:
        raise UserError(f"{place.row.file} has changed meanwhile", "call again")
    takers = {name: _taker(place, person, on) for name, person in to.items()}
    heir = _heir(place, takers)
    taken = [(duty, _taken(duty, takers, heir)) for duty in duties]
    _nothing_alone(place, taken)
    named = {duty.path: taker for duty, taker in taken if taker and duty.path}
    passed = hand_over(place.definition, place.person, lambda duty: named[duty.path], heir)
    text, file = decoded(before), place.row.file
    handed = edited(text, file, [*passed, *_leaves(place, on, None)])
    notes = [*worse(app, file, text, handed), *_vacated(place, heir)]
    actions = {duty.key: taker for duty, taker in taken if taker and duty.group == "actions"}
    if on > today:
        _one_for_all(takers, on)
        handed, actions = edited(text, file, _leaves(place, on, takers.get(EVERYTHING))), {}
    return HandOver(place, taken, before, text, handed, notes, actions)


# Who takes what ----------------------------------------------------------------------------------------------------


def _names(duty: Duty) -> tuple[str, ...]:
    """What a duty can be called, the narrowest first."""
    return (*((f"{duty.layer}/{duty.key}",) if duty.layer else ()), duty.key, duty.group)


def _taker(place: Membership, written: str, on: date) -> str:
    """The key of whoever takes over. Raises `UserError` for the leaver, and for somebody who will not be there."""
    taker = lookup.person(place.definition, written) or written
    if taker == place.person:
        raise UserError(f"{taker} cannot hand over to themselves", "name somebody who stays")
    leaves = place.definition.people[taker].leaves
    if leaves is not None and leaves <= on:
        raise UserError(f"{taker} leaves on {leaves}", "name somebody who stays")
    return taker


def _heir(place: Membership, takers: Mapping[str, str]) -> str | None:
    """Who takes the role: whoever is named for it, else the one who takes the rest, where they can."""
    rest = takers.get(EVERYTHING)
    if place.definition.people[place.person].role is None:
        return None
    return takers.get(ROLE) or (rest if rest and takes_role(place.definition, place.person, rest) else None)


def _taken(duty: Duty, takers: Mapping[str, str], heir: str | None) -> str | None:
    if duty.group == "role" or duty.by_role:
        return heir
    return next((takers[name] for name in (*_names(duty), EVERYTHING) if name in takers), None)


def _nothing_alone(place: Membership, taken: Iterable[tuple[Duty, str | None]]) -> None:
    alone = [duty for duty, taker in taken if taker is None and duty.group != "role" and not duty.by_role]
    if alone:
        left = "1 duty has" if len(alone) == 1 else f"{len(alone)} duties have"
        raise UserError(
            f"{place.row.id}: {left} no taker, so nothing was written: {', '.join(dict.fromkeys(map(matter, alone)))}",
            f"name one who takes all: --to PERSON; or for some: --to {_names(alone[0])[0]}=PERSON",
        )


def _one_for_all(takers: Mapping[str, str], on: date) -> None:
    if set(takers) - {EVERYTHING}:
        what = f"until {on} a definition can name one successor, who takes everything"
        raise UserError(what, f"write --to PERSON alone, or hand over to several on {on}")


# What the file says ------------------------------------------------------------------------------------------------


def _leaves(place: Membership, on: date, successor: str | None) -> list[Change]:
    """Since when, and for a day to come who follows; what an earlier announcement said is overwritten."""
    home = ("people", place.person)
    changes: list[Change] = [((*home, "leaves"), on)]
    if successor or place.definition.people[place.person].successor:
        changes.append(((*home, "successor"), successor))
    return changes


def _vacated(place: Membership, heir: str | None) -> Iterator[str]:
    person = place.definition.people[place.person]
    if person.role and heir is None:
        of = place.definition.organisations[person.of].name if person.of else "the partnership"
        yield f"nobody takes the seat of {person.role.words} of {of}; it is flagged as empty until somebody does"
    elif heir and (own := place.definition.people[heir].role):
        yield f"{heir} is {own.words} no longer, so that seat may be empty"
