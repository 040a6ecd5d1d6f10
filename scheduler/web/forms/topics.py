"""The permitted topics as a choice, where competitors meet and add an item to an agenda: it is one tap, and nobody has
to know how a topic is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduler.domain.errors import InvalidValue
from scheduler.render.languages import known, sentence
from scheduler.rules.competition_law import Guard

from .lifecycle import Wrong

FIELD = "topic"


@dataclass(frozen=True)
class Topics:
    """What a form offers: each topic as it is recorded, and as its reader knows it. `is_needed` where they cannot add
    an item of none."""

    options: tuple[tuple[str, str], ...]
    is_needed: bool


def topics_of(guards: Sequence[Guard | None], person: str | None) -> Topics | None:
    """What somebody chooses from who adds an item at one of several reviews, each with its guard; None where no
    competitors meet at any. Counsel adds an item of any kind."""
    held = [each for each in guards if each]
    if not held:
        return None
    names = dict.fromkeys(topic for each in held for topic in each.topics)
    is_needed = len(held) == len(guards) and not any(person in each.counsel for each in held)
    return Topics(tuple((name, known(name)) for name in names), is_needed)


def topic_said(guard: Guard | None, person: str, said: Mapping[str, str], item: str) -> str:
    """The topic that was chosen; empty where the item names one itself, or needs none. Raises Wrong at the choice."""
    topic = said.get(FIELD, "")
    if guard is None or person in guard.counsel or guard.topic_of(guard.under(topic, item)):
        return topic
    raise Wrong(
        FIELD, InvalidValue(sentence("Choose the topic that it is of"), sentence("anything else is for counsel"))
    )
