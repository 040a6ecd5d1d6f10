"""The form on which an alliance manager or a sponsor says what was decided about the running term, that notice was
sent, or what was signed; or what becomes of a paper that expires. It wants a code, since it binds their side.

When the term is over it is closed, and once notice is on record it shows that, unless another term can still be signed.
What was said of a paper can be said anew, but by nobody who has not seen what another said of it. What was said by
mistake is taken back by whoever runs the program, with the reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.record.renewal import LAPSE, NOTICE_SENT, SIGNED, RenewalWord, Word
from scheduler.render import languages
from scheduler.render.signed_links import RENEWAL
from scheduler.render.wording import day_words
from scheduler.services.app import App
from scheduler.services.cases.confirmations import Act, key_of
from scheduler.services.cases.renewals import (
    ExpiringPaper,
    RunningTerm,
    check_days,
    expiring_paper,
    running_term,
    say,
    say_of_paper,
)
from scheduler.services.still_theirs import Gone, has_duty, holder
from scheduler.store import StoreError
from scheduler.web.links import payload

from .lifecycle import (
    NO_LAST_DAY,
    FormKind,
    HistoryLine,
    NotKept,
    Said,
    Wrong,
    day_of,
    days_at,
    moment_words,
    name_of,
    refusal_at,
    remark,
)

_WORDS: Mapping[Word, str] = {
    "renew": languages.sentence("It goes on: renew it"),
    LAPSE: languages.sentence("It ends: let it lapse"),
    "renegotiate": languages.sentence("Renegotiate it"),
    NOTICE_SENT: languages.sentence("Notice was sent"),
}
ENDLESS = "signed-for-good"
"""What is chosen where something was signed that has no last day, so that a day that was forgotten is none of it."""
_SIGNED = {
    SIGNED: languages.sentence("Another was signed, which ends on the day below"),
    ENDLESS: languages.sentence("Another was signed, which has no end"),
}
OF_PAPER: Mapping[str, str] = {**_SIGNED, LAPSE: _WORDS[LAPSE]}
"""What can become of a paper, as it is chosen, and in words."""
_WHEN = {
    False: languages.sentence("On which day it was decided or sent"),
    True: languages.sentence("On which day it was signed or decided"),
}
_SEEN = "seen"
Asked = RunningTerm | ExpiringPaper


@dataclass(frozen=True)
class RenewalPage:
    """The form as it is shown; `choices` are a value and its words, `word`, `on`, `until` and `because` what was typed,
    `today` the last day on which it can have been, `when` what is asked of that. Where something can be signed
    (`is_signed`), its last day is asked for. Where nothing is left to say, nothing is asked (`is_settled`). `seen` is
    how many words were on record of it when the form was made."""

    partnership: str
    title: str
    reader: str
    facts: tuple[tuple[str, str, bool], ...]
    on_record: tuple[HistoryLine, ...]
    is_settled: bool
    is_signed: bool
    choices: tuple[tuple[str, str], ...]
    word: str
    when: str
    on: str
    until: str
    because: str
    today: str
    seen: str


class _Typed(NamedTuple):
    """What was typed, understood: `on` and `until` are civil dates."""

    word: Word
    on: date
    until: date | None
    because: str | None


def _asked(app: App, db: Connection, now: datetime, token: str) -> tuple[Asked, str]:
    """The term or paper that the link is for, and the key of whose it is. Raises BadLink, ExpiredLink, and Gone where
    the term is over, the paper is out of the definition or the person looks after the partnership no more."""
    said = payload(db, RENEWAL, token, now)
    ends = date.fromisoformat(said["ends"])
    term: Asked
    try:
        if "document" in said:
            term = expiring_paper(app, db, said["partnership"], said["document"], ends, now)
        else:
            term = running_term(app, db, said["partnership"], now, ends)
    except StoreError:
        raise
    except UserError:
        raise Gone("its partnership has no such term or paper any more") from None
    if term.ends != ends:
        raise Gone("its term is over")
    person = holder(app, db, term.partnership, said, now)
    has_duty(term.partnership, person, (), now)
    return term, person


def _shown(app: App, db: Connection, now: datetime, token: str, said: Said | None) -> RenewalPage:
    term, person = _asked(app, db, now, token)
    partnership, typed = term.partnership, said or {}
    return RenewalPage(
        partnership=partnership.name,
        title=_title(term),
        reader=partnership.people[person].name,
        facts=tuple(_facts(term)),
        on_record=tuple(_line(term, each, person) for each in _on_record(term)),
        is_settled=not term.choices,
        is_signed=SIGNED in term.choices,
        choices=tuple(_choices(term)),
        word=typed.get("word", ""),
        when=languages.say(_WHEN[SIGNED in term.choices]),
        on=typed.get("on", term.today.isoformat()),
        until=typed.get("until", ""),
        because=typed.get("because", ""),
        today=term.today.isoformat(),
        seen=typed.get(_SEEN, str(len(_words(term)))),
    )


def _title(term: Asked) -> str:
    day = day_words(term.ends)
    if isinstance(term, ExpiringPaper):
        document = languages.known(term.document.words)
        return languages.say("The %(document)s that expires on %(day)s", document=document, day=day)
    return languages.say("The term until %(day)s", day=day)


def _on_record(term: Asked) -> list[RenewalWord]:
    if isinstance(term, ExpiringPaper):
        return [term.said] if term.said else []
    return [each for each in (term.standing.signed, term.standing.notice, term.standing.decided) if each]


def _words(term: Asked) -> list[RenewalWord]:
    """All that was ever said of it, in that order."""
    document = term.document.kind if isinstance(term, ExpiringPaper) else None
    return [each for each in term.partnership.renewals if (each.document, each.ends) == (document, term.ends)]


def _is_overtaken(term: Asked, person: str, said: Said) -> bool:
    """Whether somebody else's word came since the form was made. A form that does not say when it was has seen none."""
    seen = next((number for number in range(len(_words(term)) + 1) if str(number) == said.get(_SEEN)), 0)
    return any(each.counts and each.by != person for each in _words(term)[seen:])


def _choices(term: Asked) -> Iterator[tuple[str, str]]:
    for word in term.choices:
        words = _SIGNED if word == SIGNED else {word: _WORDS[word]}
        yield from ((value, languages.say(each)) for value, each in words.items())


def _facts(term: Asked) -> list[tuple[str, str, bool]]:
    if isinstance(term, ExpiringPaper):
        signed = term.document.signed
        return [(languages.say("It was signed on"), day_words(signed), False)] if signed else []
    how = {"tacit": languages.say("by itself"), "express": languages.say("only in writing")}.get(
        term.partnership.agreement.renewal.kind
    )
    found = [(languages.say("It is renewed"), how, False)] if how else []
    if term.cancel_by:
        found.append((languages.say("Notice must leave by"), day_words(term.cancel_by), term.cancel_by < term.today))
    return found


def _line(term: Asked, word: RenewalWord, reader: str) -> HistoryLine:
    says, day = _says(word.says, word.until), day_words(word.on)
    if word.says == SIGNED:  # of which two days are told
        said = languages.say("%(word)s (signed on %(day)s)", word=says, day=day)
    else:
        said = languages.say("%(word)s, %(day)s", word=says, day=day)
    by = name_of(term.partnership, word.by)
    return HistoryLine(
        said,
        by,
        moment_words(term.partnership, reader, word.said_at),
        word.because,
    )


def _typed(term: Asked, said: Said) -> _Typed:
    """Raises Wrong."""
    typed, is_paper = said.get("word", ""), isinstance(term, ExpiringPaper)
    word = next((each for each in (*_WORDS, SIGNED) if each == (SIGNED if typed == ENDLESS else typed)), None)
    if word is None or (is_paper and word not in term.choices):
        what = languages.sentence("what was decided, or that notice was sent")
        if is_paper:
            what = languages.sentence("what was signed, or that it lapses")
        raise Wrong("word", InvalidValue(languages.sentence("Choose one"), what))
    on, until = day_of(said, "on"), day_of(said, "until", NO_LAST_DAY) if typed == SIGNED else None
    with days_at("on", "until"):
        check_days(term, on, until)
    return _Typed(word, on, until, remark(said, "because"))


def _is_known(term: Asked, typed: _Typed) -> bool:
    """Whether the same is on record already: it is nothing new, and nothing is to be confirmed."""
    for said in _on_record(term):
        if said.says == typed.word and not said.is_signature and not said.is_notice:
            return True
        if (said.says, said.on, said.until) == (typed.word, typed.on, typed.until):
            return said.is_signature or said.because == typed.because
    return False


def _act(app: App, db: Connection, now: datetime, token: str, said: Said) -> Act | None:
    term, person = _asked(app, db, now, token)
    typed = _typed(term, said)
    if _is_known(term, typed) or typed.word not in term.choices or _is_overtaken(term, person, said):
        return None
    id, day, end = term.partnership.partnership, day_words(typed.on), day_words(term.ends)
    word = _says(typed.word, typed.until)
    if isinstance(term, ExpiringPaper):
        document = languages.known(term.document.words)
        says = languages.say(
            "%(word)s, on %(day)s (the %(document)s that expires on %(end)s)",
            word=word,
            day=day,
            document=document,
            end=end,
        )
        key = key_of(f"paper/{id}/{term.document.kind}/{term.ends}", typed.word, typed.on, typed.until, typed.because)
        return Act(term.partnership, person, key, says)
    says = languages.say("%(word)s, on %(day)s (the term until %(end)s)", word=word, day=day, end=end)
    more = (typed.until,) if typed.word == SIGNED else ()
    key = key_of(f"renewal/{id}/{term.ends}", typed.word, typed.on, typed.because, *more)
    return Act(term.partnership, person, key, says)


def _says(word: Word, until: date | None) -> str:
    if word != SIGNED:
        return languages.say(_WORDS[word])
    if until is None:
        return languages.say("Another was signed, which has no end")
    return languages.say("Another was signed, which ends on %(day)s", day=day_words(until))


def _taken(app: App, now: datetime, token: str, said: Said) -> None:
    with app.store.read() as db:
        term, person = _asked(app, db, now, token)
    typed = _typed(term, said)
    if _is_known(term, typed):
        return
    if _is_overtaken(term, person, said) or (typed.word not in term.choices and _on_record(term)):
        raise NotKept
    id, word, on, until, because = term.partnership.partnership, *typed
    with refusal_at("", "ask your alliance manager"):
        if isinstance(term, ExpiringPaper):
            kind = term.document.kind
            say_of_paper(app, id, kind, word, now, on=on, by=person, because=because, ends=term.ends, until=until)
        else:
            say(app, id, word, now, on=on, by=person, because=because, ends=term.ends, until=until)


FORM = FormKind("renewal.html.j2", _shown, _taken, _act)
