"""No letter shows a command to somebody who is no operator, nor to one where a form settles the matter: every template
of a notification, rendered with every word that its facts can be, and each fact that may be missing missing once."""

from collections.abc import Iterator
from itertools import product
from types import NoneType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from jinja2.exceptions import UndefinedError

from scheduler.domain.record.notification_facts import OF_KIND
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from tests.sentences import SHIPPED

OF_A_LIST = {"outcome": "adopted", "decided": "renew", "part": "kpi", "zone": "Europe/Berlin"}
"""What a fact can be of which the templates have a list."""
A_DAY = "2026-12-18"
"""Any text: of a fact that is a day it has to be one."""
DEV = "Dev Patel"
ONLOOKERS = [
    Means(has_shell=False, has_form=True, contact=DEV),
    Means(has_shell=False, contact=DEV),
    Means(has_shell=True, has_form=True, contact=DEV),
]


def test_every_template_of_a_notification_is_one_of_these() -> None:
    assert {each.name for each in (SHIPPED / "notifications").iterdir()} == {f"{kind}.txt.j2" for kind in OF_KIND}


@pytest.mark.parametrize("kind", OF_KIND)
def test_a_letter_shows_no_command_to_whoever_is_no_operator_or_has_a_form(kind: str) -> None:
    for facts in all_facts(kind):
        for reader in ONLOOKERS:
            said = sentences_of(ToldMatter(kind, "acme-globex/operating/2026-12", "", facts), reader, [SHIPPED])
            assert "cadence " not in f"{said.title}\n{said.detail}", (facts, reader)


def test_an_operator_without_a_form_is_shown_the_command() -> None:
    """So that the test above looks at something."""
    shown = {
        kind
        for kind in OF_KIND
        for facts in all_facts(kind)
        if "cadence " in sentences_of(ToldMatter(kind, "a/b", "", facts), Means(has_shell=True), [SHIPPED]).detail
    }
    assert shown >= {"action", "request", "review", "proposal"}


def all_facts(kind: str) -> Iterator[dict[str, Any]]:
    hints = get_type_hints(OF_KIND[kind])
    choices = [[(name, value) for value in values_of(name, hint)] for name, hint in hints.items()]
    words = [each if len(each) > 1 and each[0][1] is not None else each[:1] for each in choices]
    for chosen in product(*words):
        yield dict(chosen)
        for name, hint in hints.items():
            if NoneType in get_args(hint) and is_sayable(kind, name, dict(chosen)):
                yield {**dict(chosen), name: None}


def is_sayable(kind: str, name: str, facts: dict[str, Any]) -> bool:
    """Whether a letter can be written without that fact: what asks for minutes has the day on which they are due."""
    try:
        sentences_of(ToldMatter(kind, "a/b", "", {**facts, name: None}), ONLOOKERS[0], [SHIPPED])
    except (TypeError, UndefinedError):
        return False
    return True


def values_of(name: str, hint: Any) -> list[Any]:
    """What a fact can be: each of its words, both of a yes or no, else one example."""
    if get_origin(hint) is NotRequired:
        return values_of(name, get_args(hint)[0])
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    if hint is bool:
        return [True, False]
    if get_origin(hint) is list:
        return [[each] for each in values_of(name, get_args(hint)[0])[:1]]
    if is_typeddict(hint):
        return [{key: values_of(key, of)[0] for key, of in get_type_hints(hint).items()}]
    options = [each for each in get_args(hint) if each is not NoneType]
    if options:
        return values_of(name, options[0])
    return [OF_A_LIST.get(name) or {str: A_DAY, int: 3}.get(hint)]
