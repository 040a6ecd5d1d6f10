"""The 90-day checkpoint: when it is held, who is there, and the launch track that leads up to it."""

from datetime import date
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Kind, Model
from scheduler.domain.record.review import Review, Window
from scheduler.domain.record.verdict import Course, CourseDecision
from scheduler.rules.reviews.checkpoint import checkpoint, following, launch_track
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.scopes import scopes
from tests.builders import ACME, GLOBEX, a_partnership, at, playbooks


def held(effective: str = "2026-10-01", scope: int = 0, **written: Any) -> Review:
    review = checkpoint(scopes(a_partnership(effective, **written), playbooks())[scope])
    assert review is not None
    return review


@pytest.mark.parametrize(
    ("effective", "start", "because"),
    [
        ("2026-09-10", "2026-12-09T15:00:00+01:00", None),
        ("2026-09-13", "2026-12-11T15:00:00+01:00", "moved from Sat 12 Dec 2026: weekend (DE, US)"),
        ("2026-09-14", "2026-12-11T15:00:00+01:00", "moved from Sun 13 Dec 2026: weekend (DE, US)"),
        ("2026-10-08", "2027-01-05T15:00:00+01:00", "moved from Wed 6 Jan 2027: Epiphany (DE)"),
        ("2027-01-15", "2027-04-15T15:00:00+02:00", None),
    ],
)
def test_it_is_90_days_after_the_effective_date_or_on_the_working_day_before(
    effective: str, start: str, because: str | None
) -> None:
    review = held(effective)
    assert (review.start.isoformat(), review.moved_because) == (start, because)
    assert (review.nominal_date - date.fromisoformat(effective)).days == 90


def test_a_run_of_days_off_is_crossed_and_the_nominal_dates_reason_given() -> None:
    """30 December 2026 lies in Acme's closure, which the holidays before it prolong back to the 24th."""
    closed = {**ACME, "closed": ["2026-12-28/2026-12-31"]}
    review = held(organisations={"acme": closed, "globex": GLOBEX})
    assert review.start.date() == date(2026, 12, 23)
    assert review.moved_because == "moved from Wed 30 Dec 2026: closed (Acme Motors SE)"


def test_it_has_an_id_of_its_own_and_the_people_of_the_steering() -> None:
    review = held()
    assert (review.id, review.series, review.period) == ("acme-globex/checkpoint", "checkpoint", "90-days")
    assert (review.kind, review.model) == (Kind.CHECKPOINT, Model.CONTRACTUAL_ALLIANCE)
    assert (review.agenda_owner, review.chair) == ("ines", "marta")
    assert review.attendees == ("ines", "marta", "dev", "june")


def test_a_definition_may_say_its_time_where_the_playbooks_is_night_on_the_other_side() -> None:
    criteria = [{"id": "cells", "says": "Cells arrive", "owner": "tom"}]
    evening = held(success_at_90_days={"at": "17:30", "criteria": criteria})
    assert (evening.start.isoformat(), evening.title) == ("2026-12-30T17:30:00+01:00", held().title)


def test_the_launch_track_stands_among_its_clocks() -> None:
    """Milestones count calendar days from the effective date, the other clocks from the day on which it is held. Day 0,
    14, 76 and 83 are days off: day 0 comes after, the others before."""
    clocks = {name: str(day) for name, day in held("2026-09-13").clocks}
    assert clocks == {
        "kick-off": "2026-09-14",
        "owners-confirmed": "2026-09-25",
        "first-steering": "2026-10-13",
        "midpoint": "2026-10-28",
        "evidence-call": "2026-11-25",
        "pre-read": "2026-12-04",
        "notice_by": "2026-11-25",
        "agenda_by": "2026-12-04",
        "items_until": "2026-12-08",
        "minutes_by": "2026-12-18",
    }


@pytest.mark.parametrize(
    ("effective", "call", "pre_read"),
    [
        ("2026-10-01", "2026-12-16", "2026-12-16"),  # day 83 is the 23rd, on which it is held
        ("2026-10-05", "2026-12-16", "2026-12-16"),  # day 76 is Sunday the 20th, day 83 the 27th
        ("2026-09-28", "2026-12-11", "2026-12-18"),  # days 76 and 83 come in time: a Sunday each
    ],
)
def test_where_it_is_held_early_each_step_comes_before_it_on_a_working_day_and_in_order(
    effective: str, call: str, pre_read: str
) -> None:
    """Acme is closed from 24 December to 6 January: the checkpoint is on Wednesday 23 December."""
    closed = {**ACME, "closed": ["2026-12-24/2027-01-06"]}
    review = held(effective, organisations={"acme": closed, "globex": GLOBEX})
    clocks = {name: str(day) for name, day in review.clocks}
    assert review.start.date() == date(2026, 12, 23)
    assert (clocks["evidence-call"], clocks["pre-read"]) == (call, pre_read)


def test_however_early_it_is_held_its_steps_come_between_day_0_and_its_eve() -> None:
    scope = scopes(a_partnership(), playbooks())[0]
    for day in (date(2026, 10, 2), date(2026, 10, 5), date(2026, 10, 8), date(2026, 11, 2)):
        track = launch_track(scope, date(2026, 10, 1), day)
        assert all(date(2026, 10, 1) <= on < day for on in track.values()), day
        assert track["evidence-call"] <= track["pre-read"]


@pytest.mark.parametrize("day", ["2026-10-02", "2026-10-05", "2026-10-20", "2026-11-14", "2026-12-01", "2026-12-28"])
def test_however_early_it_is_held_no_step_comes_before_one_that_it_follows(day: str) -> None:
    for model in playbooks():
        scope = scopes(a_partnership(model=model), playbooks())[0]
        track = launch_track(scope, date(2026, 10, 1), date.fromisoformat(day))
        steps = sorted(scope.playbook.launch_track, key=lambda step: step.day)
        days = [track[step.key] for step in steps]
        assert days == sorted(days), model


def test_where_it_is_held_early_the_evidence_is_called_for_and_read_as_long_before_it_as_ever() -> None:
    scope = scopes(a_partnership(), playbooks())[0]
    track = launch_track(scope, date(2026, 10, 1), date(2026, 10, 20))
    assert (track["evidence-call"], track["pre-read"]) == (date(2026, 10, 6), date(2026, 10, 13))
    assert track["midpoint"] == date(2026, 10, 6), "what comes before the call is done by then"


def test_a_layer_has_one_only_where_it_wrote_a_success_of_its_own() -> None:
    licence = {"name": "Licence", "model": "contractual_alliance", "effective": "2027-01-15"}
    success = {"agenda_owner": "tom", "criteria": [{"id": "first", "says": "First royalties", "owner": "tom"}]}
    layers = {"without": licence, "with": {**licence, "success_at_90_days": success}}
    assert checkpoint(scopes(a_partnership(layers=layers), playbooks())[1]) is None
    own = held(scope=2, layers=layers)
    assert (own.id, own.agenda_owner) == ("acme-globex/with/checkpoint", "tom")
    assert "tom" in own.attendees


def test_an_agreement_of_less_than_90_days_has_none() -> None:
    """From 1 October 2026, day 90 is 30 December."""
    ends_on_it = a_partnership(agreement={"ends": "2026-12-30"})
    ends_before = a_partnership(agreement={"ends": "2026-12-29"})
    assert checkpoint(scopes(ends_on_it, playbooks())[0]) is not None
    assert checkpoint(scopes(ends_before, playbooks())[0]) is None


def test_the_model_that_governs_on_the_day_is_the_one_it_bears() -> None:
    amendments = [{"effective": "2026-12-01", "model": "joint_venture", "entity": "Halden Cells GmbH"}]
    assert held(agreement={"amendments": amendments}).model is Model.JOINT_VENTURE


# Relaunches ---------------------------------------------------------------------------------------------------------

UMBRELLA = "acme-globex/checkpoint"


def decided(moment: str, checkpoint: str = UMBRELLA, decision: Course = "relaunch") -> dict[str, CourseDecision]:
    """What Inès recorded at a checkpoint, at a moment in Berlin."""
    return {checkpoint: CourseDecision(checkpoint, decision, "the line started late", "ines", at(moment))}


def planned(decisions: dict[str, CourseDecision], now: str = "2027-01-04 10:00", **written: Any) -> dict[str, Review]:
    plan = plan_reviews(a_partnership(**written), playbooks(), Window.rolling(at(now)), decisions)
    return {review.id: review for review in plan.reviews if review.kind is Kind.CHECKPOINT}


def test_a_relaunch_plans_a_second_checkpoint_90_days_after_the_day_of_its_decision() -> None:
    """90 days after Monday 4 January 2027 is Sunday 4 April; the working day before is Friday."""
    found = planned(decided("2027-01-04 10:00"))
    assert list(found) == [UMBRELLA, f"{UMBRELLA}-2"]
    second = found[f"{UMBRELLA}-2"]
    assert (second.nominal_date, second.start.date()) == (date(2027, 4, 4), date(2027, 4, 2))
    assert (second.title, second.period) == ("Second 90-day success checkpoint", "90-days-2")
    assert second.moved_because == "moved from Sun 4 Apr 2027: weekend (DE, US)"


def test_its_launch_track_and_clocks_are_its_own_and_the_first_keeps_what_it_had() -> None:
    without, found = planned({}), planned(decided("2027-01-04 10:00"))
    assert found[UMBRELLA] == without[UMBRELLA]
    clocks = dict(found[f"{UMBRELLA}-2"].clocks)
    assert (clocks["kick-off"], clocks["midpoint"]) == (date(2027, 1, 4), date(2027, 2, 18))
    assert clocks["agenda_by"] == date(2027, 3, 25)


@pytest.mark.parametrize(("moment", "day"), [("2027-01-04 23:59", 4), ("2027-01-05 00:00", 5)])
def test_the_day_of_the_decision_is_that_of_the_reviews_zone(moment: str, day: int) -> None:
    """At midnight in Berlin it is still the evening before in Detroit and by UTC."""
    second = planned(decided(moment))[f"{UMBRELLA}-2"]
    assert dict(second.clocks)["kick-off"] == date(2027, 1, day)


@pytest.mark.parametrize("decision", ["continue", "adjust", "exit"])
def test_no_other_decision_plans_anything(decision: Course) -> None:
    assert list(planned(decided("2027-01-04 10:00", decision=decision))) == [UMBRELLA]


def test_a_relaunch_of_the_relaunch_plans_a_third() -> None:
    both = decided("2027-01-04 10:00") | decided("2027-04-01 16:00", f"{UMBRELLA}-2")
    found = planned(both, "2027-04-02 10:00")
    assert found[f"{UMBRELLA}-3"].nominal_date == date(2027, 6, 30)
    assert found[f"{UMBRELLA}-3"].title == "Third 90-day success checkpoint"
    assert f"{UMBRELLA}-3" not in planned(decided("2027-04-01 16:00", f"{UMBRELLA}-2"), "2027-04-02 10:00")


def test_a_layer_starts_anew_by_itself() -> None:
    success = {"agenda_owner": "tom", "criteria": [{"id": "first", "says": "First royalties", "owner": "tom"}]}
    layer = {"name": "Licence", "model": "contractual_alliance", "effective": "2026-10-01"}
    layers = {"apac": {**layer, "success_at_90_days": success}}
    found = planned(decided("2027-01-04 10:00", "acme-globex/apac/checkpoint"), layers=layers)
    assert set(found) == {UMBRELLA, "acme-globex/apac/checkpoint", "acme-globex/apac/checkpoint-2"}


def test_an_agreement_that_ends_too_soon_for_another_90_days_says_so() -> None:
    """90 days after 4 January is 4 April."""
    partnership = a_partnership(agreement={"ends": "2027-04-03"})
    plan = plan_reviews(partnership, playbooks(), Window.rolling(at("2027-01-04 10:00")), decided("2027-01-04 10:00"))
    assert f"{UMBRELLA}-2" not in {review.id for review in plan.reviews}
    [note] = [note.text for note in plan.notes if note.review_id == f"{UMBRELLA}-2"]
    assert note.endswith("ends on Sat 3 Apr 2027, within 90 days of its relaunch")


def test_what_a_relaunch_leads_to_is_numbered_on() -> None:
    assert following(UMBRELLA) == f"{UMBRELLA}-2"
    assert following("checkpoint-x/checkpoint-2/checkpoint-9") == "checkpoint-x/checkpoint-2/checkpoint-10"
