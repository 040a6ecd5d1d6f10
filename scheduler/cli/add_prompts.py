"""What `cadence add` asks on a terminal, in the order of the definition; a wrong answer is asked again at once."""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from typing import Any

import click

from scheduler.cli import add_flags
from scheduler.cli.add_flags import Entry, FlagValue, Keyed
from scheduler.domain.definition.people import sole_zone, zones_of
from scheduler.domain.definition.target import Target
from scheduler.domain.definition.vocabulary import Function, Model, Role, Unit
from scheduler.domain.phrases import Percent

USUAL_TRIGGERS = ("missed any 3", "unreported any 10 working days", "vacant sponsor", "checkpoint missed")
_MODELS = click.Choice([model.value for model in Model])
_FUNCTIONS = click.Choice([*(function.value for function in Function), ""])
_UNITS = click.Choice([unit.value for unit in Unit])
_COUNTRY = FlagValue("COUNTRY", add_flags.country)
_DATE = FlagValue("DATE", add_flags.day)
_TARGET = FlagValue("TARGET", lambda text: str(Target.read(text)))
_PERCENT = FlagValue("PERCENT", lambda text: Percent.read(text).value)
_TRIGGER = FlagValue("TRIGGER", add_flags.trigger)


def completed(given: Mapping[str, Any]) -> Entry:
    """The answers of the flags, and of the terminal to what they leave open. Keys as in `writing.Answers`."""
    said = {key: value for key, value in given.items() if value}
    for key, question in _QUESTIONS.items():
        if key not in said:
            said[key] = question(said)
    return said


def short(text: str, taken: Container[str] = ()) -> str:
    """An id from a name, not among those taken: `Inès Falk` → `ines-falk`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "x"
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if name not in taken)


def _ask(question: str, **more: Any) -> Any:
    """Ask on standard error, so that standard output holds nothing but the answer."""
    return click.prompt(question, err=True, **more)


def _more(question: str, *, default: bool = False) -> bool:
    return click.confirm(question, default=default, err=True)


def _organisations(said: Entry) -> list[Keyed]:
    fewest, found = 3 if said["model"] == Model.CONSORTIUM else 2, dict[str, Entry]()
    while len(found) < fewest or _more("Another organisation?"):
        name = _ask(f"\nOrganisation {len(found) + 1}, its name")
        entry = {"name": name, "country": _ask("Its country (ISO 3166, such as DE)", type=_COUNTRY)}
        zones = zones_of(entry["country"])
        if zones and not sole_zone(entry["country"]):
            zone = click.Choice(zones)
            entry["timezone"] = _ask("Its time zone", type=zone, default=zones[0], show_choices=len(zones) < 6)
        found[short(name.split()[0] if name.split() else name, found)] = entry
    return list(found.items())


def _people(said: Entry) -> list[Keyed]:
    found = dict[str, Entry]()
    for of, organisation in said["organisations"]:
        for role in (Role.ALLIANCE_MANAGER, Role.SPONSOR):
            name = _ask(f"\nThe {role.words} of {organisation['name']}, by name")
            key = short(name.split()[0] if name.split() else name, found)
            found[key] = {"name": name, "email": _ask("E-mail address"), "of": of, "role": role.value}
    return list(found.items())


def _criteria(said: Entry) -> list[Entry]:
    found: list[Entry] = []
    while not found or _more("Another criterion?"):
        says = _ask("\nWhat will be true after 90 days")
        taken = [criterion["id"] for criterion in found]
        found.append(
            {"id": short(" ".join(says.split()[:4]), taken), "says": says, "owner": _person(said, "Who judges it")}
        )
    return found


def _kpis(said: Entry) -> list[Keyed]:
    found = dict[str, Entry]()
    while len(found) < 1 or _more("Another KPI? (3 to 10 are wise)", default=len(found) < 3):
        name = _ask(f"\nKPI {len(found) + 1}, its name")
        owner = _person(said, "Its owner")
        deputy = _ask("Their deputy", type=click.Choice([*dict(said["people"]), ""]), default="")
        target = _ask("Its target (>= 0.3, <= 92, = 4, 3..5, or yes for a milestone)", type=_TARGET)
        entry = {"name": name, "owner": owner, "deputy": deputy, "target": target, "every": _ask("Every", type=_UNITS)}
        entry["decides"] = _person(said, "Who decides over it", default=owner)
        found[short(name, found)] = {key: value for key, value in entry.items() if value}
    return list(found.items())


def _triggers(_: Entry) -> list[Entry]:
    click.echo("\nUsual triggers of a formal review: " + ", ".join(USUAL_TRIGGERS), err=True)
    found = [add_flags.trigger(usual) for usual in USUAL_TRIGGERS] if _more("Take these?", default=True) else []
    while not found or _more("Another trigger?"):
        found.append(_ask('Trigger, such as "missed any 3"', type=_TRIGGER))
    return found


def _requires(said: Entry) -> Entry:
    organisations = list(dict(said["organisations"]))
    match Model(said["model"]):
        case Model.EQUITY_ALLIANCE:
            holder = _ask("\nWho holds the stake", type=click.Choice(organisations))
            others = [key for key in organisations if key != holder]
            held = _ask("In whom", type=click.Choice(others), default=others[0])
            return {"equity": {"holder": holder, "in": held, "percent": _ask("How many percent", type=_PERCENT)}}
        case Model.JOINT_VENTURE:
            entity = {"name": _ask("\nThe new legal entity, its name"), "country": _ask("Its country", type=_COUNTRY)}
            return {"entity": {**entity, "shares": dict(_shares(organisations))}}
        case Model.REVENUE_SHARING:
            basis = _ask("\nWhat is shared", default="top_line_revenue")
            return {"formula": {"basis": basis, "shares": dict(_shares(organisations))}}
        case _:
            return {}


def _shares(organisations: list[str]) -> Iterator[tuple[str, Any]]:
    for key in organisations:
        yield key, _ask(f"The share of {key}, in percent", type=_PERCENT)


def _person(said: Entry, question: str, **more: Any) -> Any:
    return _ask(question, type=click.Choice(list(dict(said["people"]))), **more)


_QUESTIONS: Mapping[str, Any] = {
    "name": lambda _: _ask("Name of the partnership"),
    "id": lambda said: _ask("Its id, which the file bears as well", default=short(said["name"])),
    "model": lambda _: _ask("Structural model (`cadence recommend` helps to choose)", type=_MODELS),
    "function": lambda _: _ask("What it is for", type=_FUNCTIONS, default=""),
    "goal": lambda _: _ask("The goal that neither side could reach alone", default="", show_default=False),
    "effective": lambda _: _ask("Effective date (day 0)", type=_DATE),
    "organisations": _organisations,
    "requires": _requires,
    "people": _people,
    "criteria": _criteria,
    "kpis": _kpis,
    "triggers": _triggers,
}
"""What is asked, in this order; each question knows the answers before it."""
