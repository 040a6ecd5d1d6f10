"""The portfolio of Dev, who is in both partnerships, of Inès, who is in one, and of an operator, who sees both."""

import csv
from io import StringIO
from typing import Any

import pytest

from scheduler.web.site import paths
from tests.builders import at
from tests.web.conftest import CELLS, CHIPS, DEV, INES, UWE, Site
from tests.web.site.conftest import OPERATOR, Browser, SignIn

PORTFOLIO = paths.PORTFOLIO
TWIN = paths.twin(PORTFOLIO)


def ids(browser: Browser, query: str = "") -> list[str]:
    return [each["id"] for each in browser.get(f"{TWIN}{query}").json()["rows"]]


def test_everybody_sees_the_partnerships_that_are_theirs_and_an_operator_all(sign_in: SignIn) -> None:
    assert ids(sign_in(INES)) == [CELLS]
    assert sorted(ids(sign_in(DEV))) == [CELLS, CHIPS]
    assert sorted(ids(sign_in(OPERATOR))) == [CELLS, CHIPS]
    assert ids(sign_in(OPERATOR), "?as=initech") == [CHIPS]


def test_totals_come_first_and_each_row_says_why(sign_in: SignIn) -> None:
    page = sign_in(DEV).text(PORTFOLIO)
    assert page.index("of 2 on course") < page.index("Acme × Globex battery cells")
    assert "overdue" in page and "At risk" in page


def test_no_reader_is_told_that_it_stands_so_since_tomorrow(pages: Site, sign_in: SignIn) -> None:
    """A day on record is one of the partnership's zone, where it may have begun while it has not where one reads."""
    assert "since 21 Nov 2026" in sign_in(INES).text(PORTFOLIO)
    pages.clock.now = at("2026-11-20 12:00")
    page = sign_in(INES).text(PORTFOLIO)
    assert "since 20 Nov 2026" in page and "since 21 Nov 2026" not in page


def test_what_is_internal_to_acme_colours_nothing_that_globex_sees(sign_in: SignIn) -> None:
    """Uwe's cost is overdue since Friday 13 November, and is Acme's own; Tom's cells are due that day in Detroit."""

    def row(who: str, query: str = "") -> dict[str, Any]:
        return next(each for each in sign_in(who).get(f"{TWIN}{query}").json()["rows"] if each["id"] == CELLS)

    assert row(UWE)["overdue"] == row(OPERATOR)["overdue"] == row(DEV)["overdue"] + 1
    for who, query in ((DEV, ""), (OPERATOR, "?as=globex")):
        assert "landed-cost" not in sign_in(who).get(f"{TWIN}{query}").text
        assert "Landed cost" not in sign_in(who).get(f"{PORTFOLIO}{query}").text


def test_one_filters_and_sorts(sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    assert ids(dev, "?q=WAFERS") == [CHIPS]
    assert ids(dev, "?model=joint_venture") == []
    assert ids(dev, "?sort=name") == [CELLS, CHIPS]
    nothing = dev.text(f"{PORTFOLIO}?q=nothing-like-it")
    assert "None of them is so" in nothing and "0 of 0" not in nothing
    assert dev.get(f"{PORTFOLIO}?q=%25").status_code == 200 and ids(dev, "?q=%25") == []


def test_a_state_is_understood_as_the_command_line_writes_it(sign_in: SignIn) -> None:
    assert sign_in(OPERATOR).get("/portfolio?state=at-risk").status_code == 200


@pytest.mark.parametrize("query", ["?state=red", "?sort=colour", "?group=mood", "?page=0", "?page=x", "?page=99999999"])
def test_what_cannot_be_asked_for_is_said(sign_in: SignIn, query: str) -> None:
    assert sign_in(DEV).get(f"{PORTFOLIO}{query}").status_code == 422


def test_what_nobody_knows_in_the_address_is_left_alone(sign_in: SignIn) -> None:
    assert sign_in(DEV).get(f"{PORTFOLIO}?path=x&asked=y&{'a' * 200}=1").status_code == 200


def test_beyond_the_last_page_is_the_last(sign_in: SignIn) -> None:
    assert sign_in(DEV).get(f"{TWIN}?page=7").json()["page"] == 1


def test_groups_count_apart(sign_in: SignIn) -> None:
    found = sign_in(DEV).get(f"{TWIN}?group=model").json()["groups"]
    assert [(each["name"], sum(each["totals"].values())) for each in found] == [("contractual_alliance", 2)]
    assert "By model" in sign_in(DEV).text(f"{PORTFOLIO}?group=model")


def test_the_table_for_spreadsheets_holds_what_is_filtered(sign_in: SignIn) -> None:
    answer = sign_in(DEV).get(f"{PORTFOLIO}?export=csv&q=wafers")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "portfolio.csv" in answer.headers["content-disposition"]
    [row] = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")))
    assert (row["id"], row["model"]) == (CHIPS, "contractual alliance")


def test_as_of_a_past_day_it_is_what_was_on_record_then(pages: Site, sign_in: SignIn) -> None:
    """It is the first day of the record: of the day before nothing is known."""
    pages.clock.forward(days=1)
    dev = sign_in(DEV)
    assert sorted(ids(dev, "?on=2026-11-21")) == [CELLS, CHIPS]
    assert "As it stood on Sat 21 Nov 2026" in dev.get(f"{PORTFOLIO}?on=2026-11-21").text
    assert ids(dev, "?on=2026-11-20") == []
    assert "Nothing was on record on that day" in dev.text(f"{PORTFOLIO}?on=2026-11-20")
