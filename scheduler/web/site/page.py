"""A page: what it shows is one value of `services/views`, which is its JSON twin, too; what can be done on it is one
use case for each act.

A page is a module of this package with a `PAGE`; `shell` answers for all of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.rules import permissions
from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.viewer import Viewer
from scheduler.web.pages import FormLimits

F = TypeVar("F")


@dataclass(frozen=True)
class Asked:
    """A page that is asked for, by whom and when. `params` come from its path, `query` from behind it. `on` is the past
    day as of which it is to be shown; None for today."""

    app: App
    db: Connection
    now: datetime
    viewer: Viewer
    params: Mapping[str, str]
    query: Mapping[str, str]
    on: date | None = None
    session: int | None = None
    """The number of the session in which it is asked for; None for a program."""
    way: str = ""
    """The way in by which that session was opened."""

    def audience(self, partnership: str) -> Audience:
        """What its reader may see of a partnership. Raises NotThere."""
        return self.viewer.audience(partnership)


@dataclass(frozen=True)
class Shown(Generic[F]):
    """What a page shows: its `title`, the `facts` that are its JSON twin, and what its template needs `more`."""

    title: str
    facts: F
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Acting:
    """What somebody does on a page, by the session of that number, which was opened by that `way` in; `said` are the
    fields of the form."""

    app: App
    now: datetime
    viewer: Viewer
    params: Mapping[str, str]
    said: Mapping[str, str]
    session: int
    way: str

    def person(self, partnership: str) -> str | None:
        """Who does it, by their key in the partnership; None for an operator who is nobody there. Raises NotThere for
        whom the partnership does not concern."""
        self.viewer.audience(partnership)
        return self.viewer.person(partnership)

    def check(self, partnership: Partnership, may: frozenset[str], what: str) -> None:
        """Let pass who may do `what`, such as "move this review": an operator, and those of the keys in `may`. Raises
        permissions.Refused, which names who may; NotThere."""
        person = self.person(partnership.partnership)
        permissions.check(None if self.viewer.is_operator else person, may, partnership, what)


@dataclass(frozen=True)
class Done:
    """What was done, in the `words` that are shown once: on the page that it was done on, or on the one that one is led
    `to`. They are `said` once it is done, to whoever did it: ``lambda: say("…")``. A secret that is shown `once`, such
    as an address that opens something, is kept nowhere: the page that answers the form shows it, and no other."""

    words: str | Callable[[], str]
    to: str | None = None
    once: str | None = None

    def said(self) -> str:
        return self.words if isinstance(self.words, str) else self.words()


@dataclass(frozen=True)
class Download:
    """A file instead of a page: its name, its media type, its bytes, or what makes them once the database is free for
    others again; that raises a UserError."""

    name: str
    media_type: str
    content: bytes | Callable[[], bytes]


ORDINARY = FormLimits()


class Preview(Exception):
    """Nothing is kept yet: the page is shown once more with what was `understood` of the form, as `preview`, so that
    whoever sent it can say that it is meant. It is told to them as `Done` is: ``lambda: …``."""

    def __init__(self, understood: Callable[[], Any]) -> None:
        super().__init__("nothing is kept yet")
        self.understood = understood


Show = Callable[[Asked], "Shown[Any] | Download"]
Act = Callable[[Acting], Done]


def of_its_id(params: Mapping[str, str]) -> str:
    """The partnership of a page whose path ends with its id, or with that of a review or a KPI of it."""
    return params["id"].partition("/")[0]


@dataclass(frozen=True)
class Page:
    """A page at a `path` (as Starlette writes it), made by a template of ``templates/web/site/``.

    `show` looks it up and raises NotThere; `acts` are what can be done on it, by the field `act` of its forms: each
    raises Wrong, permissions.Refused, NotThere, or a UserError that is told above the form. `has_twin`: whether its
    JSON can be asked for. `past` names, by the params of the path, the partnership whose record is led back where a
    past day is asked for; without it `show` gets the day as `on`."""

    path: str
    template: str
    show: Show
    acts: Mapping[str, Act] = field(default_factory=dict)
    limits: FormLimits = ORDINARY
    has_twin: bool = True
    past: Callable[[Mapping[str, str]], str] | None = None
