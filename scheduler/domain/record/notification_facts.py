"""What a notification tells of: names, days and numbers, never a sentence.

Each kind has its own facts, always all of them, None where one does not apply. They are kept as JSON, so a day is an
ISO date (``2026-12-18``). The templates under ``templates/notifications/`` make sentences of them, one file a kind,
when a letter is written.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

Facts = Mapping[str, Any]
"""The facts of one notification, by name: what JSON can hold."""


Asks = Literal["held", "minutes_due", "minutes_late", "minutes_filed"]


class ReviewFacts(TypedDict):
    """A review after its date. `asks` is whether it was held, for its minutes, or tells that they are there; `on` is
    its day, `due` the one by which minutes are due or objections can be made, in the IANA zone `zone`. `period` is None
    of a checkpoint."""

    asks: Asks
    review: str
    period: str | None
    scope: str
    on: str
    due: str | None
    zone: str


How = Literal["reported", "excused", "judged", "held", "minutes_filed", "skipped", "cancelled", "done", "filled"]


class EndingFacts(TypedDict):
    """How a matter came to its end. `who` ended it or, of a seat, fills it, by name; `met` is a reading's, `verdict` a
    judgement's, `readings_say` the verdict that it overrules, `role` the seat's."""

    how: How
    who: str | None
    because: str | None
    met: bool | None
    verdict: str | None
    readings_say: str | None
    role: str | None


def ended(
    how: How,
    who: str | None = None,
    because: str | None = None,
    *,
    met: bool | None = None,
    verdict: str | None = None,
    readings_say: str | None = None,
    role: str | None = None,
) -> EndingFacts:
    """How a matter ended, with what applies to it."""
    return {
        "how": how,
        "who": who,
        "because": because,
        "met": met,
        "verdict": verdict,
        "readings_say": readings_say,
        "role": role,
    }


OF_KIND: Mapping[str, type] = {"review": ReviewFacts, "settled": EndingFacts}
"""The facts of each kind, by the name of its template."""
