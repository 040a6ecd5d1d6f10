"""Finding the settings file, reading it as YAML, and what a listing needs of it: where the database is. What each
setting may be is told by `validation`, which takes longer to load than a listing."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scheduler import named_files
from scheduler.domain.errors import UserError

MOST_BYTES = 64 * 1024
ENVIRONMENT = "CADENCE_CONFIG"
SYSTEM_WIDE = Path("/etc/cadence/cadence.yaml")
DATA, DATABASE = "data", "sqlite:///cadence.db"
"""Where everything lies unless the file says otherwise."""
KEYS = (
    "name", "definitions", "playbooks", "templates", "data", "database", "horizon_days", "agenda_days", "past_days",
    "letter_days", "interval", "language", "numbers", "dates", "log", "guard", "web", "replies", "mail", "retention",
    "monitor", "operators", "privacy_contact", "chats", "webhooks",
)  # fmt: skip
"""The settings, as `Settings` has them."""

_DEEPEST = 5
"""Blocks within blocks, as web.sign_in.openid.acme.domains; aliases could make what lies deeper endless."""

_MOST_VALUES = 10_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""That in C, where it is there: the time of the one in Python grows with the square of how deep brackets stand."""

_UNSEEN_ENDS = re.compile("[\x85\u2028\u2029]")
"""What ends a line for YAML 1.1 and for no editor: the lines of faults would be others than people see."""

Lines = dict[tuple[str, ...], int]
"""The line, from 1, of each key of the file."""


class SettingsFault(UserError):
    """A settings file that is missing, or that cannot be read as one."""


class Written(NamedTuple):
    """What a file says: all of it as text by its keys, the line of each key, and each key that stands twice as a
    fault: its line, what is wrong, the way out."""

    values: Any
    lines: Lines
    faults: list[tuple[int, str, str]]


def find(explicit: Path | None, environ: Mapping[str, str], cwd: Path) -> Path:
    """The settings file: `explicit`, else $CADENCE_CONFIG, else ./config/cadence.yaml, else /etc/cadence/cadence.yaml.

    The first two are taken at their word. Raises SettingsFault, naming the places looked in, where there is none.
    """
    if explicit is not None:
        return _existing(cwd / explicit, "--config")
    if environ.get(ENVIRONMENT):
        return _existing(cwd / environ[ENVIRONMENT], f"${ENVIRONMENT}")
    here = cwd / "config" / "cadence.yaml"
    for place in (here, SYSTEM_WIDE):
        if _is_file(place):
            return place
    raise SettingsFault(
        f"there is no settings file: neither --config nor ${ENVIRONMENT} names one, and there is no {here} and no "
        f"{SYSTEM_WIDE}",
        "set one up here with: cadence init",
    )


def database(path: Path) -> str:
    """The address of the database that a settings file names, as `load` has it; whatever else the file says is left to
    who works by it. Raises SettingsFault, with all that is wrong in the file, where that is not plain to see."""
    try:
        said = written(path)
    except SettingsFault:
        return _validated(path)
    known = isinstance(said.values, dict) and not said.faults and said.values.keys() <= {*KEYS}
    address, data = (said.values.get("database", DATABASE), said.values.get("data", DATA)) if known else (None, None)
    if not isinstance(address, str) or not isinstance(data, str) or not is_address(address):
        return _validated(path)
    return rooted(address, folder(path, data))


def is_address(database: str) -> bool:
    """Whether it names a database that cadence can keep."""
    in_memory = database in ("sqlite:///", "sqlite:///:memory:")
    return database.startswith(("sqlite:///", "postgresql")) and not in_memory


def folder(path: Path, written: str | Path) -> Path:
    """A folder as the settings file at `path` names it, absolute."""
    return Path(os.path.normpath(path.absolute().parent.resolve() / written))


def rooted(database: str, data: Path) -> str:
    """The address with a SQLite file under the folder `data`."""
    is_file = database.startswith("sqlite:///")
    return f"sqlite:///{data / database.removeprefix('sqlite:///')}" if is_file else database


def written(path: Path) -> Written:
    """What a settings file says. Raises SettingsFault where that cannot be read."""
    lines: Lines = {}
    try:
        root = yaml.compose(text := _text(path), Loader=_LOADER)
        values = _values(root, (), lines) if root else {}
        return Written(values, lines, list(_twice(root, ())))
    except yaml.MarkedYAMLError as error:
        last = text.count("\n") + 1  # what is missing at the end is noticed behind it
        line = min(error.problem_mark.line + 1, last) if error.problem_mark else None
        raise _unreadable(path, error.problem, line) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _unreadable(path) from None


def _validated(path: Path) -> str:
    from .validation import load

    return load(path).database


def _is_file(place: Path) -> bool:
    """Whether a file is there, as far as we may see: where we may not look, there is none of ours."""
    try:
        return place.is_file()
    except PermissionError:
        return False


def _existing(path: Path, named_by: str) -> Path:
    if not path.is_file():
        raise SettingsFault(f"{named_by} names {path}, and there is no such file", "set one up with: cadence init")
    return path


def _text(path: Path) -> str:
    try:
        raw = named_files.read(path, MOST_BYTES + 1)
    except OSError as error:
        raise SettingsFault(f"{path} cannot be read: {error.strerror}", "check that this user may read it") from None
    if len(raw) > MOST_BYTES:
        raise SettingsFault(f"{path} is larger than 64 KiB", "settings are a page of text; is this another file?")
    text = raw.decode("utf-8-sig")
    if _UNSEEN_ENDS.search(text):
        raise ValueError("lines end where no editor ends one")
    return text


def _unreadable(path: Path, problem: str | None = None, line: int | None = None) -> SettingsFault:
    place = f"{path}:{line}" if line else str(path)
    said = problem or "it is no plain UTF-8 text of a few keys"
    return SettingsFault(f"{place}: this is not YAML: {said}", "compare it with a new one from: cadence init")


def _values(node: yaml.Node, path: tuple[str, ...], lines: Lines) -> Any:
    """What a node says, all of it as text: each setting knows how to read its own words, and none is a boolean. Raises
    ValueError for more values than a file of a few keys has, as aliases of aliases make them."""
    if len(lines) > _MOST_VALUES:
        raise ValueError("too many values")
    if isinstance(node, yaml.SequenceNode) and len(path) <= _DEEPEST:
        for index, each in enumerate(node.value):
            lines[*path, str(index)] = each.start_mark.line + 1
        return [_values(each, (*path, str(index)), lines) for index, each in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode) or len(path) > _DEEPEST:
        return node.value if isinstance(node, yaml.ScalarNode) else list(node.value)
    values = {}
    for key, value in node.value:
        below = (*path, str(key.value))
        lines[below] = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode) or value.value:  # a key without a value leaves the default in force
            values[below[-1]] = _values(value, below, lines)
    return values


def _twice(node: yaml.Node | None, path: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
    seen = set[str]()
    for key, value in node.value if isinstance(node, yaml.MappingNode) and len(path) <= _DEEPEST else []:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                yield key.start_mark.line + 1, f"{'.'.join((*path, key.value))} stands twice", "delete one of the two"
            seen.add(key.value)
        yield from _twice(value, (*path, str(key.value)))
