"""One flag, one entry: the short forms in which `cadence add` takes organisations, people, KPIs and triggers.

Names may hold commas: what follows a name is recognised from the right (an address by its @, a zone by its slash).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import click

from scheduler.domain.definition.vocabulary import Unit
from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Percent, Span

Entry = dict[str, Any]
Keyed = tuple[str, Entry]

ORGANISATION = "KEY=NAME,COUNTRY[,ZONE]"
PERSON = "KEY=NAME,EMAIL,ORG[,ROLE]"
SUCCESS = "'ID: WORDS (owner KEY)' or 'ID: WORDS (kpi KEY TARGET)'"
KPI = "KEY=NAME,OWNER[/DEPUTY],TARGET,EVERY[,DECIDES]"
TRIGGER = "'missed any 3', 'unreported any 10 working days', 'vacant sponsor', 'off_target KPI 20%', 'on 2028-10-01'"
ENTITY = "NAME[,COUNTRY][,KEY=SHARE...]"
EQUITY = "HOLDER,IN,PERCENT[,BOARD]"
FORMULA = "BASIS[,KEY=SHARE...]"


class FlagValue(click.ParamType[Any]):
    """A flag's value, read by one of the functions below; what it cannot read is told with the form that it takes."""

    def __init__(self, form: str, read: Callable[[str], Any]) -> None:
        self.name = form
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except InvalidValue as fault:
            self.fail(f"{fault.what}; {fault.hint}", param, ctx)


def organisation(text: str) -> Keyed:
    """``acme=Acme Motors SE,DE,Europe/Berlin``; the zone may be left out where the country has one only."""
    key, rest = _keyed(text, ORGANISATION)
    parts = _parts(rest)
    zone = {"timezone": parts.pop()} if len(parts) > 2 and ("/" in parts[-1] or parts[-1] == "UTC") else {}
    if len(parts) < 2:
        raise InvalidValue(f"{text!r} names no country", f"write {ORGANISATION}")
    return key, {"name": ", ".join(parts[:-1]), "country": parts[-1], **zone}


def person(text: str) -> Keyed:
    """``ines=Inès Falk,ines.falk@acme.example,acme,alliance_manager``; nothing for ORG: a person of no organisation."""
    key, rest = _keyed(text, PERSON)
    parts = _parts(rest)
    at = next((index for index, part in enumerate(parts) if index and "@" in part), None)
    if at is None or not 2 <= len(parts) - at <= 3:
        raise InvalidValue(f"{text!r} is no person", f"write {PERSON}")
    of, role = (*parts[at + 1 :], "")[:2]
    entry = {"name": ", ".join(parts[:at]), "email": parts[at], "of": of, "role": role}
    return key, {name: value for name, value in entry.items() if value}


_JUDGE = re.compile(r"(.*\S)\s*\((owner|kpi) (\S+)(?: (.+))?\)", re.DOTALL)


def success(text: str) -> Entry:
    """``first-cells: First cells delivered (kpi cells >= 1)``, ``dashboard: One agreed dashboard (owner dev)``."""
    key, colon, says = (part.strip() for part in text.partition(":"))
    if not colon or not key or not says:
        raise InvalidValue(f"{text!r} is no criterion", f"write {SUCCESS}")
    if not (found := _JUDGE.fullmatch(says)):
        return {"id": key, "says": says}
    target = {"target": found[4]} if found[4] else {}
    return {"id": key, "says": found[1], found[2]: found[3], **target}


def kpi(text: str) -> Keyed:
    """``cells=Cells delivered,tom/dev,>= 0.3,month,ines``; without DECIDES its owner decides over it."""
    key, rest = _keyed(text, KPI)
    parts = _parts(rest)
    every = next((index for index in (len(parts) - 1, len(parts) - 2) if index >= 3 and parts[index] in [*Unit]), None)
    if every is None:
        raise InvalidValue(f"{text!r} is no KPI", f"write {KPI}, EVERY being {', '.join(Unit)}")
    owner, slash, deputy = parts[every - 2].partition("/")
    entry: Entry = {"name": ", ".join(parts[: every - 2]), "owner": owner, **({"deputy": deputy} if slash else {})}
    return key, entry | {"target": parts[every - 1], "every": parts[every], "decides": (*parts, owner)[every + 1]}


def trigger(text: str) -> Entry:
    """``missed any 3 of 9``, ``off_target cells 20%``, ``unreported any 10 working days``, ``unreported any 5 days x2``
    for two periods in a row, ``skipped health-audit 2``, ``quorum_missed health-audit 2``, ``not_closed any 10 working
    days``, ``late_actions 10 working days x3``, ``requested 1/3``, ``vacant sponsor``, ``checkpoint missed``,
    ``expired nda``, ``on 2028-10-01``."""
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
    r"late_actions (\d+ \w.+?)(?: x(\d+))?": ("for", "times"),
    r"requested (\d+/\d+)": ("share",),
    r"requested (\d+)": ("members",),
    r"vacant (\S+)": ("role",),
    r"checkpoint (.+)": ("verdict",),
    r"expired (\S+)": ("document",),
    r"on (\d{4}-\d\d-\d\d)": ("date",),
}


def _value(key: str, said: str) -> Any:
    match key:
        case "times" | "of" | "members":
            return int(said)
        case "by":
            return str(Percent.read(said))
        case "for":
            return str(Span.read(said))
        case "date":
            return day(said)
        case _:
            return said


def entity(text: str) -> Entry:
    """``Halden Cells GmbH,DE,acme=50,globex=50``: the new legal entity of a joint venture."""
    words, shares = _split_shares(text, ENTITY)
    country = {"country": words.pop()} if len(words) > 1 and re.fullmatch("[A-Z]{2}", words[-1]) else {}
    return {"name": ", ".join(words), **country, **shares}


def equity(text: str) -> Entry:
    """``acme,globex,8.5,observer``: who holds how much in whom, and what seat goes with it."""
    parts = _parts(text)
    if not 3 <= len(parts) <= 4:
        raise InvalidValue(f"{text!r} is no stake", f"write {EQUITY}")
    entry = {"holder": parts[0], "in": parts[1], "percent": Percent.read(parts[2]).value}
    return entry | ({"board": parts[3]} if parts[3:] else {})


def formula(text: str) -> Entry:
    """``top_line_revenue,acme=60,globex=40``: what is shared, and each side's share."""
    words, shares = _split_shares(text, FORMULA)
    return {"basis": ", ".join(words), **shares}


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


def _keyed(text: str, form: str) -> tuple[str, str]:
    key, equals, rest = (part.strip() for part in text.partition("="))
    if not equals or not key or not rest:
        raise InvalidValue(f"{text!r} has no key before a =", f"write {form}")
    return key, rest


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _split_shares(text: str, form: str) -> tuple[list[str], Entry]:
    """The words before the shares, and `shares` where there are any."""
    parts = _parts(text)
    shares = {
        key.strip(): Percent.read(share).value for key, equals, share in (p.partition("=") for p in parts) if equals
    }
    words = [part for part in parts if "=" not in part]
    if not words or not words[0]:
        raise InvalidValue(f"{text!r} has no name", f"write {form}")
    return words, {"shares": shares} if shares else {}
