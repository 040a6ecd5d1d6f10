"""Reading the settings as a whole: every fault at once, each with its line and the way out."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scheduler.domain.errors import InvalidValue

from .block import Part
from .chats import Chat, EventWebhook, Monitor
from .parts import Guard, Log, Mail, Replies, Web
from .retention import Retention
from .settings_file import Lines, SettingsFault, folder, rooted, written
from .signing_in import OpenIdProvider, SignIn, TrustedHeader
from .whole import Settings

FOLDERS = ("definitions", "playbooks", "templates", "data")

P = TypeVar("P", bound=Part)

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")

_PARTS: dict[tuple[str, ...], type[Part]] = {
    ("log",): Log,
    ("guard",): Guard,
    ("web",): Web,
    ("web", "sign_in"): SignIn,
    ("web", "sign_in", "header"): TrustedHeader,
    ("replies",): Replies,
    ("mail",): Mail,
    ("monitor",): Monitor,
    ("retention",): Retention,
}


def load(path: Path) -> Settings:
    """Read a settings file. Raises SettingsFault with all that is wrong in it, each with its line."""
    said = written(path)
    faults = said.faults
    try:
        settings = Settings.model_validate(said.values)
    except ValidationError as error:
        faults += [_fault(detail, said.lines) for detail in error.errors(include_url=False)]
    if faults:
        told = [f"{path}:{line}: {what}" + (f" ({hint})" if hint else "") for line, what, hint in sorted(faults)]
        raise SettingsFault("\n".join(told), "a settings file with every default comes from: cadence init")
    return _rooted(settings, path)


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
    said = _IN_PLAIN_WORDS.get(detail["type"]) or (f"{detail['msg'][0].lower()}{detail['msg'][1:]}", "")
    return line, f"{name or 'the file'}: {said[0]}", said[1]


_KEYS_BELONG = "keys with values belong here", "write each on a line of its own as `key: value`, indented"
_IN_PLAIN_WORDS: Mapping[str, tuple[str, str]] = {
    "model_type": _KEYS_BELONG,
    "dict_type": _KEYS_BELONG,
    "tuple_type": ("a list belongs here", "write [one, two]"),
    "string_type": ("words belong here", "write them on the same line"),
    "int_type": ("a whole number belongs here", "write digits, like 30"),
    "int_parsing": ("this is no whole number", "write digits, like 30"),
    "int_parsing_size": ("this number is too large", "write fewer digits"),
    "bool_type": ("yes or no belongs here", "write yes or no"),
    "bool_parsing": ("this says neither yes nor no", "write yes or no"),
}
"""What pydantic says in words of its own, and the way out."""


_NAMED: Mapping[str, type[Part]] = {"chats": Chat, "webhooks": EventWebhook}


def _part_at(path: tuple[str, ...]) -> type[Part]:
    """The block whose keys stand at this path; every key under `chats`, `webhooks` or `openid` is the name of one."""
    if path[:-1] == ("web", "sign_in", "openid"):
        return OpenIdProvider
    if len(path) == 2 and path[0] in _NAMED:
        return _NAMED[path[0]]
    return _PARTS.get(path, Settings)


def _shown(path: tuple[str, ...]) -> str:
    """A key's name; what does not look like one, and may be a secret that slipped a line, is not repeated."""
    return ".".join(step if _KEY.fullmatch(step) else "…" for step in path)


def _rooted(settings: Settings, path: Path) -> Settings:
    """The settings with every folder absolute, and a SQLite file under `data`."""
    base = path.absolute().parent.resolve()
    folders = {name: folder(path, getattr(settings, name)) for name in FOLDERS}
    database = rooted(settings.database, folders["data"])
    replies, mail = _block_rooted(settings.replies, base), _block_rooted(settings.mail, base)
    chats = {name: _block_rooted(chat, base) for name, chat in settings.chats.items()}
    webhooks = {name: _block_rooted(hook, base) for name, hook in settings.webhooks.items()}
    web = settings.web.model_copy(update={"sign_in": _sign_in_rooted(settings.web.sign_in, base)})
    monitor = settings.monitor and _block_rooted(settings.monitor, base)
    blocks = {"monitor": monitor, "web": web, "replies": replies, "mail": mail, "chats": chats, "webhooks": webhooks}
    return settings.model_copy(update={**folders, "database": database, **blocks})


def _sign_in_rooted(sign_in: SignIn, base: Path) -> SignIn:
    header = sign_in.header and _block_rooted(sign_in.header, base)
    openid = {key: _block_rooted(provider, base) for key, provider in sign_in.openid.items()}
    return sign_in.model_copy(update={"header": header, "openid": openid})


def _block_rooted(block: P, base: Path) -> P:
    return block.model_copy(update=_files(block, base))


def _files(block: Part, base: Path) -> dict[str, Path]:
    """The files and folders that a block names, absolute."""
    named = {name: getattr(block, name) for name in type(block).model_fields}
    return {name: base / path for name, path in named.items() if isinstance(path, Path)}
