"""What people write in short for an entry of a definition: a trigger in words, a day, a country."""

import re
from datetime import date
from typing import Any

from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Percent, Span

TRIGGER = "'missed any 3', 'unreported any 10 working days', 'vacant sponsor', 'off_target KPI 20%', 'on 2028-10-01'"
USUAL_TRIGGERS = ("missed any 3", "unreported any 10 working days", "vacant sponsor", "checkpoint missed")
"""What is proposed for a new partnership; the sources are in its playbook."""


def trigger(text: str) -> dict[str, Any]:
    """``missed any 3 of 9``, ``off_target cells 20%``, ``unreported any 10 working days``, ``unreported any 5 days x2``
    for two periods in a row, ``skipped health-audit 2``, ``quorum_missed health-audit 2``, ``not_closed any 10 working
    days``, ``adherence any 60%``, ``late_actions 10 working days x3``, ``requested 1/3``, ``vacant sponsor``,
    ``checkpoint missed``, ``health gap 1.0``, ``expired nda``, ``on 2028-10-01``."""
    for form, keys in TRIGGERS.items():
        if found := re.fullmatch(form, " ".join(text.split())):
            when = text.split()[0]
            return {"when": when} | {
                key: _value(key, said) for key, said in zip(keys, found.groups(), strict=True) if said
            }
    raise InvalidValue(f"{text!r} is no trigger", f"write it like {TRIGGER}")


TRIGGERS = {
    r"missed (\S+)(?: (\d+)(?: of (\d+))?)?": ("kpi", "times", "of"),
    r"off_target (\S+) (\S+)": ("kpi", "by"),
    r"unreported (\S+) (\d+ \w.+?)(?: x(\d+))?": ("kpi", "for", "times"),
    r"skipped (\S+)(?: (\d+))?": ("review", "times"),
    r"quorum_missed (\S+)(?: (\d+))?": ("review", "times"),
    r"not_closed (\S+) (\d+ .+)": ("review", "for"),
    r"adherence (\S+) (\S+)": ("review", "below"),
    r"late_actions (\d+ \w.+?)(?: x(\d+))?": ("for", "times"),
    r"requested (\d+/\d+)": ("share",),
    r"requested (\d+)": ("members",),
    r"vacant (\S+)": ("role",),
    r"checkpoint (.+)": ("verdict",),
    r"health": (),
    r"health gap (\d(?:\.\d{1,2})?)": ("gap",),
    r"expired (\S+)": ("document",),
    r"on (\d{4}-\d\d-\d\d)": ("date",),
}


def _value(key: str, said: str) -> Any:
    match key:
        case "times" | "of" | "members":
            return int(said)
        case "by" | "below":
            return str(Percent.read(said))
        case "for":
            return str(Span.read(said))
        case "date":
            return day(said)
        case _:
            return said


def country(text: str) -> str:
    """A country by its ISO 3166 code, ``DE``."""
    code = text.strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise InvalidValue(f"{text!r} is no country code", "write two letters, like DE or US")
    return code


def day(text: str) -> date:
    """A civil date, ``2026-10-01``."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidValue(f"{text!r} is not a date", "write year-month-day, like 2026-10-01") from None
