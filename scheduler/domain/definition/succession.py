"""Who has which duty: every place of a definition that names a person, and how all of one person's pass to others.

A hand-over is a list of changes, each a path of keys and list indices with what stands there from then on. The same
list is written into the definition's text on the day, and laid over a partnership whose leaver names a day to come.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from .partnership import Layer, Partnership

Trail = tuple[str | int, ...]
Group = Literal[
    "kpis", "reviews", "criteria", "checkpoint", "launch", "ladder", "agreement", "successions", "actions", "role"
]
Change = tuple[Trail, str | date | None]
"""A path, and the value that stands there from now on; None takes away what stands there."""


TOLD = ("owner", "deputy", "alliance_manager", "sponsor", "counterpart", "chair")
"""Whom a rung of a ladder may tell without naming anybody."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that one person does: `part` (owner, deputy, chair, …) in the matter `key` of a `group`.

    `path` is where the definition says so; for a duty that it does not name (an action of the minutes, an agenda owned
    because of a role) it is empty. `layer` is the one that the matter belongs to, None for the umbrella.
    """

    path: Trail
    person: str
    group: Group
    key: str
    part: str
    layer: str | None = None

    @property
    def by_role(self) -> bool:
        """Whether it goes with the person's role, wherever that goes."""
        return not self.path and self.group in ("reviews", "checkpoint")


def duties(partnership: "Partnership") -> Iterator[Duty]:
    """Every duty that the definition names, of the umbrella and then of each layer."""
    yield from _of_part(partnership, (), None)
    for key, layer in partnership.layers.items():
        yield from _of_part(layer, ("layers", key), key)
    yield from _deciding(partnership)
    yield from _milestones(partnership)
    for index, rung in enumerate(partnership.ladder or ()):
        for place, told in enumerate(rung.tell):
            if told not in TOLD:
                yield Duty(("ladder", index, "tell", place), told, "ladder", rung.name, "told")
    for key, person in partnership.people.items():
        if person.successor:
            yield Duty(("people", key, "successor"), person.successor, "successions", key, "successor")


def _milestones(partnership: "Partnership") -> Iterator[Duty]:
    for index, document in enumerate(partnership.agreement.documents):
        for position, each in enumerate(document.milestones):
            path: Trail = ("agreement", "documents", index, "milestones", position, "owner")
            yield Duty(path, each.owner, "agreement", f"{document.words} milestone {each.id}", "owner")


def _deciding(partnership: "Partnership") -> Iterator[Duty]:
    decides, home = partnership.agreement.decides, ("agreement", "decides")
    if isinstance(decides, str) and decides in partnership.people:
        yield Duty(home, decides, "agreement", "agreement", "decides")
    for index, body in enumerate(partnership.agreement.bodies):
        for position, person in enumerate(body.members):
            yield Duty((*home, index, "members", position), person, "agreement", body.body, "member")
        if body.chair:
            yield Duty((*home, index, "chair"), body.chair, "agreement", body.body, "chair")
        for level, each in enumerate(body.deadlock):
            for position, person in enumerate(each.tell):
                if person in partnership.people:
                    yield Duty(
                        (*home, index, "deadlock", level, "tell", position), person, "agreement", body.body, "deadlock"
                    )


def duties_of(partnership: "Partnership", person: str) -> list[Duty]:
    """What the definition names this person for."""
    return [duty for duty in duties(partnership) if duty.person == person]


def _of_part(part: "Partnership | Layer", path: Trail, layer: str | None) -> Iterator[Duty]:
    for key, kpi in part.kpis.items():
        named = {"owner": kpi.owner, "deputy": kpi.deputy, "decides": kpi.decides}
        yield from _named((*path, "kpis", key), "kpis", key, layer, named)
    if success := part.success_at_90_days:
        home: Trail = (*path, "success_at_90_days")
        named = {"agenda_owner": success.agenda_owner, "deputy": success.deputy}
        yield from _named(home, "checkpoint", "checkpoint", layer, named)
        for index, criterion in enumerate(success.criteria):
            owner = {"owner": criterion.owner}
            yield from _named((*home, "criteria", index), "criteria", criterion.id, layer, owner)
        for key, step in success.launch_track.items():
            yield Duty((*home, "launch_track", key, "owner"), step.owner, "launch", key, "owner", layer)
    for key, terms in part.reviews.items():
        home = (*path, "reviews", key)
        yield from _named(home, "reviews", key, layer, {"agenda_owner": terms.agenda_owner, "deputy": terms.deputy})
        for name, people in (("chair", terms.chair), ("attendees", terms.attendees)):
            for index, person in enumerate(people or ()):
                yield Duty((*home, name, index), person, "reviews", key, name.removesuffix("s"), layer)


def _named(path: Trail, group: Group, key: str, layer: str | None, named: Mapping[str, str | None]) -> Iterator[Duty]:
    for name, person in named.items():
        if person is not None:
            yield Duty((*path, name), person, group, key, name.replace("_", " "), layer)


# Handing over ------------------------------------------------------------------------------------------------------


def hand_over(
    partnership: "Partnership", leaver: str, taker: Callable[[Duty], str], heir: str | None = None
) -> list[Change]:
    """What changes where each duty of the leaver passes to its `taker`, and the role to the `heir`, if there is one.

    Who would take part twice does so once, and whoever would stand in for themselves no longer has a deputy. A leaver
    has no role.
    """
    passed = {duty.path: taker(duty) for duty in duties_of(partnership, leaver)}
    standing = {duty.path: passed.get(duty.path, duty.person) for duty in duties(partnership)}
    gone = {*_seated_twice(standing, passed), *_own_deputies(standing, passed)}
    changes = {**passed, **dict.fromkeys(gone)}
    return [*changes.items(), *_roles(partnership, leaver, heir)]


def _seated_twice(standing: Mapping[Trail, str], passed: Mapping[Trail, str]) -> Iterator[Trail]:
    """The places in lists where a taker would stand for the second time."""
    seats = {path: person for path, person in standing.items() if isinstance(path[-1], int)}
    taken = {(path[:-1], person) for path, person in seats.items() if path not in passed}
    for path, person in seats.items():
        if path in passed and (path[:-1], person) in taken:
            yield path
        taken.add((path[:-1], person))


def _own_deputies(standing: Mapping[Trail, str], passed: Mapping[Trail, str]) -> Iterator[Trail]:
    """The deputies of a matter that changes hands who would stand in for themselves."""
    for path, person in standing.items():
        first = [other for name in ("owner", "agenda_owner") if (other := (*path[:-1], name)) in standing]
        stands_alone = path[-1] == "deputy" and person in [standing[other] for other in first]
        if stands_alone and any(other in passed for other in (path, *first)):
            yield path


def _roles(partnership: "Partnership", leaver: str, heir: str | None) -> Iterator[Change]:
    role = partnership.people[leaver].role
    if role is not None:
        yield ("people", leaver, "role"), None
        if heir is not None:
            yield ("people", heir, "role"), role.value


def takes_role(partnership: "Partnership", leaver: str, successor: str) -> bool:
    """Whether the successor takes the leaver's seat unasked: there is one, they have none, and they are of that
    side."""
    of, to = partnership.people[leaver], partnership.people[successor]
    return of.role is not None and to.role is None and to.of == of.of


def as_left(partnership: "Partnership", day: date) -> "Partnership":
    """The partnership as it stands on a day for those who have left by then: their duties are their successors'."""
    gone = sorted((p.leaves, key) for key, p in partnership.people.items() if p.leaves and p.leaves <= day)
    for _, key in gone:
        successor = partnership.people[key].successor
        if successor is not None and successor in partnership.people:
            heir = successor if takes_role(partnership, key, successor) else None
            partnership = _with(partnership, hand_over(partnership, key, _everything_to(successor), heir))
        elif partnership.people[key].role:
            partnership = _with(partnership, list(_roles(partnership, key, None)))
    return partnership


def _everything_to(successor: str) -> Callable[[Duty], str]:
    return lambda _: successor


def _with(partnership: "Partnership", changes: Iterable[Change]) -> "Partnership":
    tree = partnership.model_dump(mode="json", by_alias=True, exclude_unset=True)
    changed_so = type(partnership).model_validate(changed(tree, changes))
    known = changed_so.counting_days_off_from(partnership.days_off_from).keeping_hours(partnership.hours)
    said = known.with_pauses(partnership.pauses).with_renewals(partnership.renewals)
    said = said.with_requests(partnership.requests)
    return said.winding_down(partnership.wind_downs)


def changed(tree: Mapping[str, Any], changes: Iterable[Change]) -> dict[str, Any]:
    """A copy of a definition's tree with these changes made. Of a list, later items go first, so that each path means
    what it meant before."""
    result: dict[str, Any] = _unshared(tree)
    for path, value in sorted(changes, key=last_items_first):
        path = as_written(result, path)
        within: Any = result
        for step in path[:-1]:
            within = within[step]
        if value is None:
            del within[path[-1]]
        else:
            within[path[-1]] = value
    return result


def _unshared(value: Any) -> Any:
    """A copy in which nothing stands in two places, as it does where a definition repeats it by an alias."""
    if isinstance(value, Mapping):
        return {key: _unshared(each) for key, each in value.items()}
    return [_unshared(each) for each in value] if isinstance(value, list) else value


def as_written(tree: Mapping[str, Any], path: Trail) -> Trail:
    """The path as this tree has it: a list of one may be written as that one alone (`chair: marta`,
    `decides: {body: …}`)."""
    within: Any = tree
    found: list[str | int] = []
    for step in path:
        if isinstance(step, int) and isinstance(within, str):
            break
        if isinstance(step, int) and isinstance(within, dict):
            continue
        found.append(step)
        within = within.get(step) if isinstance(within, dict) else within[step]
    return tuple(found)


def last_items_first(change: Change) -> tuple[bool, int]:
    """The order in which changes leave each other's paths true: what is taken away comes last, later items first."""
    (*_, last), value = change
    return value is None, -last if isinstance(last, int) else 0
