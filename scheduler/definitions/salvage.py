"""What can still be read of a definition with faults of shape, so that one report tells of all its problems.

Whatever does not fit is cut out. A required value leaves a stand-in behind, so that what stands beside it can still be
looked at; where there is none, whatever requires it goes too. The result serves to look for further faults and for
nothing else: what was cut out is kept beside it, and nothing may be concluded from it.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from scheduler.definitions.keys import noun_at
from scheduler.definitions.problems import Trail
from scheduler.definitions.shape import paths
from scheduler.domain.definition.partnership import Partnership

_ANY = "unreadable"
_STAND_INS: Mapping[str, Mapping[str, Any]] = {
    "Partnership": {
        "partnership": _ANY,
        "name": _ANY,
        "model": "contractual_alliance",
        "organisations": {},
        "people": {},
        "agreement": {"effective": "2000-01-01"},
        "success_at_90_days": {"criteria": [{"id": _ANY, "says": _ANY, "owner": _ANY}]},
        "kpis": {},
        "triggers": [],
    },
    "Agreement": {"effective": "2000-01-01"},
    "Layer": {"name": _ANY, "model": "contractual_alliance", "effective": "2000-01-01"},
    "Organisation": {"name": _ANY},
    "Person": {"name": _ANY, "email": "unreadable@unreadable.example"},
    "Kpi": {"name": _ANY, "owner": _ANY, "target": "yes", "every": "month", "decides": _ANY},
    "Criterion": {"says": _ANY},
    "Body": {"body": _ANY},
    "Document": {"kind": _ANY},
    "Entity": {"name": _ANY},
    "Formula": {"basis": _ANY},
}
_ROUNDS = 12  # one for each step from a value up to its section, and a few to spare
_MOST = 200  # with more faults than that, nothing sensible is left


@dataclass(frozen=True)
class Salvage:
    """The partnership of what fits, and the paths (as in the file) of what was cut out."""

    partnership: Partnership
    cut: frozenset[Trail] = frozenset()

    def in_file(self, path: Trail) -> Trail:
        """A path of the partnership as the file has it, whose lists still hold the items that were cut out."""
        return _in_file(path, self.cut)

    def says_all(self, about: Trail) -> bool:
        """Whether nothing was cut out at, above or beneath this path of the file."""
        return not any(trail[: len(about)] == about[: len(trail)] for trail in self.cut)


def salvage(tree: Mapping[str, Any]) -> Salvage | None:
    """The part of the tree that fits the nouns; None where hardly anything does."""
    rest, cut = deepcopy(dict(tree)), frozenset[Trail]()
    for _ in range(_ROUNDS):
        try:
            return Salvage(Partnership.model_validate(rest), cut)
        except ValidationError as error:
            if error.error_count() > _MOST:
                return None
            misfits = {(path, _in_file(path, cut)) for path in paths(error, rest)}
        gone = set[Trail]()
        for path, in_file in sorted(misfits, reverse=True):  # last items first, so that the others keep their place
            if not any(in_file[: len(trail)] == trail for trail in gone):
                gone.add(_mended(rest, path, in_file, again=in_file in cut))
        cut |= gone
    return None


def _in_file(path: Trail, cut: frozenset[Trail]) -> Trail:
    there: Trail = ()
    for step in path:
        if isinstance(step, int):
            for index in sorted(int(trail[-1]) for trail in cut if trail[:-1] == there):
                step += index <= step
        there += (step,)
    return there


def _mended(rest: Any, path: Trail, in_file: Trail, *, again: bool) -> Trail:
    """Put the stand-in at the path, or else cut out what is there or, where nothing is, what lacks it; says where."""
    noun = noun_at(path[:-1], rest)
    stand_ins = _STAND_INS.get(noun.__name__, {}) if noun else {}
    within = [rest]
    for step in path[:-1]:
        within.append(within[-1][step])
    if path[-1] in stand_ins and not again:
        within[-1][path[-1]] = deepcopy(stand_ins[str(path[-1])])
        return in_file
    if _has(within[-1], path[-1]):
        del within[-1][path[-1]]
        return in_file
    if len(path) > 1 and _has(within[-2], path[-2]):
        del within[-2][path[-2]]
    return in_file[:-1]


def _has(within: Any, step: str | int) -> bool:
    return step < len(within) if isinstance(step, int) else step in within
