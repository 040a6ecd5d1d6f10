"""The keys of each noun, as a definition writes them: which may stand at a place, and what a missing one is for."""

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from scheduler.definitions.problems import Trail
from scheduler.domain.base import Noun
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.trigger import TRIGGERS


def noun_at(path: Trail, tree: object, root: type[Noun] = Partnership) -> type[Noun] | None:
    """The noun that is read at this path of a definition, or None where none is (a text, a list, an unknown key)."""
    kind: Any = root
    value: Any = tree
    for step in path:
        kind = _inside(kind, step)
        value = _value(value, step)
        kind = _one_of(kind, value)
    return kind if isinstance(kind, type) and issubclass(kind, Noun) else None


def keys_of(noun: type[Noun]) -> list[str]:
    """Its keys as they are written (`for`, not `for_`), in the order in which the noun has them."""
    return [field.alias or name for name, field in noun.model_fields.items()]


def _inside(kind: Any, step: str | int) -> Any:
    if isinstance(kind, type) and issubclass(kind, Noun):
        return next((f.annotation for name, f in kind.model_fields.items() if step in (f.alias, name)), None)
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return arguments[1]
    return arguments[0] if get_origin(kind) is tuple else None


def _value(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _one_of(kind: Any, value: Any) -> Any:
    """The one alternative that is meant: without None; among triggers, the one that its `when` names."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) not in (Union, UnionType):
        return kind
    others = [other for other in get_args(kind) if other is not type(None)]
    if len(others) == 1:
        return _one_of(others[0], value)
    if several := next((each for each in map(_bare, others) if get_origin(each) is tuple), None):
        return several if isinstance(value, list) else get_args(several)[0] if isinstance(value, dict) else None
    when = value.get("when") if isinstance(value, dict) else None
    return TRIGGERS.get(when) if isinstance(when, str) else None


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _of_trigger(description: str) -> tuple[str, str]:
    what, _, line = description.partition("; ")
    return f"the trigger does not say {what}", f"add: {line}"


NO_SUCCESS = (
    "what success looks like at 90 days is not written down, and it must be before signing",
    "add: success_at_90_days: {criteria: [{id: first-result, says: what will be true by then, owner: a person}]}",
)
NO_KPI = (
    "no KPI is agreed, so nobody owns one; this must be settled before signing",
    "add under kpis: delivered: {name: Units delivered, owner: ines, target: '>= 1', every: month, decides: ines}",
)
NO_OWNER = (
    "nobody owns this KPI; who does must be written before signing",
    "add: owner: a person, by the key that stands under people",
)
NO_TRIGGER = (
    "nothing would call a formal governance review; what does must be written before signing",
    "add: triggers: [{when: missed, kpi: any, times: 3}, {when: vacant, role: sponsor}]",
)

MISSING: dict[tuple[str, str], tuple[str, str]] = {
    ("Partnership", "success_at_90_days"): NO_SUCCESS,
    ("Partnership", "kpis"): NO_KPI,
    ("Partnership", "triggers"): NO_TRIGGER,
    ("Kpi", "owner"): NO_OWNER,
    ("Partnership", "partnership"): (
        "the partnership has no id; reviews, files and calendars are named after it",
        "add: partnership: acme-globex, the name of the file without its ending",
    ),
    ("Partnership", "name"): ("the partnership has no name for people to read", "add: name: Acme × Globex cells"),
    ("Partnership", "model"): (
        "the structural model is not named; the cadence and its playbook follow from it",
        "add: model: contractual_alliance (or ask `cadence recommend` which one fits)",
    ),
    ("Partnership", "organisations"): (
        "the organisations are not named; their holidays and hours shape every date",
        "add under organisations: acme: {name: Acme Motors SE, country: DE}",
    ),
    ("Partnership", "people"): (
        "nobody is named who could own a review or a KPI",
        "add under people: ines: {name: Inès Falk, email: ines.falk@acme.example, of: acme, role: alliance_manager}",
    ),
    ("Partnership", "agreement"): (
        "the agreement is missing; the 90 days and the cadence count from its effective date",
        "add: agreement: {effective: 2026-10-01}",
    ),
    ("Agreement", "effective"): (
        "the effective date is missing; the 90 days and the cadence count from it",
        "add: effective: 2026-10-01",
    ),
    ("Layer", "name"): ("the layer has no name for people to read", "add: name: Licence for Asia-Pacific"),
    ("Layer", "model"): ("the layer does not name its structural model", "add: model: contractual_alliance"),
    ("Layer", "effective"): (
        "the layer has no effective date, from which its cadence would count",
        "add: effective: 2027-01-15",
    ),
    ("Amendment", "effective"): ("the amendment does not say from when it holds", "add: effective: 2027-10-01"),
    ("Amendment", "model"): ("the amendment does not say which model follows", "add: model: joint_venture"),
    ("Organisation", "name"): ("the organisation has no name for people to read", "add: name: Acme Motors SE"),
    ("Person", "name"): ("the person has no name for people to read", "add: name: Inès Falk"),
    ("Person", "email"): (
        "the person has no address for invitations and reminders",
        "add: email: ines.falk@acme.example",
    ),
    ("Kpi", "name"): ("the KPI has no name for people to read", "add: name: Cells delivered"),
    ("Kpi", "target"): (
        "the KPI has no target to be held against",
        "add: target: '>= 0.3' (or '<= 92', '= 4', '3..5', yes for a milestone)",
    ),
    ("Kpi", "every"): (
        "the KPI does not say how often it is measured",
        "add: every: month (or week, quarter, half-year, year)",
    ),
    ("Kpi", "decides"): ("nobody has the authority to decide over this KPI", "add: decides: a person or a committee"),
    ("Success", "criteria"): NO_SUCCESS,
    ("Criterion", "id"): ("the criterion has no id for verdicts to refer to", "add: id: first-result"),
    ("Criterion", "says"): (
        "the criterion does not say what will be true after 90 days",
        "add: says: First cell format qualified on the line",
    ),
    ("Equity", "holder"): ("who holds the stake is not said", "add: holder: an organisation"),
    ("Equity", "in"): ("in whom the stake is held is not said", "add: in: an organisation"),
    ("Equity", "percent"): ("the size of the stake is not said", "add: percent: 8.5"),
    ("Entity", "name"): ("the new legal entity has no name", "add: name: Halden Cells GmbH"),
    ("Formula", "basis"): ("what is shared is not said", "add: basis: top_line_revenue"),
    ("Body", "body"): ("the body that decides has no name", "add: body: Joint steering committee"),
    ("EscalationLevel", "tell"): ("the level does not say whom it is told", "add: tell: sponsors"),
    ("Clause", "says"): ("what the clause says is not said", "add: says: Each side keeps what it brings in"),
    ("PaperMilestone", "says"): ("what is to be reached is not said", "add: says: Term sheet agreed"),
    ("PaperMilestone", "by"): ("by when it is to be reached is not said", "add: by: 2026-12-15"),
    ("PaperMilestone", "owner"): ("nobody answers for this milestone", "add: owner: a person, by the key under people"),
    ("Document", "kind"): ("what kind of document this is is not said", "add: kind: nda"),
    ("Rung", "name"): ("the rung of the ladder has no name to be remembered by", "add: name: overdue"),
    ("Rung", "at"): (
        "the rung of the ladder does not say when it is reached",
        "add: at: 1, the working days after the due day (-1 is the day before it)",
    ),
    **{
        (kind.__name__, field.alias or name): _of_trigger(field.description)
        for kind in TRIGGERS.values()
        for name, field in kind.model_fields.items()
        if field.description
    },
}
"""What a missing key is for, and a line to paste, by noun and key."""
