"""In what two definitions differ that concerns all sides: dates, owners, targets, triggers, the agreement. What is
internal to an organisation is no other's to hear of, nor that it changed: all sides together hear of the network level.

A comment, an order, an address, an absence is none of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.domain.definition.partnership import Layer, Partnership
from scheduler.domain.definition.vocabulary import Level, Role
from scheduler.domain.record.dispute import ChangeFacts, DefinitionChange
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import DefinitionFacts
from scheduler.rules.access import JOINT, Audience, may_learn, may_see

_LONGEST = 200
_WHOLE = ("name", "model", "form", "function", "goal", "timezone", "ladder")
_LAYER = ("name", "model", "form", "effective", "ends", "goal", "timezone", "organisations")
_PERSON = ("name", "of", "role", "leaves", "successor")
_UNSAID = ("renamed_from",)
_PEOPLE = ("owner", "deputy", "decides", "agenda_owner", "chair", "attendees", "successor")
"""Keys whose values name people."""
Tree = Mapping[str, Any]


def changes(
    before: Partnership, after: Partnership, audience: Audience = JOINT, unseen: Collection[str] = ()
) -> tuple[ChangeFacts, ...]:
    """The differences that this audience may see, in the order of a definition's keys; `unseen` are keys of KPIs, more
    of them, that it is not to hear of."""
    was, now = _Names(before, audience), _Names(after, audience)
    was.hidden = now.hidden = was.hidden | now.hidden | {*unseen}
    was.unseen = now.unseen = frozenset(unseen)
    return tuple(_differences(was, now, _tree(before), _tree(after)))


def hidden_kpis(definition: Partnership, audience: Audience) -> set[str]:
    """The keys of the KPIs, of any layer, that are internal to an organisation that this audience is not of."""
    parts: tuple[Partnership | Layer, ...] = (definition, *definition.layers.values())
    return {key for part in parts for key, kpi in part.kpis.items() if not may_see(kpi, audience)}


def heard_by(partnership: Partnership, today: date) -> tuple[str, ...]:
    """Who is told, by key: the alliance managers of all sides, the sponsors of a side that has none."""
    there = {key: who for key, who in partnership.people.items() if not who.has_left(today)}
    managing = [key for key, who in there.items() if who.role is Role.ALLIANCE_MANAGER]
    sides = {there[key].of for key in managing}
    sponsors = [key for key, who in there.items() if who.role is Role.SPONSOR and who.of not in sides]
    return (*managing, *sponsors)


def notices(partnership: Partnership, known: Sequence[DefinitionChange]) -> Iterator[Notification]:
    """What changed, told once to each."""
    for each in known:
        facts: DefinitionFacts = {"name": partnership.name, "changes": [*each.changes]}
        yield Notification(
            partnership=partnership.partnership,
            about="definition",
            subject=f"{partnership.partnership}/{each.number}",
            period="",
            rung="changed",
            occasion=each.at.isoformat(),
            on=each.at.astimezone(ZoneInfo(partnership.zone)).date(),
            people=each.people,
            facts=facts,
        )


class _Names:
    """What a definition calls people and KPIs, and which KPIs the audience may not hear of."""

    def __init__(self, definition: Partnership, audience: Audience) -> None:
        self._people = {key: who.name for key, who in definition.people.items()}
        parts: tuple[Partnership | Layer, ...] = (definition, *definition.layers.values())
        self._kpis = {key: kpi.name for part in parts for key, kpi in part.kpis.items()}
        self.hidden = hidden_kpis(definition, audience)
        self.unseen: frozenset[str] = frozenset()
        self._audience = audience

    def shows(self, key: str, kpi: Tree) -> bool:
        """Whether a KPI is there for the audience, as its definition has it."""
        of = str(kpi.get("of")) if kpi.get("level") == Level.ACTOR else None
        return key not in self.unseen and may_learn(of, self._audience)

    def words(self, field: str, value: Any) -> str | None:
        """A value of a definition in words, people by their names."""
        if value is None or value in ([], {}):
            return None
        if isinstance(value, Mapping):
            said = ", ".join(f"{key} {self.words(key, each)}" for key, each in value.items() if each is not None)
        elif isinstance(value, list):
            said = ", ".join(str(self.words(field, each)) for each in value)
        elif field == "kpi":
            said = self._kpis.get(str(value), str(value))
        elif field in _PEOPLE:
            said = self._people.get(str(value), str(value))
        else:
            said = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _tree(definition: Partnership) -> Tree:
    return definition.model_dump(mode="json", by_alias=True, exclude_none=True)


def _differences(was: _Names, now: _Names, before: Tree, after: Tree) -> Iterator[ChangeFacts]:
    yield from _fields("partnership", None, _only(before, _WHOLE), _only(after, _WHOLE), was, now)
    yield from _entries("organisation", before["organisations"], after["organisations"], was, now)
    yield from _entries("person", _people(before), _people(after), was, now, former=_former(after["people"]))
    yield from _fields("agreement", None, before["agreement"], after["agreement"], was, now)
    yield from _part(before, after, was, now)
    yield from _triggers(before, after, was, now)
    layers, left = after.get("layers", {}), dict(before.get("layers", {}))
    for key, layer in layers.items():
        earlier = _earlier(left, layers, key, layer.get("renamed_from", ""), layer["name"], "name")
        if earlier is None:
            yield _fact("layer", layer["name"], None, None, layer["name"])
            continue
        yield from _fields("layer", layer["name"], _only(earlier, _LAYER), _only(layer, _LAYER), was, now)
        yield from _part(earlier, layer, was, now)
    yield from (_fact("layer", layer["name"], None, layer["name"], None) for layer in left.values())


def _part(before: Tree, after: Tree, was: _Names, now: _Names) -> Iterator[ChangeFacts]:
    """What an umbrella and a layer have alike."""
    kpis, others = _shared(before, was), _shared(after, now)
    yield from _entries("kpi", kpis, others, was, now, former=_former(others))
    reviews = after.get("reviews", {})
    yield from _entries("review", before.get("reviews", {}), reviews, was, now, former=_former(reviews))
    yield from _entries("criterion", _criteria(before, was), _criteria(after, now), was, now, called="says")
    yield from _fields("checkpoint", None, _success(before), _success(after), was, now)


def _people(tree: Tree) -> dict[str, Tree]:
    return {key: _only(who, _PERSON) for key, who in tree["people"].items()}


def _success(part: Tree) -> dict[str, Any]:
    return {key: value for key, value in part.get("success_at_90_days", {}).items() if key != "criteria"}


def _shared(part: Tree, names: _Names) -> dict[str, Tree]:
    return {key: kpi for key, kpi in part.get("kpis", {}).items() if names.shows(key, kpi)}


def _criteria(part: Tree, names: _Names) -> dict[str, Tree]:
    """Its criteria by id, without that one rests on a KPI that is internal to an organisation."""
    rests = ("kpi", "target")
    return {
        each["id"]: {
            key: value for key, value in each.items() if key not in rests or each.get("kpi") not in names.hidden
        }
        for each in part.get("success_at_90_days", {}).get("criteria", ())
    }


def _triggers(before: Tree, after: Tree, was: _Names, now: _Names) -> Iterator[ChangeFacts]:
    known = [each for each in before.get("triggers", ()) if each.get("kpi") not in was.hidden]
    there = [each for each in after.get("triggers", ()) if each.get("kpi") not in now.hidden]
    yield from (
        _fact("trigger", now.words("", each), None, None, now.words("", each)) for each in there if each not in known
    )
    yield from (
        _fact("trigger", was.words("", each), None, was.words("", each), None) for each in known if each not in there
    )


def _entries(
    part: str,
    before: Mapping[str, Tree],
    after: Mapping[str, Tree],
    was: _Names,
    now: _Names,
    *,
    former: Mapping[str, str] | None = None,
    called: str = "name",
) -> Iterator[ChangeFacts]:
    """Entries by their keys, also under another key than before, where they say which."""
    left = dict(before)
    for key, entry in after.items():
        name = str(entry.get(called) or entry.get("title") or key)
        earlier = _earlier(left, after, key, (former or {}).get(key, ""), name, called)
        if earlier is None:
            yield _fact(part, name, None, None, name)
        else:
            yield from _fields(part, name, earlier, entry, was, now)
    for key, entry in left.items():
        name = str(entry.get(called) or entry.get("title") or key)
        yield _fact(part, name, None, name, None)


def _earlier(
    left: dict[str, Tree], after: Mapping[str, Tree], key: str, former: str, name: str, called: str
) -> Tree | None:
    """What an entry was before, taken out of what is `left`: under its key, or the one that it says it bore; else under
    its name, where that key is gone: a rename that is taken back says nothing."""
    by_name = (each for each, entry in left.items() if each not in after and entry.get(called) == name)
    for known in (key, former, next(by_name, "")):
        if known in left:
            return left.pop(known)
    return None


def _fields(part: str, name: str | None, before: Tree, after: Tree, was: _Names, now: _Names) -> Iterator[ChangeFacts]:
    for field in dict.fromkeys((*before, *after)):
        then, today = was.words(field, before.get(field)), now.words(field, after.get(field))
        if then != today and field not in _UNSAID:
            yield _fact(part, name, field, then, today)


def _former(entries: Mapping[str, Tree]) -> dict[str, str]:
    return {key: str(entry["renamed_from"]) for key, entry in entries.items() if entry.get("renamed_from")}


def _only(tree: Tree, keys: Iterable[str]) -> dict[str, Any]:
    return {key: tree[key] for key in keys if key in tree}


def _fact(part: str, name: str | None, field: str | None, was: str | None, now: str | None) -> ChangeFacts:
    return {"part": part, "name": name, "field": field, "was": was, "now": now}
