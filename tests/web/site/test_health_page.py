"""The page of health checks: what a round found, as each side may see it; what may be done there, and by whom."""

from datetime import timedelta

import pytest

from scheduler.services.cases import health_checks as cases
from tests import health
from tests.health import ACME, CELLS, CLOSED, GLOBEX, OPENS, ROUND, HealthCheck
from tests.web.conftest import CHIPS, DEV, INES, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, SignIn

PAGE = f"/partnerships/{CELLS}/health"
OURS, THEIRS = "nobody calls back", "the weekly call"


@pytest.fixture
def check(pages: Site) -> HealthCheck:
    found = health.opened(pages.app)
    pages.clock.now = OPENS
    return found


def closed(pages: Site, check: HealthCheck) -> None:
    for person in ACME:
        check.answers(person, 2, OURS if person == "ines" else None)
    for person in GLOBEX:
        check.answers(person, 4, THEIRS if person == "dev" else None)
    check.cycle(CLOSED)
    pages.clock.now = CLOSED + timedelta(hours=10)


def test_before_the_first_round_it_says_when_that_opens(sign_in: SignIn) -> None:
    assert "the first opens on" in sign_in(INES).get(PAGE).text
    assert sign_in(TOM).get(f"/partnerships/{CHIPS}/health").status_code == 404
    assert sign_in(INES).get("/partnerships/nobody-nowhere/health").status_code == 404


def test_while_it_is_open_a_side_is_told_how_many_of_its_own_answered(check: HealthCheck, sign_in: SignIn) -> None:
    check.answers("uwe", 2, OURS)
    ines, dev = sign_in(INES).get(PAGE).text, sign_in(DEV).get(PAGE).text
    assert "Of Acme Motors SE 1 of 3 have answered" in ines and "Globex Cells Inc 0 of" not in ines
    assert "Of Globex Cells Inc 0 of 3 have answered" in dev and "Acme Motors SE 1 of" not in dev
    for path in (PAGE, f"{PAGE}.json"):
        assert OURS not in sign_in(INES).get(path).text


def test_once_closed_it_shows_both_sides_and_each_its_own_words(
    pages: Site, check: HealthCheck, sign_in: SignIn
) -> None:
    closed(pages, check)
    for reader, mine, other in ((INES, OURS, THEIRS), (DEV, THEIRS, OURS)):
        page = sign_in(reader).get(PAGE)
        assert "4 of 4 areas are red" in page.text
        assert "the sides are 2.00 apart" in page.text and mine in page.text and other not in page.text
        assert 'role="img"' in page.text and "style=" not in page.text
        twin = sign_in(reader).get(f"{PAGE}.json").text
        assert mine in twin and other not in twin
    operator = sign_in(OPERATOR).get(PAGE).text
    assert OURS not in operator and THEIRS not in operator


def test_whoever_is_asked_has_another_link_sent(check: HealthCheck, sign_in: SignIn) -> None:
    before = check.tokens()["tom"]
    assert "on its way to you" in sign_in(TOM).done(PAGE, "link")
    check.send(OPENS + timedelta(days=2))
    assert check.tokens()["tom"] != before


def test_an_alliance_manager_skips_with_a_reason_and_who_is_not_one_may_not(
    check: HealthCheck, sign_in: SignIn
) -> None:
    assert sign_in(UWE).act(PAGE, "skip", round=ROUND, skip_because="no").status_code == 403
    assert sign_in(INES).act(PAGE, "skip", round=ROUND, skip_because=" ").status_code == 422
    assert "stays on record" in sign_in(INES).done(PAGE, "skip", round=ROUND, skip_because="the merger")
    [found] = check.rounds()
    assert (found.skipped_by, found.skipped_because) == ("ines", "the merger")
    assert "the merger" in sign_in(DEV).get(PAGE).text


def test_a_round_is_opened_out_of_turn_from_the_page(pages: Site, sign_in: SignIn) -> None:
    assert "asked by letter" in sign_in(DEV).done(PAGE, "open", open_because="after the strike")
    check = HealthCheck(pages.app)
    assert check.rounds()[0].is_open
    answer = sign_in(DEV).act(PAGE, "open", open_because="again")
    assert answer.status_code == 422 and "is open until" in answer.text
    cases.skip(pages.app, check.rounds()[0].id, "a slip", "dev", pages.clock.now)
    assert sign_in(OPERATOR).act(PAGE, "open", open_because="to see").status_code == 403
