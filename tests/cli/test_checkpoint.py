"""`cadence checkpoint`: the dossier on any day, what people say of the criteria, and what they decide.

Acme × Globex takes effect on 1 October 2026; its checkpoint is on Wednesday 30 December, the evidence call on the 16th.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import written
from tests.cli.conftest import Cadence, Outcome, define

ID = "acme-globex/checkpoint"
CALL = "2026-12-16T09:00+01:00"
DAY = "2026-12-30T15:30+01:00"
LATER = "2027-02-01T09:00+01:00"
COST = {"id": "cost", "says": "Acme's cost falls as planned", "kpi": "landed-cost"}


@pytest.fixture
def on(installation: Cadence) -> Cadence:
    """Call cadence at a moment: ``on(DAY, "checkpoint", "acme-globex")``."""

    def call(moment: str, *arguments: str) -> Outcome:
        return installation("--now", moment, *arguments)

    return call


def sheet(on: Cadence, moment: str, *arguments: str) -> dict[str, Any]:
    outcome = on(moment, "checkpoint", *(arguments or ("acme-globex",)), "--json")
    assert outcome.status == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def with_cost(home: Path, on: Cadence, **changes: Any) -> None:
    """Add a criterion that rests on Acme's own KPI, and take the definition up."""
    success = written()["success_at_90_days"]
    define(home, **{"success_at_90_days": {**success, "criteria": [*success["criteria"], COST]}, **changes})
    assert on(CALL, "once").status == 0


def judge(on: Cadence, moment: str = CALL, criterion: str = "dashboards", by: str = "dev", **said: str) -> Outcome:
    said = {"verdict": "met", "evidence": "one board since Monday", **said}
    options = (word for name, value in said.items() for word in (f"--{name}", value))
    return on(moment, "checkpoint", "judge", "acme-globex", criterion, "--by", by, *options)


def decide(
    on: Cadence, course: str, moment: str = DAY, id: str = "acme-globex", *more: str, because: str = "as minuted"
) -> Outcome:
    return on(moment, "checkpoint", "decide", id, course, "--because", because, "--by", "ines", *more)


class TestShowing:
    def test_the_dossier_tells_day_track_criteria_verdict_and_decision(self, installation: Cadence) -> None:
        """It is Saturday 21 November, the first day: of the steps before it nobody could say that they were done."""
        shown = installation("checkpoint", "acme-globex")
        assert shown.status == 0
        lines = shown.out.splitlines()
        assert lines[0] == "90-day success checkpoint: Acme × Globex battery cells"
        assert "  Wed 2026-12-30 15:00 - 16:00 Europe/Berlin, in 39 days" in lines
        assert "  2026-11-13  not recorded  Midpoint of the first 90 days, by Inès Falk" in lines
        assert "  2026-11-30  ahead         Joint plan agreed, by Inès Falk" in lines
        assert "  cells: Cells arrive at the rate agreed" in lines
        assert "    evidence  no reading yet: Tom Reyes owes one" in lines
        assert "    to be judged by Dev Patel" in lines
        assert lines[-2:] == ["Verdict over all: not measured", "Decision: none yet, possible from 2026-12-16"]

    @pytest.mark.parametrize("id", ["acme-globex", "acme-globex/", ID])
    def test_it_is_named_by_its_partnership_or_its_own_id_and_show_may_be_said(self, on: Cadence, id: str) -> None:
        assert on(CALL, "checkpoint", id).out == on(CALL, "checkpoint", "show", ID).out

    @pytest.mark.parametrize(("day", "left"), [("29", 1), ("30", 0), ("31", -1)])
    def test_days_are_counted_where_it_is_held(self, on: Cadence, day: str, left: int) -> None:
        """At half past six in the evening in Detroit it is half an hour past midnight in Berlin."""
        assert sheet(on, f"2026-12-{int(day) - 1}T18:30-05:00")["days_left"] == left

    def test_a_milestone_is_ahead_on_the_eve_today_on_its_day_and_past_after(self, on: Cadence) -> None:
        days = ("2026-12-15T23:59+01:00", "2026-12-16T00:00+01:00", "2026-12-17T00:00+01:00")
        track = [{each["key"]: each["stands"] for each in sheet(on, day)["track"]} for day in days]
        assert [each["evidence-call"] for each in track] == ["ahead", "today", "past"]

    def test_a_layers_checkpoint_is_named_by_the_layer(self, on: Cadence, home: Path) -> None:
        success = {"agenda_owner": "tom", "criteria": [{"id": "first", "says": "First royalties", "owner": "tom"}]}
        layer = {"name": "Licence", "model": "contractual_alliance", "form": "licensing", "effective": "2027-01-15"}
        kpi = {**written()["kpis"]["cells-delivered"], "name": "Royalties"}
        define(home, layers={"apac": {**layer, "success_at_90_days": success, "kpis": {"royalties": kpi}}})
        on(CALL, "once")
        assert sheet(on, CALL, "acme-globex/apac")["id"] == "acme-globex/apac/checkpoint"
        define(home)
        on(CALL, "once")
        gone = on(CALL, "checkpoint", "acme-globex/apac")
        assert gone.err == (
            "Error: the definition no longer has the layer apac\n"
            "  its history: cadence review show acme-globex/apac/checkpoint\n"
        )

    def test_what_is_no_checkpoint_is_told_with_the_nearest(self, on: Cadence) -> None:
        assert on(CALL, "checkpoint", "acme-globex/chekpoint").err == (
            f'Error: there is no checkpoint "acme-globex/chekpoint"\n  did you mean {ID}?\n'
        )
        assert on(CALL, "checkpoint", "nobody").status == 1
        assert on(CALL, "checkpoint").status == 2


class TestJudging:
    def test_a_persons_verdict_shows_with_who_and_when_and_on_what_evidence(self, on: Cadence) -> None:
        assert judge(on, by="Dev.Patel@globex.example").out == f"{ID}: dashboards is judged met.\n"
        found = {each["id"]: each for each in sheet(on, LATER)["criteria"]}["dashboards"]
        assert (found["verdict"], found["judged"]) == ("met", "Dev Patel, Wed 16 Dec 2026")
        assert found["because"] == "one board since Monday"

    def test_it_counts_before_the_readings_which_stay_to_be_seen(self, on: Cadence) -> None:
        on(CALL, "kpi", "report", "acme-globex/cells-delivered", "0.1")
        assert sheet(on, CALL)["verdict"] == "missed"
        judge(on, criterion="cells", verdict="partly", evidence="the line ran for a week")
        found = sheet(on, CALL)
        assert (found["verdict"], found["criteria"][0]["evidence"]) == ("partly", "0.1 GWh in 2026-10")

    def test_a_verdict_that_overrules_its_readings_says_so_everywhere(self, on: Cadence) -> None:
        on(CALL, "kpi", "report", "acme-globex/cells-delivered", "0.1")
        said = judge(on, criterion="cells", verdict="met", evidence="the line ran for a week")
        assert "This overrules its readings, which say: missed." in said.out
        assert sheet(on, CALL)["criteria"][0]["overrules"] == "missed"
        assert "overrules its readings, which say: missed" in on(CALL, "checkpoint", "acme-globex").out
        assert "This overrules its readings, which say: **missed**" in on(CALL, "agenda", ID).out

    def test_one_that_says_what_the_readings_say_overrules_nothing(self, on: Cadence) -> None:
        on(CALL, "kpi", "report", "acme-globex/cells-delivered", "0.31")
        assert "overrules" not in judge(on, criterion="cells", verdict="met").out
        assert sheet(on, CALL)["criteria"][0]["overrules"] is None

    def test_what_is_said_last_counts_and_what_it_replaces_stays_readable(self, on: Cadence) -> None:
        judge(on)
        assert (
            "It replaces met, Dev Patel, Wed 16 Dec 2026, which is kept."
            in judge(on, LATER, verdict="missed", by="june").out
        )
        found = sheet(on, LATER)["criteria"][1]
        assert found["judged"] == "June Okafor, Mon 1 Feb 2027"
        assert found["replaces"] == ["met, Dev Patel, Wed 16 Dec 2026"]
        assert "replaces  met, Dev Patel, Wed 16 Dec 2026" in on(LATER, "checkpoint", "acme-globex").out
        assert "It replaces: met, Dev Patel, Wed 16 Dec 2026" in on(LATER, "agenda", ID).out

    def test_slips_are_told_with_the_way_out_and_change_nothing(self, on: Cadence) -> None:
        assert judge(on, criterion="dashbords").err == (
            f'Error: {ID} has no criterion "dashbords"\n  did you mean dashboards?\n'
        )
        assert judge(on, by="olga").err.startswith('Error: there is no person "olga"')
        assert judge(on, verdict="splendid").status == 2
        assert judge(on, evidence="x" * 2001).status == 2
        assert sheet(on, CALL)["criteria"][1]["verdict"] == "to be judged"

    def test_all_are_judged_met_only_when_all_are(self, on: Cadence) -> None:
        judge(on)
        assert sheet(on, CALL)["verdict"] == "not measured"
        judge(on, criterion="cells")
        assert sheet(on, CALL)["verdict"] == "met"


class TestAnOrganisationsOwnKpi:
    MARK = "99.77"

    def test_its_figures_and_evidence_are_for_its_own_organisation(self, on: Cadence, home: Path) -> None:
        with_cost(home, on)
        on(CALL, "kpi", "report", "acme-globex/landed-cost", self.MARK)
        judge(on, criterion="cost", by="uwe", verdict="partly", evidence=f"{self.MARK} EUR, falling")
        for view in ((), ("--for", "globex")):
            shown = sheet(on, CALL, "acme-globex", *view)
            assert self.MARK not in json.dumps(shown)
            assert shown["criteria"][2]["verdict"] == "partly"
        own = sheet(on, CALL, "acme-globex", "--for", "acme")["criteria"][2]
        assert (own["evidence"], own["because"]) == ("99.77 EUR in 2026-10", "99.77 EUR, falling")

    def test_until_it_gives_its_word_the_partners_see_no_verdict(self, on: Cadence, home: Path) -> None:
        with_cost(home, on)
        on(CALL, "kpi", "report", "acme-globex/landed-cost", self.MARK)
        joint, own = sheet(on, CALL), sheet(on, CALL, "acme-globex", "--for", "acme")
        assert (joint["criteria"][2]["verdict"], joint["criteria"][2]["judge"]) == ("to be judged", "Acme Motors SE")
        assert own["criteria"][2]["verdict"] == "missed"
        assert joint["verdict"] == own["verdict"] == "not measured"

    def test_nobody_else_judges_it(self, on: Cadence, home: Path) -> None:
        with_cost(home, on)
        refused = judge(on, criterion="cost", by="dev")
        assert refused.err == (
            "Error: cost is judged by Acme Motors SE\n  somebody of Acme Motors SE gives the verdict\n"
        )
        assert judge(on, criterion="cost", by="marta").status == 0

    def test_the_agenda_of_all_bears_the_word_alone(self, on: Cadence, home: Path) -> None:
        with_cost(home, on)
        on(CALL, "kpi", "report", "acme-globex/landed-cost", self.MARK)
        judge(on, criterion="cost", by="uwe", verdict="met", evidence=f"{self.MARK} was agreed inside")
        joint = on(CALL, "agenda", ID).out
        assert "3. Acme's cost falls as planned: **met**, judged by Uwe Brandt, Wed 16 Dec 2026" in joint
        assert self.MARK not in joint
        assert self.MARK in on(CALL, "agenda", ID, "--for", "acme").out


class TestDeciding:
    @pytest.mark.parametrize(("moment", "status"), [("2026-12-15T23:59+01:00", 1), ("2026-12-16T00:00+01:00", 0)])
    def test_it_is_possible_from_the_evidence_call_on(self, on: Cadence, moment: str, status: int) -> None:
        outcome = decide(on, "continue", moment)
        assert outcome.status == status
        assert ("decide from the evidence call on: Wed 16 Dec 2026" in outcome.err) == bool(status)

    def test_it_is_on_record_with_who_took_it_and_stands_in_dossier_and_agenda(self, on: Cadence) -> None:
        decide(on, "continue", because="both would sign again")
        words = "continue, by Inès Falk, Wed 30 Dec 2026: both would sign again"
        assert f"Decision: {words}" in on(LATER, "checkpoint", "acme-globex").out.splitlines()
        assert "Decided: **continue**, by Inès Falk, Wed 30 Dec 2026" in on(LATER, "agenda", ID).out

    @pytest.mark.parametrize(
        ("course", "next_step"),
        [
            ("continue", "The cadence goes on as planned."),
            ("adjust", "acme-globex.yaml, then look at cadence plan acme-globex."),
        ],
    )
    def test_what_it_takes_is_said_and_nothing_changes_by_itself(
        self, on: Cadence, course: str, next_step: str
    ) -> None:
        on(DAY, "once")
        before = on(LATER, "reviews", "--json").out
        assert next_step in decide(on, course).out
        assert on(LATER, "reviews", "--json").out == before

    @pytest.mark.parametrize(("answer", "course"), [("n", "continue"), ("y", "adjust")])
    def test_on_a_terminal_a_second_decision_asks_first(
        self, on: Cadence, at_a_terminal: Cadence, answer: str, course: str
    ) -> None:
        decide(on, "continue")
        call = ("checkpoint", "decide", ID, "adjust", "--because", "read again", "--by", "ines")
        asked = at_a_terminal("--now", LATER, *call, answers=f"{answer}\n")
        assert f"{ID} is decided: continue, by Inès Falk" in asked.out and asked.status == 0
        assert f"Decision: {course}, by Inès Falk" in on(LATER, "checkpoint", ID).out

    def test_an_exit_names_its_end_and_begins_the_wind_down_until_another_decision_undoes_it(self, on: Cadence) -> None:
        on(DAY, "once")
        before = on(LATER, "reviews", "--json").out
        out = decide(on, "exit").out
        assert "It ends on Tue 30 Mar 2027; another day: cadence exit ends acme-globex YYYY-MM-DD" in out
        assert "cadence exit show acme-globex" in out
        assert on(LATER, "reviews", "--json").out != before
        assert "  ends on Tue 30 Mar 2027\n" in (shown := on(LATER, "exit", "show", "acme-globex").out)
        assert "by Dev Patel  (acme-globex/checkpoint#X" in shown
        assert "The exit is taken back" in decide(on, "continue", DAY, "acme-globex", "--replace").out

    def test_where_the_agreement_names_who_decides_it_is_said(self, on: Cadence, home: Path) -> None:
        define(home, agreement={"decides": "joint steering committee"})
        on(CALL, "once")
        assert "the agreement leaves it to: joint steering committee." in decide(on, "continue").out
        assert sheet(on, CALL)["decides"] == "joint steering committee"

    def test_someone_takes_it_and_for_a_reason(self, on: Cadence) -> None:
        assert on(DAY, "checkpoint", "decide", ID, "continue", "--because", "so").status == 2
        assert on(DAY, "checkpoint", "decide", ID, "continue", "--by", "ines").status == 2
        assert on(DAY, "checkpoint", "decide", ID, "celebrate", "--because", "so", "--by", "ines").status == 2

    def test_an_ended_partnership_decides_nothing_more(self, on: Cadence) -> None:
        on(CALL, "partnership", "end", "acme-globex", "--because", "bought", "--yes")
        assert "was ended on 2026-12-16" in decide(on, "continue").err
        assert "was ended" in judge(on).err
        assert on(DAY, "checkpoint", "acme-globex").status == 0


class TestRelaunching:
    def test_it_starts_another_90_days_that_day_with_a_track_and_a_checkpoint_of_their_own(self, on: Cadence) -> None:
        judge(on)
        told = decide(on, "relaunch", because="the line started late").out
        assert f"It starts anew today. {ID}-2: Tue 2027-03-30 15:00 Europe/Berlin" in told
        second = sheet(on, LATER)
        assert (second["id"], second["title"]) == (f"{ID}-2", "Second 90-day success checkpoint")
        assert second["relaunch"]["because"] == "the line started late"
        assert second["track"][0] == {  # day 0 is told to nobody, so that it is not late either
            "key": "kick-off", "on": "2026-12-30", "says": "Kick-off", "stands": "past", "state": "not recorded",
            "owner": "ines", "owner_name": "Inès Falk", "done_on": None, "done_by": None, "because": None,
        }  # fmt: skip
        assert [each["verdict"] for each in second["criteria"]] == ["not measured", "to be judged"]

    def test_the_first_ones_record_stays(self, on: Cadence) -> None:
        judge(on)
        decide(on, "relaunch")
        first = sheet(on, LATER, ID)
        assert (first["criteria"][1]["verdict"], first["decision"]["course"]) == ("met", "relaunch")

    def test_its_agenda_says_that_it_is_the_second_and_why(self, on: Cadence) -> None:
        decide(on, "relaunch", because="the line started late")
        agenda = on(LATER, "agenda", f"{ID}-2").out
        assert "# Second 90-day success checkpoint" in agenda
        assert "Started anew: relaunched by Inès Falk, Wed 30 Dec 2026: the line started late." in agenda

    def test_plan_keeps_it_through_every_edit(self, on: Cadence, home: Path) -> None:
        decide(on, "relaunch")
        assert "Nothing would change." in on(DAY, "plan", "acme-globex").out
        define(home, success_at_90_days={**written()["success_at_90_days"], "at": "10:00"})
        assert f"move      {ID}-2  Tue 2027-03-30 15:00 → Tue 2027-03-30 10:00" in on(LATER, "plan", "acme-globex").out
        assert on(LATER, "once").status == 0
        assert sheet(on, LATER)["start"] == "2027-03-30T10:00:00+02:00"

    def test_a_second_decision_asks_first_and_the_first_stays_readable(self, on: Cadence) -> None:
        decide(on, "continue")
        refused = decide(on, "adjust", LATER, because="the target was wrong")
        assert refused.status == 1 and "--replace" in refused.err
        assert f"{ID} is decided: continue, by Inès Falk on Wed 30 Dec 2026: as minuted" in refused.err
        taken = decide(on, "adjust", LATER, "acme-globex", "--replace", because="the target was wrong")
        assert "It replaces continue, decided by Inès Falk, which is kept." in taken.out
        decision = sheet(on, LATER)["decision"]
        assert (decision["course"], decision["replaces"]["course"], decision["replaces"]["replaces"]) == (
            "adjust", "continue", None
        )  # fmt: skip
        first = "continue, by Inès Falk, Wed 30 Dec 2026: as minuted"
        assert f"replaces  {first}" in on(LATER, "checkpoint", "acme-globex").out
        assert "It replaces an earlier decision: **continue**, by Inès Falk" in on(LATER, "agenda", ID).out

    def test_the_same_decision_once_more_is_no_second_one(self, on: Cadence) -> None:
        decide(on, "continue")
        assert decide(on, "continue", LATER).status == 0
        assert sheet(on, LATER)["decision"]["replaces"] is None

    def test_taken_back_it_is_called_off_and_decided_again_it_is_back(self, on: Cadence) -> None:
        decide(on, "relaunch")
        assert decide(on, "continue", LATER, ID, "--replace").status == 0
        assert sheet(on, LATER, f"{ID}-2")["status"] == "cancelled"
        assert sheet(on, LATER)["id"] == ID
        decide(on, "relaunch", "2027-02-02T09:00+01:00", ID, "--replace")
        again = json.loads(on(LATER, "review", "show", f"{ID}-2", "--json").out)
        assert (again["status"], again["sequence"], again["start"][:10]) == ("planned", 2, "2027-05-03")

    def test_once_the_second_is_decided_the_first_stays_as_it_is(self, on: Cadence) -> None:
        decide(on, "relaunch")
        assert decide(on, "continue", "2027-03-30T16:00+02:00").out.startswith(f"{ID}-2: continue")
        refused = decide(on, "exit", "2027-03-31T09:00+02:00", ID)
        assert refused.err == (
            f"Error: {ID} led to {ID}-2, which is decided\n  decide there: cadence checkpoint decide {ID}-2\n"
        )

    def test_where_the_agreement_ends_too_soon_the_decision_stands_and_why_there_is_no_checkpoint_is_said(
        self, on: Cadence, home: Path
    ) -> None:
        define(home, agreement={"ends": "2027-03-01"})
        on(CALL, "once")
        assert "No further checkpoint is planned; why not: cadence plan acme-globex" in decide(on, "relaunch").out
        assert "within 90 days of its relaunch" in on(DAY, "plan", "acme-globex").out
        assert sheet(on, DAY)["decision"]["course"] == "relaunch"
