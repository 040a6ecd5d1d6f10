"""Status: for operators alone; what is wrong first, letters that can be sent again, and a cycle that can be run."""

import json
from datetime import timedelta

import pytest

from scheduler.domain.record.daemon_state import DELIVERS
from scheduler.domain.record.rsvp import Outcome
from scheduler.services.app import App
from scheduler.store import clock, delivery, faults, outbox, partnerships, rsvps
from scheduler.web.site import paths
from tests import daemons
from tests.store.test_outbox import a_letter
from tests.web.conftest import CELLS, INES, NOW, Site
from tests.web.site.conftest import OPERATOR, SignIn

STATUS = paths.STATUS
TWIN = paths.twin(STATUS)


def dead(app: App, key: str = "x", title: str = "Invitation: Board") -> int:
    """A letter that was refused for good."""
    with app.store.write() as db:
        outbox.add(
            db, [a_letter(key, uid=key, partnership=CELLS, title=title, created_at=NOW, due_at=NOW, expires_at=None)]
        )
        id = outbox.listing(db)[-1].id or 0
        delivery.dead(db, id, NOW, "550 no such mailbox")
    return id


def test_whoever_is_no_operator_finds_no_such_page(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert [ines.get(each).status_code for each in (STATUS, TWIN)] == [404, 404]
    for act in ("again", "again_dead", "cycle"):
        assert ines.act(STATUS, act, id="1").status_code == 404
    assert sign_in(OPERATOR).get(f"{STATUS}?as=acme").status_code == 404, "nor does an operator who looks as a side"


def test_where_nothing_is_wrong_it_says_so(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.write() as db:
        clock.keep(db, clock.CYCLE, NOW)
    text = sign_in(OPERATOR).text(STATUS)
    assert "Nothing is wrong" in text and "No letter was refused" in text and "To see to" not in text
    said = json.loads(sign_in(OPERATOR).get(TWIN).text)
    assert said["installed"]["database"] == "sqlite"
    assert [each["name"] for each in said["channels"]] == ["mail"]


def test_the_daemons_are_listed_with_what_each_does_and_why_one_does_not_plan(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.write() as db:
        clock.keep(db, clock.CYCLE, NOW)
        daemons.put(db, "alpha")
        daemons.put(db, "beta", DELIVERS, why="the daemon alpha plans by what is newer: planner 6 here, 7 there")
    text = sign_in(OPERATOR).text(STATUS)
    for says in (
        "alpha process 4711",
        "plans delivers and serves",
        "does not plan delivers",
        "planner 6 here, 7 there",
    ):
        assert says in text
    assert "Nothing is wrong" in text, "during an upgrade that is as it should be"
    [alpha, beta] = json.loads(sign_in(OPERATOR).get(TWIN).text)["running"]["daemons"]
    assert (alpha["state"], beta["state"]) == ("governs", "delivers")


def test_a_daemon_that_did_not_stop_in_order_is_missed(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.write() as db:
        clock.keep(db, clock.CYCLE, NOW)
        daemons.put(db, "alpha", silent_for=timedelta(minutes=6))
    text = sign_in(OPERATOR).text(STATUS)
    assert "the daemon alpha was last alive 6 minutes ago; it did not stop in order" in text


def test_what_is_wrong_comes_first_with_the_way_out(pages: Site, sign_in: SignIn) -> None:
    with pages.app.store.write() as db:
        faults.note(db, "channel:mail", "the mail server refuses our password", "change it", NOW)
        partnerships.set_problem(db, CELLS, [{"what": "it would cancel 20 reviews"}])
    pages.clock.forward(days=3)
    text = sign_in(OPERATOR).text(STATUS)
    assert text.index("To see to") < text.index("Cycles")
    for says in ("the mail server refuses our password change it", "cadence plan acme-globex", "Something needs you"):
        assert says in text


def test_a_letter_that_was_refused_is_sent_again_by_its_button(pages: Site, sign_in: SignIn) -> None:
    root, id = sign_in(OPERATOR), dead(pages.app)
    assert "550 no such mailbox" in root.text(STATUS)
    assert f"Letter {id} is on its way again" in root.done(STATUS, "again", id=str(id))
    with pages.app.store.read() as db:
        assert [each.state for each in outbox.listing(db)] == ["due"]
    assert "is on its way already" in root.act(STATUS, "again", id=str(id)).text, "a second time it says so"


def test_all_that_were_refused_are_sent_again_but_those_that_are_over(pages: Site, sign_in: SignIn) -> None:
    dead(pages.app, "x"), dead(pages.app, "y")
    assert "2 letters are on their way again" in sign_in(OPERATOR).done(STATUS, "again_dead")


@pytest.mark.parametrize("id", ["", "x", "-1", "9" * 40, "77"])
def test_a_letter_that_there_is_not_is_told(sign_in: SignIn, id: str) -> None:
    answer = sign_in(OPERATOR).act(STATUS, "again", id=id)
    assert answer.status_code == 422 and "here is no" in answer.text


def test_mail_that_came_is_counted_in_words(pages: Site, sign_in: SignIn) -> None:
    assert "No mail has come" in sign_in(OPERATOR).text(STATUS)
    with pages.app.store.write() as db:
        for number in (1, 2):
            rsvps.note_letter(db, f"digest-{number}", Outcome.UNAUTHENTIC, NOW)
    assert "2 did not come from where they say (DMARC)" in sign_in(OPERATOR).text(STATUS)
    [came] = json.loads(sign_in(OPERATOR).get(TWIN).text)["came"]
    assert (came["outcome"], came["letters"]) == ("unauthentic", 2)


def test_a_cycle_is_called_for(pages: Site, sign_in: SignIn) -> None:
    before = len(pages.changes)
    assert "A cycle begins now" in sign_in(OPERATOR).done(STATUS, "cycle")
    assert len(pages.changes) == before + 1
