"""`cadence kpi import`: a spreadsheet of readings, all of it or none. It is Sunday 20 December 2026, 09:00 in Berlin:
October and November are owed by Tom (cells, Globex) and by Uwe (landed cost, Acme's own)."""

from pathlib import Path

import pytest

from tests.builders import ACME, written
from tests.cli.conftest import Cadence, Outcome, define
from tests.cli.test_kpi import CELLS, COST, DECEMBER, listed

HEAD = "kpi,period,value,note,by"


def imported(installation: Cadence, content: str | bytes, *options: str) -> Outcome:
    Path("in.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return installation(*DECEMBER, "kpi", "import", "in.csv", *options)


def values(installation: Cadence) -> dict[tuple[str, str], float]:
    found = listed(installation, now=DECEMBER[1])
    return {key: each["value"] for key, each in found.items() if each["value"] is not None}


def test_every_line_is_recorded(installation: Cadence) -> None:
    told = imported(installation, f"{HEAD}\n{CELLS},2026-10,0.31,two lines,tom\n{COST},,91.5,,\n", "--by", "ines")
    assert told.out == (
        f"2 are recorded, 0 of them corrections; 0 were on record already.\n  line 3 names no period: {COST} 2026-10\n"
    )
    assert values(installation) == {(CELLS, "2026-10"): 0.31, (COST, "2026-10"): 91.5}
    october = listed(installation, now=DECEMBER[1])[CELLS, "2026-10"]
    assert (october["reported_by"], october["note"]) == ("tom", "two lines")
    assert listed(installation, now=DECEMBER[1])[COST, "2026-10"]["reported_by"] == "ines"


def test_imported_again_it_changes_nothing(installation: Cadence) -> None:
    text = f"{HEAD}\n{CELLS},2026-10,0.31,,\n"
    imported(installation, text)
    assert imported(installation, text).out == "0 are recorded, 0 of them corrections; 1 were on record already.\n"
    corrected = imported(installation, text.replace("0.31", "0.28"))
    assert corrected.out == "1 are recorded, 1 of them corrections; 0 were on record already.\n"


def test_a_dry_run_says_what_would_be_and_records_nothing(installation: Cadence) -> None:
    told = imported(installation, f"{HEAD}\n{CELLS},2026-10,0.31,,\n", "--dry-run")
    assert told.out.startswith("1 would be recorded") and values(installation) == {}
    wrong = imported(installation, f"{HEAD}\n{CELLS},2026-10,lots,,\n", "--dry-run")
    assert wrong.status == 1 and "line 2" in wrong.err


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{HEAD}\r\n{CELLS},2026-10,0.31,,\r\n",
        f"value;kpi;period\r\n0,31;{CELLS};2026-10\r\n",
        f"value;kpi;period\n0.31;{CELLS};2026-10\n",
        f"VALUE\t Kpi \tperiod\n0.31\t{CELLS}\t2026-10\n\n",
        f'kpi,value,period,note\n{CELLS},"0,31",2026-10,"a ""quoted"", note"\n\n,,,\n',
    ],
)
def test_it_is_read_as_spreadsheets_write_it(installation: Cadence, text: str) -> None:
    assert imported(installation, text).status == 0
    assert values(installation) == {(CELLS, "2026-10"): 0.31}


def test_what_calls_itself_unicode_text_is_read_too(installation: Cadence) -> None:
    imported(installation, f"kpi\tvalue\tnote\n{CELLS}\t0.31\tHälfte\n".encode("utf-16"))
    assert listed(installation, now=DECEMBER[1])[CELLS, "2026-10"]["note"] == "Hälfte"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_what_parts_the_columns_says_nothing_of_the_numbers(installation: Cadence, mark: str) -> None:
    text = f"kpi;period;value\n{COST};2026-10;1.091,5\n{COST};2026-11;91,125\n".replace(";", mark)
    asked = imported(installation, text)
    assert asked.status == 1 and "line 3: " in asked.err and "as 91125 or as 91.125" in asked.err
    assert imported(installation, text, "--numbers", "1.234,5").status == 0
    assert values(installation) == {(COST, "2026-10"): 1091.5, (COST, "2026-11"): 91.125}


def test_a_file_of_somebody_who_says_how_they_write_numbers_is_read_so(installation: Cadence, home: Path) -> None:
    define(home, organisations={**written()["organisations"], "acme": {**ACME, "numbers": "1.234,5"}})
    assert installation("once").status == 0
    text = f'kpi,period,value\n{COST},2026-10,91.125\n{COST},2026-11,"91,125"\n'
    assert imported(installation, text, "--by", "uwe").status == 0
    assert values(installation) == {(COST, "2026-10"): 91125, (COST, "2026-11"): 91.125}


def test_the_same_file_once_more_fills_nothing_and_says_what_it_filled(installation: Cadence) -> None:
    """November waits, and the file does not say that it is meant."""
    text = f"kpi,value\n{CELLS},0.31\n"
    assert "line 2 names no period: acme-globex/cells-delivered 2026-10" in imported(installation, text).out
    again = imported(installation, text.replace("\n", "\r\n").replace(",", ";"))
    assert again.status == 0 and again.out.startswith("0 are recorded, 0 of them corrections; 1 were on record already")
    assert "imported before, on 2026-12-20 08:00 UTC" in again.out and f"line 2: {CELLS} 2026-10" in again.out
    assert values(installation) == {(CELLS, "2026-10"): 0.31}
    assert imported(installation, text, "--period", "2026-11").out.startswith("1 are recorded")
    assert values(installation) == {(CELLS, "2026-10"): 0.31, (CELLS, "2026-11"): 0.31}


def test_a_file_known_again_undoes_no_correction(installation: Cadence) -> None:
    text = f"kpi,value\n{CELLS},0.31\n"
    imported(installation, text)
    assert installation(*DECEMBER, "kpi", "report", CELLS, "0.28", "--period", "2026-10").status == 0
    imported(installation, text)
    assert values(installation) == {(CELLS, "2026-10"): 0.28}


def test_a_dry_run_of_a_file_does_not_make_it_known(installation: Cadence) -> None:
    text = f"kpi,value\n{CELLS},0.31\n"
    assert "names no period" in imported(installation, text, "--dry-run").out
    assert imported(installation, text).out.startswith("1 are recorded")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((f"{CELLS},2026-10,0.31", f"{CELLS},2026-10,0.32"), "a second time for 2026-10"),
        ((f"{CELLS},2026-10,0.31", f"{CELLS},2026-10,0.31"), "a second time for 2026-10"),
        ((f"{CELLS},,0.31", f"{CELLS},2026-10,0.32"), "a second time for 2026-10"),
        ((f"{CELLS},,0.31", f"{CELLS},,0.32"), "both times without a period"),
    ],
)
def test_one_period_twice_in_one_file_is_a_fault_of_the_file(
    installation: Cadence, lines: tuple[str, str], says: str
) -> None:
    told = imported(installation, "kpi,period,value\n" + "\n".join(lines) + "\n")
    assert told.status == 1 and "line 3: " in told.err and says in told.err and values(installation) == {}


def test_a_value_far_from_all_others_is_told_with_its_line(installation: Cadence) -> None:
    told = imported(installation, f"kpi,period,value\n{COST},2026-10,91.5\n{CELLS},2026-10,310\n")
    assert told.status == 0
    assert f"line 3: {CELLS} 2026-10: 310 GWh is 1,033 × the target (at least 0.3 GWh): really?" in told.out
    assert "line 2" not in told.out


@pytest.mark.parametrize(
    "text",
    [
        f"sep=;\r\nkpi;value;period\r\n{CELLS};0,31;2026-10\r\n",
        f'"sep=,"\nkpi,value,period\n{CELLS},0.31,2026-10\n',
        f"kpi,value,period,,\n{CELLS},0.31,2026-10,,\n",
        f"kpi,value,period\n{CELLS},0.31,2026-10,,,\n",
        f"kpi,value,period,note,by\n{CELLS},0.31,2026-10\n",
        f"kpi,value,period\n{CELLS},0.31 GWh,2026-10\n",
        f"kpi,value,period\n{CELLS},\u202f0.31,2026-10\n",
    ],
)
def test_it_is_read_as_spreadsheets_leave_it(installation: Cadence, text: str) -> None:
    assert imported(installation, text).status == 0
    assert values(installation) == {(CELLS, "2026-10"): 0.31}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"kpi,value\n{CELLS},0.30000000000000004\n", "17 digits after the point, and 10 are the most (round it: 0.3)"),
        (f'kpi,value\n{CELLS},"2,2 %"\n', "is a percentage, and its unit is GWh"),
        (f"kpi,value\n{CELLS},3.1E-01\n", "without an exponent"),
        (f"kpi,value,\n{CELLS},0.31,what\n", "'what' stands in a column without a name"),
        (f"kpi,period,value\n{CELLS},2026-10\n", "2 cells, and there are 3 columns"),
        (f"sep=;\nkpi;value\n{CELLS};lots\n", "line 3: 'lots' is not a number"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_a_sentence_that_says_why(
    installation: Cadence, text: str, says: str
) -> None:
    told = imported(installation, text)
    assert told.status == 1 and says in told.err and values(installation) == {}


def test_another_encoding_is_read_where_it_is_named_and_never_guessed(installation: Cadence) -> None:
    raw = f"kpi;value;note\n{CELLS};0,31;Hälfte\n".encode("windows-1252")
    told = imported(installation, raw)
    assert told.status == 1 and "--encoding windows-1252" in told.err
    assert imported(installation, raw, "--encoding", "windows-1252").status == 0
    assert listed(installation, now=DECEMBER[1])[CELLS, "2026-10"]["note"] == "Hälfte"
    assert "no text encoding 'klingon'" in imported(installation, raw, "--encoding", "klingon").err
    assert "--encoding utf-16-le" in imported(installation, "kpi,value\n".encode("utf-16-le")).err


def test_a_formula_stays_text(installation: Cadence) -> None:
    note = '=HYPERLINK("http://x.example")'
    told = imported(installation, f"kpi;value;note\n{CELLS};0,31;'{note}\n")
    assert told.status == 0
    assert listed(installation, now=DECEMBER[1])[CELLS, "2026-10"]["note"] == f"'{note}"
    assert "is not a number" in imported(installation, f"kpi;value\n{CELLS};=1+1\n").err


def test_every_problem_is_told_with_its_line_and_nothing_is_recorded(installation: Cadence) -> None:
    lines = [
        HEAD,
        f"{CELLS},2026-10,0.31,,",
        f'{CELLS},2026-11,nan,"a note',
        'on two lines",',
        "acme-globex/cells-deliverd,2026-10,0.31,,",
        f"{CELLS},2026-12,0.31,,",
        f"{CELLS},2026-10,0.31,,nobody",
        f"{COST},2026-10,91,,tom",
    ]
    told = imported(installation, "\n".join(lines) + "\n")
    assert told.status == 1 and values(installation) == {}
    said = [line.strip().partition(":")[0] for line in told.err.splitlines() if line.strip().startswith("line ")]
    assert said == ["line 3", "line 5", "line 6", "line 7", "line 8"]
    assert "did you mean acme-globex/cells-delivered?" in told.err and "ends on 2026-12-31" in told.err
    assert "internal to acme" in told.err and "import all of it again" in told.err


def test_lines_that_cannot_be_read_are_told_all_at_once(installation: Cadence) -> None:
    told = imported(installation, f"{HEAD}\n{CELLS},2026-10\n,2026-10,1,,\n{CELLS},2026-10,1,,,,x\n")
    for line, what in (("line 2", "2 cells"), ("line 3", "names no KPI"), ("line 4", "7 cells")):
        assert f"{line}: it" in told.err and what in told.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column kpi"),
        (b"kpi,period\n", "no column value"),
        (b"kpi,value,vlaue\n", "a column 'vlaue'"),
        (b"kpi,value,kpi\n", "a column twice"),
        (HEAD.encode(), "no reading in it"),
        (b"kpi,value\n\xff,1\n", "no UTF-8"),
        (b'kpi,value\n"x,1\n', "line 2"),
        (b"kpi,value\n" + b"x,1\n" * 10_001, "10,000 are the most"),
        (b"x" * (4 * 1024 * 1024 + 1), "4 MiB"),
        (b"kpi,value\n\x1b[31mx,1\n", "there is no partnership"),
    ],
)
def test_what_is_no_such_file_is_told_in_plain_words(installation: Cadence, content: bytes, says: str) -> None:
    told = imported(installation, content)
    assert told.status == 1 and says in told.err and "Traceback" not in told.err and "\x1b" not in told.err


def test_a_file_that_is_not_there_is_wrong_usage(installation: Cadence) -> None:
    assert installation("kpi", "import", "nowhere.csv").status == 2
