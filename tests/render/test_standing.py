"""Every cause has a sentence, which says what is so and no more."""

import re
from pathlib import Path

import pytest

from scheduler.domain.record.standing import Fact, Signal, State
from scheduler.render.standing import TEMPLATE, sentences
from scheduler.rules.standing import health, signals

TEMPLATES = Path(__file__).parents[2] / "templates"


def said(cause: str, facts: dict[str, Fact], *, brief: bool = False) -> str:
    return sentences([Signal("value", State.AT_RISK, cause, "acme-globex", facts)], [TEMPLATES], brief=brief)[0]


@pytest.mark.parametrize(
    ("cause", "facts", "expected"),
    [
        ("few_readings", {"readings": 1, "fewest": 4}, "1 reading so far; from 4 on their share is told"),
        ("overdue", {"overdue": 1, "kpi": "Cells", "period": "2026-11", "days": 1, "sides": "Globex 1"},
         "Cells of 2026-11 is 1 working day overdue"),
        ("overdue", {"overdue": 3, "kpi": "Cells", "period": "2026-11", "days": 0, "sides": "Globex 2, Acme 1"},
         "Cells of 2026-11 is overdue, and 2 more (Globex 2, Acme 1 in all)"),
        ("not_kept", {"held": 11, "reviews": 13, "late": 1, "no_quorum": 0, "skipped": 1, "not_closed": 0,
                      "because": "fair week", "percent": 85},
         "11 of 13 reviews held in time, 1 late, 1 skipped (fair week) (85%)"),
        ("decide", {"on": "2029-05-22", "days": -1, "what": None},
         "it was to be decided by Tue 22 May 2029 whether to go on"),
        ("vacant", {"empty": 1, "role": "sponsor", "side": "Globex Cells Inc", "on": "2026-10-01"},
         "Globex Cells Inc has no sponsor since Thu 1 Oct 2026"),
        ("ends", {"on": "2029-09-30", "days": 9, "what": None}, "the agreement ends on Sun 30 Sep 2029"),
    ],
)  # fmt: skip
def test_a_cause_is_told_with_its_facts(cause: str, facts: dict[str, Fact], expected: str) -> None:
    assert said(cause, facts) == expected


def test_in_brief_it_is_a_phrase() -> None:
    facts: dict[str, Fact] = {"overdue": 3, "kpi": "Cells", "period": "2026-11", "days": 2, "sides": "Globex 2, Acme 1"}
    assert said("overdue", facts, brief=True) == "Cells of 2026-11 is 2 working days overdue, and 2 more"


LATE: dict[str, Fact] = {"overdue": 10, "kpi": "Cells", "period": "2026-W41", "days": 30, "sides": "Globex 10"}


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        (State.ON_COURSE, {"days": 1}, "nothing is overdue for long: Cells of 2026-W41 for 1 working day, and 9 more"),
        (State.ON_COURSE, {"since": "2026-11-29"},
         "nothing is overdue for long: Cells of 2026-W41, asked for since Sun 29 Nov 2026, and 9 more"),
        (State.AT_RISK, {"since": "2026-11-29"},
         "Cells of 2026-W41 is overdue, asked for since Sun 29 Nov 2026, and 9 more (Globex 10 in all)"),
    ],
)  # fmt: skip
def test_what_is_asked_for_late_is_told_since_when_and_what_is_on_course_reads_as_no_alarm(
    state: State, facts: dict[str, Fact], expected: str
) -> None:
    one = Signal("reporting", state, "overdue", "acme-globex/cells", LATE | facts)
    assert sentences([one], [TEMPLATES]) == [expected]


def test_every_cause_that_a_rule_gives_has_a_sentence() -> None:
    rules = "".join(Path(str(module.__file__)).read_text("utf-8") for module in (signals, health))
    given = set(re.findall(r'State\.[A-Z_]+(?: if [^,]+)?, "([a-z_]+)"', rules)) | {
        "on_target", "off_target", "overdue", "kept", "not_kept", "few_reviews", "few_readings", "deadlock", "decide",
        "notice", "ends", "expires", "expired", "undecided", "vacant", "audit", "no_audit", "starts",
    }  # fmt: skip
    text = (TEMPLATES / TEMPLATE).read_text("utf-8")
    assert given <= set(re.findall(r'each\.cause == "([a-z_]+)"', text))


def test_a_name_stays_on_its_line_so_that_no_sentence_is_anothers() -> None:
    odd: dict[str, Fact] = {"overdue": 1, "kpi": "Cells\nof\n\nmine", "period": "2026-11", "days": 1, "sides": ""}
    two = [
        Signal("reporting", State.AT_RISK, "overdue", "x", odd),
        Signal("people", State.ON_COURSE, "filled", "x", {}),
    ]
    first, second = sentences(two, [TEMPLATES])
    assert first.startswith("Cells of mine of 2026-11") and second.startswith("every side")
