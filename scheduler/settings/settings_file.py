"""Finding the settings file and reading it: every fault at once, each with its line and the way out."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scheduler import named_files
from scheduler.domain.errors import InvalidValue, UserError

from .chats import Chat
from .parts import Guard, Log, Mail, Part, Replies, Web
from .whole import Settings

MOST_BYTES = 64 * 1024
ENVIRONMENT = "CADENCE_CONFIG"
SYSTEM_WIDE = Path("/etc/cadence/cadence.yaml")
FOLDERS = ("definitions", "playbooks", "templates", "data")

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")

Lines = dict[tuple[str, ...], int]
"""The line, from 1, of each key of the file."""


class SettingsFault(UserError):
    """A settings file that is missing, or that cannot be read as one."""


_PARTS: dict[tuple[str, ...], type[Part]] = {
    ("log",): Log,
    ("guard",): Guard,
    ("web",): Web,
    ("replies",): Replies,
    ("mail",): Mail,
}
_DEEPEST = 2  # blocks within blocks; what lies deeper is no setting, and aliases could make it endless


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
        if place.is_file():
            return place
    raise SettingsFault(
        f"there is no settings file: neither --config nor ${ENVIRONMENT} names one, and there is no {here} and no "
        f"{SYSTEM_WIDE}",
        "set one up here with: cadence init",
    )


def load(path: Path) -> Settings:
    """Read a settings file. Raises SettingsFault with all that is wrong in it, each with its line."""
    lines: Lines = {}
    try:
        root = yaml.compose(_text(path), Loader=yaml.SafeLoader)
        faults = list(_twice(root, ()))
        written = _values(root, (), lines) if root else {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(path, error) from None
    try:
        settings = Settings.model_validate(written)
    except ValidationError as error:
        faults += [_fault(detail, lines) for detail in error.errors(include_url=False)]
    if faults:
        told = [f"{path}:{line}: {what}" + (f" ({hint})" if hint else "") for line, what, hint in sorted(faults)]
        raise SettingsFault("\n".join(told), "a settings file with every default comes from: cadence init")
    return _rooted(settings, path.absolute().parent.resolve())


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
    return raw.decode("utf-8-sig")


def _unreadable(path: Path, error: Exception) -> SettingsFault:
    mark = getattr(error, "problem_mark", None)
    place = f"{path}:{mark.line + 1}" if mark else str(path)
    said = getattr(error, "problem", None) or "it is no plain UTF-8 text of a few keys"
    return SettingsFault(f"{place}: this is not YAML: {said}", "compare it with a new one from: cadence init")


def _values(node: yaml.Node, path: tuple[str, ...], lines: Lines) -> Any:
    """What a node says, all of it as text: each setting knows how to read its own words, and none is a boolean."""
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
    pairs = node.value if isinstance(node, yaml.MappingNode) and len(path) <= _DEEPEST else []
    for index, (key, value) in enumerate(pairs):
        if any(key.value == earlier.value for earlier, _ in pairs[:index]):
            yield key.start_mark.line + 1, f"{'.'.join((*path, str(key.value)))} stands twice", "delete one of the two"
        yield from _twice(value, (*path, str(key.value)))


def _fault(detail: ErrorDetails, lines: Lines) -> tuple[int, str, str]:
    """One thing that pydantic refuses: its line, what is wrong, and the way out."""
    path = tuple(str(step) for step in detail["loc"])
    if path[-1:] == ("[key]",):
        path = path[:-1]
    line, name, fault = lines.get(path, 1), _shown(path), detail.get("ctx", {}).get("error")
    if isinstance(fault, InvalidValue):
        return line, f"{name}: {fault.what}", fault.hint
    if detail["type"] == "extra_forbidden":
        keys = list(_part_at(path[:-1]).model_fields)
        near = get_close_matches(path[-1], keys, n=1)
        return line, f"{name!r} is no setting", f"did you mean {near[0]}?" if near else f"known: {', '.join(keys)}"
    return line, f"{name or 'the file'}: {detail['msg'][0].lower()}{detail['msg'][1:]}", ""


def _part_at(path: tuple[str, ...]) -> type[Part]:
    """The block whose keys stand at this path; every key under `chats` is the name of one."""
    return Chat if path[:1] == ("chats",) and len(path) == 2 else _PARTS.get(path, Settings)


def _shown(path: tuple[str, ...]) -> str:
    """A key's name; what does not look like one, and may be a secret that slipped a line, is not repeated."""
    return ".".join(step if _KEY.fullmatch(step) else "…" for step in path)


def _rooted(settings: Settings, base: Path) -> Settings:
    """The settings with every folder absolute, and a SQLite file under `data`."""
    folders = {name: Path(os.path.normpath(base / getattr(settings, name))) for name in FOLDERS}
    database = settings.database
    if database.startswith("sqlite:///"):
        database = f"sqlite:///{folders['data'] / database.removeprefix('sqlite:///')}"
    replies = settings.replies.model_copy(update=_files(settings.replies, base))
    mail = settings.mail.model_copy(update=_files(settings.mail, base))
    chats = {name: _chat_rooted(chat, base) for name, chat in settings.chats.items()}
    blocks = {"replies": replies, "mail": mail, "chats": chats}
    return settings.model_copy(update={**folders, "database": database, **blocks})


def _chat_rooted(chat: Chat, base: Path) -> Chat:
    return chat.model_copy(update=_files(chat, base))


def _files(block: Part, base: Path) -> dict[str, Path]:
    """The files and folders that a block names, absolute."""
    named = {name: getattr(block, name) for name in type(block).model_fields}
    return {name: base / path for name, path in named.items() if isinstance(path, Path)}
