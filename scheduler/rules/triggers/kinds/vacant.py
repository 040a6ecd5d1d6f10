"""A role has nobody to fill it on some side."""

from collections.abc import Iterator

from scheduler.domain.definition.trigger import Vacant
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.trigger_event import Cause, Evidence
from scheduler.rules.reviews.scopes import Scope
from scheduler.rules.triggers.situation import Situation

from .rules import TriggerForecast, TriggerRules, cause


def in_words(trigger: Vacant) -> str:
    return f"a side without {_with_article(trigger.role)}"


def causes(trigger: Vacant, at: Situation) -> Iterator[Cause]:
    for key in _empty_sides(trigger.role, at.scope):
        says = f"{at.scope.organisations[key].name} has no {trigger.role.words}"
        yield cause(at, in_words(trigger), f"vacant/{trigger.role}/{key}", says, [Evidence(at.today, says)])


def forecast(trigger: Vacant, at: Situation) -> Iterator[TriggerForecast]:
    empty = [at.scope.organisations[key].name for key in _empty_sides(trigger.role, at.scope)]
    holders = [at.scope.people[key].name for key in at.scope.with_roles((trigger.role,))]
    role = trigger.role
    says = f"no {role.words}: {', '.join(empty)}" if empty else f"every side has {_with_article(role)}"
    says = f"{says} ({', '.join(holders) or 'nobody'})"
    yield TriggerForecast(at.scope.id, in_words(trigger), role, bool(empty), says)


def _empty_sides(role: Role, scope: Scope) -> list[str]:
    """The organisations of the scope on whose side nobody has the role. Somebody of no organisation (a neutral
    coordinator, a joint venture's chief executive) has it for all."""
    holders = {person.of for person in scope.people.values() if person.role is role}
    return [] if None in holders else [key for key in scope.organisations if key not in holders]


def _with_article(role: Role) -> str:
    """``a sponsor``, ``an alliance manager``."""
    return f"{'an' if role.words[0] in 'aeiou' else 'a'} {role.words}"


RULES = TriggerRules(in_words, causes, forecast)
