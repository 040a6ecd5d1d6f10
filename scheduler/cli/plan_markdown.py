"""What `cadence plan` shows as a comment on a change: Markdown, in which nobody's text is more than text."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from scheduler.cli import formats
from scheduler.cli.plan_lines import SHOWN, fires, hearers
from scheduler.render.templating import escaped

if TYPE_CHECKING:
    from scheduler.rules.reviews.reconcile import ReviewChange
    from scheduler.services.previews.dry_run import Prospect

MOST_CHARACTERS = 60_000
"""A comment on GitHub holds 65,536 (its API says so); what would not fit is counted."""
_NO_MENTION = "@\u200b"
"""An @ and a space of no width: a comment must not call anybody by chance."""


class Section(NamedTuple):
    """What is told of a partnership: its changes (verb, review, when, why), and whatever else, a line each."""

    prospect: "Prospect"
    changes: list[tuple[str, ...]]
    lines: list[str]


def sections(seen: Iterable["Prospect"], *, every: bool, whole: bool) -> list[Section]:
    """Of every partnership of which there is anything to say; of each that was asked for by its id (`whole`)."""
    told = (_told(prospect, every=every, whole=whole) for prospect in seen)
    return [section for section in told if section.changes or section.lines or whole]


def comment(sections: Iterable[Section], summary: str, faults: list[str]) -> str:
    """The whole comment: what all changes come to, what is wrong, and each partnership."""
    parts: list[str] = []
    room, left_out = MOST_CHARACTERS, 0
    for section in sections:
        part = "\n".join(_lines(section))
        room -= len(part)
        if room < 0:
            left_out += 1
        else:
            parts.append(part)
    more = [f"… and {left_out} more {'partnership' if left_out == 1 else 'partnerships'}, for want of room"]
    wrong = [f"- **Problem:** {text(fault)}" for fault in faults]
    head = ["### What this changes", "", *(f"{text(line)}  " for line in summary.splitlines())]
    return "\n".join([*head, "", *wrong, *([""] if wrong else []), *parts, *(more if left_out else [])]).strip() + "\n"


def text(value: object) -> str:
    """Somebody's text in Markdown."""
    return escaped(value).replace("@", _NO_MENTION)


def _lines(section: Section) -> Iterator[str]:
    prospect, changes, lines = section
    partnership = prospect.partnership
    yield f"#### {text(partnership.partnership)} · {text(partnership.name)}"
    yield ""
    if prospect.needs_approval:
        yield "> **This needs approval** before it is taken up."
        yield ""
    if changes:
        yield from ("| | review | when | why |", "|---|---|---|---|")
        yield from (f"| {' | '.join(map(text, change))} |" for change in changes)
        yield ""
    yield from (f"- {text(line)}" for line in lines)
    yield ""


def _told(prospect: "Prospect", *, every: bool, whole: bool) -> Section:
    actions = prospect.decision.actions
    shown = actions if every else actions[:SHOWN]
    left_out = len(actions) - len(shown)
    lines = [f"… and {left_out} more {'change' if left_out == 1 else 'changes'}"] if left_out else []
    lines += [fires(each) for each in prospect.decision.causes.fired]
    lines += [f"on record: {line}" for line in prospect.effects.lines]
    who = hearers(actions, prospect.partnership)
    lines += [f"Who would hear of it: {who}"] if who else []
    lines += [f"{note.review_id} {note.text}" for note in prospect.notes(whole=whole)][: None if every else SHOWN]
    return Section(prospect, [_cells(action) for action in shown], lines)


def _cells(action: "ReviewChange") -> tuple[str, ...]:
    before, after = action.before, action.result.review
    earlier = f"{formats.when(before.review.start)} → " if before and action.verb == "move" else ""
    because = "" if action.because == "new in the plan" else action.because or ""
    return action.verb, action.review, f"{earlier}{formats.when(after.start)} {after.timezone}", because
