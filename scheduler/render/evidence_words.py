"""What evidence says of the record, in the words of whoever it is made for."""

from collections.abc import Iterable, Mapping
from datetime import date

from scheduler.domain.definition.standard import EvidenceKind
from scheduler.rules.evidence import Gap

from .languages import known, local_forms, say, say_as, say_count, sentence
from .wording import plain_words

KINDS: Mapping[EvidenceKind, str] = {
    "agreement": sentence("Agreement"),
    "documents": sentence("Documents"),
    "bodies": sentence("Bodies"),
    "people": sentence("People"),
    "figures": sentence("Figures"),
    "definition": sentence("Definition"),
    "launch": sentence("Launch"),
    "checkpoint": sentence("Checkpoint"),
    "meetings": sentence("Meetings"),
    "minutes": sentence("Minutes"),
    "agendas": sentence("Agendas"),
    "decisions": sentence("Decisions"),
    "votes": sentence("Votes"),
    "actions": sentence("Actions"),
    "parked": sentence("Parked"),
    "readings": sentence("Readings"),
    "excuses": sentence("Excuses"),
    "lateness": sentence("Lateness"),
    "letters": sentence("Letters"),
    "triggers": sentence("Triggers"),
    "objections": sentence("Objections"),
    "disputes": sentence("Disputes"),
    "deadlocks": sentence("Deadlocks"),
    "terms": sentence("Terms"),
    "pauses": sentence("Pauses"),
    "exits": sentence("Exits"),
    "health": sentence("Health"),
}
"""What is on record, by its kind: to be said."""


def gap_words(gap: Gap) -> str:
    """``no minutes in 5 months, since 2026-11-02``; of something that was left open, what it is and what it lacks."""
    if gap.lacks is not None:
        return say("%(what)s: %(lacks)s", what=gap.what, lacks=gap.lacks)
    what = known(gap.what)
    if gap.months is None:
        return say("no %(what)s", what=what)
    if gap.since is None:
        return say_count("no %(what)s in %(number)s month", "no %(what)s in %(number)s months", gap.months, what=what)
    return say_count(
        "no %(what)s in %(number)s month, since %(day)s",
        "no %(what)s in %(number)s months, since %(day)s",
        gap.months,
        what=what,
        day=day_of_record(gap.since),
    )


def day_of_record(day: date | str) -> str:
    """``2026-12-18``, as records have it; ``18. Dez. 2026`` to who reads German."""
    if not local_forms.dates_are_local():
        return str(day)
    return plain_words(date.fromisoformat(day) if isinstance(day, str) else day)


def in_turn(parts: Iterable[str | None]) -> str:
    """Several things said of one entry; those of which there is nothing to say are left out."""
    return say_as("between sentences in a row", "; ").join(filter(None, parts))


def by(person: str | None) -> str:
    """Whose doing it was; empty for nobody in particular."""
    return say("by %(person)s", person=person) if person else ""


def with_reason(said: str, because: str | None) -> str:
    """``done 2026-12-18: at the meeting``; without a reason, what is `said` alone."""
    return say("%(said)s: %(because)s", said=said, because=known(because)) if because else said
