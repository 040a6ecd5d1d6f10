"""The page that everybody lands on: Tom reports, Dev answers an invitation, and what is one side's is before no other.

November's cells are Tom's, due on Thursday 10 December in Detroit.
"""

from collections.abc import Callable

import pytest

from scheduler.domain.record.rsvp import Says
from scheduler.services.cases.reviews import hold
from scheduler.services.kpi_lookup import call
from scheduler.services.pipeline.cycle import run
from scheduler.store import reviews, rsvps
from tests.builders import at
from tests.web.conftest import DEV, INES, NOW, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, Browser, SignIn, words_of

CELLS = "acme-globex/cells-delivered"
LATE = at("2026-12-15 12:00", "America/Detroit")


@pytest.fixture
def late(pages: Site) -> Site:
    pages.clock.now = LATE
    run(pages.app, LATE)
    return pages


def periods(pages: Site) -> dict[str, str]:
    with pages.app.store.read() as db:
        return {each.period.label: each.status for each in call(pages.app, db, CELLS, pages.clock.now).periods}


def test_what_is_owed_stands_first_with_a_form_to_report_it(late: Site, sign_in: SignIn) -> None:
    shown = sign_in(TOM).text("/")
    assert "Cells delivered" in shown
    assert "overdue" in shown
    assert "Report it" in shown


def test_reported_it_is_on_record_and_gone_and_said_once(late: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    owed = [label for label, status in periods(late).items() if status == "overdue"]
    for label in owed:
        told = tom.done("/", "report", subject=CELLS, period=label, value="0.31", note="")
        assert f"Cells delivered is reported for {label}" in told
    assert all(periods(late)[label] == "reported" for label in owed)
    assert "Report it" not in tom.text("/")
    assert "is reported for" not in tom.text("/")


def test_what_was_typed_stays_where_it_is_no_value(late: Site, sign_in: SignIn) -> None:
    answer = sign_in(TOM).act("/", "report", subject=CELLS, period="2026-10", value="lots", note="from the plant")
    assert answer.status_code == 422
    assert 'value="lots"' in answer.text
    assert 'value="from the plant"' in answer.text
    assert "Nothing was recorded" in words_of(answer.text)


def test_a_value_far_from_all_others_is_asked_back_and_taken_when_it_is_meant(late: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    asked = tom.act("/", "report", subject=CELLS, period="2026-10", value="31000", note="")
    assert asked.status_code == 422
    assert "It is meant" in asked.text
    tom.done("/", "report", subject=CELLS, period="2026-10", value="31000", note="", confirm="31000")
    assert periods(late)["2026-10"] == "reported"


def test_it_can_be_promised_instead_with_a_reason(late: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    without = tom.act("/", "promise", subject=CELLS, period="2026-10", until="2026-12-18", because="")
    assert without.status_code == 422
    told = tom.done("/", "promise", subject=CELLS, period="2026-10", until="2026-12-18", because="the meter is away")
    assert "is promised" in told
    with late.app.store.read() as db:
        owed = call(late.app, db, CELLS, LATE).named("2026-10")
    assert owed.excuse is not None
    assert (owed.excuse.kind, owed.excuse.by) == ("acknowledged", "tom")


def test_somebody_else_s_kpi_is_refused_with_who_may(late: Site, sign_in: SignIn) -> None:
    answer = sign_in(INES).act("/", "report", subject="globex-initech/wafers", value="1", note="")
    assert answer.status_code == 404
    refused = sign_in(UWE).act("/", "report", subject=CELLS, value="1", note="")
    assert refused.status_code == 403
    assert "Tom Reyes" in words_of(refused.text)


def test_another_sides_own_kpi_is_answered_like_none_at_all(late: Site, sign_in: SignIn) -> None:
    said = {"value": "90", "note": ""}
    dev = sign_in(DEV)
    hidden = dev.act("/", "report", subject="acme-globex/landed-cost", **said)
    missing = dev.act("/", "report", subject="acme-globex/nothing", **said)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert hidden.text == missing.text


def test_an_invitation_is_answered_where_it_stands(pages: Site, sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    [review, *_] = dev.get("/now.json").json()["reviews"]
    dev.done("/", "answer", subject=review["id"], sequence=str(review["sequence"]), says="accepted")
    with pages.app.store.read() as db:
        answer = rsvps.latest(db, review["id"], DEV)
    assert answer is not None
    assert answer.says is Says.ACCEPTED
    assert "✓ Yes" in dev.text("/")


def test_an_answer_to_an_earlier_state_is_not_taken(pages: Site, sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    [review, *_] = dev.get("/now.json").json()["reviews"]
    old = dev.act("/", "answer", subject=review["id"], sequence="-1", says="accepted")
    assert old.status_code == 422
    assert "changed since you looked" in words_of(old.text)


def test_a_form_of_its_own_is_reached_by_a_link_that_no_page_holds(late: Site, sign_in: SignIn) -> None:
    browsers = {who: sign_in(who) for who in (DEV, INES, TOM)}
    for browser in browsers.values():
        assert "/close/" not in browser.get("/").text
    led = [
        browser.act("/", "open", **{key: each[key] for key in ("partnership", "about", "subject", "rung")})
        for browser in browsers.values()
        for each in browser.get("/now.json").json()["owe"]
        if each["act"] == "form"
    ]
    assert led
    assert all(each.status_code == 303 for each in led)
    assert all(each.headers["location"].startswith("https://cadence.acme.example/") for each in led)


def test_an_action_that_is_not_asked_for_yet_is_done_or_handed_on_from_there(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.read() as db:
        held = [id for id, each in reviews.recorded(db, "acme-globex").items() if each.review.end < NOW][-1]
    hold(pages.app, held, "## Actions\n- Tom: book the crane by 2026-12-18\n", "ines", NOW)
    tom = sign_in(TOM)
    [action] = [each for each in tom.get("/now.json").json()["coming"] if each["about"] == "action"]
    led = tom.act("/", "open", **{key: action[key] for key in ("partnership", "about", "subject", "rung")})
    assert (led.status_code, "/action/" in led.headers["location"]) == (303, True)
    assert "Done: book the crane" in tom.done("/", "finish", subject=action["subject"], rung=action["rung"])
    assert "book the crane" not in tom.get("/").text


def test_what_is_asked_of_nobody_opens_nothing(late: Site, sign_in: SignIn) -> None:
    answer = sign_in(TOM).act("/", "open", about="review", subject="acme-globex/operating/2026-11", rung="flagged")
    assert answer.status_code == 422


@pytest.mark.parametrize("who", [TOM, DEV, INES])
def test_what_is_internal_to_acme_is_before_acme_alone(late: Site, sign_in: Callable[[str], Browser], who: str) -> None:
    browser = sign_in(who)
    shown = browser.get("/").text + browser.get("/now.json").text
    assert ("Landed cost" in shown) is (who == INES)


def test_an_operator_of_no_partnership_sees_how_the_worst_stand_and_no_box_that_stays_empty(
    late: Site, sign_in: SignIn
) -> None:
    operator = sign_in(OPERATOR)
    shown, facts = operator.text("/"), operator.get("/now.json").json()
    assert "in no partnership yourself" in shown and "The portfolio" in shown and "Status of the program" in shown
    assert f"{facts['off_course']} of {facts['governed']} partnerships not on course" in shown
    assert facts["off_course"] and all(each["name"] in shown for each in facts["standings"])
    assert "Your reviews" not in shown and "stands here from the day" not in shown


def test_who_is_in_a_partnership_that_is_not_on_course_sees_that_and_why_and_no_other_sides(
    late: Site, sign_in: SignIn
) -> None:
    uwe = sign_in(UWE)
    [standing] = uwe.get("/now.json").json()["standings"]
    assert standing["partnership"] == "acme-globex"
    assert "1 of 1 partnership not on course" in uwe.text("/")
    assert "Landed cost" not in sign_in(TOM).text("/")


def test_the_next_review_is_named_and_led_to(pages: Site, sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    following = dev.get("/now.json").json()["next_review"]
    assert following and f'href="/reviews/{following["id"]}"' in dev.get("/").text


def test_what_nothing_has_asked_for_yet_is_not_called_asked(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.read() as db:
        held = [id for id, each in reviews.recorded(db, "acme-globex").items() if each.review.end < NOW][-1]
    hold(pages.app, held, "## Actions\n- Tom: book the crane by 2026-12-18\n", "ines", NOW)
    told = sign_in(TOM).text("/").partition("Yours, and not asked for yet")[2]
    assert "not asked for yet" in told.partition("book the crane")[2]


def test_a_past_day_is_not_shown_and_the_page_says_why(pages: Site, sign_in: SignIn) -> None:
    answer = sign_in(DEV).get("/?on=2026-10-10")
    assert answer.status_code == 422
    assert "only known for today" in words_of(answer.text)
