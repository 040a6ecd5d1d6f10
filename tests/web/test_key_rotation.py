"""Another key signs: what was given out goes on, nobody hears of it; and dropped at once, it opens nothing.

Tom (Globex, Detroit) owns a KPI, judges a criterion and attends the operating review. It is Saturday 21 November 2026.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.link_life import LONGEST_LIFE
from scheduler.services.app import App
from scheduler.services.cases import credentials
from scheduler.services.pipeline.cycle import run
from scheduler.store import outbox, reviews, secrets, subscriptions
from scheduler.web.feeds import Feeds
from tests.builders import at
from tests.web.conftest import CELLS, NOW, TOM, Site
from tests.web.test_links import KINDS, agendas_in, link, public, toms, use

__all__ = ["public", "toms"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_that_was_given_out_goes_on_when_another_key_signs(toms: Site, kind: str) -> None:
    given = link(toms.app, kind)
    credentials.rotate_signing_key(toms.app, NOW)
    fresh = link(toms.app, kind) if kind not in ("object", "action") else given
    assert toms.client.get(given).status_code == toms.client.get(fresh).status_code == 200
    assert use(toms, kind, given).status_code in (200, 303)


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_is_dropped_at_once_takes_its_links_with_it(toms: Site, kind: str) -> None:
    given = link(toms.app, kind)
    assert toms.client.get(given).status_code == 200
    credentials.rotate_signing_key(toms.app, NOW, at_once=True)
    assert toms.client.get(given).status_code == use(toms, kind, given).status_code == 404
    if kind not in ("object", "action"):
        assert toms.client.get(link(toms.app, kind)).status_code == 200


def record(app: App) -> tuple[list[Any], dict[str, Any], dict[str, bytes]]:
    """The letters, the reviews, and what calendars show."""
    with app.store.read() as db:
        letters = outbox.listing(db)
        known = reviews.recorded(db, CELLS)
    calendars = (app.settings.data / "calendars").rglob("*.ics")
    return letters, known, {str(each): each.read_bytes() for each in calendars}


def test_nobody_hears_of_another_key_and_no_calendar_changes(public: App) -> None:
    before = record(public)
    credentials.rotate_signing_key(public, NOW)
    run(public, NOW)
    assert record(public) == before
    credentials.rotate_signing_key(public, NOW, at_once=True)
    run(public, NOW)
    letters, known, _ = record(public)
    assert (letters, known) == before[:2], "dropped at once, nobody is written to either"


@pytest.fixture
def feed(public: App) -> Iterator[tuple[Feeds, str]]:
    token = subscriptions.new_token()
    with public.store.write() as db:
        subscriptions.add(db, token, NOW, email=TOM)
    yield Feeds(public), subscriptions.hashed(token)


def test_a_subscribed_calendar_has_the_new_links_once_the_key_was_dropped(public: App, feed: tuple[Feeds, str]) -> None:
    feeds, hashed = feed

    def shown() -> tuple[object, set[str]]:
        wanted = feeds.wanted(hashed, NOW.date())
        assert wanted
        return wanted, agendas_in(feeds.build(wanted.subscription, NOW.date())[1])

    before, links = shown()
    credentials.rotate_signing_key(public, NOW, at_once=True)
    after, fresh = shown()
    assert after != before, "a copy that is kept of it is no longer the one that is wanted"
    assert len(fresh) == len(links) and not fresh & links


def test_the_old_key_is_forgotten_by_a_cycle_when_its_time_is_over(public: App) -> None:
    with public.store.read() as db:
        old = secrets.known_signing_key(db)
    rotated = credentials.rotate_signing_key(public, NOW)
    until = rotated.keys[1].until
    assert until and until >= NOW + LONGEST_LIFE
    run(public, NOW + timedelta(days=30))
    with public.store.read() as db:
        assert old in secrets.verifying_keys(db)
    run(public, until + timedelta(days=1))
    with public.store.read() as db:
        assert old not in secrets.verifying_keys(db) and len(secrets.keys(db)) == 1


def test_a_review_that_is_moved_far_away_keeps_the_key_of_its_agenda(public: App) -> None:
    credentials.rotate_signing_key(public, NOW)
    with public.store.write() as db:
        before = secrets.keys(db)[1].until
        last = max(reviews.recorded(db, CELLS).values(), key=lambda each: each.review.end)
        later = replace(last.review, start=at("2029-01-10 09:00"), end=at("2029-01-10 10:00"))
        reviews.save_many(db, [replace(last, review=later)])
        after = secrets.keys(db)[1].until
    assert before and after and after > before
