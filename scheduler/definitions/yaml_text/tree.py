"""The walk from a YAML parser's events to a tree of plain values.

The tree grows with each event, without recursion, so that a hostile text is refused at the very event that goes too
far: more than 50,000 values (an alias counts for all that it repeats), more than 50 lists and mappings inside each
other. Faults that leave the rest readable (a key that stands twice) are noted on the way; others end the walk.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.nodes import Node

from scheduler.definitions.problems import Diagnostic, Trail, dotted, quoted
from scheduler.definitions.yaml_text.scalars import meaning
from scheduler.definitions.yaml_text.text_faults import FEWER_LEVELS, UNREADABLE, TextFault, TooDeep, named, of_syntax

MOST_VALUES = 50_000
DEEPEST = 50
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_OF_THE_PARSER = (yaml.YAMLError, ValueError)  # PyYAML's parser in Python lets a ValueError through
_MOST_PROBLEMS = 50  # nobody reads the fifty-first
_AN_EXAMPLE = "Write lines like `name: Halden × Norsk`; `cadence add` writes a whole definition."


def place(thing: Event | Node) -> tuple[int, int]:
    """The line and column, from 1, where an event or a node starts."""
    mark = thing.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


@dataclass(slots=True)
class _Open:
    """A list or mapping that the parser has not closed yet. In a mapping, `key` waits for its value."""

    value: dict[str, Any] | list[Any]
    start: CollectionStartEvent
    values_before: int
    depth: int = 1
    keys: dict[str, Event] = field(default_factory=dict)
    key: str | None = None
    key_counts: bool = True


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias repeats: a value, the number of values in it (itself included), and how deep they nest."""

    value: Any
    values: int
    depth: int


class Walk:
    """One walk through one text: the lists and mappings open at the moment, and what was found wrong so far."""

    def __init__(self, file: str) -> None:
        self.problems: list[Diagnostic] = []
        self._file = file
        self._open: list[_Open] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._values = 0
        self._root: Any = None
        self._root_event: Event | None = None

    def through(self, text: str, loader: Any = LOADER) -> dict[str, Any]:
        """The tree of the text. Raises TextFault where it cannot be read any further."""
        try:
            self._follow(text, loader)
        except _OF_THE_PARSER as error:
            raise self._too_deep_before(error, text, loader) or of_syntax(error, text) from None
        return self._mapping_at_the_root()

    def _follow(self, text: str, loader: Any) -> None:
        for event in yaml.parse(text, Loader=loader):
            step = _STEPS.get(type(event))
            if step is not None:
                step(self, event)

    def _too_deep_before(self, error: Exception, text: str, loader: Any) -> TextFault | None:
        """The fault of depth that stands before the place where the parser gave up; None for none.

        A parser looks ahead, and may have a limit of depth of its own (libyaml's is 1,000 brackets): it can complain
        before it has handed on the fifty-first. So what stands before its complaint is read once more by itself.
        """
        mark = getattr(error, "problem_mark", None)
        try:
            Walk(self._file)._follow(text[: mark.index] if mark else "", loader)
        except TooDeep as fault:
            return fault
        except (TextFault, *_OF_THE_PARSER):
            pass
        return None

    def note(self, fault: TextFault) -> None:
        """Keep the fault as a problem of whatever is being read at the moment."""
        where = dotted(self._trail())
        self.problems.append(Diagnostic(self._file, fault.line, fault.column, "error", where, fault.what, fault.hint))

    def _document(self, event: DocumentStartEvent) -> None:
        if self._root_event is not None:
            what = "a second document starts here"
            raise TextFault(what, "Put it into a file of its own.", *place(event))

    def _scalar(self, event: ScalarEvent) -> None:
        self._count(1, event)
        plain = event.implicit[0]
        value = meaning(event.value) if plain else event.value
        if event.style == '"' and (unreadable := UNREADABLE.search(event.value)):
            self._complain(f"the text holds {named(unreadable.group())}", "Write it without the backslash.", event)
        if event.tag is not None:
            self._refuse_the_tag(event.tag, event)
        if event.anchor is not None:
            self._remember(event.anchor, _Anchored(value, values=1, depth=0), event)
        self._take(value, event)

    def _start(self, event: CollectionStartEvent) -> None:
        self._count(1, event)
        self._check_depth(1, event)
        if event.tag is not None:
            self._refuse_the_tag(event.tag, event)
        if event.anchor is not None:
            self._remember(event.anchor, None, event)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
        self._open.append(_Open(value, event, values_before=self._values - 1))

    def _end(self, _: Event) -> None:
        done = self._open.pop()
        if done.start.anchor is not None:
            values = self._values - done.values_before
            self._anchors[done.start.anchor] = _Anchored(done.value, values, done.depth)
        self._take(done.value, done.start, done.depth)

    def _alias(self, event: AliasEvent) -> None:
        name = quoted(f"*{event.anchor}")
        if event.anchor not in self._anchors:
            raise TextFault(f"{name} repeats nothing", "Text that starts with * goes into quotes.", *place(event))
        anchored = self._anchors[event.anchor]
        if anchored is None:
            raise TextFault(f"{name} stands inside of what it repeats", "Write the value out.", *place(event))
        self._count(anchored.values, event)
        self._check_depth(anchored.depth, event)
        self._take(anchored.value, event, anchored.depth)

    def _take(self, value: Any, event: Event, depth: int = 0) -> None:
        """Put a finished value where it belongs: into the open list, or into the open mapping as key or value."""
        if not self._open:
            self._root, self._root_event = value, event
            return
        parent = self._open[-1]
        if depth >= parent.depth:
            parent.depth = depth + 1
        if isinstance(parent.value, list):
            parent.value.append(value)
        elif parent.key is None:
            self._take_key(parent, value, event)
        else:
            if parent.key_counts:
                parent.value[parent.key] = value
            parent.key = None

    def _take_key(self, parent: _Open, key: Any, event: Event) -> None:
        parent.key = key if isinstance(key, str) else getattr(event, "value", "") or "?"
        fault = _fault_of_key(parent, key, event)
        parent.key_counts = fault is None
        if fault is None:
            parent.keys[key] = event
        else:
            self._complain(*fault, event)

    def _remember(self, anchor: str, anchored: _Anchored | None, event: NodeEvent) -> None:
        """Keep what aliases of this anchor will repeat; None as long as the anchored list or mapping is open."""
        if anchor in self._anchors:
            raise TextFault(f"{quoted(f'&{anchor}')} stands twice", "Give the second one another name.", *place(event))
        self._anchors[anchor] = anchored

    def _count(self, values: int, event: Event) -> None:
        self._values += values
        if self._values > MOST_VALUES:
            what = f"the file holds more than {MOST_VALUES:,} values, with all that its aliases repeat"
            raise TextFault(what, "Some hundreds are usual; is this another file?", *place(event))

    def _check_depth(self, more: int, event: Event) -> None:
        if len(self._open) + more > DEEPEST:
            what = f"more than {DEEPEST} lists and mappings inside each other"
            raise TooDeep(what, FEWER_LEVELS, *place(event))

    def _refuse_the_tag(self, tag: str, event: Event) -> None:
        what = f"the tag {quoted(tag.replace('tag:yaml.org,2002:', '!!'))} is not read"
        self._complain(what, "Delete it: tags are not used here. Text that starts with ! goes into quotes.", event)

    def _complain(self, what: str, hint: str, event: Event) -> None:
        self.note(TextFault(what, hint, *place(event)))
        if len(self.problems) >= _MOST_PROBLEMS:
            raise TextFault("too many faults to read on", "Mend those above first.", *place(event))

    def _trail(self) -> Trail:
        steps = (len(parent.value) if isinstance(parent.value, list) else parent.key for parent in self._open)
        return tuple(step for step in steps if step is not None)

    def _mapping_at_the_root(self) -> dict[str, Any]:
        if self._root_event is None or self._root is None:
            raise TextFault("the file is empty", _AN_EXAMPLE)
        if not isinstance(self._root, dict):
            kind = "a list" if isinstance(self._root, list) else "text"
            raise TextFault(
                f"the file holds {kind} where `key: value` lines belong",
                _AN_EXAMPLE,
                *place(self._root_event),
            )
        return self._root


def _fault_of_key(parent: _Open, key: Any, event: Event) -> tuple[str, str] | None:
    """What is wrong with a key, and the way out; None for a good one."""
    if not isinstance(key, str):
        if isinstance(event, ScalarEvent) and event.value:
            return (
                f"the key {quoted(event.value)} is read as {_kind(key)}, not as text",
                f"Write '{event.value}': instead.",
            )
        return (
            f"{_kind(key)} stands where a key belongs",
            "A key is a word. Text that starts with { or [ goes into quotes.",
        )
    if key == "<<" and isinstance(event, ScalarEvent) and event.implicit[0]:
        return "merge keys are not read", "Write the keys out, or repeat one whole value with an alias."
    if key in parent.keys:
        line, _ = place(parent.keys[key])
        return (
            f"the key {quoted(key)} stands twice, first in line {line}",
            "Delete one of the two, or give it another name.",
        )
    return None


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", date: "a date", dict: "a mapping", list: "a list", type(None): "nothing"}
    return kinds.get(type(value), "a number")


_STEPS: dict[type[Event], Callable[[Walk, Any], None]] = {
    DocumentStartEvent: Walk._document,
    ScalarEvent: Walk._scalar,
    MappingStartEvent: Walk._start,
    SequenceStartEvent: Walk._start,
    MappingEndEvent: Walk._end,
    SequenceEndEvent: Walk._end,
    AliasEvent: Walk._alias,
}
