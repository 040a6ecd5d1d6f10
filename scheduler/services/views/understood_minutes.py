"""What was read out of minutes, so that whoever files them can see at once whether it is what they meant: on a terminal
and on the page where they are uploaded."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scheduler.render.languages import known, say
from scheduler.render.wording import day_words

if TYPE_CHECKING:
    from scheduler.domain.record.decision import Decision
    from scheduler.domain.record.minutes import Action, LineNotRead, ParkedItem
    from scheduler.rules.competition_law import Guard
    from scheduler.rules.reminders.actions import Commitment
    from scheduler.services.cases.minutes import Filed

NOTHING_FOUND = "No decisions, actions or unfinished items were found"


class UnderstoodPart(NamedTuple):
    """Lines of a kind, under what they are."""

    head: str
    lines: tuple[str, ...]


def understood_parts(
    filed: "Filed", names: Mapping[str, str] | None = None, guard: "Guard | None" = None
) -> tuple[UnderstoodPart, ...]:
    """Decisions, actions, what was closed, what comes back, and what could not be placed; a part without lines is left
    out. On a page people stand by their `names`; for whoever has a shell by their keys, with ids and
    commands. Where competitors meet, `guard` says what of it is for counsel."""
    parts = (UnderstoodPart(head, tuple(lines)) for head, lines in _parts(filed, names, guard))
    return tuple(part for part in parts if part.lines)


def has_found_nothing(filed: "Filed") -> bool:
    minutes = filed.minutes
    return not (minutes.decisions or minutes.tasks or minutes.unfinished)


def _parts(
    filed: "Filed", names: Mapping[str, str] | None, guard: "Guard | None"
) -> Iterator[tuple[str, Iterator[str]]]:
    minutes = filed.minutes
    named = _with_id if names is None else _without_id
    yield say("Decisions"), (f"{named(each)}{each.says}" for each in filed.decided)
    yield say("No longer decided"), (f"{named(each)}{each.says}" for each in filed.decisions if each.withdrawn_at)
    yield say("Carried out"), (f"{named(each)}{each.says}" for each in filed.carried_out)
    yield say("Actions"), (f"{named(each)}{_action(each, names)}" for each in filed.open)
    yield say("Closed"), (f"{named(each)}{each.says}: {known(each.done_because or '')}" for each in filed.closed)
    yield (
        say("No longer unfinished"),
        (f"{named(each)}{each.says}: {known(each.closed_because or '')}" for each in filed.closed_items),
    )
    yield say("Unfinished, for the next agenda"), (f"{named(each)}{each.says}" for each in filed.parked)
    left: list[Decision | Action | ParkedItem] = [*filed.decided, *(each.action for each in filed.open), *filed.parked]
    for_counsel = (each.says for each in left if guard and guard.word_in(each.says))
    yield say("For counsel on the next agenda"), for_counsel
    yield say("Not understood"), map(_line, minutes.not_understood)
    yield say("Not read: outside of decisions, actions and unfinished items"), map(_line, minutes.outside)


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


def _with_id(each: _HasId) -> str:
    return f"{each.id}  "


def _without_id(_each: _HasId) -> str:
    return ""


def _line(each: "LineNotRead") -> str:
    return say("line %(number)s: %(words)s", number=each.line, words=each.says) if each.line else each.says


def _action(each: "Commitment", names: Mapping[str, str] | None) -> str:
    owner = (names or {}).get(each.owner, each.owner)
    who = owner
    if each.owner_because:
        who = say("%(because)s: %(person)s answers for it", because=known(each.owner_because), person=owner)
    when = _when(each, with_commands=names is None)
    return say("%(action)s (%(person)s; %(due)s)", action=each.action.says, person=who, due=when)


def _when(each: "Commitment", *, with_commands: bool) -> str:
    from scheduler.rules.reminders.actions import giving_a_date

    if each.due is None:
        return f"{each.due_because}: {giving_a_date(each)}" if with_commands else known(str(each.due_because))
    if each.due_because:
        return say("%(because)s, %(day)s", because=known(each.due_because), day=day_words(each.due))
    return say("by %(day)s", day=day_words(each.due))
