"""One flag, one entry: the short forms in which `cadence add` takes organisations, people, KPIs and triggers.

Names may hold commas: what follows a name is recognised from the right (an address by its @, a zone by its slash).
"""

import re
from collections.abc import Callable
from typing import Any

import click

from scheduler.definitions.authoring.short_forms import day
from scheduler.domain.definition.vocabulary import Model, Unit
from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Percent

Entry = dict[str, Any]
Keyed = tuple[str, Entry]

ORGANISATION = "KEY=NAME,COUNTRY[-REGION][,ZONE]"
PERSON = "KEY=NAME,EMAIL,ORG[,ROLE]"
SUCCESS = "'ID: WORDS (owner KEY)' or 'ID: WORDS (kpi KEY TARGET)'"
KPI = "KEY=NAME,OWNER[/DEPUTY],TARGET[ UNIT],EVERY[,DECIDES]"
ENTITY = "NAME[,COUNTRY][,KEY=SHARE...]"
EQUITY = "HOLDER,IN,PERCENT[,BOARD]"
FORMULA = "BASIS[,KEY=SHARE...]"
LAYER = "KEY=NAME,MODEL,EFFECTIVE[,FORM]"


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
    """``acme=Acme Motors SE,DE-BY,Europe/Berlin``; the region may be left out, and the zone where the country has one
    only."""
    key, rest = _keyed(text, ORGANISATION)
    parts = _parts(rest)
    zone = {"timezone": parts.pop()} if len(parts) > 2 and ("/" in parts[-1] or parts[-1] == "UTC") else {}
    if len(parts) < 2:
        raise InvalidValue(f"{text!r} names no country", f"write {ORGANISATION}")
    country, _, region = parts[-1].partition("-")
    place = {"country": country, **({"region": region} if region else {})}
    return key, {"name": ", ".join(parts[:-1]), **place, **zone}


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
    """``cells=Cells delivered,tom/dev,>= 0.3 GWh,month,ines``; without DECIDES its owner decides over it."""
    key, rest = _keyed(text, KPI)
    parts = _parts(rest)
    every = next((index for index in (len(parts) - 1, len(parts) - 2) if index >= 3 and parts[index] in [*Unit]), None)
    if every is None:
        raise InvalidValue(f"{text!r} is no KPI", f"write {KPI}, EVERY being {', '.join(Unit)}")
    owner, slash, deputy = parts[every - 2].partition("/")
    entry: Entry = {"name": ", ".join(parts[: every - 2]), "owner": owner, **({"deputy": deputy} if slash else {})}
    target = _measured(parts[every - 1])
    return key, entry | {**target, "every": parts[every], "decides": (*parts, owner)[every + 1]}


def layer(text: str) -> Keyed:
    """``a-licence=A licence,contractual_alliance,2027-01-15,licensing``: a layer under the partnership's umbrella."""
    key, rest = _keyed(text, LAYER)
    parts = _parts(rest)
    at = next((index for index, part in enumerate(parts) if index and part in [*Model]), None)
    if at is None or not 2 <= len(parts) - at <= 3:
        raise InvalidValue(f"{text!r} is no layer", f"write {LAYER}, MODEL being {', '.join(Model)}")
    form = {"form": parts[at + 2]} if parts[at + 2 :] else {}
    return key, {"name": ", ".join(parts[:at]), "model": parts[at], **form, "effective": day(parts[at + 1])}


_UNIT = re.compile(r"((?:>=|<=|==?)\s*[^\s]+|[^\s]+\.\.[^\s]+)\s+(\D.*)")


def _measured(text: str) -> Entry:
    """A target and the unit that stands behind it, if one does."""
    found = _UNIT.fullmatch(text)
    return {"unit": found[2], "target": found[1]} if found else {"target": text}


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
