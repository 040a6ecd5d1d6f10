"""What people do about health checks: answer, have a round opened out of turn, call one off, have a link sent once
more.

Who answers is known by their link alone, and only while it is looked at: what is kept has no person, and no line of a
log is written. The others are recorded in one transaction each, by name. What cannot be done raises `UserError`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import NotTheirs, UserError
from scheduler.domain.record.health import HealthRound
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.health_checks import rounds
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.proposals import known_person, refuse_while_paused
from scheduler.services.pipeline import health_letters, health_news, health_rounds
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import PartnershipState, remembered
from scheduler.services.still_theirs import Gone, holder
from scheduler.store import health_checks, outbox
from scheduler.store.health_checks import Answer, LinkHolder

MOST_LETTERS = 5
"""So many letters with a link go to one person in a round: each opens a form that could be answered once more."""


class AlreadyAnswered(UserError):
    """The link was used, and not from this browser, or that has lost its key: what was said is final."""


class Asked(NamedTuple):
    """What a link is good for: its round, its holder and the key that they have now, and the partnership as it
    stands."""

    round: HealthRound
    holder: LinkHolder
    person: str
    partnership: Partnership


def asked_by(app: App, db: Connection, token: str, now: datetime) -> Asked:
    """What a token opens. Raises Gone alike where it never was one, its round is over, or it is its holder's no
    more."""
    found = health_checks.holder_of(db, token)
    if found is None:
        raise Gone("this link opens nothing")
    row = lookup.partnership(db, found.round.partition("/")[0])
    known = {each.id: each for each in health_checks.recorded(db, row.id)}
    round = known.get(found.round)
    if row.ended_at or round is None or not round.is_open or now >= health_letters.closes_at(round):
        raise Gone("its round is over")
    partnership = app.in_force(row).as_of(now)
    person = holder(app, db, partnership, {"person": found.person, "seal": found.seal}, now)
    return Asked(round, found, person, partnership)


def answer(app: App, token: str, browser: str, said: Iterable[Answer], now: datetime) -> None:
    """Keep what somebody answers by their link: once, or once more from the browser whose key that is. Raises
    AlreadyAnswered, Gone."""
    with app.store.read() as db:
        partnership = asked_by(app, db, token, now).round.partnership
    with app.store.write(partnership) as db:
        asked = asked_by(app, db, token, now)
        if health_checks.is_spent(db, token) and not health_checks.given_by(db, asked.holder, browser):
            raise AlreadyAnswered("this link was used", "what was said by it can be changed in the same browser alone")
        health_checks.take(db, token, asked.holder, browser, said)


def open_now(app: App, partnership: str, because: str, by: str, now: datetime) -> HealthRound:
    """Ask both sides today, out of turn. `by` is a person's key or mail address. Raises UserError where a round is
    open, or not enough people could answer."""
    with app.store.write(partnership) as db:
        state, person = _state(app, db, partnership, by, now)
        refuse_while_paused(state.partnership, now)
        if open_one := next((each for each in state.health_rounds if each.is_open), None):
            raise UserError(
                f"{open_one.id} is open until {in_words(open_one.closes_on)}",
                "one round at a time: wait for it, or skip it",
            )
        _check_can_be_asked(app, state)
        umbrella, today = health_rounds.umbrella_of(state), health_rounds.today_of(state)
        planned = health_rounds.out_of_turn(umbrella, today, because, person, now)
        if any(each.id == planned.id for each in state.health_rounds):
            raise UserError(f"{planned.id} was opened today already", "open the next one tomorrow")
        opened = health_rounds.open_round(app, db, state, planned)
        govern_in(app, db, state.partnership.partnership, now)
        return opened


def _check_can_be_asked(app: App, state: PartnershipState) -> None:
    if app.settings.web.address is None:
        raise UserError("nobody could answer: no page is served", "set `web:` in the settings")
    if not health_rounds.sides(state):
        terms = health_rounds.umbrella_of(state).playbook.health_check
        what = f"no side has {terms.fewest} people who would be asked"
        raise UserError(what, "give more people one of the roles that the playbook's health_check asks")


def skip(app: App, id: str, because: str, by: str, now: datetime) -> HealthRound:
    """Call a round off, with the reason: one that is open, of which everything that was answered goes, or the next one
    that is to come. It stays on record as skipped. Raises UserError."""
    with app.store.write(id) as db:
        state, person = _state(app, db, id.partition("/")[0], by, now)
        known = {each.id: each for each in (*state.health_rounds, *_to_come(state))}
        if id not in known:
            hint = f"cadence health show {state.partnership.partnership} has them"
            raise lookup.unknown("round", id, list(known), hint)
        round = known[id]
        if round.closed_at or round.skipped_at:
            how = "skipped" if round.skipped_at else "closed"
            raise UserError(
                f"{id} is {how}", "what is to be asked once more is opened out of turn: cadence health open"
            )
        skipped = replace(round, skipped_at=now, skipped_by=person, skipped_because=because)
        health_checks.save(db, skipped)
        health_checks.forget(db, id)
        outbox.withdraw_about(db, id, now)
        health_news.tell_skipped(app, db, state.partnership, skipped, now)
        govern_in(app, db, skipped.partnership, now)
        return skipped


def _to_come(state: PartnershipState) -> Iterator[HealthRound]:
    """The next regular round, as it would be put on record today."""
    today = health_rounds.today_of(state)
    if coming := rounds.following(health_rounds.planning(state), state.health_rounds, today):
        umbrella = health_rounds.umbrella_of(state)
        yield health_rounds.planned_round(umbrella, coming, state.now)


def send_again(app: App, id: str, person: str, now: datetime) -> None:
    """Write to somebody who is asked once more, with another link; the one before opens nothing then. `person` is a key
    or mail address. Raises UserError, NotTheirs."""
    with app.store.write(id) as db:
        row = lookup.not_ended(lookup.partnership(db, id.partition("/")[0]))
        partnership = app.in_force(row).as_of(now)
        known = {each.id: each for each in health_checks.recorded(db, row.id)}
        round = known.get(id)
        if round is None or not round.is_open or now >= health_letters.closes_at(round):
            raise UserError(f"{id} is not open", f"cadence health show {row.id} has the rounds")
        key = lookup.person(partnership, person) or person
        asked = next((each for each in health_checks.asked_in(db, id) if each.person == key), None)
        if asked is None or key not in partnership.people:
            raise NotTheirs(f"{partnership.name_of(key)} is not asked in {id}", "who is asked is fixed when it opens")
        if asked.letters >= MOST_LETTERS:
            raise UserError(
                f"{asked.letters} letters with a link were written already", "look for the last one of them"
            )
        health_checks.note_letter(db, id, key)
        again = asked._replace(letters=asked.letters + 1)
        health_letters.send(app, db, partnership, round, [again], now)


def _state(app: App, db: Connection, partnership: str, by: str, now: datetime) -> tuple[PartnershipState, str]:
    row = lookup.not_ended(lookup.partnership(db, partnership))
    state = remembered(app, db, row, now)
    return state, known_person(state.partnership, by, now)
