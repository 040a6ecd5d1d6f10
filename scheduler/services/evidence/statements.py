"""What a monthly statement says: how much came to the record in a month that all sides see, what stands open, and the
head under which it is sealed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from scheduler.domain.record.notification_facts import SealFacts
from scheduler.domain.record.seal import JOINT, Seal, SealableRow
from scheduler.rules.calendar.wall_clock import zone
from scheduler.services.evidence.audiences import Owners

_DAY = timedelta(days=1)


def month_before(now: datetime) -> str:
    """The last month that has ended, in UTC as the days of seals are: ``2027-03``."""
    first = now.astimezone(UTC).date().replace(day=1)
    return f"{first - _DAY:%Y-%m}"


def is_due(chain: Sequence[Seal], month: str) -> bool:
    """Whether a month is to be stated: once, and not of the time before the first seal. A later one may have been, by a
    clock that was ahead."""
    stated = [each.statement["month"] for each in chain if each.statement]
    return bool(chain) and f"{chain[0].sealed_at:%Y-%m}" <= month and month not in stated


def statement(
    name: str, month: str, zone_name: str, owners: Owners, rows: Iterable[SealableRow], made: Seal, since: datetime
) -> SealFacts:
    """The facts of a statement of a month, sealed as `made`; `rows` are all of the record."""
    there = zone(zone_name)
    joint = [each for each in rows if each.table in _COUNTED and owners.parts(each) == (JOINT,)]

    def day_in_utc(written: str | None) -> date | None:
        return datetime.fromisoformat(written).astimezone(UTC).date() if written else None

    def is_of_month(day: date | None) -> bool:
        return day is not None and f"{day:%Y-%m}" == month

    def count(table: str, column: str) -> int:
        return sum(is_of_month(day_in_utc(each.says[column])) for each in joint if each.table == table)

    def day_of(review: SealableRow) -> date | None:
        held_on = review.says["held_on"]
        return date.fromisoformat(held_on) if held_on else day_in_utc(review.says["start_utc"])

    def is_open(table: str, column: str) -> int:
        return sum(each.table == table and each.says[column] is None for each in joint)

    held = [each for each in joint if each.table == "review" and each.says["status"] == "held"]
    return {
        "name": name,
        "month": month,
        "head": made.head,
        "number": made.number,
        "on": made.sealed_at.astimezone(there).date().isoformat(),
        "since": since.astimezone(there).date().isoformat(),
        "held": sum(is_of_month(day_of(each)) for each in held),
        "minutes": count("minutes_filing", "filed_at"),
        "decided": count("decision", "recorded_at"),
        "done": count("action", "done_at"),
        "reported": count("reading", "reported_at"),
        "open": is_open("action", "done_at"),
        "owed": is_open("flag", "closed_at"),
    }


_COUNTED = frozenset(("review", "minutes_filing", "decision", "action", "reading", "flag"))
