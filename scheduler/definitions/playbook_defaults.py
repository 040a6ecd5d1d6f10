"""What an operator's playbook does not say comes from the shipped one of its model, key by key.

So a playbook that was copied from an earlier version goes on to work when a new version asks for more. Only keys that a
playbook must have are filled in: a clock that is left out is no clock, and a series that is left out is not held. Lists
(a ladder, the launch track) are taken whole.
"""

from collections.abc import Iterator
from copy import deepcopy
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from scheduler.definitions.keys import noun_at
from scheduler.definitions.problems import Trail
from scheduler.domain.base import Noun
from scheduler.domain.definition.playbook import Playbook


def lacking(tree: dict[str, Any]) -> tuple[Trail, ...]:
    """The places of the keys that a playbook must have and its tree has not; of a whole block, the block alone."""
    return tuple(_lacking(Playbook, tree, ()))


def completed(tree: dict[str, Any], shipped: dict[str, Any]) -> tuple[dict[str, Any], tuple[Trail, ...]]:
    """The tree with what it lacks taken from the shipped one, and the places of what was taken."""
    whole, taken = deepcopy(tree), []
    for path in lacking(tree):
        found = _at(shipped, path)
        if found is not None:
            _at(whole, path[:-1])[path[-1]] = found
            taken.append(path)
    return whole, tuple(taken)


def _lacking(noun: type[Noun], tree: dict[str, Any], path: Trail) -> Iterator[Trail]:
    for name, field in noun.model_fields.items():
        key = field.alias or name
        if key not in tree:
            if field.is_required():
                yield (*path, key)
        elif isinstance(tree[key], dict):
            yield from _within(field.annotation, tree[key], (*path, key))


def _within(annotation: Any, tree: dict[str, Any], path: Trail) -> Iterator[Trail]:
    """Below a key that is there: a noun's keys, those of each entry, and every key where all that there are belong."""
    if get_origin(annotation) is not dict:
        noun = noun_at((), tree, annotation)
        if noun:
            yield from _lacking(noun, tree, path)
        return
    keys, values = get_args(annotation)
    yield from ((*path, key) for key in _all_of(keys) if key not in tree)
    if isinstance(values, type) and issubclass(values, Noun):
        for key, entry in tree.items():
            if isinstance(entry, dict):
                yield from _lacking(values, entry, (*path, key))


def _all_of(keys: Any) -> tuple[str, ...]:
    """The keys that belong under a place where none may be missing; none where they are free to choose."""
    if isinstance(keys, type) and issubclass(keys, Enum):
        return tuple(each.value for each in keys)
    return get_args(keys) if get_origin(keys) is Literal else ()


def _at(tree: Any, path: Trail) -> Any:
    """What stands at a path of keys; None where nothing does."""
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree
