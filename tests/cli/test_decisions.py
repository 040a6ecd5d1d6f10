"""`cadence decisions`: it is Saturday 21 November 2026. Pipeline reviews have no time for objections; the operating
review of December, held on the 18th, is open to objections for five working days from the day its minutes are filed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cadence

HELD, LATER = "acme-globex/pipeline/2026-W46", "acme-globex/pipeline/2026-W47"
OPERATING, DECEMBER = "acme-globex/operating/2026-12", "2026-12-21T09:00+01:00"


def file(cadence: Cadence, id: str, *decisions: str, now: tuple[str, ...] = ()) -> str:
    Path("minutes.md").write_text("## Beschlüsse\n" + "".join(f"- {each}\n" for each in decisions), encoding="utf-8")
    told = cadence(*now, "review", "hold", id, "--minutes", "minutes.md", "--by", "ines")
    assert told.status == 0, told.err
    return told.out


def listed(cadence: Cadence, *arguments: str, now: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    outcome = cadence(*now, "decisions", "--json", *arguments)
    assert outcome.status == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)
    return found


@pytest.fixture
def filed(installation: Cadence) -> Cadence:
    file(installation, HELD, "Drei Schichten ab Mai", "Dev: Mehrkosten übernimmt Acme")
    return installation


def test_the_register_tells_body_day_state_and_who_carries_it_out(filed: Cadence) -> None:
    first, second = listed(filed)
    assert (first["id"], first["says"], first["state"]) == (f"{HELD}!1", "Drei Schichten ab Mai", "binding")
    assert (first["body"], first["scope"], first["kind"]) == ("Pipeline review", "acme-globex", "pipeline")
    assert (second["id"], second["carried_out_by"], second["decided_on"]) == (f"{HELD}!2", "dev", "2026-11-12")
    assert "Dev Patel carries it out" in filed("decisions").out


@pytest.mark.parametrize("words", ["SCHICHTEN mai", "mehrkosten UBERNIMMT", "pipeline dev patel"])
def test_a_search_finds_all_its_words_whatever_case_and_accents_they_have(filed: Cadence, words: str) -> None:
    assert len(listed(filed, "--search", words)) == 1
    assert filed("decisions", "--search", f"{words} nowhere").out == "No decision is found.\n"


def test_decisions_of_minutes_that_are_open_to_objections_are_drafts_and_bind_after_them(installation: Cadence) -> None:
    file(installation, OPERATING, "Two shifts", now=("--now", DECEMBER))
    (draft,) = listed(installation, now=("--now", DECEMBER))
    assert (draft["state"], draft["draft_because"]) == ("draft", "its minutes are on their way")
    for minute in ("05", "10"):  # its letters leave, and the next cycle knows it
        installation("--now", DECEMBER.replace(":00+", f":{minute}+"), "once")
    (draft,) = listed(installation, now=("--now", DECEMBER))
    assert (draft["state"], draft["draft_because"]) == ("draft", None)
    on = ("--now", f"{draft['binding_from']}T00:30+01:00")
    assert listed(installation, now=on)[0]["state"] == "binding"
    assert f"binds from {draft['binding_from']}" in installation("--now", DECEMBER, "decisions").out


def test_one_takes_the_place_of_another_by_a_persons_word_and_both_are_kept(filed: Cadence) -> None:
    file(filed, LATER, "Zwei Schichten")
    done = filed("decisions", "supersede", f"{HELD}!1", f"{LATER}!1", "--by", "ines")
    assert done.out == f"{LATER}!1 takes the place of {HELD}!1: Drei Schichten ab Mai\n"
    found = {each["id"]: each for each in listed(filed, "--search", "schichten")}
    assert [each["state"] for each in found.values()] == ["superseded", "binding"]
    assert (found[f"{HELD}!1"]["replaced_by"], found[f"{HELD}!1"]["superseded_said_by"]) == (f"{LATER}!1", "ines")
    again = filed("decisions", "supersede", f"{HELD}!1", f"{LATER}!1")
    assert again.status == 1 and "takes its place already" in again.err
    back = filed("decisions", "supersede", f"{LATER}!1", f"{HELD}!1")
    assert back.status == 1 and "cannot take the place of" in back.err


def test_minutes_say_what_a_decision_replaces(filed: Cadence) -> None:
    file(filed, LATER, f"Zwei Schichten, ersetzt {HELD}!1")
    assert [each["id"] for each in listed(filed, "--state", "superseded")] == [f"{HELD}!1"]
    assert f"superseded by {LATER}!1" in filed("decisions").out


def test_one_that_corrected_minutes_no_longer_hold_is_listed_where_it_is_asked_for(filed: Cadence) -> None:
    told = file(filed, HELD, "Drei Schichten ab Mai")
    assert f"No longer decided\n  {HELD}!2" in told
    assert [each["id"] for each in listed(filed)] == [f"{HELD}!1"]
    assert [each["id"] for each in listed(filed, "--state", "withdrawn")] == [f"{HELD}!2"]
    refused = filed("decisions", "done", f"{HELD}!2")
    assert refused.status == 1 and "is withdrawn: no longer in the minutes of" in refused.err


def test_somebody_is_given_a_decision_to_carry_out_and_says_when_it_is_done(filed: Cadence) -> None:
    assert filed("decisions", "assign", f"{HELD}!1", "tom.reyes@globex.example").out.startswith("tom carries out")
    assert filed("decisions", "done", f"{HELD}!1", "--because", "signed", "--by", "tom").status == 0
    (done,) = listed(filed, "--search", "schichten")
    assert (done["carried_out_said_by"], done["carried_out_because"]) == ("tom", "signed")
    again = filed("decisions", "done", f"{HELD}!1")
    assert again.status == 1 and "carried out already: signed" in again.err
    unknown = filed("decisions", "assign", f"{HELD}!9", "tom")
    assert unknown.status == 1 and "did you mean" in unknown.err


def test_what_a_checkpoint_decides_stands_in_the_register_and_is_decided_anew_by_its_verb(filed: Cadence) -> None:
    on = "--now", "2026-12-30T18:00+01:00"
    filed(*on, "checkpoint", "decide", "acme-globex", "adjust", "--because", "the line was late", "--by", "ines")
    (taken,) = listed(filed, "--search", "adjust", now=on)
    assert (taken["id"], taken["state"], taken["decided_by"]) == ("acme-globex/checkpoint!1", "binding", "ines")
    refused = filed(*on, "decisions", "supersede", "acme-globex/checkpoint!1", f"{HELD}!1")
    assert refused.status == 1 and "cadence checkpoint decide" in refused.err


def test_the_review_shows_what_it_decided_and_what_became_of_that(filed: Cadence) -> None:
    file(filed, LATER, f"Zwei Schichten, ersetzt {HELD}!1")
    assert f"Drei Schichten ab Mai (superseded by {LATER}!1)" in filed("review", "show", HELD).out
    shown = json.loads(filed("review", "show", HELD, "--json").out)["decisions"]
    assert [(each["id"], each["state"]) for each in shown] == [(f"{HELD}!1", "superseded"), (f"{HELD}!2", "binding")]


def test_a_formal_review_that_was_held_shows_that_nothing_is_decided_until_something_is(filed: Cadence) -> None:
    filed("review", "call", "acme-globex", "--because", "the line stands still", "--by", "ines")
    id, on = "acme-globex/formal-review/2026-11-21", ("--now", "2026-12-15T18:00+01:00")
    file(filed, id, "Reparatur", now=on)
    assert f"Decision: none yet; cadence checkpoint decide {id} records it" in filed(*on, "review", "show", id).out
    filed(*on, "checkpoint", "decide", id, "cure", "--because", "repaired by March", "--by", "ines")
    assert "Decision: cure (binding): repaired by March" in filed(*on, "review", "show", id).out
    assert "its action plan is open, due 2026-12-" in filed(*on, "decisions", "--search", "repaired").out


def test_it_is_known_who_was_there_and_whether_that_was_a_quorum(filed: Cadence) -> None:
    assert listed(filed)[0]["quorate"] is None
    Path("minutes.md").write_text("## Decisions\n- Two shifts\n", encoding="utf-8")
    told = filed("review", "hold", LATER, "--minutes", "minutes.md", "--present", "ines", "--absent", "dev")
    assert told.status == 0, told.err
    (taken,) = listed(filed, "--search", "two shifts")
    assert (taken["present"], taken["quorate"]) == (["ines"], False)
    assert "taken without a quorum" in filed("decisions", "--search", "two shifts").out


def test_where_nothing_was_decided_it_says_so(installation: Cadence) -> None:
    assert installation("decisions").out == "No decisions.\n"


class TestExport:
    def test_decisions_and_minutes_of_a_span_are_one_text(self, filed: Cadence) -> None:
        text = filed("decisions", "export", "--from", "2026-11-01", "--until", "2026-11-30").out
        assert (
            "| acme-globex/pipeline/2026-W46!1 | 2026-11-12 | Pipeline review | binding | Drei Schichten ab Mai |"
            in text
        )
        assert "> - Drei Schichten ab Mai" in text

    def test_what_lies_outside_the_span_is_not_in_it(self, filed: Cadence) -> None:
        text = filed("decisions", "export", "--from", "2026-01-01", "--until", "2026-01-31").out
        assert "Nothing of these days is on record." in text

    def test_it_is_written_into_a_file(self, filed: Cadence) -> None:
        told = filed("decisions", "export", "--from", "2026-11-01", "--until", "2026-11-30", "--out", "q4.md").out
        assert told == "Wrote q4.md\n"
        assert "Drei Schichten" in Path("q4.md").read_text(encoding="utf-8")

    def test_a_heading_in_minutes_is_none_of_the_file(self, installation: Cadence) -> None:
        Path("minutes.md").write_text("# Another file\n## Decisions\n- Two shifts | [x](y)\n", encoding="utf-8")
        installation("review", "hold", HELD, "--minutes", "minutes.md", "--by", "ines")
        text = installation("decisions", "export", "--from", "2026-11-01", "--until", "2026-11-30").out
        assert "\n# Another file" not in text
        assert "> # Another file" in text
        assert r"Two shifts \| \[x\](y)" in text

    def test_days_in_the_wrong_order_are_a_wrong_call(self, filed: Cadence) -> None:
        assert filed("decisions", "export", "--from", "2026-11-30", "--until", "2026-11-01").status == 2
