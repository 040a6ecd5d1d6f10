"""A round of the health check opens on day 180, is answered by six people of Acme and Globex, and is closed; it is
skipped, opened out of turn, asked once more. What nobody can tell stands in `tests/store/test_health_anonymity.py`."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from typing import Any

import pytest
import yaml

from scheduler.domain.errors import UserError
from scheduler.domain.record.health import Light
from scheduler.services.app import App
from scheduler.services.cases import health_checks as cases
from scheduler.services.cases.health_checks import AlreadyAnswered
from scheduler.services.cases.partnerships import end
from scheduler.services.cases.pauses import pause
from scheduler.services.still_theirs import Gone
from scheduler.settings import Web
from scheduler.store import health_checks, outbox
from scheduler.store.health_checks import LinkHolder
from tests import health
from tests.builders import DEV, JUNE, MARTA, TOM, at
from tests.health import ACME, CELLS, CLOSED, GLOBEX, OPENS, ROUND, HealthCheck
from tests.web.conftest import AppOf, definition, made  # noqa: F401

WEEK = timedelta(days=7)


@pytest.fixture
def app(made: AppOf) -> Iterator[App]:  # noqa: F811
    opened = made()
    yield opened
    opened.close()


@pytest.fixture
def check(app: App) -> HealthCheck:
    return health.opened(app)


def everybody_says(check: HealthCheck, acme: int = 4, globex: int = 4) -> None:
    for person in ACME:
        check.answers(person, acme)
    for person in GLOBEX:
        check.answers(person, globex)


def edit(app: App, **people: object) -> None:
    """Change people in the file; None takes one out."""
    file = app.settings.definitions / f"{CELLS}.yaml"
    said = yaml.safe_load(file.read_text("utf-8"))
    said["people"] = {key: each for key, each in {**said["people"], **people}.items() if each is not None}
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")


def test_it_opens_on_day_180_and_not_a_minute_before(app: App) -> None:
    check = HealthCheck(app)
    check.cycle(at("2027-03-29 23:59"))
    assert check.rounds() == ()
    check.cycle(at("2027-03-30 00:00"))
    [found] = check.rounds()
    assert (found.id, found.opens_on, found.closes_on) == (ROUND, date(2027, 3, 30), date(2027, 4, 20))
    assert found.asked == {"acme": 3, "globex": 3}
    assert not found.is_extra


def test_the_same_roles_of_each_side_are_asked_each_once_in_their_hours(app: App) -> None:
    check = HealthCheck(app)
    check.cycle(at("2027-03-30 00:00"))
    check.send(at("2027-03-30 08:29"))
    assert check.tokens() == {}
    check.send(at("2027-03-30 08:30"))
    assert set(check.tokens()) == set(ACME)
    check.send(at("2027-03-30 16:00"))
    assert set(check.tokens()) == {*ACME, *GLOBEX}
    check.cycle(at("2027-03-31 10:00"))
    assert len(check.table("health_asked")) == 6
    assert len([row for row in check.table("letter") if row["method"] == outbox.HEALTH]) == 6


def test_a_partnership_that_was_taken_up_later_is_not_asked_for_what_was_before(made: AppOf) -> None:  # noqa: F811
    app = made(acme_globex=definition(effective="2026-02-01"))
    check = HealthCheck(app)
    check.cycle(at("2026-12-01 10:00"))
    assert check.rounds() == ()
    check.cycle(at("2027-02-14 23:59"))
    assert check.rounds() == ()
    check.cycle(at("2027-02-15 00:00"))
    [found] = check.rounds()
    assert (found.period, found.opens_on, found.closes_on) == ("2027-H1", date(2027, 2, 15), date(2027, 3, 8))
    assert found.review == f"{CELLS}/sponsors/2027-H1", "it is held on 18 March, ten days after the round has closed"
    app.close()


def test_it_closes_when_its_last_day_is_over_and_the_gap_between_the_sides_is_the_finding(check: HealthCheck) -> None:
    for person, candour in zip(ACME, (2, 3, 2), strict=True):
        check.answers(person, {"candour": candour, "word-kept": 3, "pace": 3})
    for person in GLOBEX:
        check.answers(person, {"candour": 5, "word-kept": 4, "pace": 4})
    check.cycle(at("2027-04-20 23:59"))
    assert check.rounds()[0].is_open
    check.cycle(CLOSED)
    [closed] = check.rounds()
    assert closed.closed_at and closed.answered == {"acme": 3, "globex": 3}
    acme, globex = (closed.result("trust", side) for side in ("acme", "globex"))
    assert acme and globex
    assert (acme.mean, globex.mean, acme.gap) == (Decimal("2.78"), Decimal("4.33"), Decimal("1.55"))
    assert (acme.light, globex.light) == (Light.RED, Light.GREEN)
    assert acme.counts == (0, 2, 7, 0, 0)
    assert acme.answers == 3


def test_below_three_answers_a_side_nothing_of_it_is_kept(check: HealthCheck) -> None:
    for person in ACME:
        check.answers(person, 4, "our words")
    for person in GLOBEX[:2]:
        check.answers(person, 1, "their words")
    check.cycle(CLOSED)
    [closed] = check.rounds()
    for area in closed.terms.areas:
        found = closed.result(area.key, "globex")
        assert found and (found.mean, found.spread, found.counts, found.answers, found.gap) == (
            None,
            None,
            (),
            None,
            None,
        )
        assert found.light is Light.UNKNOWN
        mine = closed.result(area.key, "acme")
        assert mine and mine.mean == Decimal("4.00")
    assert {row["side"] for row in check.table("health_answer")} == {"acme"}
    assert b"their words" not in (check.app.settings.data / "cadence.db").read_bytes()


def test_after_the_close_nothing_leads_from_people_to_answers(check: HealthCheck) -> None:
    browsers = {person: check.answers(person, 4) for person in (*ACME, *GLOBEX)}
    before = {row["key"] for row in check.table("health_answer")}
    check.cycle(CLOSED)
    assert before.isdisjoint(row["key"] for row in check.table("health_answer"))
    assert not check.table("health_spent") and not check.table("health_token") and not check.table("health_asked")
    with check.app.store.read() as db:
        holders = {person: LinkHolder(ROUND, person, "acme" if person in ACME else "globex", "") for person in browsers}
        assert not any(health_checks.given_by(db, holders[each], key) for each, key in browsers.items())


def test_a_link_is_good_once_and_from_its_browser_again(check: HealthCheck) -> None:
    browser = check.answers("ines", 2)
    with pytest.raises(AlreadyAnswered):
        check.answers("ines", 5)
    check.answers("ines", 3, browser=browser)
    assert {row["value"] for row in check.table("health_answer")} == {3}
    with pytest.raises(Gone):
        check.answers("marta", 3, now=CLOSED)


def test_another_letter_has_another_link_and_the_one_before_opens_nothing(check: HealthCheck) -> None:
    before = check.tokens()["tom"]
    cases.send_again(check.app, ROUND, "tom.reyes@globex.example", OPENS + WEEK)
    check.send(OPENS + WEEK + timedelta(hours=6))
    after = check.tokens()["tom"]
    assert after != before
    with check.app.store.read() as db:
        assert health_checks.holder_of(db, before) is None
    check.answers("tom", 4)
    check.cycle(CLOSED)
    assert check.rounds()[0].sent_again == {"globex": 1}


def test_nobody_gets_at_what_another_said_by_answering_twice(check: HealthCheck) -> None:
    """Of three who are asked two answer, one of them by two links: three answers, and of two people for sure."""
    check.answers(GLOBEX[0], 1)
    check.answers("tom", 5)
    cases.send_again(check.app, ROUND, "tom", OPENS + WEEK)
    check.send(OPENS + WEEK + timedelta(hours=6))
    check.answers("tom", 5)
    check.cycle(CLOSED)
    [closed] = check.rounds()[:1]
    assert (closed.answered["globex"], closed.surely_answered("globex")) == (3, 2)
    assert all(each.mean is None for each in closed.results if each.side == "globex")
    assert not [row for row in check.table("health_answer") if row["side"] == "globex"]


def test_a_browser_changes_what_it_said_for_its_own_side_alone(check: HealthCheck) -> None:
    browser = check.answers("ines", 2)
    check.answers("tom", 5)
    with pytest.raises(AlreadyAnswered):
        check.answers("tom", 4, browser=browser)
    assert sorted({(row["side"], row["value"]) for row in check.table("health_answer")}) == [("acme", 2), ("globex", 5)]


def test_no_more_than_five_letters_with_a_link_go_to_anybody_and_none_to_others(check: HealthCheck) -> None:
    for _ in range(4):
        cases.send_again(check.app, ROUND, "tom", OPENS)
    with pytest.raises(UserError, match="5 letters"):
        cases.send_again(check.app, ROUND, "tom", OPENS)
    with pytest.raises(UserError, match="no person"):
        cases.send_again(check.app, ROUND, "nobody", OPENS)
    with pytest.raises(UserError, match="is not open"):
        cases.send_again(check.app, ROUND, "tom", CLOSED)


def test_a_round_is_skipped_by_a_person_with_a_reason_and_all_that_was_said_goes(check: HealthCheck) -> None:
    everybody_says(check)
    skipped = cases.skip(check.app, ROUND, "the merger takes everybody's time", "ines", OPENS + WEEK)
    assert (skipped.skipped_by, skipped.skipped_because) == ("ines", "the merger takes everybody's time")
    assert not check.table("health_answer") and not check.table("health_token")
    check.cycle(CLOSED)
    [found] = check.rounds()
    assert found.skipped_at and not found.closed_at and found.results == ()
    with pytest.raises(UserError, match="is skipped"):
        cases.skip(check.app, ROUND, "again", "ines", CLOSED)


def test_the_next_round_can_be_skipped_before_it_opens_and_stays_skipped(app: App) -> None:
    cases.skip(app, ROUND, "year's end", "dev", at("2027-01-05 10:00"))
    check = HealthCheck(app)
    check.cycle(OPENS)
    assert [(each.id, bool(each.opened_at)) for each in check.rounds()] == [(ROUND, False)]


def test_a_round_is_opened_out_of_turn_where_none_is_open(app: App) -> None:
    check = HealthCheck(app)
    opened = cases.open_now(app, CELLS, "after the strike", "ines", at("2026-12-01 10:00"))
    assert (opened.id, opened.is_extra) == (f"{CELLS}/health/2026-12-01", True)
    with pytest.raises(UserError, match="is open until"):
        cases.open_now(app, CELLS, "once more", "ines", at("2026-12-02 10:00"))
    check.cycle(at("2026-12-23 00:00"))
    assert check.rounds()[0].closed_at


def test_a_new_sponsor_calls_for_a_round_a_month_later_and_the_old_one_under_another_key_does_not(
    check: HealthCheck,
) -> None:
    check.cycle(CLOSED)
    june = {"name": "June Okafor", "email": "june.o@globex.example", "of": "globex", "role": "sponsor"}
    edit(check.app, june=None, june2={**june, "renamed_from": "june"})
    check.cycle(at("2027-04-22 10:00"))
    assert len(check.rounds()) == 1
    rosa = {"name": "Rosa Diaz", "email": "rosa.diaz@globex.example", "of": "globex", "role": "sponsor"}
    edit(check.app, rosa=rosa, june2={key: each for key, each in june.items() if key != "role"}, dev=DEV)
    check.cycle(at("2027-04-23 10:00"))
    assert [(each.period, each.because, each.opened_at) for each in check.rounds()[1:]] == [
        ("2027-05-23", "sponsor", None)
    ]
    check.cycle(at("2027-05-23 10:00"))
    assert check.rounds()[1].is_open
    check.cycle(at("2027-06-14 10:00"))
    check.cycle(at("2027-06-15 10:00"))
    assert [each.because for each in check.rounds()] == [None, "sponsor"]


def test_while_it_is_paused_nothing_opens_and_nothing_closes(app: App) -> None:
    pause(app, CELLS, date(2027, 3, 1), date(2027, 4, 1), "fair", "ines", at("2027-02-28 10:00"))
    check = HealthCheck(app)
    check.cycle(OPENS)
    assert check.rounds() == ()
    check.cycle(at("2027-04-02 10:00"))
    assert check.rounds()[0].opens_on == date(2027, 3, 30)


def test_after_weeks_without_the_program_the_last_round_is_open_for_its_whole_span(app: App) -> None:
    check = HealthCheck(app)
    check.cycle(at("2027-04-18 10:00"))
    [found] = check.rounds()
    assert (found.id, found.opens_on, found.closes_on) == (ROUND, date(2027, 4, 18), date(2027, 5, 9))


def test_who_has_left_meanwhile_has_no_link_any_more(check: HealthCheck) -> None:
    token = check.tokens()["tom"]
    edit(check.app, tom={**TOM, "leaves": "2027-04-02", "successor": "dev"})
    check.cycle(at("2027-04-03 10:00"))
    with check.app.store.read() as db:
        assert cases.asked_by(check.app, db, token, at("2027-04-02 23:59") - timedelta(days=1)).person == "tom"
        with pytest.raises(Gone):
            cases.asked_by(check.app, db, token, at("2027-04-03 10:00"))


def test_a_partnership_that_ends_closes_its_round_with_what_was_said_until_then(check: HealthCheck) -> None:
    everybody_says(check)
    end(check.app, CELLS, "sold", "ines", OPENS + WEEK)
    [found] = check.rounds()
    assert found.closed_at and found.answered == {"acme": 3, "globex": 3}
    assert not check.table("health_token")


def test_where_no_page_is_served_or_too_few_could_answer_nobody_is_asked(made: AppOf) -> None:  # noqa: F811
    check = HealthCheck(made(web=Web(listen="off")))
    check.cycle(OPENS)
    assert check.rounds() == ()
    with pytest.raises(UserError, match="no page is served"):
        cases.open_now(check.app, CELLS, "now", "ines", OPENS)
    check.app.close()
    few = HealthCheck(made())
    left = {"leaves": "2027-03-29"}
    edit(few.app, marta={**MARTA, **left, "successor": "ines"}, june={**JUNE, **left, "successor": "dev"})
    few.cycle(OPENS)
    assert few.rounds() == ()
    with pytest.raises(UserError, match="no side has 3 people"):
        cases.open_now(few.app, CELLS, "now", "ines", OPENS)
    few.app.close()


def test_all_who_are_asked_are_reminded_in_the_thread_of_their_letter_and_without_a_link(check: HealthCheck) -> None:
    check.answers("ines", 4)
    check.cycle(at("2027-04-09 06:00"))
    check.send(at("2027-04-09 22:00"))
    reminded = letters(check, outbox.HEALTH_NEWS)
    assert len(reminded) == 6, "nobody knows that Inès has answered"
    first = {row["email"]: row["message_id"] for row in check.table("letter") if row["method"] == outbox.HEALTH}
    for row in reminded:
        content = row["content"].decode()
        assert f"In-Reply-To: {first[row['email']]}" in content and "/health/" not in content
    for day in ("2027-04-10 08:00", "2027-04-16 08:00"):
        check.cycle(at(day))
    check.send(at("2027-04-16 22:00"))
    assert len(letters(check, outbox.HEALTH_NEWS)) == 12


def test_while_it_is_paused_nobody_is_reminded_and_afterwards_the_last_reminder_alone_is_made_up_for(
    check: HealthCheck,
) -> None:
    pause(check.app, CELLS, date(2027, 4, 5), date(2027, 4, 17), "fair", "ines", at("2027-04-04 10:00"))
    for day in ("2027-04-09 10:00", "2027-04-16 10:00"):
        check.cycle(at(day))
        check.send(at(day))
    assert letters(check, outbox.HEALTH_NEWS) == []
    for day in ("2027-04-19 10:00", "2027-04-19 13:00"):
        check.cycle(at(day))
    check.send(at("2027-04-19 15:00"))
    assert len(letters(check, outbox.HEALTH_NEWS)) == 6


def test_what_it_found_is_told_to_the_roles_of_both_sides_and_reminders_end_with_it(check: HealthCheck) -> None:
    everybody_says(check, acme=2)
    check.cycle(at("2027-04-16 23:00"))
    check.cycle(CLOSED)
    check.send(at("2027-04-21 22:00"))
    told = letters(check, outbox.HEALTH_NEWS)
    assert len(told) == 6
    assert all(b"the sides are 2.00 apart" in row["content"].replace(b"=\r\n", b"") for row in told)
    assert {row["state"] for row in check.table("letter") if row["subject"] == ROUND} == {"sent", "replaced"}


def test_that_a_round_is_skipped_is_told_to_the_roles_of_both_sides_with_who_and_why(check: HealthCheck) -> None:
    cases.skip(check.app, ROUND, "the merger", "ines", OPENS + WEEK)
    for day in ("2027-04-09 10:00", "2027-04-16 10:00"):
        check.cycle(at(day))
    check.send(at("2027-04-16 22:00"))
    told = letters(check, outbox.HEALTH_NEWS)
    assert {row["email"].partition(".")[0] for row in told} == {*ACME, *GLOBEX} - {"ines"}
    for row in told:
        words = message_from_bytes(row["content"], policy=policy.default).get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "Inès Falk has called it off, while it was open: the merger" in " ".join(words.split())
        assert "2027-H1: skipped" in row["title"]


def test_one_that_is_skipped_before_it_opens_is_told_too_and_says_nothing_of_answers(app: App) -> None:
    check = HealthCheck(app)
    check.cycle(at("2027-03-20 10:00"))
    cases.skip(app, ROUND, "the merger", "ines", at("2027-03-20 11:00"))
    told = [row for row in check.table("letter") if row["method"] == outbox.HEALTH_NEWS]
    assert len(told) == 5 and all(b"answered until then" not in row["content"] for row in told)


def letters(check: HealthCheck, method: str) -> list[dict[str, Any]]:
    """Those of a method that have left."""
    return [row for row in check.table("letter") if row["method"] == method and row["state"] == "sent"]
