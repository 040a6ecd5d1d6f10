"""`cadence launch`: it is Saturday 21 November 2026, the day on which Acme × Globex is taken up."""

import json

from tests.cli.conftest import Cadence

ID = "acme-globex/checkpoint"
LATER = ("--now", "2026-12-02T09:00+01:00")
"""The joint plan was due on Monday 30 November."""


def test_the_steps_are_listed_with_day_owner_and_how_they_stand(installation: Cadence) -> None:
    shown = installation(*LATER, "launch", "list")
    assert shown.status == 0
    plan = next(each for each in shown.out.splitlines() if " joint-plan " in each)
    assert plan.split()[:5] == [ID, "joint-plan", "2026-11-30", "ines", "late"]
    assert "not recorded" in next(each for each in shown.out.splitlines() if " midpoint " in each)


def test_a_step_that_is_done_stands_in_the_list_of_all_alone(installation: Cadence) -> None:
    said = installation(*LATER, "launch", "done", "acme-globex", "joint-plan", "--by", "ines")
    assert said.out == f"{ID}: Joint plan agreed: done on Wed 2 Dec 2026; it was due on Mon 30 Nov 2026.\n"
    assert " joint-plan " not in installation(*LATER, "launch", "list").out
    [step] = [
        each for each in json.loads(installation(*LATER, "launch", "list", "--all", "--json").out)
        if each["key"] == "joint-plan"
    ]  # fmt: skip
    assert (step["state"], step["done_on"], step["done_by"]) == ("done late", "2026-12-02", "Inès Falk")
    dossier = installation(*LATER, "checkpoint", "acme-globex").out
    assert "2026-11-30  done late     Joint plan agreed, by Inès Falk: done on Wed 2 Dec 2026" in dossier


def test_the_agenda_of_the_checkpoint_says_what_is_done_what_is_late_and_whose_it_is(installation: Cadence) -> None:
    installation(*LATER, "launch", "done", "acme-globex", "midpoint", "--on", "2026-11-12", "--by", "ines")
    agenda = installation(*LATER, "agenda", ID).out
    assert " · Midpoint of the first 90 days: Fri 13 Nov 2026 ✓ · " in agenda
    assert " · Joint plan agreed: Mon 30 Nov 2026 (Inès Falk, **late**) · " in agenda
    assert " · Pre-read of the checkpoint goes out: Wed 23 Dec 2026 (Inès Falk) · " in agenda


def test_what_was_said_by_mistake_is_taken_back(installation: Cadence) -> None:
    step = ("acme-globex", "joint-plan")
    installation(*LATER, "launch", "done", *step, "--on", "2026-11-30", "--by", "ines")
    undone = installation(*LATER, "launch", "undo", *step, "--because", "Globex has not signed", "--by", "dev")
    assert undone.out == f"{ID}: Joint plan agreed: not done; due on Mon 30 Nov 2026.\n"
    assert "taken back: Globex has not signed" in installation(*LATER, "launch", "list").out
    assert installation("launch", "undo", *step, "--because", "x", "--by", "dev").status == 1


def test_a_day_to_come_one_long_before_and_an_unknown_step_are_refused(installation: Cadence) -> None:
    slip = installation(*LATER, "launch", "done", "acme-globex", "joint-plan", "--on", "2020-11-30", "--by", "ines")
    assert slip.status == 1
    assert "Mon 30 Nov 2020 is more than 90 days before day 0, Thu 1 Oct 2026" in slip.err
    assert "check the year" in slip.err
    for step, on in (("joint-plan", "2026-12-03"), ("joint-plam", "2026-12-01")):
        refused = installation(*LATER, "launch", "done", "acme-globex", step, "--on", on, "--by", "ines")
        assert refused.status == 1 and refused.err.startswith("Error: ")
    assert installation("launch", "done", "acme-globex", "joint-plan").status == 2, "nobody says so"
