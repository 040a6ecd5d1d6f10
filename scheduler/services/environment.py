"""What a plan rests on besides its definition, in its parts: of two daemons one can say in which they differ."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.domain.definition.playbook import Playbook
    from scheduler.domain.definition.vocabulary import Model
    from scheduler.settings import Settings

PLANNER = "6"
"""Raised whenever the rules of planning change, so that an upgraded program plans everything anew once."""
_DECIDING: dict[str, Any] = {
    **dict.fromkeys(("horizon_days", "agenda_days", "past_days", "guard"), True),
    "mail": {"sender", "agent", "invite_days"},
    "web": {"public_url"},
}
"""The settings by which dates, or the words of calendars, are decided."""


@dataclass(frozen=True)
class Environment:
    """The `planner` and the releases of the libraries of public holidays and zones; of each playbook a digest, and the
    settings that decide, by their keys. `fingerprint` is of it all."""

    planner: str
    holidays: str
    tzdata: str
    playbooks: Mapping[str, str]
    settings: Mapping[str, Any]
    fingerprint: str

    def age(self, first_used_at: datetime) -> tuple[object, ...]:
        """A key that is greater the newer it is: by what it is made of, and then by when it was first in use."""
        return (*map(release, (self.planner, self.holidays, self.tzdata)), first_used_at, self.fingerprint)


def of_this_process(settings: "Settings", books: "Mapping[Model, Playbook]") -> Environment:
    """What the plans that this process makes rest on."""
    holidays, tzdata = _installed("holidays"), _installed("tzdata")
    digest, playbooks = hashlib.blake2b(digest_size=16), {}
    deciding = settings.model_dump_json(include=_DECIDING)
    for part in (PLANNER, holidays, tzdata, deciding):
        digest.update(part.encode())
    for model in sorted(books):
        text = books[model].model_dump_json().encode()
        digest.update(text)
        playbooks[str(model)] = hashlib.blake2b(text, digest_size=8).hexdigest()
    decided = _by_key(settings.model_dump(mode="json", include=_DECIDING))
    return Environment(PLANNER, holidays, tzdata, playbooks, dict(decided), digest.hexdigest())


def release(version: str) -> tuple[int, ...]:
    """A version to be compared: ``2026.10`` comes after ``2026.9``."""
    return tuple(map(int, re.findall(r"\d+", version)))


def differences(here: Environment, there: Environment) -> Iterator[str]:
    """In what they differ, each part in words: ``planner 6 here, 7 there``."""
    for part, name in (("planner", "planner"), ("holidays", "holidays"), ("tzdata", "tzdata")):
        if (ours := getattr(here, part)) != (theirs := getattr(there, part)):
            yield f"{name} {ours} here, {theirs} there"
    if other := _keys(here.playbooks, there.playbooks):
        yield f"another playbook of {', '.join(other)}"
    for key in _keys(here.settings, there.settings):
        yield f"{key}: {_said(here.settings.get(key))} here, {_said(there.settings.get(key))} there"


def _keys(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _said(value: object) -> str:
    return "nothing" if value is None else str(value)


def _by_key(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _by_key(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


@lru_cache
def _installed(library: str) -> str:
    """The version of a library that this process runs with, looked for among the installed ones once."""
    from importlib.metadata import version

    return version(library)
