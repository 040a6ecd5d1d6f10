"""What lies ahead of a partnership over months: the terms of its agreement with their windows for notice, its layers,
documents and obligations, its checkpoints, amendments, milestones and pauses, each from when to when, and the days on
which something of it passes for good.

A term that renews by itself is followed by the next one, which begins where nobody gives notice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from scheduler.domain.definition.agreement import Agreement, after
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.phrases import Span
from scheduler.domain.record.pause import Pause
from scheduler.domain.record.renewal import RenewalWord, Word, of_paper, of_term
from scheduler.domain.record.review import Recorded
from scheduler.rules.reminders.agreement import decide_by, is_notice_asked
from scheduler.rules.reviews.scopes import Scope

MONTHS_AHEAD = Span(24, "month")
HorizonKind = Literal[
    "term", "layer", "document", "obligation", "checkpoint", "amendment", "milestone", "exit", "pause"
]  # fmt: skip
What = Literal[
    "decide", "notice", "ends", "expires", "binds", "checkpoint", "amendment", "milestone", "exit", "resumes"
]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HorizonDate:
    """A civil date on which something of a line passes. `is_open` is whether somebody still has to act by it."""

    on: date
    what: What
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class HorizonWord:
    """What somebody, `by` name, said of a term or document; `says`, `on` and `until` are as `domain/record/renewal` has
    them."""

    says: Word
    on: date
    until: date | None
    by: str | None


@dataclass(frozen=True, slots=True)
class HorizonLine:
    """What runs from `first` to `last`, both included; None: nobody knows since when, or it is without end. `scope` is
    the id of the umbrella or layer, `of` the words for which one it is; `review` the id of a checkpoint.

    `said` is what is on record of a term or document, in words, `on_record` the same by who said it. Of a term:
    `renewal` is how it goes on, `follows` whether it is one that begins only where nobody gives notice.
    """

    partnership: str
    scope: str
    kind: HorizonKind
    of: str
    first: date | None
    last: date | None
    dates: tuple[HorizonDate, ...] = ()
    renewal: str | None = None
    said: tuple[str, ...] = ()
    follows: bool = False
    review: str | None = None
    on_record: tuple[HorizonWord, ...] = ()

    @property
    def next_open(self) -> date | None:
        """The first date by which somebody has to act."""
        return min((each.on for each in self.dates if each.is_open), default=None)


def horizon(
    partnership: Partnership,
    written: Agreement,
    scopes: Sequence[Scope],
    recorded: Iterable[Recorded],
    today: date,
    until: date,
) -> tuple[HorizonLine, ...]:
    """The lines of a partnership from `today` until a civil date, in the order of kinds, the earlier end first.
    `partnership` is as it stands today, `written` its agreement with its first term; `scopes` are its own, the umbrella
    first, `recorded` its reviews."""
    umbrella, *layers = scopes
    names = {str(scope.id): scope.name for scope in scopes}
    found = [
        *_terms(partnership, written, umbrella, until),
        *_layers(partnership, layers),
        *_exits(partnership, names),
        *_documents(partnership, today),
        *_obligations(partnership),
        *_checkpoints(recorded, names),
        *_amendments(partnership),
        *(_paused(partnership, each) for each in partnership.pauses),
    ]
    return tuple(each for each in found if _touches(each, today, until))


def _touches(line: HorizonLine, today: date, until: date) -> bool:
    """Whether any of its days lies ahead and near enough."""
    days = [each.on for each in line.dates] if line.kind in _DAYS_ALONE else []
    first, last = line.first or min(days, default=date.min), line.last or max(days, default=date.max)
    return first <= until and last >= today


_DAYS_ALONE = ("checkpoint", "amendment", "milestone")
"""What has a day, and lasts no longer."""


def _terms(partnership: Partnership, written: Agreement, umbrella: Scope, until: date) -> Iterator[HorizonLine]:
    """The first term and, where it renews by itself, those that follow: those that have begun, or can be stopped no
    more, and those that nobody stops."""
    agreement, starts = written, written.effective
    is_leaving = partnership.partnership in partnership.wind_downs
    while starts <= until:
        yield _term(partnership, agreement, umbrella, starts)
        is_ended = agreement.ends is None or of_term(partnership.renewals, agreement.ends).notice is not None
        if is_ended or is_leaving or agreement.ends is None or agreement.renewal.kind != "tacit":
            return
        starts, ends = agreement.ends + _DAY, after(agreement.ends, agreement.renewal.for_, partnership.works)
        if ends <= agreement.ends:
            return
        agreement = agreement.model_copy(update={"ends": ends})


def _term(partnership: Partnership, agreement: Agreement, umbrella: Scope, starts: date) -> HorizonLine:
    """A term of the agreement. One whose last day for notice has passed unused goes on into the next: nothing is asked
    of it any more, and the next one follows for certain."""
    standards, works, running = umbrella.playbook.agreement, partnership.works, partnership.agreement.ends
    said = of_term(partnership.renewals, agreement.ends)
    is_past = agreement.ends is not None and running is not None and agreement.ends < running
    follows = agreement.ends is not None and running is not None and agreement.ends > running
    dates: list[HorizonDate] = []
    if agreement.ends is not None:
        decide, cancel = decide_by(agreement, standards, works), agreement.cancel_by(works)
        is_asked = not is_past and is_notice_asked(agreement, said)
        if decide:
            is_open = not is_past and said.decided is None and said.notice is None
            dates.append(HorizonDate(decide, "decide", is_open))
        if cancel:
            dates.append(HorizonDate(cancel, "notice", is_asked))
        dates.append(HorizonDate(agreement.ends, "ends"))
    words = tuple(each for each in (said.decided, said.notice) if each)
    return HorizonLine(
        partnership.partnership,
        partnership.partnership,
        "term",
        "",
        starts,
        agreement.ends,
        tuple(dates),
        agreement.renewal.kind,
        tuple(each.words for each in words),
        follows,
        on_record=_by_name(partnership, *words),
    )


def _by_name(partnership: Partnership, *words: RenewalWord) -> tuple[HorizonWord, ...]:
    return tuple(
        HorizonWord(each.says, each.on, each.until, partnership.name_of(each.by) if each.by else None) for each in words
    )


def _layers(partnership: Partnership, scopes: Sequence[Scope]) -> Iterator[HorizonLine]:
    for scope in scopes:
        dates = (HorizonDate(scope.ends, "ends"),) if scope.ends else ()
        yield HorizonLine(partnership.partnership, scope.id, "layer", scope.name, scope.effective, scope.ends, dates)


def _exits(partnership: Partnership, names: Mapping[str, str]) -> Iterator[HorizonLine]:
    for scope, leaving in partnership.wind_downs.items():
        of = "" if scope == partnership.partnership else names.get(scope, scope)
        dates = (HorizonDate(leaving.ends, "exit"),)
        yield HorizonLine(partnership.partnership, scope, "exit", of, leaving.decided_on, leaving.ends, dates)


def _documents(partnership: Partnership, today: date) -> Iterator[HorizonLine]:
    """The papers that end, but those that another of their kind outlasts; and what memoranda set as milestones."""
    id = partnership.partnership
    lasting: dict[str, date] = {}
    for paper in partnership.agreement.documents:
        lasting[paper.kind] = max(lasting.get(paper.kind, date.min), paper.expires or date.max)
    for paper in partnership.agreement.documents:
        if paper.expires:
            said = of_paper(partnership.renewals, paper.kind, paper.expires)
            is_open = said is None and paper.expires >= today and lasting[paper.kind] == paper.expires
            dates = (HorizonDate(paper.expires, "expires", is_open),)
            words = (said,) if said else ()
            yield HorizonLine(
                id,
                id,
                "document",
                paper.words,
                paper.signed,
                paper.expires,
                dates,
                said=tuple(each.words for each in words),
                on_record=_by_name(partnership, *words),
            )
        for each in paper.milestones:
            yield HorizonLine(id, id, "milestone", each.says, None, None, (HorizonDate(each.by, "milestone", True),))


def _obligations(partnership: Partnership) -> Iterator[HorizonLine]:
    id = partnership.partnership
    ended = partnership.wind_downs[id].ends if id in partnership.wind_downs else None
    for owed in partnership.agreement.obligations(ended):
        if owed.until:
            dates = (HorizonDate(owed.until, "binds"),)
            yield HorizonLine(id, id, "obligation", owed.says, None, owed.until, dates)


def _checkpoints(recorded: Iterable[Recorded], names: Mapping[str, str]) -> Iterator[HorizonLine]:
    for each in recorded:
        review = each.review
        if review.kind is Kind.CHECKPOINT and each.status is Status.PLANNED:
            dates = (HorizonDate(review.start.date(), "checkpoint", True),)
            of = names.get(review.scope_id, review.title) if review.layer else ""
            yield HorizonLine(
                review.partnership, review.scope_id, "checkpoint", of, None, None, dates, review=review.id
            )


def _amendments(partnership: Partnership) -> Iterator[HorizonLine]:
    id = partnership.partnership
    for each in partnership.agreement.amendments:
        dates = (HorizonDate(each.effective, "amendment"),)
        yield HorizonLine(id, id, "amendment", each.model.words, None, None, dates)


def _paused(partnership: Partnership, pause: Pause) -> HorizonLine:
    id = partnership.partnership
    dates = (HorizonDate(pause.last, "resumes"),) if pause.last else ()
    return HorizonLine(id, id, "pause", pause.because, pause.first, pause.last, dates)
