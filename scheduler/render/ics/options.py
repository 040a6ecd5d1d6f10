"""What a calendar shows beside its meetings: whether it calls before them, which days around them it marks, and whose
reports it asks for.

The clocks of standing reviews (agenda due, minutes due, …) are marked only where somebody chose them: of a weekly
review they would be most of the calendar. A checkpoint and a formal review come once, and always show theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qsl

from scheduler.domain.base import InvalidValue
from scheduler.domain.definition.vocabulary import STANDING, Kind
from scheduler.domain.record.review import EPOCH

CLOCKS: Mapping[str, str] = {
    "notice": "notice_by",
    "agenda": "agenda_by",
    "items": "items_until",
    "minutes": "minutes_by",
    "objections": "objections_until",
}
"""The clocks that can be chosen, as people write them, with the names that they have on record."""
EVERY_CLOCK = frozenset(CLOCKS.values())
NONE, ALL = "none", "all"
_MOST = 200
"""No query of ours is longer."""


NEVER = datetime.max.replace(tzinfo=UTC)
"""The moment since which a calendar that nobody has read has shown anything."""


class Reports(StrEnum):
    """Whose KPI reports a calendar asks for: those of whoever it is for, those of others as well, or nobody's. A
    person's own are those that they are asked for, an organisation's those that its people are; what all partners share
    is nobody's own."""

    OWN = "own"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choice:
    """`alarms`: whether reviews call. `clocks`: which clocks of standing reviews are marked, by their names on
    record. `reports`: whose KPIs due are shown. `shown_since`: what was called off before that moment is left out: this
    calendar never showed it."""

    alarms: bool = False
    clocks: frozenset[str] = frozenset()
    reports: Reports = Reports.OWN
    shown_since: datetime = EPOCH

    def marks(self, kind: Kind, clock: str) -> bool:
        """Whether a clock (or a milestone of a launch track) of a review of that kind is shown."""
        return kind not in STANDING or clock in self.clocks or clock not in EVERY_CLOCK


PLAIN = Choice()
"""What a calendar shows of which nobody has chosen anything."""


def clocks_of(written: str) -> frozenset[str]:
    """``none``, ``all``, or some of the clocks, like ``agenda,minutes``. Raises `InvalidValue`."""
    if written.strip() in (NONE, ALL):
        return EVERY_CLOCK if written.strip() == ALL else frozenset()
    names = [part.strip() for part in written.split(",")]
    unknown = next((name for name in names if name not in CLOCKS), None)
    if unknown is not None:
        raise InvalidValue(
            f"{unknown[:40]!r} is no clock of a review", f"write none, all, or some of {', '.join(CLOCKS)}"
        )
    return frozenset(CLOCKS[name] for name in names)


def clocks_in_words(clocks: frozenset[str]) -> str:
    """The same choice in one spelling."""
    if clocks == EVERY_CLOCK:
        return ALL
    return ",".join(name for name, key in CLOCKS.items() if key in clocks) or NONE


class Asked(NamedTuple):
    """What the address of a feed asks for; `clocks` is None where it names none, and the subscription's own count."""

    alarms: bool = False
    clocks: frozenset[str] | None = None

    def choice(self, otherwise: frozenset[str]) -> Choice:
        return Choice(self.alarms, otherwise if self.clocks is None else self.clocks)


AS_SUBSCRIBED = Asked()
"""An address that asks for nothing in particular."""


def asked_for(query: bytes) -> Asked:
    """What the query of an address asks for. What is not understood is not there: a program that has subscribed would
    show an error to nobody."""
    if len(query) > _MOST:
        return AS_SUBSCRIBED
    said = dict(parse_qsl(query.decode("latin-1")))
    try:
        clocks = clocks_of(said["clocks"]) if "clocks" in said else None
    except InvalidValue:
        clocks = None
    return Asked(said.get("alarms") == "1", clocks)
