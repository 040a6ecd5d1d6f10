"""What was said so far of a partnership that is to be: a flat sheet of texts, and the entries that follow from them.

A field is named by its place: `name`, `organisations.1.country`, `kpis.2.owner`. Rows count from 1; a row is
there where its first field says something. Keys (`acme`, `ines`) are made from names, in the order of the rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from scheduler.definitions.authoring.keys import person_key, short
from scheduler.definitions.authoring.short_forms import USUAL_TRIGGERS, day, trigger
from scheduler.definitions.authoring.writer import Answers, Entry
from scheduler.domain.definition.vocabulary import Model, Role
from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Percent

LEADS = {
    "organisations": "name",
    "people": "name",
    "kpis": "name",
    "criteria": "says",
    "triggers": "says",
    "layers": "name",
}
"""What comes in rows, and the field without which a row is none."""
SEATS = (Role.ALLIANCE_MANAGER, Role.SPONSOR)
"""Whom each side has: first the one, then the other."""
USUAL_HOURS = "09:00-17:00"
TERMS = {Model.EQUITY_ALLIANCE: "equity", Model.JOINT_VENTURE: "entity", Model.REVENUE_SHARING: "formula"}
"""What a model requires on record, by its key in the agreement."""


@dataclass(frozen=True)
class DefinitionDraft:
    """`said` are texts by field, as they were typed. `given` are whole blocks of a definition that were said in another
    way, by their names in `Answers`: nothing of them is asked. `unfolds` is whether a row that is not begun is asked
    about as a whole, as a page does that is filled in at once; a terminal asks for its name first."""

    said: Mapping[str, str]
    given: Mapping[str, Any] = field(default_factory=dict)
    unfolds: bool = False

    def text(self, name: str) -> str:
        return self.said.get(name, "").strip()

    def rows(self, group: str) -> list[int]:
        """The numbers of the rows in which something is said."""
        ending = f".{LEADS[group]}"
        names = (name for name in self.said if name.startswith(f"{group}.") and name.endswith(ending))
        numbers = (name.split(".")[1] for name in names if self.text(name))
        return sorted(int(number) for number in numbers if number.isdecimal())

    def last(self, group: str) -> int:
        return max(self.rows(group), default=0)

    def keys(self, group: str) -> dict[int, str]:
        """The key of each row, by its number: made from its name, and never twice."""
        keys: dict[int, str] = {}
        for number in self.rows(group):
            name, taken = self.text(f"{group}.{number}.{LEADS[group]}"), set(keys.values())
            if group == "people":
                keys[number] = person_key(name, self.text(f"people.{number}.email"), taken)
            elif group == "organisations":
                keys[number] = short(self.text(f"organisations.{number}.key") or name.split()[0], taken)
            else:
                keys[number] = short(" ".join(name.split()[:4]) if group == "criteria" else name, taken)
        return keys

    @cached_property
    def model(self) -> Model | None:
        if "model" in self.given:
            return Model(self.given["model"])
        return Model(self.text("model")) if self.text("model") in [*Model] else None

    @cached_property
    def organisations(self) -> Mapping[str, Entry]:
        return self._block("organisations", self._organisation)

    @cached_property
    def people(self) -> Mapping[str, Entry]:
        return self._block("people", self._person)

    @cached_property
    def kpis(self) -> Mapping[str, Entry]:
        return self._block("kpis", self._kpi)

    @cached_property
    def layers(self) -> Mapping[str, Entry]:
        return self._block("layers", self._layer)

    def seat(self, number: int) -> tuple[str, str]:
        """Organisation and role of a person's row: those that are said, else the seats of the sides in their order."""
        sides = list(self.organisations)
        side, place = divmod(number - 1, len(SEATS))
        implied = (sides[side], SEATS[place].value) if side < len(sides) else ("", "")
        said = self.said.get(f"people.{number}.of"), self.said.get(f"people.{number}.role")
        return (
            implied[0] if said[0] is None else said[0].strip(),
            implied[1] if said[1] is None else said[1].strip(),
        )

    def answers(self, today: date) -> Answers:
        """All of it, as far as it goes: where the model or the day is not said yet, something stands in its place."""
        given = self.given
        return Answers(
            id=given.get("id") or self.text("id") or short(self.text("name")),
            name=given.get("name") or self.text("name"),
            model=self.model or Model.CONTRACTUAL_ALLIANCE,
            function=given.get("function") or self.text("function") or None,
            goal=given.get("goal") or self.text("goal") or None,
            effective=given.get("effective") or _day(self.text("effective")) or today,
            organisations=self.organisations,
            people=self.people,
            criteria=[self._judged(each) for each in given.get("criteria") or self._criteria()],
            kpis=self.kpis,
            triggers=given.get("triggers") or list(self._triggers()),
            requires=given.get("requires") or self._terms(),
            layers=self.layers,
        )

    def _block(self, group: str, entry: Any) -> Mapping[str, Entry]:
        if self.given.get(group):
            whole: Mapping[str, Entry] = self.given[group]
            return whole
        return {key: _said(entry(number)) for number, key in self.keys(group).items()}

    def _of(self, group: str, number: int, *names: str) -> dict[str, Any]:
        return {name: self.text(f"{group}.{number}.{name}") for name in names}

    def _organisation(self, number: int) -> dict[str, Any]:
        entry = self._of("organisations", number, "name", "country", "region", "timezone", "hours")
        return {**entry, "hours": "" if entry["hours"] == USUAL_HOURS else entry["hours"]}

    def _person(self, number: int) -> dict[str, Any]:
        of, role = self.seat(number)
        return {**self._of("people", number, "name", "email"), "of": of, "role": role}

    def _kpi(self, number: int) -> dict[str, Any]:
        entry = self._of("kpis", number, "name", "owner", "deputy", "unit", "target", "every", "decides")
        return {**entry, "decides": entry["decides"] or entry["owner"]}

    def _layer(self, number: int) -> dict[str, Any]:
        entry = self._of("layers", number, "name", "model", "form", "effective")
        return {**entry, "effective": _day(entry["effective"]) or entry["effective"]}

    def _judged(self, criterion: Entry) -> Entry:
        """A criterion that was given without a judge is for the first person."""
        if not self.given.get("criteria") or {"owner", "kpi"} & criterion.keys() or not self.people:
            return criterion
        return {**criterion, "owner": next(iter(self.people))}

    def _criteria(self) -> Iterator[Entry]:
        for number, key in self.keys("criteria").items():
            says, by = self.text(f"criteria.{number}.says"), self.text(f"criteria.{number}.by")
            of_kpi = by.removeprefix("kpi ") if by.startswith("kpi ") else ""
            target = self.text(f"criteria.{number}.target") if of_kpi else ""
            judge = {"kpi": of_kpi, "target": target} if of_kpi else {"owner": by}
            yield _said({"id": key, "says": says, **judge})

    def _triggers(self) -> Iterator[Entry]:
        if self.text("triggers.usual") != "no":
            yield from map(trigger, USUAL_TRIGGERS)
        for number in self.rows("triggers"):
            yield _trigger(self.text(f"triggers.{number}.says"))

    def _terms(self) -> Entry:
        match self.model:
            case Model.EQUITY_ALLIANCE:
                stake = {"holder": self.text("terms.holder"), "in": self.text("terms.in")}
                return {"equity": _said({**stake, "percent": _percent(self.text("terms.percent"))})}
            case Model.JOINT_VENTURE:
                entity = {"name": self.text("terms.name"), "country": self.text("terms.country")}
                return {"entity": _said({**entity, "shares": self._shares()})}
            case Model.REVENUE_SHARING:
                return {"formula": _said({"basis": self.text("terms.basis"), "shares": self._shares()})}
            case _:
                return {}

    def _shares(self) -> Entry:
        said = {key: self.text(f"terms.share.{number}") for number, key in enumerate(self.organisations, 1)}
        return {key: _percent(share) for key, share in said.items() if share}


def carried(before: DefinitionDraft, said: Mapping[str, str]) -> dict[str, str]:
    """What is said after an edit: whatever named a person, an organisation or a KPI by its key names it by the new
    one, where the edit gave it another."""
    after = DefinitionDraft(said, before.given)
    names = {group: _other_keys(before, after, group) for group in ("organisations", "people", "kpis")}
    return {name: _carried(name, text, names) for name, text in said.items()}


def _other_keys(before: DefinitionDraft, after: DefinitionDraft, group: str) -> dict[str, str]:
    now = after.keys(group)
    return {key: now[number] for number, key in before.keys(group).items() if number in now and now[number] != key}


def _carried(name: str, text: str, names: Mapping[str, Mapping[str, str]]) -> str:
    group, last = name.partition(".")[0], name.rpartition(".")[2]
    if (group, last) in (("people", "of"), ("terms", "holder"), ("terms", "in")):
        return names["organisations"].get(text, text)
    if group == "kpis" and last in ("owner", "deputy", "decides"):
        return names["people"].get(text, text)
    if group == "criteria" and last == "by":
        kpi = text.removeprefix("kpi ")
        return names["people"].get(text, text) if kpi == text else f"kpi {names['kpis'].get(kpi, kpi)}"
    if group == "triggers" and last == "says":
        when, kpi, *rest = [*text.split(), "", ""]
        return " ".join([when, names["kpis"][kpi], *rest]).strip() if kpi in names["kpis"] else text
    return text


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in ("", {})}


def _day(text: str) -> date | None:
    try:
        return day(text)
    except InvalidValue:
        return None


def _trigger(text: str) -> Entry:
    try:
        return trigger(text)
    except InvalidValue:
        return {"when": text}


def _percent(text: str) -> Any:
    try:
        return Percent.read(text).value
    except InvalidValue:
        return text
