"""What was read out of minutes, as a terminal shows it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.services.cases.minutes import Filed

_SHOWN = 50


def page(filed: "Filed | None") -> list[str]:
    """Decisions, actions, what was closed, what comes back, and what could not be placed; nothing without minutes."""
    return list(_page(filed)) if filed else []


def _page(filed: "Filed") -> Iterator[str]:
    from scheduler.services.views.understood_minutes import NOTHING_FOUND, has_found_nothing, understood_parts

    for head, lines in understood_parts(filed):
        yield head
        yield from (f"  {line}" for line in lines[:_SHOWN])
        if len(lines) > _SHOWN:
            yield f"  and {len(lines) - _SHOWN} more"
    if has_found_nothing(filed):
        yield f"{NOTHING_FOUND}: docs/minutes.md tells how they are written."
