"""Acme and Globex decide to exit at their checkpoint, at the end of 2026. Until then the cadence runs as planned."""

from datetime import date, datetime

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.domain.record.minutes import Action
from scheduler.rules.access import OPERATOR
from scheduler.services.cases import exit as exits
from scheduler.services.cases.actions import finish, give_date
from scheduler.services.cases.course import CourseWord, DecidedCourse, decide
from scheduler.services.views.exit import ExitStanding
from scheduler.services.views.exit import exits as seen
from scheduler.services.views.portfolio import portfolio
from scheduler.store import actions, notifications, partnerships, reviews
from tests.builders import at
from tests.services.town import DAY_ONE, Town

ID = "acme-globex"
CHECKPOINT = f"{ID}/checkpoint"
DECIDED = at("2026-12-28 10:00")
ENDS = date(2027, 3, 28)
"""90 days after the decision: the playbook of the contractual alliance."""


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    return town


def leave(town: Town, now: datetime = DECIDED) -> DecidedCourse:
    return decide(town.app, CHECKPOINT, CourseWord("exit", "Globex sells the plant", "marta"), now)


def stay(town: Town, now: datetime) -> DecidedCourse:
    return decide(town.app, CHECKPOINT, CourseWord("continue", "the sale fell through", "june"), now, replace=True)


def standing(town: Town, now: datetime = DECIDED) -> ExitStanding:
    [found] = seen(town.app, ID, now, OPERATOR)
    return found


def tasks(town: Town) -> list[Action]:
    with town.app.store.read() as db:
        return [each for each in actions.recorded(db, ID) if each.is_of_exit]


def planned(town: Town, series: str = "", now: datetime = DECIDED) -> dict[str, date]:
    with town.app.store.read() as db:
        found = [*reviews.listing(db, partnership=ID, status=Status.PLANNED)]
    days = {each.id: each.review.start.date() for each in found if not each.is_past(now)}
    return {id: day for id, day in days.items() if id.startswith(f"{ID}/{series}")}


def test_a_decision_to_exit_names_the_end_the_tasks_with_owners_and_days_and_the_exit_reviews(governed: Town) -> None:
    leave(governed)
    found = standing(governed)
    assert (found.word.wind_down.decided_on, found.word.wind_down.ends) == (date(2026, 12, 28), ENDS)
    by_words = {each.says: each for each in tasks(governed)}
    notice = by_words["Written notice of exit given, its receipt confirmed by every side"]
    assert (notice.id, notice.owner, notice.due) == (f"{CHECKPOINT}#X1", "ines", date(2027, 1, 5))
    returned = [each for each in tasks(governed) if each.says.startswith("Confidential papers")]
    assert [(each.owner, each.due) for each in returned] == [("ines", date(2027, 3, 12)), ("dev", date(2027, 3, 12))]
    assert planned(governed, "exit/") == {
        f"{ID}/exit/2026-12-28-1": date(2027, 1, 27),
        f"{ID}/exit/2026-12-28-2": date(2027, 3, 12),
    }


def test_nothing_is_planned_after_the_end_and_what_stops_is_called_off_without_a_further_word(governed: Town) -> None:
    assert max(planned(governed).values()) > ENDS
    leave(governed)
    assert max(planned(governed).values()) <= ENDS
    assert max(planned(governed, "pipeline").values(), default=DECIDED.date()) <= DECIDED.date()
    assert planned(governed, "operating")
    with governed.app.store.read() as db:
        row = partnerships.get(db, ID)
        gone = [each for each in reviews.listing(db, partnership=ID) if each.status == "cancelled"]
    assert row is not None and row.problem is None
    assert {each.because for each in gone} == {"exit was decided; it ends on Sun 28 Mar 2027"}


def test_its_owners_are_reminded_of_a_task_and_one_that_is_late_climbs_the_ladder(governed: Town) -> None:
    leave(governed)

    def told() -> set[str]:
        with governed.app.store.read() as db:
            found = notifications.listing(db)
        return {f"{each.rung} {each.email}" for each in found if each.subject == f"{CHECKPOINT}#X1"}

    assert told() == {"handed_on ines.falk@acme.example"}
    governed.cycle(at("2027-01-04 09:00"))
    assert "reminder ines.falk@acme.example" in told()
    governed.cycle(at("2027-01-15 09:00"))
    assert "sponsor marta.bauer@acme.example" in told()


def test_a_task_that_is_done_is_told_no_more(governed: Town) -> None:
    leave(governed)
    finish(governed.app, f"{CHECKPOINT}#X1", "by letter", "ines", at("2026-12-29 10:00"))
    [first, *_] = standing(governed, at("2027-02-01 09:00")).tasks
    assert (first.status, first.action.done_because) == ("done", "by letter")


def test_the_partnership_ends_by_itself_on_the_day_after_its_last(governed: Town) -> None:
    leave(governed)
    governed.cycle(at("2027-03-28 23:59"))
    with governed.app.store.read() as db:
        assert partnerships.get(db, ID).ended_at is None  # type: ignore[union-attr]
    assert governed.cycle(at("2027-03-29 00:00")).governed == 1
    with governed.app.store.read() as db:
        assert partnerships.get(db, ID).ended_at == at("2027-03-29 00:00")  # type: ignore[union-attr]
    assert planned(governed, now=at("2027-03-29 00:00")) == {}
    assert standing(governed, at("2027-04-01 09:00")).ended_at is not None


def test_another_decision_in_its_place_takes_the_exit_back_and_plans_again_what_was_called_off(governed: Town) -> None:
    before = planned(governed)
    leave(governed)
    stay(governed, at("2026-12-30 09:00"))
    assert before.items() <= planned(governed).items()
    assert planned(governed, "exit/") == {}
    assert {each.done_because for each in tasks(governed)} == {"the exit was taken back: the sale fell through"}
    found = standing(governed)
    assert (found.word.says, found.by, found.tasks) == ("taken back", "June Okafor", ())


def test_an_exit_review_that_is_called_off_with_its_exit_says_so_and_why(governed: Town) -> None:
    leave(governed)
    stay(governed, at("2026-12-30 09:00"))
    with governed.app.store.read() as db:
        off = [each for each in reviews.listing(db, partnership=ID, status=Status.CANCELLED) if "/exit/" in each.id]
    assert [each.because for each in off] == ["the exit was taken back: the sale fell through"] * 2


def test_an_exit_that_is_decided_anew_has_tasks_and_reviews_of_its_own(governed: Town) -> None:
    leave(governed)
    first = len(tasks(governed))
    stay(governed, at("2026-12-30 09:00"))
    decide(
        governed.app, CHECKPOINT, CourseWord("exit", "sold after all", "marta"), at("2027-01-11 09:00"), replace=True
    )
    anew = [each for each in tasks(governed) if each.is_open]
    assert [each.number for each in anew] == [*range(first + 1, 2 * first + 1)]
    assert {id.rpartition("/")[2] for id in planned(governed, "exit/")} == {"2027-01-11-1", "2027-01-11-2"}


def test_deciding_the_same_once_more_begins_nothing_anew(governed: Town) -> None:
    leave(governed)
    before = governed.remembered()
    leave(governed, at("2026-12-29 10:00"))
    assert governed.remembered() == before


def test_another_last_day_moves_what_counts_back_from_it_but_not_what_a_person_gave_a_day(governed: Town) -> None:
    leave(governed)
    kept, moved = [each for each in tasks(governed) if each.says.startswith("Confidential papers")]
    give_date(governed.app, kept.id, date(2027, 2, 1), "ines", at("2027-01-05 09:00"))
    exits.end_on(governed.app, ID, date(2027, 4, 30), "the agreement says four months", "ines", at("2027-01-05 10:00"))
    by_id = {each.id: each for each in tasks(governed)}
    assert (by_id[kept.id].due, by_id[moved.id].due) == (date(2027, 2, 1), date(2027, 4, 16))
    assert planned(governed, "exit/")[f"{ID}/exit/2026-12-28-2"] == date(2027, 4, 16)
    assert max(planned(governed).values()) > ENDS


def test_a_last_day_that_cannot_be_is_refused_with_the_way_out(town: Town) -> None:
    town.define(agreement={"ends": "2027-09-30"})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    now = at("2027-01-05 10:00")
    with pytest.raises(UserError, match="no exit of acme-globex is decided"):
        exits.end_on(town.app, ID, ENDS, "…", "ines", now)
    leave(town)
    with pytest.raises(UserError, match="Mon 4 Jan 2027 is past"):
        exits.end_on(town.app, ID, date(2027, 1, 4), "…", "ines", now)
    with pytest.raises(UserError, match="ends on Thu 30 Sep 2027 anyway"):
        exits.end_on(town.app, ID, date(2027, 10, 1), "…", "ines", now)
    with pytest.raises(AlreadyDone, match="ends on Sun 28 Mar 2027 already"):
        exits.end_on(town.app, ID, ENDS, "…", "ines", now)


def test_an_exit_never_outlasts_the_agreement(town: Town) -> None:
    town.define(agreement={"ends": "2027-02-15"})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    leave(town)
    assert standing(town).word.wind_down.ends == date(2027, 2, 15)
    assert max(each.due for each in tasks(town) if each.due) <= date(2027, 2, 15)


def test_where_the_agreement_renews_by_itself_it_does_not_after_an_exit(town: Town) -> None:
    renewal = {"kind": "tacit", "for": "12 months", "notice": "60 days"}
    town.define(agreement={"ends": "2027-02-15", "renewal": renewal})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    leave(town)
    assert standing(town).word.wind_down.ends == ENDS
    town.cycle(at("2027-03-29 00:00"))
    with town.app.store.read() as db:
        assert partnerships.get(db, ID).ended_at is not None  # type: ignore[union-attr]


def test_the_alliance_managers_hear_of_the_end_from_then_on_and_of_no_step_that_lies_before(governed: Town) -> None:
    leave(governed)
    governed.cycle(at("2026-12-29 09:00"))

    def told() -> set[str]:
        with governed.app.store.read() as db:
            return {each.rung for each in notifications.listing(db) if each.about == "agreement"}

    assert told() == set()
    governed.cycle(at("2027-01-27 09:00"))
    assert told() == {"end-60"}


def heard(town: Town) -> dict[str, set[str | None]]:
    with town.app.store.read() as db:
        found = [each for each in notifications.listing(db) if each.about == "exit"]
    return {rung: {each.person for each in found if each.rung == rung} for rung in {each.rung for each in found}}


def test_everybody_hears_once_that_it_was_decided_and_that_it_was_taken_back(governed: Town) -> None:
    leave(governed)
    everybody = {"ines", "marta", "uwe", "dev", "june", "tom"}
    assert heard(governed) == {"begun": everybody}
    governed.cycle(at("2026-12-29 09:00"))
    stay(governed, at("2026-12-30 09:00"))
    assert heard(governed) == {"begun": everybody, "taken-back": everybody}
    governed.cycle(at("2027-02-01 09:00"))
    assert heard(governed) == {"begun": everybody, "taken-back": everybody}


LICENCE = {
    "name": "Licence",
    "model": "contractual_alliance",
    "effective": "2026-10-01",
    "success_at_90_days": {"criteria": [{"id": "line", "says": "The line runs", "owner": "tom"}]},
}


def test_a_layer_winds_down_and_ends_alone(town: Town) -> None:
    town.define(layers={"licence": LICENCE})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    decide(town.app, f"{ID}/licence/checkpoint", CourseWord("exit", "nobody wants it", "dev"), DECIDED)
    coming = planned(town)
    assert max(day for id, day in coming.items() if id.startswith(f"{ID}/licence/")) <= ENDS
    assert max(day for id, day in coming.items() if not id.startswith(f"{ID}/licence/")) > ENDS
    assert f"{ID}/licence/exit/2026-12-28-1" in coming
    town.cycle(at("2027-03-30 00:00"))
    with town.app.store.read() as db:
        assert partnerships.get(db, ID).ended_at is None  # type: ignore[union-attr]
    assert not any(id.startswith(f"{ID}/licence/") for id in planned(town, now=at("2027-03-30 00:00")))


def test_a_layer_that_gets_another_key_goes_on_winding_down(town: Town) -> None:
    town.define(layers={"licence": LICENCE})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    decide(town.app, f"{ID}/licence/checkpoint", CourseWord("exit", "nobody wants it", "dev"), DECIDED)
    town.define(layers={"cells": {**LICENCE, "renamed_from": "licence"}})
    town.cycle(at("2026-12-29 06:00"))
    assert standing(town).word.scope == f"{ID}/cells"
    with town.app.store.read() as db:
        known = town.app.in_force(partnerships.get(db, ID))  # type: ignore[arg-type]
    assert known.layers["cells"].ends == ENDS
    assert {each.series for each in tasks(town)} == {f"{ID}/cells/exit"}
    assert [id for id in planned(town) if "/exit/" in id] == [
        f"{ID}/licence/exit/2026-12-28-1",
        f"{ID}/licence/exit/2026-12-28-2",
    ]


def test_where_the_whole_partnership_leaves_its_layers_end_with_it(town: Town) -> None:
    town.define(layers={"licence": LICENCE})
    town.cycle(DAY_ONE)
    town.cycle(at("2026-12-28 06:00"))
    leave(town)
    assert max(planned(town).values()) <= ENDS
    assert max(planned(town, "licence/pipeline").values(), default=DECIDED.date()) <= DECIDED.date()


def test_a_task_is_done_by_the_last_day(governed: Town) -> None:
    leave(governed)
    with pytest.raises(UserError, match="it ends on Sun 28 Mar 2027, before Mon 29 Mar 2027"):
        give_date(governed.app, f"{CHECKPOINT}#X1", date(2027, 3, 29), "ines", at("2027-01-05 09:00"))
    assert give_date(governed.app, f"{CHECKPOINT}#X1", ENDS, "ines", at("2027-01-05 09:00")).due == ENDS


def test_after_the_end_everybody_hears_that_it_ended_and_what_nobody_has_done(governed: Town) -> None:
    leave(governed)
    for each in tasks(governed)[1:]:
        finish(governed.app, each.id, None, "ines", at("2027-01-05 09:00"))
    governed.cycle(at("2027-03-29 08:00"))
    assert heard(governed)["ended"] == {"ines", "marta", "uwe", "dev", "june", "tom"}
    with governed.app.store.read() as db:
        facts = next(each.facts for each in notifications.listing(db) if each.rung == "ended")
    assert facts and facts["open"] == ["Inès Falk: Written notice of exit given, its receipt confirmed by every side"]
    governed.cycle(at("2027-04-02 08:00"))
    assert len(heard(governed)["ended"]) == 6


def test_a_partnership_whose_exit_is_decided_is_listed_as_winding_down_until_it_has_ended(governed: Town) -> None:
    def state(now: datetime) -> str:
        [found] = portfolio(governed.app, now, OPERATOR)
        return found.state

    assert state(DECIDED) == "in force"
    leave(governed)
    assert state(DECIDED) == "winding down"
    governed.cycle(at("2027-03-29 08:00"))
    assert state(at("2027-03-29 09:00")) == "ended"
