"""The dossier of a checkpoint: Dev judges a criterion and ticks a step, an operator puts the decision on record, and a
criterion on Acme's own KPI shows its figures to Acme alone."""

import re
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from scheduler.rules.access import Audience
from scheduler.services.cases import reviews
from scheduler.services.cases.sessions import open_session
from scheduler.services.views import checkpoint_sheet
from tests.builders import at
from tests.web.conftest import DEV, INES, TOM, UWE, Site
from tests.web.site.conftest import OPERATOR, Browser, SignIn, with_pages, words_of

PAGE = "/checkpoints/acme-globex"


def twin(browser: Browser) -> Any:
    return browser.get(f"{PAGE}.json").json()


def test_it_is_found_by_its_scope_and_by_its_own_id(pages: Site, sign_in: SignIn) -> None:
    dev = sign_in(DEV)
    id = twin(dev)["id"]
    assert dev.text(PAGE) == dev.text(f"/checkpoints/{id}")


def test_from_when_it_was_moved_is_said_on_the_readers_clock_with_its_own_beside_it(
    pages: Site, sign_in: SignIn
) -> None:
    """Dev lives in Detroit, the checkpoint's clock is Berlin's."""
    was = twin(sign_in(DEV))
    later = datetime.fromisoformat(was["start"]) + timedelta(days=1)
    reviews.move(pages.app, was["id"], later, "fair week", "ines", pages.clock.now)
    assert re.search(r"Moved from .*, \d\d:\d\d \(\d\d:\d\d Europe/Berlin\): fair week", sign_in(DEV).text(PAGE))


def test_the_twin_is_what_the_command_says(pages: Site, sign_in: SignIn) -> None:
    found = checkpoint_sheet.checkpoint(pages.app, "acme-globex", pages.clock.now, Audience("globex"))
    said = TypeAdapter(dict).dump_python(checkpoint_sheet.as_dict(found), mode="json")
    assert twin(sign_in(DEV)) == said


def test_each_criterion_stands_with_its_verdict_and_whoever_may_judges_it(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    shown = twin(ines)
    criteria = shown["criteria"]
    first = criteria[0]["id"]
    without = ines.act(PAGE, "judge", criterion=first, verdict="")
    assert without.status_code == 422
    told = ines.done(PAGE, "judge", criterion=first, verdict="met", evidence="both sides saw it run")
    assert "Judged: met" in told
    assert "both sides saw it run" in told


def test_who_may_not_judge_is_told_who_may(pages: Site, sign_in: SignIn) -> None:
    criteria = twin(sign_in(TOM))["criteria"]
    answers = [sign_in(UWE).act(PAGE, "judge", criterion=each["id"], verdict="met") for each in criteria]
    refused = [each for each in answers if each.status_code == 403]
    assert refused
    assert all("may" in words_of(each.text) for each in refused)


def test_a_step_is_ticked_and_taken_back_with_a_reason(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    track = twin(ines)["track"]
    step = track[0]["key"]
    assert "done." in ines.done(PAGE, "tick", subject=str(twin(ines)["id"]), rung=step)
    assert twin(ines)["track"][0]["done_by"] == "Inès Falk"
    without = ines.act(PAGE, "take_back", rung=step, because="")
    assert without.status_code == 422
    assert "open again" in ines.done(PAGE, "take_back", rung=step, because="it was another one")
    assert twin(ines)["track"][0]["done_on"] is None


def test_who_does_not_own_a_step_may_not_tick_it(pages: Site, sign_in: SignIn) -> None:
    track = twin(sign_in(UWE))["track"]
    refused = sign_in(UWE).act(PAGE, "tick", subject="acme-globex", rung=track[0]["key"])
    assert refused.status_code == 403


def test_without_a_mail_server_nobody_decides_by_a_code_and_the_page_says_who_does(
    pages: Site, sign_in: SignIn
) -> None:
    pages.clock.now = at("2026-12-28 12:00")
    shown = sign_in(INES).text(PAGE)
    assert "put on record by an operator" in shown


def test_without_a_mail_server_whom_their_company_vouches_for_decides_all_the_same(pages: Site) -> None:
    pages.clock.now = at("2026-12-28 12:00")
    session = open_session(pages.app, INES, "openid acme", "Firefox", pages.clock.now)
    ines = Browser(pages.client, session, with_pages(pages.app.settings))
    assert "no code is asked for" in ines.text(PAGE)
    told = ines.done(PAGE, "decide", course="continue", because="It works", taken_by="Somebody Else")
    decided = twin(ines)["decision"]
    assert "On record: continue" in told and decided["because"] == "It works" and "Inès Falk" in decided["taken"]
    assert "Somebody Else" not in decided["taken"], "whoever is vouched for speaks for themselves alone"
    again = ines.act(PAGE, "decide", course="exit", because="It does not", replace="yes")
    assert again.status_code == 422 and twin(ines)["decision"]["course"] == "continue"


def test_a_session_by_letter_alone_decides_nothing_without_a_code(pages: Site, sign_in: SignIn) -> None:
    pages.clock.now = at("2026-12-28 12:00")
    answer = sign_in(INES).act(PAGE, "decide", course="continue", because="It works")
    assert answer.status_code == 422 and twin(sign_in(INES))["decision"] is None


def test_a_stranger_and_a_checkpoint_that_is_not_there_are_answered_alike(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    other, missing = ines.get("/checkpoints/globex-initech"), ines.get("/checkpoints/nowhere/at/all")
    assert (other.status_code, missing.status_code) == (404, 404)
    assert words_of(other.text) == words_of(missing.text)


def test_an_operator_sees_it_and_who_is_nobody_there_judges_nothing(pages: Site, sign_in: SignIn) -> None:
    operator = sign_in(OPERATOR)
    assert "The success written before signing" in operator.text(PAGE)
    criteria = twin(operator)["criteria"]
    answer = operator.act(PAGE, "judge", criterion=criteria[0]["id"], verdict="met")
    assert answer.status_code == 403
