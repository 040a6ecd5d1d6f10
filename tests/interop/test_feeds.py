"""The feeds of the running server, fetched over HTTP: every program shows what is on record, whoever has subscribed.

Inès (Acme) and Dev (Globex) manage the alliance on battery cells, whose clock is Berlin's; Dev and Yuki manage Globex's
alliance with Initech, by Tokyo's clock. The feeds go through both changes of Berlin's.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import Recorded
from scheduler.services.app import App, open_app
from scheduler.services.pipeline.cycle import run
from scheduler.settings import Web as WebSettings
from scheduler.store import reviews
from scheduler.web import WebServer
from tests.interop.readers import PROGRAMS, by_khal, seen_by
from tests.interop.samples import WINDOW, Seen
from tests.web.conftest import CELLS, CHIPS, NOW, Heard, change, chips, definition, settings_in, subscribe_before

YUKI = "yuki.mori@initech.example"
FEEDS = {
    "Yuki's": {"email": YUKI},
    "Globex's of the alliance": {"partnership": CELLS, "organisation": "globex"},
    "the portfolio's": {},
}
ALL = [(whose, program) for whose in FEEDS for program in PROGRAMS]
# These two take ten seconds for a portfolio of two partnerships, whose feeds they have read each by itself.
ASKED = [each for each in ALL if each[0] != "the portfolio's" or each[1] not in PROGRAMS[-2:]]


class Site(NamedTuple):
    """An app whose feeds are served, and what stands before the tokens of their addresses."""

    app: App
    url: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "partnerships").mkdir()
    for id, text in {CELLS: definition(), CHIPS: chips()}.items():
        (folder / "partnerships" / f"{id}.yaml").write_text(text, encoding="utf-8")
    settings = settings_in(folder, WebSettings(listen="127.0.0.1:0"))
    app = open_app(settings.model_copy(update={"horizon_days": 400}), Heard(), create=True)
    run(app, NOW)
    _one_moved_and_one_cancelled(app)
    web = WebServer(app, lambda: NOW, lambda: True)
    web.keep_listening()
    yield Site(app, f"http://127.0.0.1:{web.port}/calendars/")
    web.close()
    app.close()


def _one_moved_and_one_cancelled(app: App) -> None:
    ahead = [each for each in _on_record(app, CELLS) if WINDOW[0] <= each.review.start]
    later = timedelta(days=1, hours=2, minutes=15)
    review = replace(ahead[3].review, start=ahead[3].review.start + later, end=ahead[3].review.end + later)
    change(app, ahead[3].id, review=review, moved_by_person=True)
    change(app, ahead[5].id, status=Status.CANCELLED, because="the plant is closed")


def _on_record(app: App, *partnerships: str) -> list[Recorded]:
    with app.store.read() as db:
        return [each for id in partnerships for each in reviews.recorded(db, id).values()]


def expected(app: App, email: str = "", partnership: str = "", organisation: str = "") -> list[Seen]:
    """By the record: of a person the reviews that they come to, of anybody else every review."""
    keys = {YUKI: {"yuki"}}.get(email)
    found = []
    for each in _on_record(app, *([partnership] if partnership else [CELLS, CHIPS])):
        review = each.review
        concerned = {*review.attendees, review.agenda_owner, review.deputy, review.chair}
        if WINDOW[0] <= review.start < WINDOW[1] and (keys is None or keys & concerned):
            span = int(review.start.timestamp()), int(review.end.timestamp())
            found.append(Seen(*span, each.status is Status.CANCELLED))
    return sorted(found)


@pytest.mark.parametrize(("whose", "program"), ASKED)
def test_a_feed_shows_what_is_on_record(whose: str, program: str, site: Site, tmp_path: Path) -> None:
    url = f"{site.url}{subscribe_before(site.app, **FEEDS[whose])}.ics"
    if program == "vdirsyncer and khal":
        seen = sorted(by_khal(url, tmp_path))
    else:
        with urlopen(url) as answer:
            seen = seen_by(program, answer.read(), tmp_path)
    assert seen == expected(site.app, **FEEDS[whose])


def test_the_feeds_differ_and_hold_a_move_a_cancellation_and_both_changes_of_the_clocks(site: Site) -> None:
    shown = {whose: expected(site.app, **of) for whose, of in FEEDS.items()}
    assert len({tuple(each) for each in shown.values()}) == len(FEEDS)
    records = _on_record(site.app, CELLS, CHIPS)
    assert [sum(each.cancelled for each in seen) for seen in shown.values()] == [0, 1, 1]
    assert any(each.review.moved_because for each in records) and any(each.moved_by_person for each in records)
    assert {each.review.timezone for each in records} >= {"Europe/Berlin", "Asia/Tokyo"}
    offsets = {each.review.start.utcoffset() for each in records if each.review.timezone == "Europe/Berlin"}
    assert len(offsets) == 2
