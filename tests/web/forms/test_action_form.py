"""The form for an action of the minutes: Tom (Globex) is to send the samples by Friday 18 December.

It is Tuesday 24 November 2026, 09:00 in Berlin; the minutes of Monday's operating review are filed.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.record.minutes import Action
from scheduler.render.signed_links import Holder, action_link
from scheduler.services.cases.actions import finish, give_date, hand_on
from scheduler.services.cases.reviews import hold
from scheduler.services.state import state_of
from scheduler.store import actions, notifications, partnerships, secrets
from tests.builders import at
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import FORM, text

TUESDAY = at("2026-11-24 09:00")
PAST = f"{CELLS}/operating/2026-11"
SAMPLES = f"{PAST}#1"


@pytest.fixture
def filed(site: Site) -> Site:
    site.clock.now = TUESDAY
    hold(site.app, PAST, "## Actions\n- Tom: send the <b>samples</b> by 18 Dec\n", "ines", TUESDAY)
    return site


def link(site: Site, person: str = "tom", owner: str = "tom", due: str = "2026-12-18") -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return action_link("", key, SAMPLES, (owner, due), Holder(person, seal), NOW + timedelta(days=30))


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def known(site: Site) -> Action:
    with site.app.store.read() as db:
        found = actions.find(db, SAMPLES)
    assert found
    return found


def told(site: Site) -> set[tuple[str, str]]:
    with site.app.store.read() as db:
        return {(key.rung, key.email.partition("@")[0]) for key in notifications.known(db, CELLS)}


def test_it_says_what_by_when_and_changes_nothing(filed: Site) -> None:
    before = known(filed)
    answer = filed.client.get(link(filed))
    shown = text(answer)
    for words in ("send the <b>samples</b>", "Fri 18 Dec 2026", "Hand it to somebody else", "Dev Patel (Globex"):
        assert words in shown
    assert "<b>samples" not in answer.text
    assert known(filed) == before


def test_it_is_done_once_with_the_remark_and_the_link_shows_that(filed: Site) -> None:
    path = link(filed)
    for _ in range(2):
        assert post(filed, path, act="done", because="sent on Monday").status_code == 303
    for other in (
        {"act": "done", "because": "again"},
        {"act": "hand", "to": "dev"},
        {"act": "date", "due": "2027-01-15"},
    ):
        told = post(filed, path, **other)
        assert told.status_code == 409 and "What you sent now was not kept" in text(told)
    found = known(filed)
    assert (found.done_by, found.done_because, found.done_at) == ("tom", "sent on Monday", TUESDAY)
    shown = filed.client.get(path)
    assert "This is on record since" in text(shown) and "Thank you" not in shown.text
    assert "sent on Monday" in text(shown) and "<form" not in shown.text


def test_whoever_takes_it_hears_so_at_once_and_the_link_of_who_had_it_is_closed(filed: Site) -> None:
    path, other = link(filed), link(filed, "ines")
    assert post(filed, path, act="hand", to="dev", why="I am in Ghent").status_code == 303
    found = known(filed)
    assert (found.owner, found.handed_by, found.handed_because) == ("dev", "tom", "I am in Ghent")
    assert ("handed_on", "dev.patel") in told(filed)
    shown = filed.client.get(path)
    assert "Handed to Dev Patel" in text(shown) and "<form" not in shown.text
    assert filed.client.get(other).status_code == 410
    assert filed.client.get(link(filed, "dev", owner="dev")).status_code == 200


def test_another_date_is_given_and_the_link_shows_it(filed: Site) -> None:
    path = link(filed)
    for _ in range(2):
        assert post(filed, path, act="date", due="2027-01-15").status_code == 303
    assert (known(filed).due, known(filed).due_given_by) == (date(2027, 1, 15), "tom")
    assert "Due by Fri 15 Jan 2027" in text(filed.client.get(path))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"act": "date", "due": "soon"}, "due"),
        ({"act": "date", "due": "2026-11-23"}, "due"),
        ({"act": "date", "due": "2029-01-01"}, "due"),
        ({"act": "hand", "to": "nobody"}, "to"),
        ({"act": "hand", "to": "tom"}, "to"),
        ({"act": "done", "because": "\a"}, "because"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_it(filed: Site, said: dict[str, str], field: str) -> None:
    before = known(filed)
    answer = post(filed, link(filed), **said)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert post(filed, link(filed), act="burn").status_code == 422
    assert known(filed) == before


def test_what_became_of_it_otherwise_closes_the_link(filed: Site) -> None:
    path = link(filed)
    give_date(filed.app, SAMPLES, date(2026, 12, 21), "dev", TUESDAY)
    assert filed.client.get(path).status_code == post(filed, path, act="done").status_code == 410
    anew = link(filed, due="2026-12-21")
    assert filed.client.get(anew).status_code == 200
    finish(filed.app, SAMPLES, None, "dev", TUESDAY)
    assert filed.client.get(anew).status_code == 410


def test_it_opens_nothing_for_strangers_to_the_action_and_after_the_end(filed: Site) -> None:
    assert filed.client.get(link(filed, "uwe")).status_code == 410
    with filed.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert filed.client.get(link(filed)).status_code == 410


def test_an_action_that_was_handed_on_stays_so_through_corrected_minutes(filed: Site) -> None:
    hand_on(filed.app, SAMPLES, "dev", None, "tom", TUESDAY)
    hold(filed.app, PAST, "## Actions\n- Tom: send the <b>samples</b> by 21 Dec\n", "ines", TUESDAY)
    assert (known(filed).owner, known(filed).due) == ("dev", date(2026, 12, 21))
