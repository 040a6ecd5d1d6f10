"""What an edit of a definition changed, in the words of whoever reads it: keys of a definition stay English in its
file, and in English they are read as they stand there."""

import re
from collections.abc import Mapping
from datetime import date

from .languages import isolated, known, local_forms, say, sentence
from .wording import plain_words

_PARTS: Mapping[str, str] = {
    "organisation": sentence("organisation"),
    "person": sentence("person"),
    "agreement": sentence("the agreement"),
    "kpi": sentence("KPI"),
    "review": sentence("review"),
    "criterion": sentence("criterion of the 90 days"),
    "checkpoint": sentence("the 90-day checkpoint"),
    "trigger": sentence("trigger"),
    "layer": sentence("layer"),
}
"""The parts of a definition; the partnership itself needs no name."""
_FIELDS: Mapping[str, str] = {
    # of a partnership, a layer, an organisation, a person
    "name": sentence("its name"),
    "model": sentence("the structural model"),
    "form": sentence("the kind of contractual alliance"),
    "function": sentence("what it is for"),
    "goal": sentence("the goal"),
    "timezone": sentence("the time zone"),
    "ladder": sentence("the ladder of reminders"),
    "organisations": sentence("the organisations"),
    "country": sentence("the country"),
    "region": sentence("the region"),
    "hours": sentence("the working hours"),
    "weekend": sentence("the weekend"),
    "closed": sentence("the days on which it is closed"),
    "works": sentence("the days on which it works all the same"),
    "fiscal_year_starts": sentence("the first day of the fiscal year"),
    "numbers": sentence("how numbers are written"),
    "language": sentence("the language"),
    "dates": sentence("how dates are written"),
    "of": sentence("the organisation"),
    "role": sentence("the role"),
    "leaves": sentence("the last day there"),
    "successor": sentence("the successor"),
    # of an agreement
    "equity": sentence("the stake"),
    "entity": sentence("the legal entity"),
    "formula": sentence("the formula of the revenue"),
    "effective": sentence("the day from which it holds"),
    "signed": sentence("the day on which it was signed"),
    "ends": sentence("the last day"),
    "renewal": sentence("the renewal"),
    "decides": sentence("who decides"),
    "documents": sentence("the signed papers"),
    "contributions": sentence("what each side brings in"),
    "scope": sentence("what it covers"),
    "territory": sentence("the territory"),
    "exclusivity": sentence("the exclusivity"),
    "reserved_matters": sentence("what needs the consent of all"),
    "ip": sentence("the intellectual property"),
    "confidentiality": sentence("the confidentiality"),
    "dispute_resolution": sentence("how disputes are settled"),
    "termination": sentence("how it may be ended"),
    "exit": sentence("the words on the exit"),
    "survives": sentence("what outlasts it"),
    "amendments": sentence("the amendments"),
    # of a KPI, a criterion, a checkpoint
    "owner": sentence("the owner"),
    "deputy": sentence("the deputy"),
    "target": sentence("the target"),
    "every": sentence("how often"),
    "level": sentence("the level"),
    "unit": sentence("the unit"),
    "due": sentence("when it is due"),
    "grace": sentence("the grace period"),
    "leverage": sentence("the gain that is sought"),
    "from": sentence("the day from which it is measured"),
    "fiscal": sentence("whose fiscal year counts"),
    "id": sentence("the key"),
    "says": sentence("what it says"),
    "kpi": sentence("the KPI that it rests on"),
    "launch_track": sentence("the steps of the launch"),
    # of a review
    "title": sentence("the title"),
    "kind": sentence("the kind of review"),
    "on": sentence("the day of the meeting"),
    "rule": sentence("the rule of its days"),
    "at": sentence("the time of day"),
    "length": sentence("how long it takes"),
    "agenda_owner": sentence("the agenda owner"),
    "chair": sentence("the chair"),
    "rotate": sentence("whether the host takes turns"),
    "attendees": sentence("who meets"),
    "quorum": sentence("the quorum"),
    "place": sentence("the place"),
    "host": sentence("the host"),
    "day_off": sentence("what becomes of it on a day off"),
    "clocks": sentence("the days around the meeting"),
    "minutes_by": sentence("the day for the minutes"),
    "topics": sentence("the topics"),
    "off": sentence("whether it is left out"),
}
_OF_CLOSED_LISTS = ("model", "form", "role", "leverage", "kind")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def field_words(field: str) -> str:
    """A key of a definition: ``agenda owner``; ``Verantwortung für die Tagesordnung`` to who reads German."""
    if field in _FIELDS and local_forms.is_local():
        return say(_FIELDS[field])
    return field.replace("_", " ")


def what_differs(part: str, name: str | None, field: str | None) -> str:
    """``KPI Cells delivered: target``: what of a definition, or of a review, is otherwise."""
    of = " ".join(filter(None, (say(_PARTS[part]) if part in _PARTS else "", isolated(name or ""))))
    return ": ".join(filter(None, (of, field_words(field) if field else "")))


def field_value(field: str | None, value: str) -> str:
    """A value as the definition has it, a day as its reader writes days, and a word of a closed list in their words."""
    if not local_forms.is_local():
        return value
    if _ISO.fullmatch(value):
        return plain_words(date.fromisoformat(value))
    return known(value.replace("-", " ").replace("_", " ")) if field in _OF_CLOSED_LISTS else value
