"""Faults of shape: what pydantic finds wrong with a tree, in the words of the people who write definitions.

A misspelt key or word is answered with its near miss, an unknown one with the choices, a missing key with what it is
for.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scheduler.definitions.keys import MISSING, keys_of, noun_at
from scheduler.definitions.problems import Trail, near_miss, quoted
from scheduler.domain.base import InvalidValue, Noun
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import TRIGGERS

MOST = 50  # a file with more faults than that is something else; nobody reads the fifty-first


@dataclass(frozen=True)
class Misfit:
    """A place of the tree that does not fit the nouns. Where a key is missing, `path` ends with it."""

    path: Trail
    what: str
    hint: str
    of: Literal["key", "value"] = "value"


def misfits(error: ValidationError, tree: Mapping[str, Any], root: type[Noun] = Partnership) -> list[Misfit]:
    """What is wrong with the tree of a definition (or of another `root` noun), in pydantic's order, at most MOST."""
    details = error.errors(include_url=False)
    return [_misfit(detail, _trail(detail["loc"], tree), tree, root) for detail in islice(details, MOST)]


def paths(error: ValidationError, tree: Mapping[str, Any]) -> list[Trail]:
    """Every place that does not fit."""
    return [_trail(detail["loc"], tree) for detail in error.errors(include_url=False, include_input=False)]


def _trail(loc: tuple[str | int, ...], tree: Any) -> Trail:
    """The place in the file: without pydantic's own steps (a trigger's tag, "[key]"), not deeper than the file goes."""
    if loc[:1] == ("triggers",) and len(loc) > 2:
        loc = loc[:2] + loc[3:]
    if loc[:2] == ("agreement", "decides") and len(loc) > 2:
        is_one = isinstance(_at(tree, loc[:2]), dict)
        loc = loc[:2] + loc[4 if is_one else 3 :]
    value, trail = tree, []
    for step in loc:
        within = isinstance(value, dict) if isinstance(step, str) else isinstance(value, list)
        if not within or step == "[key]":
            break
        trail.append(step)
        try:
            value = value[step]
        except (KeyError, IndexError):
            break
    return tuple(trail)


def _at(tree: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def _misfit(detail: ErrorDetails, path: Trail, tree: Mapping[str, Any], root: type[Noun]) -> Misfit:
    kind = detail["type"]
    if kind == "missing" or (detail.get("input") is None and _is_required(path, tree, root)):
        return _missing(path, tree, root)
    if kind == "extra_forbidden":
        return _unknown_key(path, tree, root)
    if kind == "union_tag_invalid":
        path = (*path, "when")
    of: Literal["key", "value"] = "key" if detail["loc"][-1:] == ("[key]",) else "value"
    return Misfit(path, *_said(detail), of=of)


def _said(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong with a value, and the way out."""
    kind, written, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    fault = context.get("error")
    if isinstance(fault, InvalidValue):
        return fault.what, fault.hint
    if written is None:
        return "nothing is written here", "write a value, or leave the key out"
    if kind in ("enum", "literal_error"):
        return _not_a_choice(written, re.findall(r"'([^']*)'", context["expected"]))
    if kind == "union_tag_invalid":
        return _not_a_choice(context["tag"], list(TRIGGERS))
    if kind == "union_tag_not_found":
        return "the trigger does not say when it fires", f"add when: with one of {', '.join(TRIGGERS)}"
    expected = next((_EXPECTED[part] for part in _EXPECTED if kind.startswith(part)), None)
    if expected is None:
        return f"{quoted(written)} cannot be read here", "compare with a definition that works"
    return expected(written, context)


def _not_a_choice(written: object, choices: list[str]) -> tuple[str, str]:
    if not isinstance(written, str):
        return f"{_thing(written)} stands here, not one of the words to choose from", f"write {_or(choices)}"
    meant = near_miss(written, choices)
    return f"{quoted(written)} is none of the choices", f"did you mean {meant}?" if meant else f"write {_or(choices)}"


def _instead(expected: str, hint: str, verb: str = "s") -> Callable[[object, Mapping[str, Any]], tuple[str, str]]:
    return lambda written, _: (f"{_thing(written)} stands here, where {expected} belong{verb}", hint)


def _no_date(written: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_repeated(written)} is not a date", "write year-month-day, like 2026-10-01"


def _no_count(written: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"{_repeated(written)} is not a whole number", "write digits, like 3"


def _no_text(written: object, _: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(written, dict | list):
        return f"{_thing(written)} stands here, where a few words belong", "write one text on the same line"
    return f"{_thing(written)} stands here, where words belong", "put it in quotes if it is meant as text"


def _out_of_range(written: object, context: Mapping[str, Any]) -> tuple[str, str]:
    bound = "at least " + str(context["ge"]) if "ge" in context else "at most " + str(context.get("le", ""))
    return f"{_repeated(written)} is out of range", f"write a number of {bound}"


_EXPECTED: dict[str, Callable[[object, Mapping[str, Any]], tuple[str, str]]] = {
    "string_pattern": lambda written, _: (
        f"{_repeated(written)} is not one plain word",
        "write small letters, digits, _ and -, like partnership_agreement",
    ),
    "string_too_long": lambda _, context: (f"this is longer than {context['max_length']} characters", "shorten it"),
    "string": _no_text,
    "date": _no_date,
    "int": _no_count,
    "greater": _out_of_range,
    "less": _out_of_range,
    "bool": lambda written, _: (f"{_repeated(written)} says neither yes nor no", "write true or false"),
    "dict": _instead("keys with values", "write each entry on a line of its own as `key: value`, indented", ""),
    "model": _instead("keys with values", "write {key: value}, or each key on a line of its own, indented", ""),
    "tuple": _instead("a list", "write [one, two], or each on a line of its own after `- `"),
    "list": _instead("a list", "write [one, two], or each on a line of its own after `- `"),
}  # fmt: skip
"""By the beginning of pydantic's name of the error; the first that fits."""


def _is_required(path: Trail, tree: Mapping[str, Any], root: type[Noun]) -> bool:
    noun = noun_at(path[:-1], tree, root)
    fields = noun.model_fields.items() if noun else ()
    return bool(path) and any(f.is_required() for name, f in fields if path[-1] in (name, f.alias))


def _missing(path: Trail, tree: Mapping[str, Any], root: type[Noun]) -> Misfit:
    noun, key = noun_at(path[:-1], tree, root), str(path[-1])
    what, hint = MISSING.get((noun.__name__ if noun else "", key), (f"`{key}` is missing", f"add a key {key}:"))
    return Misfit(path, what, hint)


def _unknown_key(path: Trail, tree: Mapping[str, Any], root: type[Noun]) -> Misfit:
    noun, key = noun_at(path[:-1], tree, root), str(path[-1])
    keys = keys_of(noun) if noun else []
    meant = near_miss(key, keys)
    return Misfit(
        path,
        f"{quoted(key)} is no key of {_called(noun)}",
        f"did you mean `{meant}`?" if meant else f"keys here: {', '.join(keys)}",
        of="key",
    )


_ALIASES = {
    "Kpi": "a KPI",
    "Terms": "a review series",
    "Success": "success_at_90_days",
    "ForwardAgenda": "a forward agenda",
}


def _called(noun: type[Noun] | None) -> str:
    name = noun.__name__ if noun else ""
    if noun in TRIGGERS.values():
        return "this trigger"
    article = "an" if name[:1] in "AEIOU" else "a"
    return _ALIASES.get(name, f"{article} {name.lower()}" if name else "this place")


def _thing(written: object) -> str:
    """What somebody wrote, named as people would."""
    match written:
        case None:
            return "nothing"
        case dict():
            return "a block of keys"
        case list() | tuple():
            return "a list"
        case bool():
            return "true" if written else "false"
        case str():
            return f"the text {quoted(written)}" if written else "an empty text"
        case _:
            return quoted(written)


def _repeated(written: object) -> str:
    return _thing(written) if isinstance(written, dict | list | tuple) else quoted(written)


def _or(choices: list[str]) -> str:
    return " or ".join(part for part in (", ".join(choices[:-1]), choices[-1]) if part)
