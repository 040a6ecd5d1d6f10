"""`cadence kpi import`: a spreadsheet of readings, all of it or none. It is Sunday 20 December 2026, 09:00 in Berlin:
October and November are owed by Tom (cells, Globex) and by Uwe (landed cost, Acme's own)."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cadence, Outcome
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
    assert told.out == "2 are recorded, 0 of them corrections; 0 were on record already.\n"
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


def test_with_semicolons_a_comma_is_the_decimal_one(installation: Cadence) -> None:
    assert imported(installation, f"kpi;period;value\n{COST};2026-10;1.091,5\n{COST};2026-11;91,125\n").status == 0
    assert values(installation) == {(COST, "2026-10"): 1091.5, (COST, "2026-11"): 91.125}
    asked = imported(installation, f"kpi;period;value\n{COST};2026-10;91.125\n")
    assert "line 2: " in asked.err and "two ways" in asked.err


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
    told = imported(installation, f"{HEAD}\n{CELLS},2026-10\n,2026-10,1,,\n{CELLS},2026-10,1,,,,\n")
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
