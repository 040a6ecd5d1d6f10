"""Who was told of something, in words: those whose channel has accepted a letter about it, and when; of the others,
whose letter is still on its way and whose could not be delivered.

Whoever calls has chosen what its reader may learn.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from scheduler.domain.record.notification import Notified
from scheduler.render.languages import full_stop, say, say_count
from scheduler.render.wording import day_words, listed

Names = Callable[[str], str]


def days_told(people: Iterable[Notified], zone: str) -> dict[str, list[date]]:
    """Each person who was told, by key, with the days on which they were, in the order of the steps."""
    found: dict[str, dict[date, None]] = {}
    for each in people:
        if each.delivered == "told" and each.person and each.at:
            found.setdefault(each.person, {})[each.at.astimezone(ZoneInfo(zone)).date()] = None
    return {person: list(days) for person, days in found.items()}


def waiting(people: Sequence[Notified]) -> list[str]:
    """Those who were never told, and whose letter is still to leave."""
    return [key for key, theirs in _by_person(people).items() if {each.delivered for each in theirs} == {"waiting"}]


def undelivered(people: Sequence[Notified]) -> list[str]:
    """Those whose last letter could not be delivered, or came too late to be sent; and those whom no letter has reached
    so far, though the next one waits."""
    return [key for key, theirs in _by_person(people).items() if _is_undelivered(theirs)]


def _is_undelivered(theirs: Sequence[Notified]) -> bool:
    failed = [each.delivered in ("dead", "expired") for each in theirs]
    return failed[-1] or (any(failed) and all(each.delivered != "told" for each in theirs))


def _by_person(people: Iterable[Notified]) -> dict[str, list[Notified]]:
    found: dict[str, list[Notified]] = {}
    for each in people:
        if each.person:
            found.setdefault(each.person, []).append(each)
    return found


def told_in_short(people: Sequence[Notified], name: Names, zone: str) -> str:
    """``Tom Reyes (Fri 11 Dec 2026) and Dev Patel (Tue 15 Dec 2026)``: with the day on which each was last told."""
    return listed([f"{name(key)} ({day_words(max(days))})" for key, days in days_told(people, zone).items()])


def told_in_full(people: Sequence[Notified], name: Names, zone: str) -> str:
    """``Its steps were told to Tom Reyes on Thu 10 Dec 2026 and Fri 11 Dec 2026; to Dev Patel on Tue 15 Dec 2026.``

    A letter that came of another matter lists this one too, to whoever is asked; that is no step of it.
    """
    told = [
        say("to %(person)s on %(days)s", person=name(key), days=_days(days))
        for key, days in days_told(people, zone).items()
    ]
    return say("Its steps were told %(told)s.", told="; ".join(told)) if told else ""


def _days(on: Sequence[date]) -> str:
    days = [day_words(day) for day in on]
    if len(days) <= 3:
        return listed(days)
    return say_count("%(number)s day, last on %(day)s", "%(number)s days, last on %(day)s", len(days), day=days[-1])


def untold_in_short(people: Sequence[Notified], name: Names) -> str:
    """``the letter to June Okafor waits; the letter to Dev Patel could not be delivered``."""
    late, failed = _named(waiting(people), name), _named(undelivered(people), name)
    found = (
        late
        and say_count(
            "the letter to %(people)s waits", "the letters to %(people)s wait", len(late), people=listed(late)
        ),
        failed and _failed(failed),
    )
    return "; ".join(each for each in found if each)


def untold_in_full(people: Sequence[Notified], name: Names) -> Iterator[str]:
    """The same as sentences of a letter."""
    if late := _named(waiting(people), name):
        yield say_count(
            "The letter to %(people)s is still to leave.",
            "The letters to %(people)s are still to leave.",
            len(late),
            people=listed(late),
        )
    if failed := _named(undelivered(people), name):
        words = _failed(failed)
        yield f"{words[:1].upper()}{words[1:]}{full_stop()}"


def _failed(names: Sequence[str]) -> str:
    return say_count(
        "the letter to %(people)s could not be delivered",
        "the letters to %(people)s could not be delivered",
        len(names),
        people=listed(names),
    )


def _named(keys: Sequence[str], name: Names) -> list[str]:
    return [name(key) for key in keys]
