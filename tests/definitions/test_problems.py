"""Problems as people and programs meet them: like a compiler's, in one JSON shape, with a guess at what was meant."""

import json

import pytest

from scheduler.definitions.problems import Diagnostic, as_dict, as_report, as_text, dotted, near_miss, quoted


def problem(
    file: str = "acme.yaml", line: int | None = 34, column: int | None = 12, what: str = "a fault"
) -> Diagnostic:
    return Diagnostic(file, line, column, "error", "kpis.cells-delivered.owner", what, "")


def test_a_problem_reads_like_a_compilers_with_the_way_out_below_it() -> None:
    misspelt = Diagnostic(
        file="config/partnerships/acme.yaml",
        line=34,
        column=12,
        severity="error",
        where="kpis.cells-delivered.owner",
        what='nobody here is called "tomm"',
        hint='did you mean "tom"?',
    )
    assert as_text(misspelt) == (
        'config/partnerships/acme.yaml:34:12: error: kpis.cells-delivered.owner: nobody here is called "tomm"\n'
        '    did you mean "tom"?'
    )


def test_a_problem_of_the_whole_file_names_no_line_and_no_path() -> None:
    empty = Diagnostic("acme.yaml", None, None, "warning", "", "the file is empty", "")
    assert as_text(empty) == "acme.yaml: warning: the file is empty"


def test_a_problem_cannot_forge_a_second_line_nor_colour_the_terminal() -> None:
    forged = as_text(problem(file="a\nb.yaml", what="\x1b[31mred\r\nacme.yaml:1:1: error: \u202eforged"))
    assert "\n" not in forged
    assert "\x1b" not in forged
    assert "\u202e" not in forged
    assert "a\\nb.yaml" in forged


def test_problems_are_ordered_by_file_then_line_then_column() -> None:
    in_order = [
        problem("acme.yaml", None, None),
        problem("acme.yaml", 2, 9),
        problem("acme.yaml", 10, 1),
        problem("acme.yaml", 10, 4),
        problem("globex.yaml", 1, 1),
    ]
    assert sorted(in_order[index] for index in (3, 0, 4, 2, 1)) == in_order


def test_every_problem_has_the_same_seven_fields_in_json() -> None:
    assert as_dict(problem()) == {
        "file": "acme.yaml",
        "line": 34,
        "column": 12,
        "severity": "error",
        "where": "kpis.cells-delivered.owner",
        "what": "a fault",
        "hint": "",
    }


def test_a_report_holds_all_problems_in_order_under_one_key() -> None:
    report = json.loads(json.dumps(as_report([problem(line=9), problem(line=None, column=None)])))
    assert list(report) == ["problems"]
    assert [entry["line"] for entry in report["problems"]] == [None, 9]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((), ""),
        (("agreement",), "agreement"),
        (("kpis", "cells-delivered", "owner"), "kpis.cells-delivered.owner"),
        (("triggers", 2, "kpi"), "triggers[2].kpi"),
        ((0, "kpi"), "[0].kpi"),
    ],
)
def test_a_path_is_written_with_dots_and_indices(path: tuple[str | int, ...], expected: str) -> None:
    assert dotted(path) == expected


def test_a_hostile_path_stays_short() -> None:
    assert len(dotted(("k" * 5000, *range(500)))) == 200


def test_somebodys_text_is_repeated_in_quotes_on_one_line_and_cut() -> None:
    assert quoted("tomm") == '"tomm"'
    assert quoted("two\nlines") == '"two\\nlines"'
    assert quoted("x" * 1000) == f'"{"x" * 59}…"'


PEOPLE = ("ines", "marta", "uwe", "dev", "june", "tom")
KEYS = ("organisations", "people", "agreement", "success_at_90_days", "kpis", "triggers", "reviews", "health-audit")


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("tomm", PEOPLE, "tom"),  # a letter too many
        ("tm", PEOPLE, "tom"),  # a letter too few
        ("tam", PEOPLE, "tom"),  # a wrong letter
        ("jnue", PEOPLE, "june"),  # swapped letters
        ("dve", PEOPLE, "dev"),  # swapped in a short word
        ("Marta", PEOPLE, "marta"),  # case
        ("health_audit", KEYS, "health-audit"),  # an underscore for a hyphen
        ("success-at-90-days", KEYS, "success_at_90_days"),  # a hyphen for an underscore
        ("health audit", KEYS, "health-audit"),  # a space for a hyphen
        ("kpi", KEYS, "kpis"),  # the singular
        ("agreements", KEYS, "agreement"),  # the plural
        ("organizations", KEYS, "organisations"),  # another spelling
        ("KPI", KEYS, "kpis"),
    ],
)
def test_a_near_miss_is_recognised(word: str, candidates: tuple[str, ...], meant: str) -> None:
    assert near_miss(word, candidates) == meant


@pytest.mark.parametrize("word", ["", "quorum", "xyz", "t", "x" * 100_000])
def test_a_word_unlike_all_others_gets_no_guess(word: str) -> None:
    assert near_miss(word, PEOPLE) is None


def test_a_word_is_no_near_miss_of_itself() -> None:
    assert near_miss("tom", ["tom"]) is None
    assert near_miss("tom", ["tom", "tim"]) == "tim"


def test_the_closest_candidate_wins_and_of_equals_the_first() -> None:
    assert near_miss("review", ["revenue", "reviews"]) == "reviews"
    assert near_miss("tom", ["tam", "tim"]) == "tam"
