"""The form on which an alliance manager or a sponsor says what was decided about the running term, or that notice was
sent; it wants a code, since it binds their side.

Once notice is on record it shows that; when the term is over it is closed. What was said by mistake is taken back by
whoever runs the program, with the reason.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast, get_args

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.renewal import NOTICE_SENT, RenewalWord, Word
from scheduler.render import languages
from scheduler.render.signed_links import RENEWAL
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.cases.confirmations import Act, key_of
from scheduler.services.cases.renewals import RunningTerm, running_term, say
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import StoreError
from scheduler.web.links import payload

from .lifecycle import FormKind, HistoryLine, NotKept, Said, Wrong, day_of, moment_words, name_of, refusal_at, remark

_CHOICES = (
    ("renew", languages.sentence("It goes on: renew it")),
    ("lapse", languages.sentence("It ends: let it lapse")),
    ("renegotiate", languages.sentence("Renegotiate it")),
    (NOTICE_SENT, languages.sentence("Notice was sent")),
)


@dataclass(frozen=True)
class RenewalPage:
    """The form as it is shown; `choices` are a value and its words, `word`, `on` and `because` what was typed, `today`
    the last day that can be named. Where notice is on record, nothing is asked (`is_settled`)."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    is_settled: bool
    choices: tuple[tuple[str, str], ...]
    word: str
    on: str
    because: str
    today: str


def _asked(app: App, db: Connection, now: datetime, token: str) -> tuple[RunningTerm, str]:
    """The term that the link is for, and the key of whose it is. Raises BadLink, ExpiredLink, and Gone where the term
    is over or the person looks after the partnership no more."""
    said = payload(db, RENEWAL, token, now)
    try:
        term = running_term(app, db, said["partnership"], now)
    except StoreError:
        raise
    except UserError:
        raise Gone("its partnership has no such term any more") from None
    if term.ends != date.fromisoformat(said["ends"]):
        raise Gone("its term is over")
    person = holder(app, db, term.partnership, said, now)
    has_duty(term.partnership, person, (), now)
    return term, person


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> RenewalPage:
    term, person = _asked(app, db, now, token)
    partnership, typed = term.partnership, said or {}
    return RenewalPage(
        partnership=partnership.name,
        title=languages.say("The term until %(day)s", day=day_words(term.ends)),
        reader=partnership.people[person].name,
        facts=tuple(_facts(term)),
        on_record=tuple(_line(term, each, person) for each in (term.standing.notice, term.standing.decided) if each),
        is_settled=term.standing.notice is not None,
        choices=tuple((value, languages.say(words)) for value, words in _CHOICES),
        word=typed.get("word", ""),
        on=typed.get("on", term.today.isoformat()),
        because=typed.get("because", ""),
        today=term.today.isoformat(),
    )


def _facts(term: RunningTerm) -> list[tuple[str, str, bool]]:
    how = {"tacit": languages.say("by itself"), "express": languages.say("only in writing")}.get(
        term.partnership.agreement.renewal.kind
    )
    found = [(languages.say("It is renewed"), how, False)] if how else []
    if term.cancel_by:
        found.append((languages.say("Notice must leave by"), day_words(term.cancel_by), term.cancel_by < term.today))
    return found


def _line(term: RunningTerm, word: RenewalWord, reader: str) -> HistoryLine:
    said = languages.say(dict(_CHOICES)[word.says])
    by = name_of(term.partnership, word.by)
    return HistoryLine(
        languages.say("%(word)s, %(day)s", word=said, day=day_words(word.on)),
        by,
        moment_words(term.partnership, reader, word.said_at),
        word.because,
    )


def _typed(term: RunningTerm, said: Said) -> tuple[Word, date, str | None]:
    """Raises Wrong."""
    word = said.get("word", "")
    if word not in get_args(Word):
        raise Wrong(
            "word",
            InvalidValue(
                languages.sentence("Choose one"), languages.sentence("what was decided, or that notice was sent")
            ),
        )
    on = day_of(said, "on")
    if on > term.today:
        raise Wrong(
            "on",
            InvalidValue(
                languages.sentence("This day has not come yet"),
                languages.sentence("name the day on which it was decided or sent"),
            ),
        )
    return cast(Word, word), on, remark(said, "because")


def _act(app: App, db: Connection, now: datetime, token: str, said: Said) -> Act | None:
    term, person = _asked(app, db, now, token)
    word, on, because = _typed(term, said)
    known = term.standing.notice if word == NOTICE_SENT else term.standing.decided
    if term.standing.notice or (known and known.says == word):
        return None
    says = languages.say(
        "%(word)s, on %(day)s (the term until %(end)s)",
        word=languages.say(dict(_CHOICES)[word]),
        day=day_words(on),
        end=day_words(term.ends),
    )
    key = key_of(f"renewal/{term.partnership.partnership}/{term.ends}", word, on, because)
    return Act(term.partnership, person, key, says)


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        term, person = _asked(app, db, now, token)
    word, on, because = _typed(term, said)
    notice = term.standing.notice
    if notice and (word, on, because) == (NOTICE_SENT, notice.on, notice.because):
        return
    if notice:
        raise NotKept
    with refusal_at("", "ask your alliance manager"):
        say(app, term.partnership.partnership, word, now, on=on, by=person, because=because, ends=term.ends)


FORM = FormKind("renewal.html.j2", _shown, _taken, _act)
