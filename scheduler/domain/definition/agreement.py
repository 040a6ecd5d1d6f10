"""The agreement: dates, renewal, documents, what each structural model requires, and amendments of the model."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from scheduler.domain.base import InvalidValue, Noun, Slug, Text, Written
from scheduler.domain.phrases import Percent, Span
from scheduler.domain.record.renewal import RenewalWord, of_paper

from .clause import Clause, Obligation, Said
from .deciding_body import Body, Decides
from .document import Document
from .people import Country
from .vocabulary import Form, Model

Works = Callable[[date], bool]
"""Whether all parties of an agreement work on a civil date."""


class Renewal(Noun):
    """How the agreement goes on after its end. `cancel by` is the end − notice − transit buffer."""

    kind: Literal["tacit", "express", "none"] = "none"
    for_: Span = Field(default=Span(12, "month"), alias="for")
    notice: Span = Span(60, "day")
    buffer: Span = Span(0, "day")


class Equity(Noun):
    """The stake of an equity alliance."""

    holder: Slug
    in_: Slug = Field(alias="in")
    percent: Percent
    board: Literal["seat", "observer", "none"] = "none"


class Entity(Noun):
    """The new legal entity of a joint venture."""

    name: Text
    country: Country | None = None
    shares: dict[Slug, Percent] = {}


class Formula(Noun):
    """How revenue is split. `basis` is top-line revenue (profit sharing splits what is left after expenses) or free
    wording."""

    basis: Text
    shares: dict[Slug, Percent] = {}


def _named(key: str, noun: type[Noun]) -> BeforeValidator:
    """Let a bare text stand for the noun's mapping `{key: text}`."""
    return BeforeValidator(
        lambda written: {key: written} if isinstance(written, str) else written,
        json_schema_input_type=Written | noun | None,
    )


class Requirements(Noun):
    """What a structural model requires on record; each model asks for its own part of it."""

    equity: Equity | None = None
    entity: Annotated[Entity | None, _named("name", Entity)] = None
    formula: Annotated[Formula | None, _named("basis", Formula)] = None


CLAUSES = ("ip", "confidentiality", "dispute_resolution", "termination")
"""The clauses that an agreement puts on record, by their keys."""


class Amendment(Requirements):
    """A formal change of the structural model on a date; what was planned and held before it keeps the old one."""

    effective: date
    model: Model
    form: Form | None = None


class Agreement(Requirements):
    """What was signed. `effective` is day 0: the 90 days and the cadence count from it."""

    effective: date
    signed: date | None = None
    ends: date | None = None
    renewal: Renewal = Renewal()
    decides: Decides | None = None
    documents: tuple[Document, ...] = ()
    contributions: dict[Slug, Text] = {}
    scope: Text | None = None
    territory: Text | None = None
    exclusivity: Text | None = None
    reserved_matters: tuple[Text, ...] = ()
    ip: Said | None = Field(default=None, description="who owns what is made, and who may use what")
    confidentiality: Said | None = None
    dispute_resolution: Said | None = None
    termination: Said | None = Field(default=None, description="who may end it, on which notice, for which cause")
    exit: Text | None = None
    survives: tuple[Said, ...] = Field(default=(), description="obligations that outlast the agreement")
    amendments: tuple[Amendment, ...] = ()

    @property
    def bodies(self) -> tuple[Body, ...]:
        """The bodies that decide; none where that is said in words."""
        return self.decides if isinstance(self.decides, tuple) else ()

    def clauses(self) -> Iterator[tuple[str, Clause]]:
        """The clauses that are on record, by their keys."""
        return ((key, clause) for key in CLAUSES if (clause := getattr(self, key)))

    def obligations(self, ended: date | None = None) -> tuple[Obligation, ...]:
        """What binds after the end, which is the day `ended`, else that of an agreement that is not renewed: first what
        ends soonest, last what never does."""
        ended = ended or (self.ends if self.renewal.kind == "none" else None)
        lasting = [(key, each) for key, each in self.clauses() if each.survives or each.until]
        found = [_obligation(key, each, ended) for key, each in lasting]
        found += [_obligation("survives", each, ended) for each in self.survives]
        return tuple(sorted(found, key=lambda each: (each.until is None, each.until or date.max, each.span is None)))

    def cancel_by(self, works: Works | None = None) -> date | None:
        """The last day on which notice may leave, so that it arrives in time; None without an end or a renewal.

        `works` says on which days all parties work: notice and buffer in working days are counted by it.
        """
        if self.ends is None or self.renewal.kind == "none":
            return None
        return before(before(self.ends, self.renewal.notice, works), self.renewal.buffer, works)

    def as_of(self, day: date, works: Works | None = None) -> "Agreement":
        """The agreement as it stands on a day: one that renews tacitly goes on once its cancel-by date has passed
        unused.

        Every date that follows from its end (the last review, the last KPI period, the next cancel-by date) rolls
        along.
        """
        rolled = self
        while rolled.renewal.kind == "tacit" and rolled.ends:
            cancel_by = rolled.cancel_by(works)
            if cancel_by is None or cancel_by >= day:
                return rolled
            following = after(rolled.ends, rolled.renewal.for_, works)
            if following <= rolled.ends or following.year > _FAR:
                return rolled
            rolled = rolled.model_copy(update={"ends": following})
        return rolled

    def has_term(self, ends: date, works: Works | None = None) -> bool:
        """Whether one of its terms ends on a day."""
        day = self.ends
        while day and day < ends and self.renewal.kind == "tacit":
            following = after(day, self.renewal.for_, works)
            if following <= day or following.year > _FAR:
                return False
            day = following
        return day == ends


def signed_anew(agreement: Agreement, words: Iterable[RenewalWord]) -> Agreement:
    """The agreement with what was signed since, as people put it on record. What is said of a term or of a paper that
    the file does not have any more changes nothing: the file has moved on."""
    words = tuple(words)
    for word in words:
        if not word.counts or not word.is_signature:
            continue
        if word.document is None:
            is_it = agreement.ends == word.ends and agreement.renewal.kind != "tacit"
            agreement = agreement.model_copy(update={"ends": word.until}) if is_it else agreement
        elif of_paper(words, word.document, word.ends) == word:
            agreement = _with_paper(agreement, word.document, word)
    return agreement


def _with_paper(agreement: Agreement, kind: str, word: RenewalWord) -> Agreement:
    known = {each.expires for each in agreement.documents if each.kind == kind}
    if word.ends not in known or word.until in known:
        return agreement
    paper = Document(kind=kind, signed=word.on, expires=word.until)
    return agreement.model_copy(update={"documents": (*agreement.documents, paper)})


def _obligation(key: str, clause: Clause, ended: date | None) -> Obligation:
    until = clause.until
    if clause.survives and ended:
        until = after(ended, clause.survives)
    return Obligation(key, clause.says, until, clause.survives)


_DAY = timedelta(days=1)
_FARTHEST = 20_000
"""So many calendar days are looked through for working days."""
_FAR = 2200
"""No plan reaches beyond this year; a renewal for ever shorter spans must end somewhere."""


def after(day: date, span: Span, works: Works | None = None) -> date:
    """`day` and a span of days, working days, weeks, months or years; a month after 30 November is 30 December, and 12
    months after the last day of February its last day again. Raises `InvalidValue` for a span that is shorter than a
    day."""
    if span.unit in ("month", "year"):
        year, month = divmod(day.year * 12 + day.month - 1 + _months(span), 12)
        last = (day + _DAY).month != day.month
        return day_of_month(year, month + 1, 31 if last else day.day)
    return _counted(day, span, _DAY, works)


def before(day: date, span: Span, works: Works | None = None) -> date:
    """`day` less a span, as `after`; the 31st less a month is the month's last day."""
    if span.unit in ("month", "year"):
        year, month = divmod(day.year * 12 + day.month - 1 - _months(span), 12)
        return day_of_month(year, month + 1, day.day)
    return _counted(day, span, -_DAY, works)


def _months(span: Span) -> int:
    return span.count * (12 if span.unit == "year" else 1)


def _counted(day: date, span: Span, step: timedelta, works: Works | None) -> date:
    """So many days or weeks on or back; of working days each on which all work is one."""
    if span.unit in ("day", "week"):
        return day + span.count * (7 if span.unit == "week" else 1) * step
    if span.unit != "working day" or works is None:
        raise InvalidValue(f'"{span}" cannot be counted in days here', 'write it in calendar days, like "60 days"')
    left, farthest = span.count, _FARTHEST
    while left:
        day, farthest = day + step, farthest - 1
        left -= works(day)
        if not farthest:
            raise InvalidValue(
                f'"{span}" are never over: the parties hardly ever work on the same day', "shorten a weekend"
            )
    return day


def day_of_month(year: int, month: int, day: int) -> date:
    """That day of the month, or the month's last where it has no such day."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return min(following - timedelta(days=1), date(year, month, 1) + timedelta(days=day - 1))
