"""Who is to do what by when, out of the words of one line of minutes.

The owner is a person of the definition, named by key, mail address, full name, or first name where only one bears it;
case and accents count for nothing. The forms are ``Dev: …``, ``Dev Patel - …``, ``Dev to …``, ``owner: dev`` (also
``verantwortlich: …``, ``responsable : …`` and the like),
``@dev``, ``(Dev)``, ``…, Dev``. A name of nobody stays as words in the forms ``Press shop: …``, ``owner: …`` and
``@ghost``; in the others it is no owner at all.

The due date is one that `dates` finds. What is neither owner nor date is what the action says.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from scheduler.domain.definition.people import Person

from .agenda_notes import DUE, NO_OWNER, NOTED, OWNER, SILENT, after
from .due_dates import Unread, due_in, whole_date
from .headings import folded

Names = Mapping[str, str]
"""What people are called, without case and accents → their keys."""


class Assigned(NamedTuple):
    """What one line says, to whom, by when. `doubt` is the date that it seems to name and that is none."""

    says: str
    owner: str | None
    due: date | None
    doubt: Unread | None = None


def names_of(people: Mapping[str, Person]) -> Names:
    """Everything by which a person can be named. What two people are called names neither, unless it is a key, an
    address or a whole name of one alone."""
    whole = [(name, key) for key, person in people.items() for name in (_folded(person.name),)]
    first = [(name.split()[0], key) for name, key in whole if name]
    found = {**_of_one(first), **_of_one(whole)}
    found |= {_folded(person.email): key for key, person in people.items()}
    return found | {_folded(key): key for key in people}


def _of_one(named: list[tuple[str, str]]) -> dict[str, str]:
    times = Counter(name for name, _ in named)
    return {name: key for name, key in named if times[name] == 1}


def known(name: str, names: Names) -> str | None:
    """The key of whom a name means; None where it means nobody on record, or two."""
    return names.get(_folded(name))


def _folded(name: str) -> str:
    return " ".join(folded(name).split())


def assigned(text: str, names: Names, day: date) -> Assigned:
    """Take one line apart; `day` is the date of the review, for dates without a year."""
    if noted := _noted(text, names, day):
        return noted
    rest, due, doubt = due_in(text, day)
    says, owner = _without_owner(rest, names)
    return Assigned(text if due is None and owner is None else _tidy(says), owner, due, doubt)


# As agendas print it -----------------------------------------------------------------------------------------------

_MOST_OF_A_NAME = 60


def _noted(text: str, names: Names, day: date) -> Assigned | None:
    """An action as an agenda carries it on, with notes in brackets at its end; None for any other line.

    Whatever the notes leave unsaid was not named, so nothing is looked for in the words.
    """
    says, opened, notes = text.rpartition("(")
    if not opened or not text.endswith(")") or not notes.startswith(NOTED):
        return None
    owner, due = None, None
    for note in notes[:-1].split("; "):
        if note.startswith(SILENT):
            continue
        named, dated = after(note, OWNER), whole_date(after(note, DUE) or "", day)
        if named is None and dated is None:
            return None
        owner, due = named or owner, dated or due
    if owner is None and not any(each in notes for each in NO_OWNER):
        who, _, says = says.partition(": ")
        owner = names.get(_folded(who[:_MOST_OF_A_NAME]))
        if owner is None:
            return None
    return Assigned(says.strip(), names.get(_folded(owner or ""), owner), due)


# Who ---------------------------------------------------------------------------------------------------------------

_SAID = re.compile(
    r"(?:^|(?<=[ (,;|]))(?:owner|responsible|verantwortlich|zuständig|responsable|pilote|encargad[oa]|resp\.)"
    r" ?[:=] ?(?P<who>@?[^,;:()|]{1,60})",
    re.IGNORECASE,
)
_SHARED = frozenset((
    "and", "&", "or", "/", "und", "oder", "et", "ou", "y", "o",
))  # fmt: skip
_AT = re.compile(r"(?<![\w@.])@(?P<who>\w[\w.+-]{0,63}(?:@[\w.-]{1,200})?)")
_BRACKETS = re.compile(r"[(\[](?P<who>[^()\[\]]{1,60})[)\]]")
_AFTER_A_NAME = (" - ", " – ", " — ", " → ", " -> ", " to ", " will ")
_BEFORE_A_NAME = (" - ", " – ", " — ", " → ", " -> ", ", ", "; ", " | ")
_NAMELIKE = re.compile(r"[^\W\d_][^\W\d_.'’&-]*(?:[ .'’&-]{1,2}[^\W\d_]+){0,3}\.?")
_NO_NAMES = frozenset((
    "note", "notes", "nb", "info", "fyi", "remark", "question", "issue", "topic", "risk", "reminder", "hinweis",
    "anmerkung", "notiz", "frage", "thema", "risiko", "remarque", "sujet", "risque", "rappel", "nota", "pregunta",
    "tema", "riesgo",
))  # fmt: skip


def _without_owner(text: str, names: Names) -> tuple[str, str | None]:
    """The text without the words that name its owner, and the owner."""
    text = text.strip()
    for found in (_said(text, names), _in_front(text, names), _at(text, names), *_marked(text, names)):
        if found is not None:
            return found
    return text, None


def _said(text: str, names: Names) -> tuple[str, str] | None:
    """``owner: dev``; as many words as make a known name, else all up to the next mark."""
    found = _SAID.search(text)
    if not found:
        return None
    words = found["who"].strip().removeprefix("@").split()
    for count in range(min(len(words), 5), 0, -1):
        key = names.get(_folded(" ".join(words[:count])))
        if key and _SHARED.isdisjoint(words[count : count + 1]):
            return f"{text[: found.start()]} {' '.join(words[count:])}{text[found.end() :]}", key
    return (text[: found.start()] + text[found.end() :], " ".join(words)) if words else None


def _in_front(text: str, names: Names) -> tuple[str, str] | None:
    """``Dev: …``, ``Dev Patel - …``, ``Dev to …``."""
    colon = text.find(":", 0, _MOST_OF_A_NAME + 1)
    if colon > 0:
        who, rest = text[:colon].strip().removeprefix("@"), text[colon + 1 :]
        if key := names.get(_folded(who)):
            return rest, key
        if rest[:1] in ("", " ") and _is_namelike(who):
            return rest, who
    for mark in _AFTER_A_NAME:
        who, there, _ = text[: _MOST_OF_A_NAME + len(mark)].partition(mark)
        if there and (key := names.get(_folded(who.removeprefix("@")))):
            return text[len(who) + len(mark) :], key
    return None


def _is_namelike(who: str) -> bool:
    return bool(_NAMELIKE.fullmatch(who)) and who[0].isupper() and who.casefold() not in _NO_NAMES


def _at(text: str, names: Names) -> tuple[str, str] | None:
    """``@dev``, ``@Dev Patel``; a name of nobody stays as a word."""
    found = _AT.search(text)
    if not found:
        return None
    before, after = text[: found.start()], text[found.end() :]
    surname = re.match(r" ?[\w'’-]+", after)
    if surname and (key := names.get(_folded(found["who"] + surname[0]))):
        return f"{before} {after[surname.end() :]}", key
    who = found["who"].rstrip(".")
    return f"{before} {after}", names.get(_folded(who), who)


def _marked(text: str, names: Names) -> Iterator[tuple[str, str]]:
    """``… (Dev)``, ``…, Dev``, ``… - Dev``: known names alone, the last first."""
    for found in reversed(list(_BRACKETS.finditer(text))):
        if key := names.get(_folded(found["who"].strip(" ,;@"))):
            yield text[: found.start()] + " " + text[found.end() :], key
    for mark in _BEFORE_A_NAME:
        before, there, who = text.rpartition(mark)
        if there and len(who) <= _MOST_OF_A_NAME and (key := names.get(_folded(who.strip(" .@,;")))):
            yield before, key


def _tidy(says: str) -> str:
    """The words that are left, without the marks that stood around what was taken out."""
    bare = re.sub(r" ?\( ?[,;]? ?\)", " ", says)
    bare = re.sub(r" ([,;.])(?= |$)", r"\1", " ".join(bare.split()))
    return bare.strip(" ,;|–—").removeprefix("- ").removesuffix(" -").strip(" ,;:")
