"""The second form beside a value that is not there yet: it will be later, by which day, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.errors import InvalidValue, UserError, WrongDay
from scheduler.domain.record.measurement import Measurement
from scheduler.render.languages import say, sentence
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.cases.kpi_pauses import last_promised, pause
from scheduler.services.kpi_lookup import Call

from .lifecycle import Said, Wrong, day_of, name_of, refusal_at, remark


@dataclass(frozen=True)
class PromiseForm:
    """The form as it is shown: `first` and `last` are the days that can be promised, as a date field wants them,
    `latest` the last one in words. `stands` says for when it is promised already; it `is_open` where it came back."""

    until: str
    because: str
    first: str
    last: str
    latest: str
    stands: str | None
    is_open: bool


def is_promise(said: Said) -> bool:
    """Whether it is this form that was sent: the other one has no day."""
    return "until" in said


def shown(named: Call, owed: Measurement, said: Said | None) -> PromiseForm | None:
    """None where nothing can be promised: before the period has ended, once it is reported, while it is excused."""
    if owed.reading or owed.status == "excused" or not named.has_ended(owed):
        return None
    held = owed.excuse.because if owed.excuse and owed.held_until else ""
    before = {"until": owed.held_until.isoformat() if owed.held_until else "", "because": held}
    typed = said if said and is_promise(said) else None
    last = last_promised(named.today)
    return PromiseForm(
        first=named.today.isoformat(),
        last=last.isoformat(),
        latest=day_words(last),
        stands=day_words(owed.held_until) if owed.held_until else None,
        is_open=typed is not None,
        **{name: (typed or before).get(name, "") for name in before},
    )


def fact(named: Call, owed: Measurement) -> Iterator[tuple[str, str, bool]]:
    """For when it was promised, by whom and why, until it is reported; one that was not kept tells of lateness."""
    given = owed.excuse
    if given and given.until and given.kind == "acknowledged" and not owed.reading:
        who = name_of(named.partnership, given.by)
        words = say(
            "for %(day)s, by %(person)s: %(because)s", day=day_words(given.until), person=who, because=given.because
        )
        yield say("Promised"), words, owed.held_until is None


def take(app: App, named: Call, owed: Measurement, person: str, said: Said, now: datetime) -> None:
    """Put a promise on record. Raises StoreError and Wrong."""
    until = day_of(said, "until", (sentence("Name the day"), sentence("by its end it will be reported")))
    because = remark(said, "because")
    if because is None:
        raise Wrong("because", InvalidValue(sentence("Say why"), sentence("a few words will do")))
    with refusal_at(""):
        if owed.status == "excused":
            raise UserError(
                sentence("It is excused"), sentence("nothing needs to be promised; the value can still be reported")
            )
        period = named.ended(owed.period.label).period.label
        try:
            pause(app, owed.id, period, "acknowledged", because, until, person, now)
        except WrongDay as wrong:
            raise Wrong("until", wrong) from None
