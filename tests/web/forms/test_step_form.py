"""The form for a step on the way to the checkpoint: Inès (Acme) says that the joint plan is agreed.

It is Saturday 21 November 2026, 09:00 in Berlin; the plan is due on Monday 30 November.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.record.launch_tick import LaunchTick
from scheduler.render.signed_links import Holder, step_link
from scheduler.services.cases.launch_track import take_back, tick
from scheduler.services.state import state_of
from scheduler.store import launch_ticks, partnerships, secrets
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import FORM, text

CHECKPOINT, PLAN = f"{CELLS}/checkpoint", "joint-plan"


def link(site: Site, person: str = "ines", words: int = 0, step: str = PLAN, checkpoint: str = CHECKPOINT) -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return step_link("", key, checkpoint, step, words, Holder(person, seal), NOW + timedelta(days=30))


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def said(site: Site) -> LaunchTick | None:
    with site.app.store.read() as db:
        return launch_ticks.ticks(db, CELLS).get((CHECKPOINT, PLAN))


def test_it_says_which_step_by_when_and_for_whom_and_changes_nothing(still: Site) -> None:
    shown = text(still.client.get(link(still)))
    for words in ("Joint plan agreed", "90-day success checkpoint, Wed 30 Dec 2026", "Mon 30 Nov 2026", "Inès Falk"):
        assert words in shown
    assert said(still) is None


def test_the_day_is_recorded_and_the_link_shows_it_from_then_on(site: Site) -> None:
    path = link(site)
    assert post(site, path, done_on="2026-11-20", because="signed on Friday").status_code == 303
    found = said(site)
    assert found and (found.done_on, found.because, found.by, found.at) == (
        date(2026, 11, 20), "signed on Friday", "ines", NOW
    )  # fmt: skip
    assert post(site, path, done_on="2026-11-20", because="signed on Friday").status_code == 303, "sent twice"
    told = post(site, path, done_on="2026-11-19")
    assert told.status_code == 409 and "What you sent now was not kept" in text(told), "the first word stands"
    shown = site.client.get(path)
    assert "This is on record since" in text(shown) and "Thank you" not in shown.text
    assert "Done on Fri 20 Nov 2026" in text(shown) and "<form" not in shown.text
    assert said(site) == found


@pytest.mark.parametrize("day", ["", "yesterday", "2026-11-22", "2020-11-20"])
def test_what_is_no_day_that_can_be_meant_is_told_beside_it(still: Site, day: str) -> None:
    answer = post(still, link(still), done_on=day, because="as shown")
    assert answer.status_code == 422 and 'id="done_on-error"' in answer.text and "as shown</textarea>" in answer.text
    assert said(still) is None


def test_once_something_else_was_said_the_link_is_closed_and_a_new_one_opens(site: Site) -> None:
    path = link(site)
    tick(site.app, CHECKPOINT, PLAN, None, "dev", NOW)
    assert site.client.get(path).status_code == post(site, path, done_on="2026-11-20").status_code == 410
    take_back(site.app, CHECKPOINT, PLAN, "not signed", "dev", NOW)
    assert site.client.get(path).status_code == 410
    assert site.client.get(link(site, words=2)).status_code == 200


def test_the_link_of_whoever_has_nothing_to_do_with_the_step_opens_nothing(still: Site) -> None:
    """Tom reports KPIs; Dev manages the alliance for Globex, and may."""
    path = link(still, "tom")
    assert still.client.get(path).status_code == post(still, path, done_on="2026-11-20").status_code == 410
    assert still.client.get(link(still, "dev")).status_code == 200
    for gone in (link(still, step="gone"), link(still, checkpoint=f"{CELLS}/gone/checkpoint")):
        assert still.client.get(gone).status_code == 410
    assert said(still) is None


def test_after_the_partnerships_end_nothing_is_ticked(site: Site) -> None:
    path = link(site)
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert post(site, path, done_on="2026-11-20").status_code == 410
