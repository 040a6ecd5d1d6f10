"""Whether meetings stand under the guard of competitors, and what of an agenda has to go to counsel first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Kind, Model, Role


@dataclass(frozen=True, slots=True)
class Guard:
    """What holds at a meeting; `counsel` are the keys of those who have that role, `topics` what is permitted, `words`
    what counsel looks at first."""

    reminder: str
    topics: tuple[str, ...]
    words: tuple[str, ...]
    counsel: tuple[str, ...]

    def topic_of(self, item: str) -> str | None:
        """The permitted topic that an item names before its colon, or that it is; None for none."""
        named = item.partition(":")[0].strip().casefold()
        return next((topic for topic in self.topics if topic.casefold() == named), None)

    def under(self, topic: str, item: str) -> str:
        """An item with the topic that was chosen for it before it; as it is where it names one itself, or none was
        chosen."""
        return f"{topic}: {item}" if topic and self.topic_of(item) is None else item

    def word_in(self, text: str) -> str | None:
        """The first word for counsel in a text, as it stands there; None without one."""
        found = _pattern(self.words).search(text) if self.words else None
        return found[0] if found else None

    def lines_for_counsel(self, text: str, known: str) -> Iterator[tuple[str, str]]:
        """The lines of a text with a word for counsel that the text `known` does not have, each with the word."""
        before = {line.strip() for line in known.splitlines()}
        for line in map(str.strip, text.splitlines()):
            if line not in before and (word := self.word_in(line)):
                yield line, word


def is_guarded(partnership: Partnership, playbook: Playbook) -> bool:
    return playbook.competition_law.applies == "always" or partnership.competition_law.rivals


def guard_of(partnership: Partnership, playbooks: Mapping[Model, Playbook], model: Model) -> Guard | None:
    """What holds at reviews under a model; None where nobody competes."""
    playbook = playbooks[model]
    if not is_guarded(partnership, playbook):
        return None
    said = playbook.competition_law
    return Guard(
        reminder=said.reminder,
        topics=(*said.permitted, *partnership.competition_law.permitted),
        words=said.for_counsel,
        counsel=counsel(partnership),
    )


def counsel(partnership: Partnership) -> tuple[str, ...]:
    return tuple(key for key, person in partnership.people.items() if person.role is Role.COUNSEL)


def with_counsel(playbook: Playbook, partnership: Partnership) -> Playbook:
    """The playbook as it invites counsel, where it does: to each kind of review that it says."""
    if not is_guarded(partnership, playbook) or not counsel(partnership):
        return playbook
    kinds = playbook.competition_law.counsel_at
    series = {
        key: each.model_copy(update={"attendees": (*each.attendees, Role.COUNSEL)}) if each.kind in kinds else each
        for key, each in playbook.series.items()
    }
    changed: dict[str, object] = {"series": series}
    for kind, name in ((Kind.CHECKPOINT, "checkpoint"), (Kind.FORMAL_REVIEW, "formal_review")):
        if kind in kinds:
            special = getattr(playbook, name)
            changed[name] = special.model_copy(update={"attendees": (*special.attendees, Role.COUNSEL)})
    if Kind.EXIT in kinds:
        review = playbook.exit.review
        review = review.model_copy(update={"attendees": (*review.attendees, Role.COUNSEL)})
        changed["exit"] = playbook.exit.model_copy(update={"review": review})
    return playbook.model_copy(update=changed)


@lru_cache(maxsize=32)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
