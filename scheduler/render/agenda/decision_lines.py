"""Decisions as an agenda shows them: what was decided last time, and what is still to be carried out.

``Dev Patel: extend the pilot (decided acme-globex/operating/2026-11!2)`` has a box: ticked in the minutes, it is
carried out (`rules/minutes/items.py` reads it).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from scheduler.domain.record.decision import Decision
from scheduler.render.languages import isolated, known, say
from scheduler.render.wording import day_words, one_line
from scheduler.rules.decisions.coming_back import ComingBack
from scheduler.rules.decisions.register import Register, binding_from, draft_because, state_of

_MOST_CHARACTERS = 600
"""A decision of more is cut: with its id the line is read again."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision: its day in words; `stands` how it does where that is to be said, `by` who carries it out. As text it
    is the whole line, without a box."""

    id: str
    says: str
    on: str
    stands: str | None
    by: str | None
    line: str

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True, slots=True)
class DecisionLines:
    """Those of last time with earlier drafts, and those that are still open."""

    last: tuple[DecisionLine, ...] = ()
    still_open: tuple[DecisionLine, ...] = ()


def decision_lines(found: ComingBack, register: Register, today: date, name: Callable[[str], str]) -> DecisionLines:
    """What comes back, as it stands on a civil date."""
    return DecisionLines(
        last=tuple(_line(each, _draft(each, register, today), None) for each in (*found.drafts, *found.last)),
        still_open=tuple(_open_line(each, name) for each in found.to_be_carried_out),
    )


def _draft(decision: Decision, register: Register, today: date) -> str | None:
    """That it is a draft, and until when. It is said as of a day: an agenda is written anew on others."""
    if state_of(decision, register, today) != "draft":
        return None
    since = binding_from(decision, register, today)
    if since:
        return say("a draft: binds from %(day)s on", day=day_words(since))
    return say("a draft: %(because)s", because=known(str(draft_because(decision, register, today))))


def _line(decision: Decision, stands: str | None, by: str | None) -> DecisionLine:
    says = f"{known(decision.course)}: {decision.says}" if decision.course else decision.says
    on = day_words(decision.decided_on)
    notes = "; ".join(filter(None, (on, isolated(decision.id), stands)))
    return DecisionLine(decision.id, says, on, stands, by, f"{isolated(_short(says))} ({notes})")


def _open_line(decision: Decision, name: Callable[[str], str]) -> DecisionLine:
    by = one_line(name(decision.carried_out_by or ""))
    line = _line(decision, None, by)
    whole = "; ".join((isolated(_short(line.says)), say("%(person)s carries it out", person=by)))
    decided = say("decided %(id)s", id=line.id)
    return DecisionLine(line.id, line.says, line.on, None, by, f"{whole} ({decided})")


def _short(says: str) -> str:
    words = one_line(says)
    return words if len(words) <= _MOST_CHARACTERS else f"{words[: _MOST_CHARACTERS - 1]}…"
