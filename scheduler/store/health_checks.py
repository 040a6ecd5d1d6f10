"""The rounds of health checks, who is asked in them, and what was answered: three things that nothing here joins.

- **Who is asked** stands by name, and says nothing of whether they answered.
- **A link** is good by a hash of its token. That it was used stands in another table, under another hash, which only
  the token gives; and the token stands nowhere: it is made as its letter leaves (`services/pipeline/health_letters`).
- **An answer** stands by itself, each question's, under a hash of a key that one browser has; without a person, a
  moment or a number that counts. As often as anything is answered, all rows of the round are written anew by their
  random keys, and over what was there (`secure_delete`); when the round is closed they get other keys, and the links
  are gone.
"""

import hashlib
import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, delete, func, insert, select, update

from scheduler.domain.definition.health_check import HealthCheck
from scheduler.domain.record.health import AreaResult, HealthRound, Light

from . import core_tables, partnerships
from .statements import upsert

_round, _asked, _token = core_tables.health_round, core_tables.health_asked, core_tables.health_token
_spent, _answer, _result = core_tables.health_spent, core_tables.health_answer, core_tables.health_result
_KEPT = (
    "id",
    "partnership",
    "period",
    "opens_on",
    "closes_on",
    "timezone",
    "review",
    "because",
    "opened_by",
    "planned_at",
    "opened_at",
    "closed_at",
    "skipped_at",
    "skipped_by",
    "skipped_because",
    "asked",
    "answered",
    "sent_again",
)
TABLES = ("health_answer", "health_spent", "health_token", "health_asked")
"""Those of which nothing is to stay in a file once it is deleted."""
_DECIMALS = ("mean", "spread", "change", "gap")


def new_secret() -> str:
    """A token of a link, or the key of a browser: 43 characters that nobody guesses."""
    return secrets.token_urlsafe(32)


# Rounds and results ------------------------------------------------------------------------------------------------


def recorded(db: Connection, partnership: str) -> tuple[HealthRound, ...]:
    """Every round of a partnership with what it came to, in the order in which they opened, or will."""
    found = db.execute(select(_round).where(_round.c.partnership == partnership)).mappings().all()
    results = _results(db, partnership) if found else {}
    made = (
        HealthRound(
            **{name: row[name] for name in _KEPT},
            terms=HealthCheck.model_validate(row["terms"]),
            results=tuple(results.get(row["id"], ())),
        )
        for row in found
    )
    return tuple(sorted(made, key=lambda each: (each.opens_on, each.id)))


def _results(db: Connection, partnership: str) -> dict[str, list[AreaResult]]:
    results: dict[str, list[AreaResult]] = defaultdict(list)
    for row in db.execute(select(_result).where(_result.c.partnership == partnership)).mappings():
        said: dict[str, Any] = {name: row[name] for name in ("area", "side", "answers", "cannot_say")}
        said |= {name: None if row[name] is None else Decimal(row[name]) for name in _DECIMALS}
        light, counts = Light(row["light"]), tuple(row["counts"] or ())
        results[row["round"]].append(AreaResult(**said, light=light, counts=counts))
    return {id: sorted(each, key=lambda one: (one.area, one.side)) for id, each in results.items()}


def save(db: Connection, round: HealthRound) -> None:
    """Put a round on record, new or changed; its results are `keep_results`."""
    row = {name: getattr(round, name) for name in _KEPT}
    counts = {name: dict(row[name]) for name in ("asked", "answered", "sent_again")}
    upsert(db, _round, [{**row, **counts, "terms": round.terms.model_dump(mode="json"), "is_scrubbed": False}])
    partnerships.touch(db, [round.partnership])


def keep_results(db: Connection, round: HealthRound, results: Iterable[AreaResult]) -> None:
    rows = []
    for each in results:
        numbers = {name: None if (value := getattr(each, name)) is None else str(value) for name in _DECIMALS}
        row = {**asdict(each), **numbers, "light": each.light.value, "counts": list(each.counts) or None}
        rows.append({**row, "round": round.id, "partnership": round.partnership})
    upsert(db, _result, rows)


# Who is asked, and their links -------------------------------------------------------------------------------------


class AskedPerson(NamedTuple):
    """Somebody who is asked in a round that is open, by their key, for the organisation `side`; `letters` is how many
    with a link were written to them."""

    person: str
    side: str
    letters: int


def ask(db: Connection, round: HealthRound, people: Mapping[str, Collection[str]]) -> None:
    """Note who is asked, by organisation."""
    rows = [
        {"round": round.id, "partnership": round.partnership, "person": key, "side": side, "letters": 1}
        for side, keys in people.items()
        for key in keys
    ]
    if rows:
        db.execute(insert(_asked), rows)


def asked_in(db: Connection, round: str) -> tuple[AskedPerson, ...]:
    found = select(_asked.c.person, _asked.c.side, _asked.c.letters).where(_asked.c.round == round)
    return tuple(AskedPerson(*each) for each in db.execute(found.order_by(_asked.c.person)))


def note_letter(db: Connection, round: str, person: str) -> None:
    """One more letter with a link was written to somebody."""
    mine = and_(_asked.c.round == round, _asked.c.person == person)
    db.execute(update(_asked).where(mine).values(letters=_asked.c.letters + 1))


class LinkHolder(NamedTuple):
    """Whose link a token is: of which round, which person by key, of which side; and the seal that they had."""

    round: str
    person: str
    side: str
    seal: str


def give_token(db: Connection, token: str, partnership: str, holder: LinkHolder, *, replaces: bool) -> None:
    """Let a token open the form for somebody. Unless a letter with an earlier one may have arrived, it `replaces`
    those: whoever asked for another link has one alone."""
    if replaces:
        db.execute(delete(_token).where(_token.c.round == holder.round, _token.c.person == holder.person))
    row = {"token_hash": _hashed("token", token), "partnership": partnership, "round": holder.round}
    db.execute(insert(_token), {**row, "person": holder.person, "side": holder.side, "seal_hash": holder.seal})


def holder_of(db: Connection, token: str) -> LinkHolder | None:
    of = _token.c
    mine = select(of.round, of.person, of.side, of.seal_hash).where(of.token_hash == _hashed("token", token))
    found = db.execute(mine).one_or_none()
    return LinkHolder(*found) if found else None


def is_spent(db: Connection, token: str) -> bool:
    """Whether somebody has answered by this link."""
    return db.scalar(select(_spent.c.round).where(_spent.c.spent_hash == _hashed("spent", token))) is not None


def answered(db: Connection, round: str) -> dict[str, int]:
    """How many have answered, by side: all that anybody learns of it while the round is open."""
    side = _spent.c.side
    found = db.execute(select(side, func.count()).where(_spent.c.round == round).group_by(side))
    return {each[0]: each[1] for each in found}


# What was answered -------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What was said to one question: a `value` from 1 to 5, None for "cannot say"; or `words`."""

    question: str
    value: int | None = None
    words: str | None = None


def take(db: Connection, token: str, holder: LinkHolder, browser: str, said: Iterable[Answer]) -> None:
    """Keep what was answered by a link: as the one answer that it is good for or, by the key of the `browser` that gave
    it, instead of what that one said before."""
    if not is_spent(db, token):
        row = {"spent_hash": _hashed("spent", token), "round": holder.round, "side": holder.side}
        _rewritten(db, _spent, holder.round, [row])
    of = {"round": holder.round, "side": holder.side}
    rows = [{**of, **each._asdict(), "key": _key(holder.side, browser, each.question)} for each in said]
    _rewritten(db, _answer, holder.round, rows, without=_keys(db, holder, browser))


def given_by(db: Connection, holder: LinkHolder, browser: str) -> tuple[Answer, ...]:
    """What was answered for the side of a link from a browser, by its key."""
    of = _answer.c
    mine = select(of.question, of.value, of.words).where(of.key.in_(_keys(db, holder, browser)))
    return tuple(sorted((Answer(*each) for each in db.execute(mine)), key=lambda each: each.question))


def ratings(db: Connection, round: str) -> dict[tuple[str, str], list[int | None]]:
    """What was answered to the questions that are rated, by side and question."""
    found: dict[tuple[str, str], list[int | None]] = defaultdict(list)
    of = _answer.c
    for each in db.execute(select(of.side, of.question, of.value).where(of.round == round, of.words.is_(None))):
        found[each.side, each.question].append(each.value)
    return {key: sorted(values, key=lambda value: (value is None, value)) for key, values in found.items()}


def words(db: Connection, round: str, side: str) -> dict[str, tuple[str, ...]]:
    """What a side wrote, by question, in the order of the words: an order that tells nothing. Who shows it asks first
    whether enough of that side have answered."""
    found: dict[str, list[str]] = defaultdict(list)
    of = _answer.c
    mine = select(of.question, of.words).where(of.round == round, of.side == side, of.words.is_not(None))
    for question, said in db.execute(mine):
        found[question].append(said)
    return {question: tuple(sorted(said)) for question, said in found.items()}


def words_of(db: Connection, rounds: Collection[HealthRound]) -> dict[str, dict[str, dict[str, tuple[str, ...]]]]:
    """What was written in closed rounds, by round, side and question: of the sides of which enough have answered."""
    found = {}
    for each in rounds:
        enough = filter(each.has_enough, each.answered)
        if said := {side: written for side in enough if (written := words(db, each.id, side))}:
            found[each.id] = said
    return found


def mix(db: Connection, round: str, sides: Collection[str]) -> None:
    """Close what was answered: all of it under other, random keys, and of these `sides` alone; of whom too few have
    answered, nothing stays. Who was asked, and what their links were, goes."""
    of = _answer.c
    kept = db.execute(select(_answer).where(of.round == round, of.side.in_(sorted(sides)))).mappings().all()
    again = [{**row, "key": _hashed("mixed", new_secret())} for row in kept]
    forget(db, round)
    _insert_by_key(db, _answer, again)


def forget(db: Connection, round: str) -> None:
    """Let go of all that was answered in a round, of who was asked, and of their links."""
    _overwriting(db)
    for table in (_answer, _spent, _token, _asked):
        db.execute(delete(table).where(table.c.round == round))


def sent_again(asked: Iterable[AskedPerson]) -> dict[str, int]:
    """How many links were sent once more, by side."""
    return dict(Counter(each.side for each in asked for _ in range(each.letters - 1)))


def to_scrub(db: Connection) -> list[str]:
    """The rounds that are over and of whose answers files may hold what was there before they were mixed."""
    of = _round.c
    is_over = of.closed_at.is_not(None) | of.skipped_at.is_not(None)
    return list(db.scalars(select(of.id).where(is_over, of.is_scrubbed.is_(False)).order_by(of.id)))


def note_scrubbed(db: Connection, rounds: Collection[str]) -> None:
    db.execute(update(_round).where(_round.c.id.in_(sorted(rounds))).values(is_scrubbed=True))


def _rewritten(
    db: Connection, table: Table, round: str, rows: Iterable[Mapping[str, Any]], without: Collection[str] = ()
) -> None:
    """Write rows of a round beside those that are there, all of them anew and by their keys: nothing shows which came
    last."""
    _overwriting(db)
    key = next(iter(table.primary_key)).name
    found = db.execute(select(table).where(table.c.round == round)).mappings()
    there = [dict(row) for row in found if row[key] not in without]
    db.execute(delete(table).where(table.c.round == round))
    _insert_by_key(db, table, [*there, *rows])


def _insert_by_key(db: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    key = next(iter(table.primary_key)).name
    if sorted_rows := sorted((dict(row) for row in rows), key=lambda row: str(row[key])):
        db.execute(insert(table), sorted_rows)


def _overwriting(db: Connection) -> None:
    """On SQLite what is deleted is written over with zeros from here on; PostgreSQL has `scrub` for it."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("PRAGMA secure_delete = ON")


def _keys(db: Connection, holder: LinkHolder, browser: str) -> list[str]:
    """The keys of what a browser may have answered for a side: those of every question that anybody answered."""
    questions = db.scalars(select(_answer.c.question).where(_answer.c.round == holder.round).distinct())
    return [_key(holder.side, browser, question) for question in questions]


def _key(side: str, browser: str, question: str) -> str:
    return _hashed(f"answer\n{side}\n{question}", browser)


def _hashed(what: str, secret: str) -> str:
    return hashlib.sha256(f"health {what}\n{secret}".encode()).hexdigest()
