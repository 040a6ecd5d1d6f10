"""The way out that a refusal names, for whoever reads it on a page, in their language: use cases name the command of
it, which helps operators alone. Others are told which page offers it, or that it is for whoever runs this program."""

import re
from collections.abc import Mapping
from typing import Final

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.far_off import far_off_words
from scheduler.render.languages import known
from scheduler.services.cases.kpis import IsFarOff

_RUNNER: Final = "whoever runs this program"
_PAGES: Final[Mapping[str, str]] = {
    "action": "the page of decisions and actions",
    "calendar": "the calendar",
    "check": _RUNNER,
    "checkpoint": "the page of the checkpoint",
    "decide": _RUNNER,
    "decisions": "the page of decisions and actions",
    "disputes": "the page of the KPI",
    "exit": _RUNNER,
    "health": "the page of the partnership",
    "kpi": "the page of the KPI",
    "launch": "the page of the checkpoint",
    "once": _RUNNER,
    "outbox": _RUNNER,
    "parked": _RUNNER,
    "partnership": _RUNNER,
    "person": _RUNNER,
    "plan": _RUNNER,
    "renewal": "the horizon",
    "replies": _RUNNER,
    "review": "the page of the review",
    "serve": _RUNNER,
    "sheets": _RUNNER,
    "show": "the page of the partnership",
    "token": _RUNNER,
    "triggers": "the page of the partnership",
}
"""Where what a command does, or shows, is found without it; by its first word."""
_TELLS: Final = "shows|lists|tells|says|has|names|brings"
_COMMAND: Final = re.compile(
    rf"(?P<before>: |\(|with |see )?\bcadence (?P<first>{'|'.join(_PAGES)})\b[^;)]*?(?= (?:{_TELLS})\b|\)|;|, then\b|$)"
)


def without_a_shell(told: UserError | InvalidValue, *, is_operator: bool = False) -> UserError | InvalidValue:
    """What is told, with the page in place of each command that its hint names; itself where it names none. An operator
    keeps the commands that no page stands for.

    | hint                                   | on a page                                      |
    |----------------------------------------|------------------------------------------------|
    | close it: cadence review hold, or skip | close it: on the page of the review            |
    | cadence action list --all shows it     | the page of decisions and actions shows it     |
    | resume it: cadence partnership resume  | resume it: ask whoever runs this program       |
    """
    what = far_off_words(told.far) if isinstance(told, IsFarOff) else known(told.what)
    hint = known(_COMMAND.sub(lambda found: _page(found, is_operator), told.hint))
    if (what, hint) == (told.what, told.hint):
        return told
    return InvalidValue(what, hint) if isinstance(told, InvalidValue) else UserError(what, hint)


def _page(found: re.Match[str], is_operator: bool) -> str:
    before, page = found["before"] or "", _PAGES[found["first"]]
    if page == _RUNNER:
        if is_operator:
            return found[0]
        is_told = not before and found.end() < len(found.string) and found.string[found.end()] == " "
        return _RUNNER if is_told else f"{before.replace('see ', '')}ask {_RUNNER}"
    return {"": page, "see ": f"see {page}", "with ": f"on {page}"}.get(before, f"{before}on {page}")
