"""Rounds of the health check open, close and are put on record by themselves, in the transaction that governs their
partnership; what they came to is there from then on, and what was answered has lost whatever could tell it apart.

A round asks each side of which enough people can answer, the same roles on each. Where no side has so many, or no page
is served on which they could, none opens. While a partnership is paused nothing opens and nothing closes.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.agenda_item import AddedItem
from scheduler.domain.record.health import HealthRound, Light
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.health_checks import results, rounds
from scheduler.rules.health_checks.asked import asked
from scheduler.rules.health_checks.occasions import occasions
from scheduler.rules.health_checks.proposed_items import proposed
from scheduler.rules.health_checks.results import findings
from scheduler.rules.reviews.scopes import Scope
from scheduler.services.app import App
from scheduler.services.pipeline import health_letters, health_news
from scheduler.services.state import PartnershipState
from scheduler.store import agenda_items, health_checks, outbox


def go_on(app: App, db: Connection, state: PartnershipState) -> bool:
    """Close the round whose last day is over, open what is to be open, put on record what is called for out of turn;
    say whether there was anything to."""
    if state.is_paused:
        return False
    now = state.now
    done = [
        _close(app, db, each, state.health_rounds, now, state.partnership) for each in _over(state.health_rounds, now)
    ]
    if done or _proposes(app, db, state) or _reminds(app, db, state):
        return True
    if not can_be_asked(app, state):
        return False
    return _opens(app, db, state) is not None


def _reminds(app: App, db: Connection, state: PartnershipState) -> bool:
    today, running = today_of(state), [each for each in state.health_rounds if each.is_open]
    return any(health_news.remind(app, db, state.partnership, each, today, state.now) for each in running)


def _proposes(app: App, db: Connection, state: PartnershipState) -> bool:
    """Put what the last round found red on the agenda of the audit that speaks of it; whether there was anything."""
    last = rounds.last_closed(state.health_rounds)
    if last is None or all(each.light is not Light.RED for each in findings(last)):
        return False
    known = agenda_items.recorded(db, state.partnership.partnership)
    audits = rounds.audits(umbrella_of(state), state.recorded.values())
    found = [*proposed(last, audits, {each.out_of for each in known}, state.partnership, today_of(state))]
    if not found:
        return False
    number = max((each.number for each in known if each.review == found[0].review), default=0)
    items = [
        AddedItem(f"{each.review}+{place}", each.review, each.says, None, each.owner, state.now, out_of=each.out_of)
        for place, each in enumerate(found, start=number + 1)
    ]
    agenda_items.save(db, items)
    for item in items:
        app.log.info("health.proposed", item=item.id, owner=item.by)
    return True


def _opens(app: App, db: Connection, state: PartnershipState) -> HealthRound | None:
    """The round that was opened, or put on record out of turn."""
    umbrella, today, known = umbrella_of(state), today_of(state), state.health_rounds
    waiting = next((each for each in known if each.is_planned and each.opens_on <= today), None)
    if waiting and not any(each.is_open for each in known):
        return open_round(app, db, state, waiting)
    if due := rounds.to_open(planning(state), known, today):
        return open_round(app, db, state, planned_round(umbrella, due, state.now))
    found = occasions(known, state.partnership, state.versions, state.decisions)
    called_for = rounds.out_of_turn(planning(state), known, found, today)
    if called_for is None:
        return None
    because, opens_on = called_for
    planned = out_of_turn(umbrella, opens_on, because, None, state.now)
    health_checks.save(db, planned)
    app.log.info("health.planned", round=planned.id, because=because)
    return planned


def planning(state: PartnershipState) -> rounds.Planning:
    """What the rounds of a partnership are planned by."""
    since = state.health_from or today_of(state)
    return rounds.Planning(umbrella_of(state), state.recorded.values(), state.horizon.until, since)


def umbrella_of(state: PartnershipState) -> Scope:
    return state.scopes[state.partnership.partnership]


def today_of(state: PartnershipState) -> date:
    """The civil date in the zone of a partnership's rounds: its own."""
    return state.now.astimezone(zone(umbrella_of(state).timezone)).date()


def can_be_asked(app: App, state: PartnershipState) -> bool:
    """Whether there is a page on which people could answer, and a side of which enough would be asked."""
    return app.settings.web.address is not None and bool(sides(state))


def sides(state: PartnershipState) -> dict[str, tuple[str, ...]]:
    """The sides that a round would ask today, and whom: those of which enough people can answer."""
    fewest = umbrella_of(state).playbook.health_check.fewest
    return {side: people for side, people in would_be_asked(state).items() if len(people) >= fewest}


def would_be_asked(state: PartnershipState) -> dict[str, tuple[str, ...]]:
    """The people whom the playbook names today, by side, however few they are."""
    return asked(umbrella_of(state).playbook.health_check, state.partnership, today_of(state))


def planned_round(umbrella: Scope, due: rounds.Planned, now: datetime) -> HealthRound:
    """A regular round as it is put on record."""
    return HealthRound(
        id=rounds.round_id(umbrella.partnership, due.period),
        partnership=umbrella.partnership,
        period=due.period,
        opens_on=due.opens_on,
        closes_on=due.closes_on,
        timezone=umbrella.timezone,
        terms=umbrella.playbook.health_check,
        review=due.review,
        planned_at=now,
    )


def out_of_turn(umbrella: Scope, opens_on: date, because: str, by: str | None, now: datetime) -> HealthRound:
    """A round that opens on a civil date because of something, or by somebody's word."""
    terms, period = umbrella.playbook.health_check, opens_on.isoformat()
    planned = rounds.Planned(period, opens_on, opens_on + terms.open.duration)
    return replace(planned_round(umbrella, planned, now), because=because, opened_by=by)


def open_round(app: App, db: Connection, state: PartnershipState, round: HealthRound) -> HealthRound:
    """Ask everybody; the terms are those of today."""
    people = sides(state)
    opened = replace(
        round,
        terms=umbrella_of(state).playbook.health_check,
        opened_at=state.now,
        asked={side: len(each) for side, each in people.items()},
    )
    health_checks.save(db, opened)
    health_checks.ask(db, opened, people)
    sent = health_letters.send(app, db, state.partnership, opened, health_checks.asked_in(db, opened.id), state.now)
    app.log.info("health.opened", round=opened.id, letters=sent)
    return opened


def _over(known: Iterable[HealthRound], now: datetime) -> list[HealthRound]:
    return [each for each in known if each.is_open and health_letters.closes_at(each) <= now]


def _close(
    app: App,
    db: Connection,
    round: HealthRound,
    known: Iterable[HealthRound],
    now: datetime,
    partnership: Partnership | None = None,
) -> HealthRound:
    """The result is told to the people of a `partnership` that goes on."""
    counted = health_checks.answered(db, round.id)
    answered = {side: counted.get(side, 0) for side in round.asked}
    before = rounds.last_closed(each for each in known if each.id != round.id)
    again = health_checks.sent_again(health_checks.asked_in(db, round.id))
    found = results.results(round.terms, answered, health_checks.ratings(db, round.id), before, again)
    closed = replace(round, closed_at=now, answered=answered, sent_again=again, results=found)
    health_checks.save(db, closed)
    health_checks.keep_results(db, closed, found)
    health_checks.mix(db, round.id, [side for side in answered if closed.has_enough(side)])
    outbox.withdraw_about(db, round.id, now)
    if partnership is not None:
        health_news.tell_result(app, db, partnership, closed, now)
    app.log.info("health.closed", round=round.id)
    return closed


def close_all(app: App, db: Connection, partnership: str, now: datetime) -> None:
    """A partnership ends: what was answered until now is all that there will be."""
    known = health_checks.recorded(db, partnership)
    for each in known:
        if each.is_open:
            _close(app, db, each, known, now)


def next_change(state: PartnershipState) -> Iterable[date]:
    """The civil dates to come, in the zone of its rounds, on which a round opens or is over."""
    known = state.health_rounds
    for each in known:
        if each.is_open:
            yield date.fromordinal(each.closes_on.toordinal() + 1)
            yield from (day for day in health_news.reminder_days(each) if day > today_of(state))
        elif each.is_planned:
            yield each.opens_on
    if following := rounds.following(planning(state), known, today_of(state)):
        yield following.opens_on
