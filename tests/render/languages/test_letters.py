"""Nothing of a letter is said outside of the catalogues, and what it says in each language is whole."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from scheduler.domain.manner import Manner
from scheduler.domain.record.notification import SETTLED
from scheduler.domain.record.notification_facts import OF_KIND
from scheduler.render.languages import speaking
from scheduler.render.minutes_letter import MinutesLetter
from scheduler.render.minutes_letter import text_of as minutes_text
from scheduler.render.notifications.digest import Digest, Next, WhoKnows, knowing, matter, text_of, with_others
from scheduler.render.notifications.letter_parts import OVERDUE, Chapter
from scheduler.render.notifications.owed import Excused, Owed
from scheduler.render.notifications.sentences import Means, ToldMatter, sentences_of
from scheduler.render.templating import rendered
from tests.render.languages.brackets import in_brackets, outside

SHIPPED = Path(__file__).parents[3] / "templates"
DATA = "Дело"
"""Somebody's own words, in a script of their own."""
_DAY = re.compile(r"(\w+) \| (?:day|end_of_day)")
ALWAYS = {
    "review": ("due",),
    "agreement": ("cancel_by", "away_on", "decided"),
    "document": ("away_on",),
    "reply": ("on",),
    "pause": ("last",),
    "proposal": ("binding_from", "outcome"),
}
"""What is never lacking where the others are as they are in these facts."""
COMMAND = r"cadence [a-z]+( [a-z]+)?( Дело)?( --[a-z]+| [A-Z-]{2,}| yes| \d)*"
READERS = [
    Means(has_shell, has_form, DATA, "Asia/Tokyo", DATA) for has_shell in (True, False) for has_form in (True, False)
]


_CHANGES: list[dict[str, Any]] = [{"was": None}, {"now": None}, {"field": None}, {"field": None, "now": None}]


def facts_of(kind: str) -> Iterator[dict[str, Any]]:
    """Facts of a kind with every value that one of a closed list, a yes or no or a missing one can have."""
    hints = {name: _alternatives(kind, name, hint) for name, hint in get_type_hints(OF_KIND[kind]).items()}
    full = {name: values[0] for name, values in hints.items()}
    asks = hints.get("asks", hints.get("how", [None]))
    word = "asks" if "asks" in hints else "how"
    for each in asks:
        base = {**full, word: each} if word in hints else full
        yield base
        for name, values in hints.items():
            for value in values[1:] if name != word else ():
                if value is not None or name not in ALWAYS.get(kind, ()):
                    yield {**base, name: value}


def _alternatives(kind: str, name: str, hint: Any) -> list[Any]:
    hint = get_args(hint)[0] if get_origin(hint) is not None and str(hint).startswith("typing.NotRequired") else hint
    parts = [each for each in get_args(hint) if each is not type(None)] if _is_optional(hint) else [hint]
    missing = [None] if _is_optional(hint) else []
    return [*_values(kind, name, parts[0]), *missing]


def _is_optional(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _values(kind: str, name: str, hint: Any) -> list[Any]:
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    if hint is bool:
        return [True, False]
    if hint is int:
        return [3, 1]
    if get_origin(hint) is list:
        of = get_args(hint)[0]
        if kind == "definition":
            changed = {"part": "kpi", "name": DATA, "field": DATA, "was": DATA, "now": DATA}
            return [[changed], *([{**changed, **each}] for each in _CHANGES)]
        return [[DATA, DATA], [DATA]] if of is str else [[dict.fromkeys(get_type_hints(of), DATA)]]
    special = {
        "zone": ["Europe/Berlin", "Asia/Tokyo"],
        "start": ["2026-12-18T09:00:00+01:00"],
        "term": ["12 months", "10 working days"],
        "renewal": ["tacit", "express"],
        "decided": ["renew", "lapse", "renegotiate"],
        "course": ["continue", "adjust", "relaunch", "cure", "restructure", "change-model", "exit"],
        "instead_of": ["cure"] if kind == "course" else [DATA],
        "outcome": ["adopted", "rejected", "no quorum", "deadlocked", "vetoed"],
        "verdict": ["met", "partly", "missed"],
        "readings_say": ["missed"],
        "role": ["sponsor", "alliance manager"],
        "status": ["planned", "held"],
        "answer": ["declined"],
        "needed": ["no party may be against it; all of them have to vote"],
        "level": [DATA],
    }
    template = (SHIPPED / "notifications" / f"{kind}.txt.j2").read_text(encoding="utf-8")
    return ["2026-12-18"] if name in _DAY.findall(template) else special.get(name, [DATA])


def owed_facts() -> Iterator[dict[str, Any]]:
    excuses = [None, *(Excused(kind, by, "2026-12-18", over, DATA) for kind in ("excused", "promised")
                       for by in (DATA, None) for over in (True, False))]  # fmt: skip
    for excuse in excuses:
        for asked, brief, late in ((True, False, 3), (False, False, 1), (True, True, None), (False, False, 0)):
            because = f"{DATA} is away until 1 Jan 2027"
            since = None if late is None else "2026-12-19"
            owed = Owed(DATA, because, asked, asked, "2026-12-18", since, late, "0.3", excuse, brief)
            yield {"kpi": DATA, "period": "2026-11", "owed": owed}


CASES = [
    (kind, facts)
    for kind in OF_KIND
    for facts in (owed_facts() if kind == "kpi" else facts_of(kind))
]  # fmt: skip


@pytest.mark.parametrize("kind", OF_KIND)
def test_no_word_of_a_notification_stands_outside_of_the_catalogues(
    kind: str, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    tried = [facts for of, facts in CASES if of == kind]
    for facts in tried:
        for reader in READERS:
            with in_brackets(monkeypatch, sentences):
                text = rendered(f"notifications/{kind}.txt.j2", [SHIPPED], **facts, subject=DATA, reader=reader).text
            # None: a combination of facts that cannot be
            assert outside(text, COMMAND, r"[A-Z][a-z]+/[A-Z][a-z]+", r"\b(HOW|WHY|None)\b") == [], (
                facts,
                reader,
                text,
            )


def notifications() -> list[tuple[str, Mapping[str, Any]]]:
    return [(kind, next(facts for of, facts in CASES if of == kind)) for kind in OF_KIND]


@pytest.mark.parametrize("language", ["de", "fr", "es", "ja", "ar"])
def test_every_notification_is_said_in_every_language(language: str) -> None:
    """All of them, with all that they can be of: no value is named wrongly, and none is English."""
    for kind, facts in CASES:
        with speaking(Manner(language)):
            told = ToldMatter(kind if kind != SETTLED else "review", DATA, "", facts)
            said = rendered(f"notifications/{kind}.txt.j2", [SHIPPED], **facts, subject=DATA, reader=READERS[1]).text
            assert said.strip() and "%(" not in said
            if kind != SETTLED:
                assert sentences_of(told, READERS[1], [SHIPPED]).title


def a_digest() -> Digest:
    """A letter with all that one can have: what is asked, what is to be known, details, further ones, remarks."""
    who = WhoKnows(f"{DATA}.", (f"{DATA}.",))
    coming = Next(date(2026, 12, 21), (DATA,), DATA)
    asked = matter(DATA, [DATA], OVERDUE, who, coming, "https://x.example/1")
    others = [matter(f"{DATA} {each}", [DATA], "", who, None, "https://x.example/2") for each in range(5)]
    known = [matter(DATA, [DATA], state, who, coming) for state in (OVERDUE, "unanswered", SETTLED)]
    kpi = knowing(asked, who, coming, others, ["2026-12", "2027-01"])
    return Digest(
        DATA,
        (Chapter(DATA, (with_others(asked, others), kpi), asked=True), Chapter(DATA, tuple(known))),
        date(2026, 12, 1),
        "",
        "https://x.example/3",
        "https://x.example/4",
    )


LINKS = r"https://[a-z./0-9]+|<style[^>]*>|<[^>]*>|2026-12|2027-01"


def test_no_word_of_a_letter_of_the_day_stands_outside(
    monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    with in_brackets(monkeypatch, sentences):
        text = text_of(a_digest(), [SHIPPED])
    assert outside(text.subject) == []
    assert outside(text.plain, LINKS) == []
    assert outside(text.html, LINKS) == []


def a_minutes_letter(**other: Any) -> MinutesLetter:
    said: dict[str, Any] = {
        "reader": DATA, "title": DATA, "held_on": DATA, "filed_by": DATA, "is_again": False, "until": DATA,
        "zone": DATA, "until_words": DATA, "link": "https://x.example/1", "command": DATA, "decisions": (DATA,),
        "actions": (DATA,), "unfinished": (DATA,), "text": DATA, "is_cut": True,
    }  # fmt: skip
    return MinutesLetter(**{**said, **other})


@pytest.mark.parametrize(
    "other", [{}, {"is_again": True}, {"until": None}, {"link": None}, {"filed_by": None}], ids=str
)
def test_no_word_of_a_letter_with_minutes_stands_outside(
    other: dict[str, Any], monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    for reader in READERS:
        with in_brackets(monkeypatch, sentences):
            text = minutes_text(a_minutes_letter(**other), reader, [SHIPPED])
        assert outside(text.subject) == []
        assert outside(text.plain, LINKS) == []
        assert outside(text.html, LINKS) == []


@pytest.mark.parametrize("name", ["code", "sign_in"])
def test_no_word_of_a_letter_with_a_code_stands_outside(
    name: str, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    values = {
        "code": "1234 5678",
        "link": "https://x.example/1",
        **dict.fromkeys(("says", "partnership", "reader", "until", "host"), DATA),
    }
    for kind in ("txt", "html"):
        with in_brackets(monkeypatch, sentences):
            text = rendered(f"mail/{name}.{kind}.j2", [SHIPPED], **values).text
        assert outside(text, LINKS) == []


def test_a_letter_from_the_right_to_the_left_says_so_and_keeps_names_apart() -> None:
    with speaking(Manner("ar")):
        html = text_of(a_digest(), [SHIPPED]).html
    assert '<html lang="ar" dir="rtl">' in html
    assert f"\u2068{DATA}\u2069" in html
