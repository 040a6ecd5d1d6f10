"""The text of a definition: what it means, where everything stands, and what is said of a text that cannot be read.

Fuzzed on purpose: a definition is whatever somebody saved, and reading it must never raise.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.definitions.problems import Diagnostic, as_text
from scheduler.definitions.yaml_text.reading import ParsedText, files, read, read_file
from scheduler.definitions.yaml_text.text_faults import TextFault
from scheduler.definitions.yaml_text.tree import Walk

DEFINITION = """\
# Two invented companies and what they agreed on.
partnership: halden-norsk
name: Halden × Norsk cells
model: contractual_alliance
organisations:
  halden: {name: Halden Motors, country: SE, timezone: Europe/Stockholm, hours: 08:30-17:30}
  norsk:  {name: Norsk Cells, country: NO, closed: [2026-12-24, 2026-12-28/2026-12-31]}
people:
  ines: {name: Inès Falk, email: ines@halden.example, of: halden}
  tom:
    name: Tom Reyes
    email: tom@norsk.example
    of: norsk
agreement: {effective: 2026-10-01, percent: 8.5}
kpis:
  cells-delivered:
    owner: tomm
    target: ">= 0.3"
    every: month
triggers:
  - {when: missed, kpi: any, times: 3}
  - when: off_target
    kpi: cells-delivered
reviews:
  pipeline: {every: week, on: tuesday, at: 15:00}
  sponsors: {off: true}
"""


def value_of(text: str) -> Any:
    """What `text` means as the value of a key."""
    reading = read(f"key: {text}\n", "one.yaml")
    assert reading.problems == ()
    return reading.tree["key"]


def only_problem(text: bytes | str) -> Diagnostic:
    reading = read(text, "one.yaml")
    assert len(reading.problems) == 1
    return reading.problems[0]


def said(text: bytes | str) -> str:
    """The only problem of a text, as people read it."""
    return as_text(only_problem(text))


# --- what words mean


def test_a_whole_definition_is_read_without_a_problem() -> None:
    reading = read(DEFINITION.encode(), "halden-norsk.yaml")
    assert reading.problems == ()
    assert reading.readable
    assert reading.tree["people"]["tom"] == {"name": "Tom Reyes", "email": "tom@norsk.example", "of": "norsk"}
    assert reading.tree["triggers"][0] == {"when": "missed", "kpi": "any", "times": 3}


def test_norway_is_a_country() -> None:
    assert read(DEFINITION, "halden-norsk.yaml").tree["organisations"]["norsk"]["country"] == "NO"


@pytest.mark.parametrize("word", ["NO", "no", "yes", "Yes", "on", "off", "OFF", "y", "n"])
def test_yes_no_on_and_off_are_words(word: str) -> None:
    assert value_of(word) == word
    assert read(f"{word}: x", "one.yaml").tree == {word: "x"}


@pytest.mark.parametrize(("word", "value"), [("true", True), ("True", True), ("FALSE", False), ("false", False)])
def test_true_and_false_are_booleans(word: str, value: bool) -> None:
    assert value_of(word) is value
    assert read(DEFINITION, "halden-norsk.yaml").tree["reviews"]["sponsors"] == {"off": True}


@pytest.mark.parametrize("word", ["null", "~", "", "Null", "NULL"])
def test_nothing_is_nothing(word: str) -> None:
    assert value_of(word) is None


@pytest.mark.parametrize("word", ["15:00", "08:30-17:30", "10:30", "1:02:03", "190:20:30.15", "00:00"])
def test_times_of_day_are_text_never_numbers_to_the_base_of_sixty(word: str) -> None:
    assert value_of(word) == word


@pytest.mark.parametrize(
    ("word", "number"), [("3", 3), ("-12", -12), ("+5", 5), ("007", 7), ("0o17", 15), ("0x1F", 31), ("0", 0)]
)
def test_whole_numbers_are_ints(word: str, number: int) -> None:
    assert value_of(word) == number
    assert type(value_of(word)) is int


@pytest.mark.parametrize("word", ["0.3", "8.5", "-.5", "3.", "1e3", "0.1000000000000000000000000001"])
def test_broken_numbers_are_exact_decimals(word: str) -> None:
    assert value_of(word) == Decimal(word)
    assert type(value_of(word)) is Decimal


@pytest.mark.parametrize("word", ["1_000", "20%", "3..5", ".", "1e", "0b11", "8 working days", "1e5e5", "٣"])
def test_what_only_resembles_a_number_is_text(word: str) -> None:
    assert value_of(word) == word


@pytest.mark.parametrize("word", [".inf", "-.inf", ".nan", "9" * 41, "1e100", "1e999999999"])
def test_numbers_that_could_only_do_harm_are_text(word: str) -> None:
    assert value_of(word) == word


def test_the_longest_numbers_that_are_read() -> None:
    assert value_of("9" * 40) == int("9" * 40)
    assert value_of("1e99") == Decimal("1e99")


@pytest.mark.parametrize(
    ("word", "day"), [("2026-10-01", date(2026, 10, 1)), ("2028-02-29", date(2028, 2, 29)), ("0001-01-01", date.min)]
)
def test_dates_are_dates(word: str, day: date) -> None:
    assert value_of(word) == day
    assert type(value_of(word)) is date


@pytest.mark.parametrize("word", ["2026-02-30", "2027-02-29", "2026-13-01", "0000-01-01", "2026-1-5", "2026-10-1x"])
def test_days_that_do_not_exist_stay_text_for_the_schema_to_refuse(word: str) -> None:
    assert value_of(word) == word


@pytest.mark.parametrize("word", ["2026-10-01T10:00:00Z", "2026-10-01 10:00:00", "2026-12-28/2026-12-31"])
def test_moments_and_spans_stay_text(word: str) -> None:
    assert value_of(word) == word


@pytest.mark.parametrize("word", ["true", "3", "0.3", "2026-10-01", "null", "<<"])
def test_what_stands_in_quotes_is_text(word: str) -> None:
    assert value_of(f'"{word}"') == word
    assert value_of(f"'{word}'") == word
    assert read(f"'{word}': x", "one.yaml").tree == {word: "x"}


def test_an_alias_repeats_the_whole_value() -> None:
    assert read("hours: &day 08:30-17:30\nothers: [*day, *day]\n*day : x", "one.yaml").tree == {
        "hours": "08:30-17:30",
        "others": ["08:30-17:30", "08:30-17:30"],
        "08:30-17:30": "x",
    }


def test_a_byte_order_mark_of_utf8_and_windows_line_ends_change_nothing() -> None:
    windows = b"\xef\xbb\xbf" + DEFINITION.replace("\n", "\r\n").encode()
    assert read(windows, "one.yaml").tree == read(DEFINITION, "one.yaml").tree
    assert read(windows, "one.yaml").position(("kpis", "cells-delivered", "owner")) == (17, 12)


def test_the_marks_of_a_single_document_are_allowed() -> None:
    assert read("%YAML 1.2\n---\nname: Halden\n...\n", "one.yaml").tree == {"name": "Halden"}


def test_the_parser_in_python_reads_the_same_where_the_one_in_c_is_missing() -> None:
    assert Walk("one.yaml").through(DEFINITION, yaml.SafeLoader) == read(DEFINITION, "one.yaml").tree


# --- where things stand


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("partnership",), (2, 14), (2, 1)),
        (("organisations", "norsk", "country"), (7, 40), (7, 31)),
        (("people", "ines", "email"), (9, 34), (9, 27)),  # è is one column, though two bytes
        (("kpis", "cells-delivered"), (17, 5), (16, 3)),
        (("kpis", "cells-delivered", "owner"), (17, 12), (17, 5)),
        (("triggers", 0, "times"), (21, 37), (21, 30)),
        (("triggers", 1), (22, 5), (22, 5)),
        (("triggers", 1, "kpi"), (23, 10), (23, 5)),
        (("organisations", "norsk", "closed", 1), (7, 65), (7, 65)),
        ((), (2, 1), (2, 1)),
    ],
)
def test_every_value_and_every_key_has_its_line_and_column(
    path: tuple[str | int, ...], value: tuple[int, int], key: tuple[int, int]
) -> None:
    reading = read(DEFINITION, "halden-norsk.yaml")
    assert reading.position(path) == value
    assert reading.position(path, of="key") == key


@pytest.mark.parametrize(
    ("path", "ancestor"),
    [
        (("kpis", "cells-delivered", "deputy"), (16, 3)),
        (("kpis", "landed-cost", "owner"), (15, 1)),
        (("kpis", "cells-delivered", "owner", "name"), (17, 5)),
        (("triggers", 7, "kpi"), (20, 1)),
        (("triggers", -1), (20, 1)),
        (("triggers", "first"), (20, 1)),
        (("layers", "apac"), (2, 1)),
    ],
)
def test_what_is_missing_is_shown_at_its_nearest_ancestor(
    path: tuple[str | int, ...], ancestor: tuple[int, int]
) -> None:
    assert read(DEFINITION, "halden-norsk.yaml").position(path) == ancestor


def test_a_problem_of_a_value_knows_its_file_line_column_and_path() -> None:
    reading = read(DEFINITION, "halden-norsk.yaml")
    problem = reading.problem(("kpis", "cells-delivered", "owner"), 'nobody is called "tomm"', 'did you mean "tom"?')
    assert as_text(problem).startswith("halden-norsk.yaml:17:12: error: kpis.cells-delivered.owner: nobody")
    assert reading.problem(("triggers", 1, "kpi"), "…", "", severity="warning", of="key").column == 5


def test_a_text_that_cannot_be_read_has_no_tree_and_only_one_place() -> None:
    reading = read("name: [Halden", "one.yaml")
    assert (reading.readable, reading.tree, reading.position(("name",))) == (False, {}, (1, 1))


# --- faults that leave the rest readable


def test_a_key_that_stands_twice_is_named_with_both_lines_and_the_first_stays() -> None:
    reading = read("kpis:\n  cost: {owner: ines}\n  cells: {}\n  cost: {owner: tom}\n", "one.yaml")
    assert as_text(reading.problems[0]) == (
        'one.yaml:4:3: error: kpis.cost: the key "cost" stands twice, first in line 2\n'
        "    Delete one of the two, or give it another name."
    )
    assert reading.tree == {"kpis": {"cost": {"owner": "ines"}, "cells": {}}}
    assert reading.position(("kpis", "cost", "owner")) == (2, 17)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1: x", 'the key "1" is read as a number, not as text'),
        ("0.5: x", 'the key "0.5" is read as a number, not as text'),
        ("true: x", 'the key "true" is read as true or false, not as text'),
        ("~: x", 'the key "~" is read as nothing, not as text'),
        ("2026-10-01: x", 'the key "2026-10-01" is read as a date, not as text'),
    ],
)
def test_a_key_that_is_no_text_is_to_be_quoted(text: str, what: str) -> None:
    problem = only_problem(text)
    assert problem.what == what
    assert problem.hint == f"Write '{problem.where}': instead."


def test_a_value_that_starts_with_a_brace_is_no_key() -> None:
    problem = only_problem("name: {{ company }}")
    assert (problem.line, problem.column) == (1, 8)
    assert problem.what == "a mapping stands where a key belongs"
    assert "goes into quotes" in problem.hint


def test_a_list_is_no_key_and_neither_is_nothing() -> None:
    assert "a list stands where a key belongs" in said("? [ines, tom]\n: x")
    assert "nothing stands where a key belongs" in said("? \n: x")


def test_merge_keys_are_refused_with_another_way() -> None:
    problem = only_problem("base: &base {every: month}\ncost: {<<: *base, owner: ines}")
    assert (problem.line, problem.column, problem.where) == (2, 8, "cost.<<")
    assert "Write the keys out" in problem.hint


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!!python/name:os.system", "!secret", "!!str", "!"])
def test_tags_are_refused_and_what_they_ask_for_is_never_done(tag: str) -> None:
    problem = only_problem(f"name: {tag} [echo]")
    assert f'the tag "{tag}" is not read' in problem.what
    assert (problem.line, problem.column, problem.where) == (1, 7, "name")


@pytest.mark.parametrize("escape", ["\\0", "\\e[31m", "\\x7f", "\\u2028"])
def test_invisible_characters_cannot_be_smuggled_in_by_an_escape(escape: str) -> None:
    assert "name: the text holds the invisible character U+" in said(f'name: "Halden{escape}"')


def test_all_such_faults_of_a_file_are_told_at_once_in_the_order_of_their_lines() -> None:
    reading = read("a: !x 1\nb: 2\nb: 3\n4: d\ne: {<<: {}}\n", "one.yaml")
    assert [problem.line for problem in reading.problems] == [1, 3, 4, 5]
    assert reading.readable


def test_after_fifty_faults_the_reader_gives_up() -> None:
    reading = read("".join(f"{number}: x\n" for number in range(1000)), "one.yaml")
    assert len(reading.problems) == 51
    assert "too many faults" in reading.problems[-1].what
    assert not reading.readable


# --- texts that cannot be read


@pytest.mark.parametrize("text", ["", " \n\n", "# only a comment\n", "---\n", "---\n...\n", "\ufeff"])
def test_an_empty_file_is_told_how_to_begin(text: str) -> None:
    assert said(text).startswith("one.yaml: error: the file is empty\n    Write lines like `name: Halden × Norsk`")


@pytest.mark.parametrize(
    ("text", "kind"), [("- ines\n- tom\n", "a list"), ("Halden and Norsk", "text"), ("42", "text")]
)
def test_the_top_of_a_file_is_a_mapping(text: str, kind: str) -> None:
    assert said(text).startswith(f"one.yaml:1:1: error: the file holds {kind} where `key: value` lines belong")


def test_one_file_holds_one_document() -> None:
    assert said("name: Halden\n---\nname: Norsk\n").startswith("one.yaml:2:1: error: a second document starts here")
    assert said("name: Halden\n...\nNorsk").startswith("one.yaml:3:1: error: text after the end of the document")


def test_what_is_not_utf8_is_shown_at_its_first_wrong_byte() -> None:
    problem = only_problem("name: Halden\ngoal: café".encode("latin-1"))
    assert (problem.line, problem.column, problem.what) == (2, 10, "the byte E9 is not UTF-8 text")
    assert "UTF-8" in problem.hint


def test_a_byte_order_mark_takes_no_column() -> None:
    assert only_problem(b"\xef\xbb\xbfcaf\xe9: x").column == 4
    assert only_problem("\ufeffname: \0").column == 7


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_other_encodings_are_named(encoding: str) -> None:
    assert f"the file is in {encoding.upper()}" in said(DEFINITION.encode(encoding))


def test_utf16_without_a_mark_is_recognised_by_its_nul_bytes() -> None:
    problem = only_problem("name: x".encode("utf-16-le"))
    assert (problem.line, problem.column) == (1, 2)
    assert "U+0000" in problem.what
    assert "UTF-16" in problem.hint


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\uffff", "\ud800"])
def test_invisible_characters_are_shown_at_their_place(character: str) -> None:
    assert said(f"name: Halden\ngoal: 4{character}GWh").startswith(
        f"one.yaml:2:8: error: the file holds the invisible character U+{ord(character):04X}"
    )


@pytest.mark.parametrize(
    "text", ["people:\n\tines: x", "people: x\n\ttom: y", "goal: |\n\tcells", "people:\n  \tines: x"]
)
def test_tabs_do_not_indent(text: str) -> None:
    assert "one.yaml:2:1: error: " in said(text)
    assert "a tab indents this line\n    Indent with spaces" in said(text)


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("goal: cells: many", 1, 12, "a `key:` cannot stand here"),
        ("name: x\n  model: y", 2, 8, "a `key:` cannot stand here"),
        ("name: x\nmodel\ngoal: y", 2, 1, "a line without a colon (noticed in line 3)"),
        ("name: 'x\nmodel: y\n", 1, 7, "the quote that opens here is never closed (noticed in line 3)"),
        ('name: "x', 1, 7, "the quote that opens here is never closed"),
        ("closed: [x\nname: y", 1, 9, "the list that opens here lacks a comma or its closing ] (noticed in line 2)"),
        ("of: {ines: x", 1, 5, "the {…} that opens here lacks a comma or its closing } (noticed in line 2)"),
        ("name: @halden", 1, 7, 'a value cannot start with "@"'),
        ("by: %20", 1, 5, 'a value cannot start with "%"'),
        ("name: * x", 1, 7, "a value that starts with * or & is read as a reference"),
        ("name: *nobody", 1, 7, '"*nobody" repeats nothing'),
        ("name: &x 1\ngoal: &x 2", 2, 7, '"&x" stands twice'),
        ('name: "C:\\Halden"', 1, 10, "a backslash that means nothing to YAML"),
        ("people: - ines", 1, 9, "a list cannot start here"),
        ("- ines\nname: x", 2, 1, "this line is no item of the list above"),
        ("people:\n  ines: x\n tom: y", 3, 2, "this does not fit the lines above it"),
        ("name: 'it's'", 1, 11, "this does not fit the lines above it"),
        ("name: ]", 1, 7, "a value is missing before this"),
        ("goal: > cells", 1, 9, "text stands behind | or >"),
        ("name: !a!b x", 1, 7, "a value that starts with ! is read as a tag"),
        ("closed: [x:]", 1, 11, "a colon that ends no key"),
        ("name: ? x", 1, 7, "a value cannot start with a lone ?"),
        ("%TAG ! x\n---\nname: x", 1, 1, "a %TAG line"),
        ("%HALDEN x\n---\nname: x", 1, 8, "a line that starts with % is read as a directive"),
    ],
)
def test_what_yaml_cannot_read_is_said_in_plain_words_at_its_place(
    text: str, line: int, column: int, what: str
) -> None:
    problem = only_problem(text)
    assert (problem.line, problem.column, problem.what) == (line, column, what)
    assert problem.hint


def test_a_fault_of_syntax_names_the_entry_that_was_being_read() -> None:
    assert only_problem("people:\n  tom:\n    name: [x\n").where == "people.tom.name[1]"


# --- texts made to harm


def test_a_bomb_of_aliases_is_refused_before_it_expands() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    problem = only_problem("\n".join(lines))
    assert "more than 50,000 values, with all that its aliases repeat" in problem.what
    assert problem.line == 5


def values(count: int) -> str:
    """A text of exactly so many values: the mapping, one key, one list, and the list's items."""
    return "key: [" + "x," * (count - 3) + "]"


def test_fifty_thousand_values_are_read_and_one_more_is_refused() -> None:
    assert read(values(50_000), "one.yaml").problems == ()
    assert "more than 50,000 values" in said(values(50_001))


def test_fifty_levels_are_read_and_one_more_is_refused() -> None:
    assert read("key: " + "[" * 49 + "]" * 49, "one.yaml").problems == ()
    assert "more than 50 lists and mappings" in said("key: " + "[" * 50 + "]" * 50)


def test_an_alias_counts_with_the_depth_of_what_it_repeats() -> None:
    base = "base: &base " + "[" * 25 + "]" * 25
    assert read(f"{base}\nkey: {'[' * 24}*base{']' * 24}", "one.yaml").problems == ()
    assert "more than 50 lists and mappings" in said(f"{base}\nkey: {'[' * 25}*base{']' * 25}")


@pytest.mark.parametrize("text", ["[" * 20_000, "key: " + "{" * 20_000, "- " * 20_000, "? " * 20_000])
def test_twenty_thousand_open_brackets_are_refused_at_the_fiftieth(text: str) -> None:
    assert "more than 50 lists and mappings" in said(text)


class ShallowLoader(yaml.SafeLoader):
    """A parser with a limit of its own, just above ours: it scans ahead, so it complains before any bracket is read."""

    def fetch_flow_collection_start(self, token: Any) -> None:
        if self.flow_level >= 51:
            raise yaml.scanner.ScannerError(None, None, "exceeded maximum nesting depth", self.get_mark())
        super().fetch_flow_collection_start(token)


@pytest.mark.parametrize("text", ["[" * 60, "key: " + "{" * 60, "key: [\n" + "{a: [" * 40])
def test_the_limit_of_fifty_speaks_before_any_limit_of_the_parser(text: str) -> None:
    with pytest.raises(TextFault, match="more than 50 lists and mappings") as refused:
        Walk("one.yaml").through(text, ShallowLoader)
    with pytest.raises(TextFault) as by_the_usual_parser:
        Walk("one.yaml").through(text)
    assert (refused.value.line, refused.value.column) == (
        by_the_usual_parser.value.line,
        by_the_usual_parser.value.column,
    )


@pytest.mark.parametrize("text", ["key: [" * 51 + '"never closed', "[" * 55 + "%", "{" * 51 + "a: b: c"])
def test_what_stands_too_deep_is_said_before_a_later_fault_that_the_parser_sees_first(text: str) -> None:
    assert "more than 50 lists and mappings" in said(text)


def test_a_parser_that_reads_less_deep_than_we_do_is_still_put_into_plain_words() -> None:
    class Flat(ShallowLoader):
        def fetch_flow_collection_start(self, token: Any) -> None:
            if self.flow_level >= 9:
                raise yaml.scanner.ScannerError(None, None, "exceeded maximum nesting depth", self.get_mark())
            super().fetch_flow_collection_start(token)

    with pytest.raises(TextFault, match="too many lists and mappings inside each other"):
        Walk("one.yaml").through("key: " + "[" * 20, Flat)


def test_an_alias_inside_of_what_it_repeats_is_refused() -> None:
    assert '"*loop" stands inside of what it repeats' in said("key: &loop [*loop]")


def test_a_file_may_have_one_mebibyte_and_no_more() -> None:
    just = b"name: x\n" + b"#" * (1024 * 1024 - 8)
    assert read(just, "one.yaml").problems == ()
    assert said(just + b"#").startswith("one.yaml: error: the file is larger than 1 MiB")
    assert "larger than 1 MiB" in said(bytes(10_000_000))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_arbitrary_bytes_and_text_give_problems_or_a_tree_and_never_raise(raw: bytes | str) -> None:
    assert_answered(read(raw, "noise.yaml"))


CUTS = st.integers(min_value=0, max_value=len(DEFINITION))
SCRAPS = st.sampled_from(
    [
        "\t",
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "&a ",
        "*a",
        "!!x ",
        "<<: ",
        "? ",
        "\n",
        "\n  ",
        "---\n",
        "|",
        "%",
        "\0",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(CUTS, CUTS, SCRAPS), min_size=1, max_size=4))
def test_a_damaged_definition_gives_problems_or_a_tree_and_never_raises(damages: list[tuple[int, int, str]]) -> None:
    text = DEFINITION
    for start, end, scrap in damages:
        text = text[:start] + scrap + text[max(start, min(end, start + 20)) :]
    assert_answered(read(text, "damaged.yaml"))


def assert_answered(reading: ParsedText) -> None:
    """A text that could not be read says why; of one that could, every path has a place; a problem has a way out."""
    assert reading.readable or reading.problems
    places = [reading.position(path) for path in paths(reading.tree)]
    assert all(line >= 1 and column >= 1 for line, column in places)
    assert all(problem.what and problem.hint and "\n" not in problem.what for problem in reading.problems)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path in a tree."""
    yield path
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield from paths(child, (*path, step))


# --- files and folders


def test_a_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "halden-norsk.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    assert read_file(path) == read(DEFINITION, str(path))


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    reading = read_file(tmp_path / "nowhere.yaml")
    assert as_text(reading.problems[0]).startswith(
        f"{tmp_path / 'nowhere.yaml'}: error: the file cannot be read: No such file or directory\n    Check its name"
    )
    assert not reading.readable


def test_a_folder_and_an_impossible_name_are_problems_too(tmp_path: Path) -> None:
    assert "Is a directory" in read_file(tmp_path).problems[0].what
    assert not read_file(Path("a\0b.yaml")).readable


def test_a_file_is_not_read_beyond_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "noise.yaml"
    path.write_bytes(b"x" * 3_000_000)
    assert read_file(path).problems[0].what == "the file is larger than 1 MiB"


def test_a_folder_gives_its_definitions_by_name_and_nothing_that_editors_leave_behind(tmp_path: Path) -> None:
    for name in (
        "b.yaml",
        "a.yml",
        "C.YAML",
        ".hidden.yaml",
        "b.yaml~",
        ".b.yaml.swp",
        "#b.yaml#",
        ".#b.yaml",
        "~$b.yaml",
    ):
        (tmp_path / name).touch()
    for name in ("b.yaml.bak", "b.yaml.orig", "notes.txt", "yaml"):
        (tmp_path / name).touch()
    (tmp_path / "folder.yaml").mkdir()
    assert [file.name for file in files([tmp_path])] == ["C.YAML", "a.yml", "b.yaml"]


def test_links_are_followed_inside_a_folder_and_never_out_of_it(tmp_path: Path) -> None:
    outside, folder = tmp_path / "secret.yaml", tmp_path / "partnerships"
    outside.touch()
    (folder / "..2026").mkdir(parents=True)
    (folder / "..2026" / "acme.yaml").touch()
    (folder / "acme.yaml").symlink_to(folder / "..2026" / "acme.yaml")
    (folder / "secret.yaml").symlink_to(outside)
    (folder / "broken.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")
    assert files([folder]) == [folder / "acme.yaml"]


def test_a_folder_reached_by_a_link_is_read_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "acme.yaml").touch()
    (tmp_path / "current").symlink_to(tmp_path / "real")
    assert files([tmp_path / "current"]) == [tmp_path / "current" / "acme.yaml"]


def test_files_named_outright_are_taken_as_they_are_each_once_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").touch()
    (tmp_path / "a.yaml").touch()
    nowhere = tmp_path / "nowhere.txt"
    assert files([nowhere, tmp_path / "b.yaml", tmp_path, nowhere]) == [
        nowhere,
        tmp_path / "b.yaml",
        tmp_path / "a.yaml",
    ]
