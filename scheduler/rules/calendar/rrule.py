"""Series written as an RFC 5545 recurrence rule, ``FREQ=MONTHLY;BYDAY=2TU``, expanded from the effective date.

Only the parts that name dates are let in: a review has its own time of day. As a rule comes from a definition, each
part is held against RFC 5545 3.3.10 first, and a rule that gives no date within ten years is refused.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from scheduler.domain.base import InvalidValue

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_SIGNED = r"[+-]?[1-9]\d{0,2}"
_WEEKDAY = r"(?:[+-]?[1-9]\d?)?(?:MO|TU|WE|TH|FR|SA|SU)"
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,3}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
    "BYMONTH": r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*",
    "BYDAY": rf"{_WEEKDAY}(?:,{_WEEKDAY})*",
    **dict.fromkeys(("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"), rf"{_SIGNED}(?:,{_SIGNED})*"),
}
_FORBIDDEN = {  # RFC 5545 3.3.10: parts that have no meaning at these frequencies
    "BYWEEKNO": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYYEARDAY": ("DAILY", "WEEKLY", "MONTHLY"),
    "BYMONTHDAY": ("WEEKLY",),
    "BYSETPOS": ("DAILY",),  # the set of one day has no second
}
_HINT = 'write dates only, like rule: "FREQ=MONTHLY;BYDAY=2TU"'
_SOON = timedelta(days=3653)


@lru_cache(maxsize=1024)
def check_rule(text: str, anchor: date) -> None:
    """Raise `InvalidValue` where the rule cannot be followed, or gives no date within ten years of the anchor."""
    rule, until = _read(text)
    # The Gregorian calendar, weekdays included, repeats every 400 years. Looking for the first date shortly before the
    # year 9999, where dateutil gives up, finds the same one, and a rule that never fires is known for it soon.
    late = anchor.replace(year=anchor.year + max(0, (9985 - anchor.year) // 400 * 400))
    first = next(_expanded(rule, late), None)
    if first is None or first - late > _SOON:
        raise InvalidValue(f"the rule {text[:80]!r} gives no date within ten years of {anchor}", _HINT)
    if until is not None and first - late > until - anchor:
        raise InvalidValue(f"the rule {text[:80]!r} ends before its first date", "choose a later UNTIL")


def rule_dates(text: str, anchor: date) -> Iterator[date]:
    """The dates of the rule from the anchor on, oldest first. Raises `InvalidValue` as `check_rule` does."""
    check_rule(text, anchor)
    rule, until = _read(text)
    for day in _expanded(rule, anchor):
        if until is not None and day > until:
            return
        yield day


def _expanded(rule: str, anchor: date) -> Iterator[date]:
    from dateutil.rrule import rrulestr

    try:
        found = rrulestr(rule, dtstart=datetime.combine(anchor, time()))
    except ValueError as problem:
        raise InvalidValue(f"the rule {rule[:80]!r} cannot be read: {problem}", _HINT) from None
    return (moment.date() for moment in found)


def _read(text: str) -> tuple[str, date | None]:
    """The rule without its `UNTIL`, and that as a civil date, whatever time of day it bears."""
    parts = _parts(text)
    frequency = parts.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        raise InvalidValue(f"the rule {text[:80]!r} names no FREQ", _HINT)
    for part, frequencies in _FORBIDDEN.items():
        if part in parts and frequency in frequencies:
            raise InvalidValue(f"{part} has no meaning with FREQ={frequency} (RFC 5545 3.3.10)", _HINT)
    if "BYSETPOS" in parts and not any(part.startswith("BY") and part != "BYSETPOS" for part in parts):
        raise InvalidValue(
            "BYSETPOS picks from the days that another part names (RFC 5545 3.3.10)", "add a part such as BYDAY"
        )
    if frequency in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", "")):
        raise InvalidValue(
            f"BYDAY={parts['BYDAY']} counts weekdays, which FREQ={frequency} cannot (RFC 5545 3.3.10)", _HINT
        )
    return ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL"), _until(parts.get("UNTIL"))


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise InvalidValue(f"{part[:60]!r} cannot stand in a rule", _HINT)
        if name in parts:
            raise InvalidValue(f"{name} stands twice in the rule {text[:80]!r}", "write each part once")
        parts[name] = value
    return parts


def _until(written: str | None) -> date | None:
    if written is None:
        return None
    try:
        return datetime.strptime(written[:8], "%Y%m%d").date()  # noqa: DTZ007  a civil date has no zone
    except ValueError:
        raise InvalidValue(f"UNTIL={written} is not a date", "write it like UNTIL=20271231") from None
