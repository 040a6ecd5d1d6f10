"""A definition's text is changed at the places of a few values and nowhere else: comments, order and layout stay.

Each change is one small cut and paste in the text, found by where the parser says that a value stands. Afterwards the
text is read anew, and must say what it said before but for these changes; where it does not (the value is written in
one place for several by an alias, say), nothing is changed, and it says so.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scheduler.definitions.authoring.writer import flow
from scheduler.definitions.problems import Trail, dotted
from scheduler.definitions.yaml_text.reading import child, read
from scheduler.definitions.yaml_text.tree import LOADER
from scheduler.domain.definition.succession import Change, as_written, changed, last_items_first
from scheduler.domain.errors import UserError

_A_NAME = re.compile(r"[a-z0-9-]+")
_BY_HAND = "edit the file by hand, then: cadence check"
_COMMA_AFTER = re.compile(r"[ \t]*,[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(#[^\r\n]*)?(\r\n|\r|\n|\Z)")
_NOTHING_YET = re.compile(r"([ \t]*)(?:-[ \t]+)?")


def edited(text: str, file: str, changes: Iterable[Change]) -> str:
    """The text with these changes made. Raises UserError where they cannot be made without changing anything else."""
    changes = list(changes)
    before = read(text, file)
    result = text
    for path, value in sorted(changes, key=last_items_first):
        result = _changed(result, file, as_written(before.tree, path), value)
    after = read(result, file)
    if after.problems or after.tree != changed(before.tree, changes):
        places = ", ".join(dotted(path) for path, _ in changes[:3])
        raise UserError(f"{file} cannot be changed at {places} without changing more than that", _BY_HAND)
    return result


def with_key(text: str, file: str, path: Trail, key: str) -> str:
    """The text with `key` in the place of the last one of a path, its value as it stands. Raises UserError where that
    cannot be done without changing anything else."""
    before, root = read(text, file), yaml.compose(text, Loader=LOADER)
    parent = _at(root, path[:-1]) if root else None
    found = child(parent, path[-1]) if parent else None
    result = text
    if found is not None and (cut := _replacement(found[0], key)):
        result = text[: cut.start] + cut.text + text[cut.end :]
    after = read(result, file)
    if after.problems or after.tree != _renamed(before.tree, path, key):
        raise UserError(f"{file} cannot be changed at {dotted(path)} without changing more than that", _BY_HAND)
    return result


def _renamed(tree: Mapping[str, Any], path: Trail, key: str) -> dict[str, Any]:
    """A copy of a tree in which the last key of a path is another one, in its place."""
    copied = changed(tree, ())
    within: Any = copied
    for step in path[:-1]:
        within = within[step]
    entries = [(key if each == path[-1] else each, value) for each, value in within.items()]
    within.clear()
    within.update(entries)
    return copied


class _Cut(NamedTuple):
    """What stands from `start` to `end` (positions in the text) gives way to `text`."""

    start: int
    end: int
    text: str = ""


def _changed(text: str, file: str, path: Trail, value: object) -> str:
    try:
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:  # a change before this one broke what an alias repeats
        root = None
    cut = None if root is None else _cut(text, root, path, value)
    if cut is None:
        raise UserError(f"{file} cannot be changed at {dotted(path)}: it is written in an unusual way", _BY_HAND)
    return text[: cut.start] + cut.text + text[cut.end :]


def _cut(text: str, root: Node, path: Trail, value: object) -> _Cut | None:
    parent = _at(root, path[:-1])
    found = child(parent, path[-1]) if parent else None
    if value is None:
        return _removal(text, parent, found) if parent and found else None
    if found is not None:
        return _replacement(found[1], value)
    return _addition(text, parent, f"{flow(path[-1])}: {flow(value)}") if isinstance(parent, MappingNode) else None


def _replacement(node: Node, value: object) -> _Cut | None:
    if not isinstance(node, ScalarNode):
        return None
    in_its_quotes = node.style in ("'", '"') and isinstance(value, str) and _A_NAME.fullmatch(value)
    written = f"{node.style}{value}{node.style}" if in_its_quotes else flow(value)
    return _Cut(node.start_mark.index, node.end_mark.index, written)


def _addition(text: str, mapping: MappingNode, entry: str) -> _Cut | None:
    """A new entry: behind the last one of `{…}`; on a line of its own below the last that ends on its line."""
    if mapping.flow_style:
        ends = [value.end_mark.index for _, value in mapping.value]
        at = max(ends, default=mapping.start_mark.index + 1)
        return _Cut(at, at, f", {entry}" if ends else entry)
    for key, value in reversed(mapping.value):
        if _ends_where_it_says(value):
            rest, indented = _REST_OF_LINE.match(text, value.end_mark.index), " " * key.start_mark.column + entry
            if rest is None:
                return None
            return _Cut(rest.end(), rest.end(), f"{indented}{rest[2]}" if rest[2] else f"\n{indented}")
    return None


def _removal(text: str, parent: Node, found: tuple[Node, Node]) -> _Cut | None:
    """Take an entry away: with one comma out of `{…}` or `[…]`, else with its line. A comment on its line stays."""
    start, end = found[0].start_mark.index, found[1].end_mark.index
    if isinstance(parent, MappingNode | SequenceNode) and parent.flow_style:
        return _without_comma(text, start, end)
    line, rest = _start_of_line(text, start), _REST_OF_LINE.match(text, end)
    before = _NOTHING_YET.fullmatch(text, line, start)
    if before is None or rest is None or not _ends_where_it_says(found[1]):
        return None
    return _Cut(line, rest.end(), f"{before[1]}{rest[1]}{rest[2]}" if rest[1] else "")


def _without_comma(text: str, start: int, end: int) -> _Cut:
    if after := _COMMA_AFTER.match(text, end):
        line, rest = _start_of_line(text, start), _REST_OF_LINE.match(text, after.end())
        stood_alone = not text[line:start].strip() and rest is not None and rest[2] and not rest[1]
        return _Cut(line, rest.end()) if stood_alone and rest else _Cut(start, after.end())
    before = text[:start].rstrip()
    return _Cut(len(before) - 1 if before.endswith(",") else start, end)


def _start_of_line(text: str, position: int) -> int:
    return max(text.rfind(break_, 0, position) for break_ in "\r\n") + 1


def _ends_where_it_says(node: Node) -> bool:
    """Whether the parser's end of a value is its last character; that of a block is the next thing after it."""
    if isinstance(node, ScalarNode):
        return node.style not in ("|", ">")
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _at(root: Node, path: Trail) -> Node | None:
    node: Node | None = root
    for step in path:
        found = child(node, step) if node else None
        node = found[1] if found else None
    return node
