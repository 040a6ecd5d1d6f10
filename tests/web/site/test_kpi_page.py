"""A KPI's page: its line and readings, who is told and who is next, and what its owner does there."""

import json

import pytest

from scheduler.services.cases.kpis import report
from tests.builders import at
from tests.web.conftest import CELLS, DEV, INES, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, SignIn

DELIVERED, COST = "/kpis/acme-globex/cells-delivered", "/kpis/acme-globex/landed-cost"
MARTA = "marta.bauer@acme.example"


def reported(pages: Site, period: str, value: str) -> None:
    report(pages.app, f"{CELLS}/cells-delivered", period, value, None, "tom", pages.clock.now, "form", True)


def test_whoever_may_not_see_a_kpi_is_told_what_is_told_of_one_that_never_was(sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    hidden, none = dev.get(COST), dev.get("/kpis/acme-globex/no-such-thing")
    assert (hidden.status_code, none.status_code) == (404, 404)
    assert hidden.text == none.text.replace("no-such-thing", "landed-cost")
    assert dev.get(f"{COST}.json").status_code == 404
    assert dev.act(COST, "report", value="90").status_code == 404
    assert sign_in(UWE).get(COST).status_code == 200


def test_an_operator_who_looks_as_a_side_sees_what_that_side_sees(sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    assert operator.get(COST).status_code == 200
    assert operator.get(f"{COST}?as=globex").status_code == 404


def test_the_page_says_how_the_last_reading_stands_and_draws_the_line(pages: Site, sign_in: SignIn) -> None:
    reported(pages, "2026-10", "0.24")
    page = sign_in(TOM).get(DELIVERED).text
    assert "0.24 GWh in 2026-10: missed, 20% below the target." in page
    assert "The last readings are" not in page, "of one reading no trend is told"
    assert 'role="img"' in page and "<svg" in page
    assert "style=" not in page


def test_three_readings_have_a_trend(pages: Site, sign_in: SignIn) -> None:
    for period, value, now in (("2026-10", "0.24", "2026-11-21"), ("2026-11", "0.26", "2026-12-05")):
        pages.clock.now = at(f"{now} 09:00")
        reported(pages, period, value)
    pages.clock.now = at("2027-01-05 09:00")
    reported(pages, "2026-12", "0.29")
    assert "going up, towards the target" in sign_in(TOM).text(DELIVERED)


def test_the_twin_is_the_same_value(pages: Site, sign_in: SignIn) -> None:
    reported(pages, "2026-10", "0.24")
    twin = json.loads(sign_in(DEV).get(f"{DELIVERED}.json").text)
    assert twin["id"] == f"{CELLS}/cells-delivered"
    first = twin["periods"][0]
    assert (first["label"], first["words"], first["met"]) == ("2026-10", "0.24 GWh", False)


def test_the_owner_reports_and_corrects_on_the_page(sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    page = tom.done(DELIVERED, "report", period="2026-10", value="0.31", note="Counted twice")
    assert "2026-10 is reported" in page and "Counted twice" in page and "Tom Reyes by the form" in page
    page = tom.done(DELIVERED, "report", period="2026-10", value="0.32")
    assert "2026-10 is corrected" in page and "corrected since" in page


def test_the_same_value_once_more_changes_nothing(sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    tom.done(DELIVERED, "report", period="2026-10", value="0.31")
    assert "nothing changed" in tom.done(DELIVERED, "report", period="2026-10", value="0.31")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"value": ""}, "Write the value"),
        ({"value": "plenty"}, "is not a number"),
        ({"value": "0.31", "period": "2026-12"}, "before it has ended"),
        ({"value": "0.31", "period": "<b>"}, "no period"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_what_was_typed(sign_in: SignIn, said: dict[str, str], told: str) -> None:
    answer = sign_in(TOM).act(DELIVERED, "report", **{"period": "2026-10", **said})
    assert answer.status_code == 422
    assert told in answer.text
    assert "<b>" not in answer.text


def test_a_value_far_from_the_target_is_asked_back_and_taken_once_it_is_meant(sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    answer = tom.act(DELIVERED, "report", period="2026-10", value="31000")
    assert answer.status_code == 422
    assert "It is meant: 31000" in answer.text
    assert "is reported" in tom.done(DELIVERED, "report", period="2026-10", value="31000", confirm="31000")


def test_who_may_not_report_reads_who_may(sign_in: SignIn) -> None:
    marta = sign_in(MARTA)
    assert 'name="value"' not in marta.get(DELIVERED).text
    answer = marta.act(DELIVERED, "report", period="2026-10", value="0.31")
    assert answer.status_code == 403
    assert "You may not report this KPI" in answer.text and "Tom Reyes" in answer.text


def test_an_alliance_manager_reports_for_their_side_and_an_operator_for_nobody(sign_in: SignIn) -> None:
    assert "Inès Falk" in sign_in(INES).done(DELIVERED, "report", period="2026-10", value="0.31")
    assert "the operator" in sign_in(OPERATOR).done(DELIVERED, "report", period="2026-10", value="0.33")


def test_the_ladder_says_whom_each_step_tells_and_which_is_next(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = at("2026-11-24 09:00")
    page = sign_in(TOM).text(DELIVERED)
    assert "overdue since" in page
    assert "Who is told, and who is next" in page
    assert "next" in page.partition("Who is told")[2]


def test_a_promise_holds_the_ladder_and_an_excuse_ends_the_lateness(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = at("2026-11-24 09:00")
    tom = sign_in(TOM)
    refused = tom.act(DELIVERED, "acknowledge", which="2026-10", promised="", promise_because="waits for the lab")
    assert refused.status_code == 422 and "Name the day" in refused.text
    page = tom.done(
        DELIVERED, "acknowledge", which="2026-10", promised="2026-12-04", promise_because="waits for the lab"
    )
    assert "promised for Fri 4 Dec 2026" in page and "waits for the lab" in page
    refused = tom.act(DELIVERED, "excuse", which="2026-10", until="9999-12-31", because="no line ran")
    assert refused.status_code == 422 and 'id="until-error"' in refused.text
    page = tom.done(DELIVERED, "excuse", which="2026-10", until="", because="no line ran")
    assert "2026-10 is excused" in page
