"""`cadence plan`: what would change, before it changes. It is Saturday 21 November 2026."""

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli import main
from scheduler.store import daemons, open_store, sightings
from tests.builders import ACME, GLOBEX, written
from tests.cli.conftest import MOMENT, Cadence, define
from tests.daemons import put

NO_REVIEWS = {key: {"off": True} for key in ("pipeline", "operating", "health-audit", "sponsors", "strategy")}


def planned(cadence: Cadence, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cadence("plan", "--json", *arguments).out)
    return found


def stored(cadence: Cadence) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cadence("reviews", "--json").out)
    return found


def test_right_after_a_cycle_nothing_would_change(installation: Cadence) -> None:
    outcome = installation("plan")
    assert (outcome.status, outcome.out) == (0, "Nothing would change.\n")
    assert planned(installation) == []


def test_a_first_plan_shows_the_first_changes_and_counts_the_rest(installation: Cadence, home: Path) -> None:
    define(home, partnership="initech")
    outcome = installation("plan")
    assert outcome.status == 0
    assert outcome.out.count("  schedule  initech/") == 12
    assert "more changes; --all shows them" in outcome.out
    actions = planned(installation)
    assert f"Reviews: {len(actions)} to schedule" in outcome.out
    assert installation("plan", "--all").out.count("  schedule  initech/") == len(actions)


def test_of_a_file_that_differs_between_hosts_it_says_that_nobody_plans_it(installation: Cadence, home: Path) -> None:
    with open_store(f"sqlite:///{home}/data/cadence.db") as store, store.write() as db:
        for name in ("alpha", "beta"):
            put(db, name)
            daemons.has_looked(db, name)
            place = sightings.FolderOnHost(name, "/etc/cadence/partnerships")
            sightings.keep(db, place, {"acme-globex.yaml": sightings.Sighting("", f"as on {name}", True)})
    for ids in ((), ("acme-globex",)):
        outcome = installation("plan", *ids)
        assert outcome.status == 1
        assert "acme-globex: not planned by any daemon: its file differs between hosts" in outcome.err


def test_a_plan_writes_nothing(installation: Cadence, home: Path) -> None:
    before = stored(installation)
    define(home, reviews={"pipeline": {"at": "09:00"}})
    assert planned(installation) != []
    assert stored(installation) == before


def test_a_changed_file_is_planned_as_it_is_on_disk(installation: Cadence, home: Path) -> None:
    define(home, reviews={"operating": {"at": "16:00"}})
    moves = {each["review"]: each for each in planned(installation)}
    assert {each["action"] for each in moves.values()} == {"move"}
    december = moves["acme-globex/operating/2026-12"]
    assert (december["from"], december["to"]) == ("2026-12-18T15:00:00+01:00", "2026-12-18T16:00:00+01:00")
    assert december["because"] == "the definition changed: start, end"
    assert december["hears"] == ["ines", "dev"]


def test_what_the_plan_shows_is_what_the_cycle_does(installation: Cadence, home: Path) -> None:
    define(home, reviews={"operating": {"at": "16:00"}, "strategy": {"off": True}})
    shown = planned(installation)
    before = {each.pop("id"): each for each in stored(installation)}
    installation("once")
    after = {each.pop("id"): each for each in stored(installation)}
    for each in (*before.values(), *after.values()):
        del each["overlaps"]  # a review that stays may be free of another one that moves
    assert {each["review"] for each in shown} == {id for id in after if before.get(id) != after[id]}
    for each in shown:
        assert each["sequence"] == after[each["review"]]["sequence"]
    cancelled = [each for each in shown if each["action"] == "cancel"]
    assert cancelled and all(each["to"] is None and each["from"] for each in cancelled)


def test_reviews_of_the_past_are_news_to_nobody(installation: Cadence, home: Path) -> None:
    define(home, partnership="initech")
    past = [each for each in planned(installation) if each["status"] == "unrecorded"]
    assert past and all(each["hears"] == [] for each in past)
    assert all(each["from"] is None and each["to"] for each in past)


def test_who_would_hear_of_it_is_said_by_name(installation: Cadence, home: Path) -> None:
    define(home, reviews={"pipeline": {"at": "16:00"}})
    assert "  who would hear of it: Inès Falk, Dev Patel\n" in installation("plan").out


def test_nobody_is_said_to_hear_of_what_no_letter_tells(installation: Cadence, home: Path) -> None:
    define(home, reviews={"pipeline": {"clocks": {"agenda": "3 working days"}}})
    outcome = installation("plan")
    assert "the definition changed: clocks" in outcome.out and "who would hear" not in outcome.out
    assert [each["hears"] for each in planned(installation)] == [[]] * len(planned(installation))


def test_an_untouched_file_is_no_reason_for_what_an_earlier_program_worked_out(
    installation: Cadence, home: Path
) -> None:
    with sqlite3.connect(home / "data" / "cadence.db") as db:
        db.execute("UPDATE review SET clocks = '[]' WHERE series = 'operating'")
        db.execute("UPDATE partnership SET fingerprint = 'before'")
    now = ("--now", "2026-11-22T09:00+01:00")
    found = json.loads(installation(*now, "plan", "acme-globex", "--json").out)
    assert {each["because"] for each in found if each["action"] == "revise"} == {"worked out anew: clocks"}
    assert "who would hear" not in installation(*now, "plan", "acme-globex").out
    assert installation(*now, "once").status == 0
    shown = installation("review", "show", "acme-globex/operating/2026-12").out
    assert "worked out anew: clocks" in shown and "the definition changed" not in shown


def test_whoever_is_away_is_noted(installation: Cadence, home: Path) -> None:
    people = {**written()["people"], "dev": {**written()["people"]["dev"], "away": ["2026-12-14/2026-12-18"]}}
    define(home, people=people)
    noted = "note      acme-globex/operating/2026-12 Dev Patel is away 14 Dec 2026 - 18 Dec 2026"
    assert noted in installation("plan", "acme-globex", "--all").out


def test_two_reviews_at_one_time_are_noted(installation: Cadence, home: Path) -> None:
    """Their hours are written: none gives way to the other."""
    reviews = {"operating": {"every": "month", "on": "third wednesday", "at": "15:00"}, "pipeline": {"at": "15:00"}}
    define(home, reviews=reviews)
    overlap = (
        "acme-globex/operating/2026-12 overlaps with acme-globex/pipeline/2026-W51: ines, dev cannot be at both; "
        "Wed 2026-12-16 15:30 Europe/Berlin is free for all"
    )
    assert overlap in installation("plan", "--all").out


def test_json_carries_the_notes_that_the_text_prints(installation: Cadence, home: Path) -> None:
    """Dev is away for a review that does not change: named, a partnership tells of all of its reviews to come."""
    people = {**written()["people"], "dev": {**written()["people"]["dev"], "away": ["2026-12-14/2026-12-18"]}}
    define(home, people=people)
    assert installation("once").status == 0
    text = installation("plan", "acme-globex", "--all").out
    told = [
        f"note      {each['review']} {note}" for each in planned(installation, "acme-globex") for note in each["notes"]
    ]
    assert told and [line.strip() for line in text.splitlines() if line.strip().startswith("note ")] == told
    assert {each["action"] for each in planned(installation, "acme-globex")} == {"none"}


def test_a_bad_file_is_said_and_the_definition_in_force_plans_on(installation: Cadence, home: Path) -> None:
    define(home, model="marriage")
    outcome = installation("plan")
    assert outcome.status == 1
    assert outcome.err == (
        "Problem: acme-globex: the file has errors, so the definition in force plans on; see cadence check\n"
    )
    assert outcome.out == "Nothing would change.\n"


def test_a_vanished_file_cancels_nothing(installation: Cadence, home: Path) -> None:
    (home / "config" / "partnerships" / "acme-globex.yaml").unlink()
    assert all(each["action"] == "none" for each in planned(installation, "acme-globex"))


def test_only_the_named_partnerships_are_planned(installation: Cadence, home: Path) -> None:
    define(home, partnership="initech")
    define(home, reviews={"pipeline": {"at": "16:00"}})
    assert {each["partnership"] for each in planned(installation, "acme-globex")} == {"acme-globex"}
    assert {each["partnership"] for each in planned(installation)} == {"acme-globex", "initech"}


def test_a_file_that_claims_anothers_id_plans_nothing(installation: Cadence, home: Path) -> None:
    twin = home / "config" / "partnerships" / "twin.yaml"
    twin.write_text(define(home).read_text(encoding="utf-8"), encoding="utf-8")
    outcome = installation("plan")
    assert (outcome.status, "twin.yaml" in outcome.err) == (1, True)
    assert "Nothing would change." in outcome.out


class TestMassCancellation:
    def test_it_waits_for_a_persons_word_and_says_how_to_give_it(self, installation: Cadence, home: Path) -> None:
        define(home, reviews=NO_REVIEWS)
        outcome = installation("plan")
        assert outcome.status == 1
        assert "This needs approval: it would cancel" in outcome.out
        assert "cadence plan acme-globex --allow-cancellations" in outcome.out
        assert all(each["waits_for_a_word"] for each in planned(installation))
        installation("once")
        assert "cancelled" not in {each["status"] for each in stored(installation)}

    def test_a_persons_word_lets_the_next_cycle_do_it(self, installation: Cadence, home: Path) -> None:
        define(home, reviews=NO_REVIEWS)
        assert installation("plan", "acme-globex", "--allow-cancellations").status == 0
        assert "cancelled" not in {each["status"] for each in stored(installation)}
        assert installation("once").status == 0
        planned_still = [each["id"] for each in stored(installation) if each["status"] == "planned"]
        assert planned_still == ["acme-globex/checkpoint"]

    def test_a_word_given_after_the_refusal_counts_as_well(self, installation: Cadence, home: Path) -> None:
        define(home, reviews=NO_REVIEWS)
        assert installation("once").status == 1
        assert installation("plan", "acme-globex", "--allow-cancellations").status == 0
        assert installation("once").status == 0
        assert "cancelled" in {each["status"] for each in stored(installation)}

    def test_the_word_is_for_the_file_as_it_was_and_no_other(self, installation: Cadence, home: Path) -> None:
        define(home, reviews=NO_REVIEWS)
        installation("plan", "acme-globex", "--allow-cancellations")
        define(home, reviews=NO_REVIEWS, goal="Another one.")
        assert installation("once").status == 1
        assert "cancelled" not in {each["status"] for each in stored(installation)}

    def test_it_needs_exactly_one_partnership(self, installation: Cadence) -> None:
        assert installation("plan", "--allow-cancellations").status == 2
        assert installation("plan", "acme-globex", "initech", "--allow-cancellations").status == 2

    def test_where_nothing_waits_there_is_nothing_to_allow(self, installation: Cadence) -> None:
        outcome = installation("plan", "acme-globex", "--allow-cancellations")
        assert (outcome.status, "nothing to allow" in outcome.err) == (1, True)


# Days off that cadence has learnt of since people were invited -----------------------------------------------------


def left_by_the_program_before(home: Path) -> None:
    """Globex is in Stockholm, its pipeline review on fridays, and a program that knew no customs has planned it."""
    globex = {**GLOBEX, "country": "SE", "region": None, "timezone": "Europe/Stockholm"}
    organisations = {"acme": ACME, "globex": {**globex, "works": ["2026-12-31", "2027-06-25", "2027-12-24"]}}
    reviews = {**NO_REVIEWS, "pipeline": {"every": "week", "on": "friday", "at": "15:00"}}
    define(home, organisations=organisations, reviews=reviews)
    assert "Traceback" not in str(run(home, "once"))
    with sqlite3.connect(home / "data" / "cadence.db") as db:
        db.execute("UPDATE partnership SET keeps_invited = 1, days_off_from = NULL, fingerprint = 'before'")
    define(home, organisations={"acme": ACME, "globex": globex}, reviews=reviews)


def run(home: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as exit_:
        main(["--now", MOMENT, "--config", str(home / "config" / "cadence.yaml"), *words])
    return int(exit_.value.code or 0)


def on(cadence: Cadence, id: str) -> str:
    return next(str(each["start"])[:10] for each in stored(cadence) if each["id"] == id)


def test_reviews_stay_on_days_off_learnt_of_since_until_a_persons_word(installation: Cadence, home: Path) -> None:
    eve = "acme-globex/pipeline/2027-W25"
    left_by_the_program_before(home)
    assert run(home, "once") == 0
    assert on(installation, eve) == "2027-06-25"
    said = installation("plan", "acme-globex", "--all").out
    assert f"{eve} stays on Fri 25 Jun 2027, since people were invited; Midsummer Eve (SE) is a day off now" in said
    assert "cadence plan acme-globex --take-days-off" in installation("check").out
    taken = installation("plan", "acme-globex", "--take-days-off")
    assert (taken.status, "the days off from the next cycle on" in taken.out) == (0, True)
    assert f"move      {eve}  Fri 2027-06-25 15:00 → Mon 2027-06-28 15:00" in taken.out
    assert run(home, "once") == 0
    assert on(installation, eve) == "2027-06-28"
    assert "--take-days-off" not in installation("check").out


def test_where_nothing_stays_there_is_nothing_to_take(installation: Cadence) -> None:
    outcome = installation("plan", "acme-globex", "--take-days-off")
    assert outcome.status == 1
    assert "there is nothing to take" in outcome.err
    assert installation("plan", "--take-days-off").status == 2


# Hours that people know -----------------------------------------------------------------------------------------------


def hour_of(cadence: Cadence, id: str) -> str:
    return next(str(each["start"])[11:16] for each in stored(cadence) if each["id"] == id)


def test_a_series_stays_at_the_hour_that_people_know_until_a_persons_word(installation: Cadence, home: Path) -> None:
    """Two in the afternoon in Munich is eight in Detroit. The review of 25 November is less than a week away, so that
    neither the edit nor the word moves it."""
    soon, later = "acme-globex/pipeline/2026-W48", "acme-globex/pipeline/2026-W49"
    define(home, reviews={**NO_REVIEWS, "pipeline": {"at": "14:00"}})
    assert run(home, "once") == 0
    assert "Pipeline review at 14:00 Europe/Berlin is 08:00-08:30" in installation("check").out
    define(home, reviews={**NO_REVIEWS, "pipeline": {}})
    assert run(home, "once") == 0
    assert (hour_of(installation, soon), hour_of(installation, later)) == ("15:00", "14:00")
    stays = "stays at 14:00 Europe/Berlin, since people know it; 15:00 suits all sides"
    assert f"{stays}: cadence plan acme-globex --new-hours" in installation("plan", "acme-globex", "--all").out
    checked = installation("check").out
    assert f"acme-globex/pipeline {stays}" in checked
    assert "Pipeline review at 14:00 Europe/Berlin is 08:00-08:30" in checked  # as it is held, not as it might be
    assert "cadence plan acme-globex --new-hours" in checked
    taken = installation("plan", "acme-globex", "--new-hours")
    assert f"move      {later}" in taken.out
    assert (taken.status, "1 series takes its new hour from the next cycle on" in taken.out) == (0, True)
    assert run(home, "once") == 0
    assert (hour_of(installation, soon), hour_of(installation, later)) == ("15:00", "15:00")
    assert "--new-hours" not in installation("check").out


def test_where_every_hour_is_the_definitions_there_is_none_to_take(installation: Cadence) -> None:
    outcome = installation("plan", "acme-globex", "--new-hours")
    assert outcome.status == 1
    assert "there is nothing to take" in outcome.err
    assert installation("plan", "--new-hours").status == 2


def test_as_markdown_it_is_a_comment_on_a_change(installation: Cadence, home: Path) -> None:
    define(home, partnership="initech", name="A | B <script> @everybody")
    said = installation("plan", "--markdown").out
    assert said.startswith("### What this changes\n\nReviews: ")
    rows = [line for line in said.splitlines() if line.startswith("| schedule |")]
    assert len(rows) == 12
    assert all(len(re.split(r"(?<!\\)\|", row)) == 6 for row in rows)
    assert "more changes" in said
    assert "Who would hear of it" in said
    assert "A \\| B \\<script>" in said
    assert "@everybody" not in said
    assert len(installation("plan", "--markdown", "--all").out.splitlines()) > len(said.splitlines())


def test_as_markdown_a_plan_that_changes_nothing_says_so(installation: Cadence) -> None:
    assert installation("plan", "--markdown").out == "### What this changes\n\nNothing would change.\n"


def test_as_markdown_it_says_what_needs_approval_and_what_is_wrong(installation: Cadence, home: Path) -> None:
    define(home, reviews=NO_REVIEWS)
    outcome = installation("plan", "--markdown")
    assert outcome.status == 1
    assert "> **This needs approval**" in outcome.out
    define(home, colour="red")
    assert "- **Problem:** acme\\-globex" in installation("plan", "--markdown").out.replace("acme-", "acme\\-")


def test_a_comment_holds_what_a_comment_may_hold(installation: Cadence, home: Path) -> None:
    for number in range(30):
        define(home, partnership=f"initech-{number}", name="long " * 300)
    said = installation("plan", "--markdown", "--all").out
    assert len(said) < 65_536
    assert "more partnerships, for want of room" in said


@pytest.mark.parametrize("other", ["--json", "--allow", "--new-hours", "--take-days-off"])
def test_markdown_only_shows(installation: Cadence, other: str) -> None:
    refused = installation("plan", "acme-globex", "--markdown", other)
    assert refused.status == 2
    assert "--markdown only shows" in refused.err
