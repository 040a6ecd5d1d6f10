"""How a formal review ends. It was called for Acme × Globex on Monday 12 October 2026 and is held ten working days
later; Inès of Acme prepares its agenda."""

from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.errors import AlreadyDecided, UserError
from scheduler.domain.record.minutes import Action
from scheduler.rules.access import OPERATOR
from scheduler.services.cases import course as cases
from scheduler.services.cases.actions import finish
from scheduler.services.cases.course import CourseWord, DecidedCourse
from scheduler.services.cases.formal_review import call
from scheduler.services.cases.reviews import hold
from scheduler.services.views.decisions import decisions as seen
from scheduler.store import actions, clock, decisions, notifications
from tests.builders import at, written
from tests.sentences import COUNTERPART, said_of
from tests.services.cases.conftest import BreaksOff
from tests.services.town import DAY_ONE, Town

ID = "acme-globex/formal-review/2026-10-12"
DAY = at("2026-10-26 16:00")
"""The day on which it is held."""


@pytest.fixture
def called(town: Town) -> Town:
    town.define()
    town.cycle(DAY_ONE)
    record = call(town.app, "acme-globex", "the line stands still", "ines", at("2026-10-12 09:00")).record
    assert (record.id, record.review.start.date()) == (ID, DAY.date())
    return town


def decide(
    town: Town, course: str = "cure", now: datetime = DAY, *, replace: bool = False, **more: object
) -> DecidedCourse:
    said = CourseWord(course, "the press is repaired", "marta", **more)  # type: ignore[arg-type]
    return cases.decide(town.app, ID, said, now, replace=replace)


def plans(town: Town) -> list[Action]:
    with town.app.store.read() as db:
        return [each for each in actions.recorded(db, "acme-globex") if each.is_of_cure]


def told(town: Town, subject: str) -> set[tuple[str, str | None]]:
    with town.app.store.read() as db:
        return {
            (each.rung, each.person) for each in notifications.listing(db, "acme-globex") if each.subject == subject
        }


def test_a_cure_has_an_action_plan_with_an_owner_and_the_playbooks_ten_working_days(called: Town) -> None:
    plan = decide(called).plan
    assert plan is not None
    assert (plan.id, plan.owner, plan.due) == (f"{ID}#C1", "ines", date(2026, 11, 9))
    assert plan.says == "Cure, its action plan: the press is repaired"


def test_the_decision_may_name_who_and_by_when(called: Town) -> None:
    plan = decide(called, carried_out_by="dev", until=date(2026, 11, 20)).plan
    assert plan is not None
    assert (plan.owner, plan.due, plan.due_given_by) == ("dev", date(2026, 11, 20), "marta")


def test_its_owner_is_reminded_and_lateness_climbs_to_the_sponsor_until_it_is_done(called: Town) -> None:
    decide(called, carried_out_by="dev")
    for day in range(25):
        called.cycle(DAY + timedelta(days=day))
    rungs = told(called, f"{ID}#C1")
    assert {rung for rung, person in rungs if person == "dev"} >= {"reminder", "overdue", "deputy", "sponsor"}
    assert ("sponsor", "june") in rungs
    finish(called.app, f"{ID}#C1", "repaired", "dev", DAY + timedelta(days=25))
    assert [each.done_by for each in plans(called)] == ["dev"]


def heard(town: Town) -> dict[str, set[str]]:
    """Who hears of the decision, by key, and what stands in their letters of it, as templates word it."""
    with town.app.store.read() as db:
        rows = [each for each in notifications.listing(db, "acme-globex") if each.about == "course"]
    found: dict[str, set[str]] = {}
    for row in rows:
        sentences = said_of(row, COUNTERPART)
        found.setdefault(row.person or "", set()).update((sentences.title, *sentences.lines))
    return found


def test_everybody_hears_once_what_was_decided_by_whom_and_by_when_and_its_owner_that_it_is_theirs(
    called: Town,
) -> None:
    decide(called, carried_out_by="dev")
    for day in range(4):
        called.cycle(DAY + timedelta(days=day))
    said = heard(called)
    assert set(said) == set(written()["people"])
    with called.app.store.read() as db:
        rows = [each for each in notifications.listing(db, "acme-globex") if each.about == "course"]
    assert len(rows) == len(said)
    assert {
        "Formal governance review 2026-10-12 of Acme × Globex battery cells: decided: a cure",
        "Marta Bauer took the decision on Mon 26 Oct 2026: the press is repaired",
        "Dev Patel carries it out, its action plan by Tue 10 Nov 2026",
    } == said["june"]
    assert "It is yours to carry out: its action plan is due by Tue 10 Nov 2026" in said["dev"]
    assert ("handed_on", "dev") in told(called, f"{ID}#C1")


def test_whoever_carries_out_what_is_no_cure_hears_so_and_a_decision_in_its_place_says_what_it_replaces(
    called: Town,
) -> None:
    decide(called, "restructure", carried_out_by="dev")
    called.cycle(DAY)
    assert "It is yours to carry out; when it is done, tell Inès Falk" in heard(called)["dev"]
    decide(called, "change-model", DAY + timedelta(hours=1), replace=True)
    assert "It takes the place of what was decided before: restructure." in heard(called)["june"]


def test_of_exit_the_letter_of_the_exit_tells_and_no_other(called: Town) -> None:
    decide(called, "exit")
    called.cycle(DAY)
    assert heard(called) == {}


def test_of_what_was_decided_before_the_program_told_of_it_nobody_hears(called: Town) -> None:
    """As after an upgrade: the first cycle begins to count."""
    decide(called, "restructure")
    with called.app.store.write() as db:
        clock.forget(db, "decisions told")
        db.exec_driver_sql("DELETE FROM notice WHERE about = 'course'")
    called.cycle(DAY + timedelta(days=1))
    assert heard(called) == {}


def test_it_stands_on_the_agendas_of_its_scope_and_minutes_tick_it_but_never_drop_it(called: Town) -> None:
    decide(called, carried_out_by="dev")
    hold(called.app, ID, "## Decisions\n- Cure\n", None, DAY)
    called.cycle(at("2026-11-05 09:00"))
    assert "Dev Patel: Cure, its action plan: the press is repaired" in called.read(
        "agendas/acme-globex/operating/2026-11.md"
    )
    assert [each.is_open for each in plans(called)] == [True]


def test_what_was_decided_stands_in_the_register_and_on_the_agenda_of_the_review(called: Town) -> None:
    decide(called, "restructure", carried_out_by="dev")
    with called.app.store.read() as db:
        [taken] = decisions.recorded(db, "acme-globex")
    assert (taken.id, taken.course, taken.decided_by, taken.carried_out_by) == (
        f"{ID}!1",
        "restructure",
        "marta",
        "dev",
    )
    called.cycle(DAY)
    assert "Decided: **restructure**, by Marta" in called.read(f"agendas/{ID}.md")


def test_the_register_says_how_the_plan_stands(called: Town) -> None:
    decide(called)
    for now, status in ((DAY, "open"), (at("2026-11-10 09:00"), "overdue")):
        [found] = seen(called.app, now, OPERATOR)
        assert found.plan is not None and found.plan.status == status
    finish(called.app, f"{ID}#C1", None, None, at("2026-11-10 10:00"))
    [found] = seen(called.app, at("2026-11-10 11:00"), OPERATOR)
    assert found.plan is not None and found.plan.status == "done"


def test_another_decision_is_taken_only_where_it_is_said_to_replace_the_first_and_takes_the_plan_along(
    called: Town,
) -> None:
    decide(called)
    with pytest.raises(AlreadyDecided, match="is decided: cure, by Marta"):
        decide(called, "change-model")
    decided = decide(called, "change-model", replace=True)
    assert decided.taken.replaces is not None and decided.taken.replaces.decision == "cure"
    assert [each.done_because for each in plans(called)] == ["decided otherwise, change-model: the press is repaired"]


def test_the_same_once_more_changes_nothing(called: Town) -> None:
    decide(called)
    before = called.remembered()
    assert decide(called, now=DAY + timedelta(days=1)).plan == plans(called)[0]
    assert called.remembered() == before


def test_an_exit_begins_the_wind_down_and_another_decision_undoes_it(called: Town) -> None:
    assert (word := decide(called, "exit").exit) is not None and word.is_in_force
    word = decide(called, "cure", replace=True).exit
    assert word is not None and not word.is_in_force


@pytest.mark.parametrize(
    ("course", "now", "more", "what"),
    [
        ("relaunch", DAY, {}, '"relaunch" is no decision of a formal review'),
        ("cure", DAY - timedelta(days=1), {}, "is on Mon 26 Oct 2026"),
        ("exit", DAY, {"until": date(2026, 11, 20)}, "exit has no action plan with a day"),
        ("cure", DAY, {"until": date(2026, 10, 26)}, "no action plan is due on 2026-10-26"),
        ("cure", DAY, {"until": date(9999, 12, 31)}, "no action plan is due on 9999-12-31"),
        ("cure", DAY, {"carried_out_by": "olga"}, 'there is no person "olga"'),
    ],
)
def test_what_cannot_be_decided_is_refused_and_changes_nothing(
    called: Town, course: str, now: datetime, more: dict[str, object], what: str
) -> None:
    before = called.remembered()
    with pytest.raises(UserError, match=what):
        decide(called, course, now, **more)  # type: ignore[arg-type]
    assert called.remembered() == before


def test_what_follows_is_one_transaction_with_the_decision(called: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(called):
        decide(called)
    assert plans(called) == []
