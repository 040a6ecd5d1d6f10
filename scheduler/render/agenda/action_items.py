"""Open actions as an agenda carries them on: one line each, from which the next minutes are read.

``Dev Patel: send the drawings (due Fri 18 Dec 2026; overdue since Sat 19 Dec 2026)``. What the minutes did not name
stands in the brackets as such (``no owner named: Dev Patel answers for it``), so that reading the line again makes
nothing up; so does a date that could not be read. Every side reads an agenda: no line names a command.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.domain.manner import Manner
from scheduler.domain.record.minutes import words_of
from scheduler.render.languages import isolated, say, say_count, sentence, speaking, spoken
from scheduler.render.languages.local_forms import plain_date
from scheduler.render.wording import day_words, one_line
from scheduler.rules.minutes.action_lines import Names, assigned, names_of
from scheduler.rules.reminders.actions import Commitment, handed_on, is_overdue
from scheduler.rules.reviews.scopes import Scope

from .attendance import People
from .risks import Risk

_NO_MARKS = str.maketrans("();", "   ")
_MOST_WORDS = 200
GIVES_A_DATE = sentence("the minutes of this meeting can give it one")
_ANY_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class ActionLine:
    """An open action. `owner` is the name of who answers for it, `because` why where the minutes name nobody known;
    `due` and `overdue_since` are in words, the latter None while it is not overdue, the former while its date could not
    be read: `unread` are the words of it, `asks` how one is given. `handed_on` is since when, in words, it is with its
    owner, where it was somebody else's. As text it is the whole line."""

    id: str
    says: str
    owner: str
    because: str | None
    due: str | None
    due_because: str | None
    overdue_since: str | None
    line: str
    unread: str | None = None
    asks: str | None = None
    handed_on: str | None = None

    def __str__(self) -> str:
        return self.line


def action_lines(
    commitments: Iterable[Commitment], scope: Scope, people: People, now: datetime
) -> tuple[ActionLine, ...]:
    """The actions as they stand at `now`, in their order."""
    names = names_of(scope.people)
    return tuple(_line(each, scope, is_overdue(each, scope, now), names, people) for each in commitments)


def unfinished_lines(unfinished: Iterable[str], commitments: Sequence[Commitment]) -> tuple[str, ...]:
    """Items that come back, but for those that stand among the actions already."""
    known = {each.action.words for each in commitments}
    return tuple(item for item in unfinished if words_of(item) not in known)


def overdue_risks(lines: Iterable[ActionLine]) -> tuple[Risk, ...]:
    """What overdue actions warn of: one line an owner, however many of theirs are overdue."""
    late: dict[str, list[ActionLine]] = {}
    for line in lines:
        if line.overdue_since:
            late.setdefault(line.owner, []).append(line)
    return tuple(_overdue_risk(owner, theirs) for owner, theirs in late.items())


def undated_risks(lines: Iterable[ActionLine]) -> tuple[Risk, ...]:
    """What is to be settled: one line for each action whose date could not be read."""
    return tuple(
        Risk(
            say(
                'The date of an action of %(person)s could not be read ("%(words)s"): %(action)s',
                person=line.owner,
                words=line.unread,
                action=line.says,
            ),
            say("By when is it to be done? Without a date it never becomes overdue; %(how)s", how=line.asks),
        )
        for line in lines
        if line.unread
    )


def _overdue_risk(owner: str, theirs: Sequence[ActionLine]) -> Risk:
    first, others = theirs[0], len(theirs) - 1
    says = first.says
    if others:
        says = say_count(
            "%(action)s, and %(number)s more action", "%(action)s, and %(number)s more actions", others, action=says
        )
    if first.handed_on:  # whoever took it over is not to blame for the time before
        sign = say(
            "Overdue since %(day)s, with %(person)s since %(since)s: %(action)s",
            day=first.overdue_since,
            person=owner,
            since=first.handed_on,
            action=says,
        )
    else:
        sign = say(
            "%(person)s is overdue since %(day)s with an action: %(action)s",
            person=owner,
            day=first.overdue_since,
            action=says,
        )
    return Risk(sign, say("What is in the way, who helps, and is it still wanted?"))


def _line(each: Commitment, scope: Scope, is_late: bool, names: Names, people: People) -> ActionLine:
    overdue = each.overdue_since if is_late else None
    owner, handed = one_line(people.name(each.owner)), handed_on(each, scope)
    is_named = each.owner_because is None and _is_read_as(owner, each.owner, names)
    who = "" if is_named else _who(each, owner)
    late = say("overdue since %(day)s", day=day_to_read_back(overdue)) if overdue else ""
    notes = "; ".join(filter(None, (who, _when(each), late)))
    says = isolated(each.action.says)
    return ActionLine(
        id=each.id,
        says=each.action.says,
        owner=owner,
        because=each.owner_because,
        due=day_words(each.due) if each.due else None,
        due_because=each.due_because,
        overdue_since=day_words(overdue) if overdue else None,
        line=f"{isolated(owner)}: {says} ({notes})" if is_named else f"{says} ({notes})",
        unread=each.action.unread,
        asks=say(GIVES_A_DATE) if each.action.unread else None,
        handed_on=day_words(handed) if handed else None,
    )


def _is_read_as(name: str, key: str, names: Names) -> bool:
    """Whether what stands in front of a colon is read as this person: a name may be borne by two, or hold a colon."""
    read = assigned(f"{name}: x (no date named)", names, _ANY_DAY)
    return (read.says, read.owner) == ("x", key)


def _who(each: Commitment, owner: str) -> str:
    stands_in = owner.translate(_NO_MARKS)
    if each.owner_because is None:
        return say("owner %(person)s", person=each.owner)
    if each.action.owner:
        named = say("owner %(person)s", person=each.action.owner)
        return "; ".join((named, say("nobody on record: %(person)s answers for it", person=stands_in)))
    return say("no owner named: %(person)s answers for it", person=stands_in)


def _when(each: Commitment) -> str:
    if each.due is None:
        words = one_line((each.action.unread or "").translate(_NO_MARKS))[:_MOST_WORDS]
        return say("date not read: %(words)s", words=words)
    day = day_to_read_back(each.due)
    return say("no date named: %(day)s", day=day) if each.due_because else say("due %(day)s", day=day)


def day_to_read_back(day: date) -> str:
    """A day of a line that minutes are read from: in the language's own form, whatever form a reader has chosen and
    their region has, so that it can be told which day and which month it is."""
    language = (spoken().language or "").partition("-")[0]
    with speaking(Manner(language or None)):
        words = day_words(day)
        return plain_date(day) if "(" in words else words  # a bracket of its own would end the notes
