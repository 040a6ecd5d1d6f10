"""How feeds are sent: what calendar programs, proxies and strangers get to see."""

import gzip
from datetime import timedelta

import pytest
from sqlalchemy import text

from scheduler.domain.definition.vocabulary import Status
from scheduler.services.app import App
from scheduler.settings import Web
from scheduler.store import subscriptions
from tests.render.bar import assert_well_formed
from tests.web.conftest import CELLS, DEV, INES, NOW, TOM, Site, change, rename, served, subscribe


def cancel_one(app: App) -> None:
    change(app, f"{CELLS}/pipeline/2026-W49", status=Status.CANCELLED, because="the plant is closed")


# A good answer ------------------------------------------------------------------------------------------------------


def test_a_feed_is_a_calendar_with_a_name_to_be_stored_under(still: Site) -> None:
    answer = still.get(subscribe(still.app, email=DEV))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"] == 'inline; filename="partnership-reviews.ics"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert_well_formed(answer.content)
    of_cells = still.get(subscribe(still.app, partnership=CELLS))
    assert of_cells.headers["content-disposition"] == f'inline; filename="{CELLS}.ics"'


def test_no_answer_may_be_shared_indexed_followed_or_guessed_at_and_none_sets_a_cookie(still: Site) -> None:
    token = subscribe(still.app, email=DEV)
    for answer in (still.get(token), still.get("x" * 43), still.get(token, method="POST"), still.client.get("/")):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers and "location" not in answer.headers


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "text/calendar, application/calendar+json"])
def test_whatever_a_program_says_it_accepts_it_gets_the_calendar(still: Site, accept: str | None) -> None:
    assert still.get(subscribe(still.app, email=DEV), accept=accept).status_code == 200


def test_head_tells_what_get_would_and_sends_nothing(still: Site) -> None:
    token = subscribe(still.app, email=DEV)
    got, told = still.get(token), still.get(token, method="HEAD")
    assert told.content == b"" and told.status_code == 200
    assert dict(told.headers) == dict(got.headers)


def test_alarms_are_in_the_feed_where_the_address_asks_for_them(still: Site) -> None:
    token = subscribe(still.app, email=DEV)
    assert b"VALARM" in still.get(token, "?alarms=1").content
    for query in ("", "?alarms=0", "?alarms", "?other=1"):
        assert b"VALARM" not in still.get(token, query).content


def test_an_empty_calendar_is_an_answer_like_any_other(still: Site) -> None:
    answer = still.get(subscribe(still.app, email="gone@acme.example"))
    assert answer.status_code == 200
    assert assert_well_formed(answer.content).the("NAME").text


def test_robots_are_let_in_or_google_would_not_read_the_feed(still: Site) -> None:
    answer = still.client.get("/robots.txt")
    assert answer.text == "User-agent: *\nDisallow:\n"
    assert answer.headers["content-type"].startswith("text/plain")


# What has not changed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{etag}", "W/{etag}", '"other", {etag}', 'W/"a",W/{etag} , "b"', "*"])
def test_who_has_the_bytes_already_gets_none(still: Site, form: str) -> None:
    token = subscribe(still.app, email=DEV)
    etag = still.get(token).headers["etag"]
    for method in ("GET", "HEAD"):
        answer = still.get(token, method=method, if_none_match=form.format(etag=etag))
        assert answer.status_code == 304 and answer.content == b""
        assert answer.headers["etag"] == etag and not etag.startswith("W/")
        assert answer.headers["cache-control"] == "private, no-cache" and answer.headers["vary"] == "Accept-Encoding"
        assert "content-type" not in answer.headers and "content-length" not in answer.headers


@pytest.mark.parametrize("form", ['"other"', "", "etag", '"{bare}x"', '"' + "a" * 100_000])
def test_who_has_other_bytes_gets_the_feed(still: Site, form: str) -> None:
    token = subscribe(still.app, email=DEV)
    bare = still.get(token).headers["etag"].strip('"')
    assert still.get(token, if_none_match=form.replace("{bare}", bare)).status_code == 200


def test_a_tag_changes_exactly_where_the_bytes_do(site: Site) -> None:
    token = subscribe(site.app, partnership=CELLS)
    first = site.get(token)
    rename(site.app, "globex-initech", "Another name")
    again = site.get(token)
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    cancel_one(site.app)
    changed = site.get(token, if_none_match=first.headers["etag"])
    assert changed.status_code == 200
    assert changed.content != first.content and changed.headers["etag"] != first.headers["etag"]


def test_a_program_that_knows_dates_alone_is_told_of_every_change(site: Site) -> None:
    """Last-Modified is when these bytes came to be, in seconds: two changes of one second are kept apart."""
    token = subscribe(site.app, partnership=CELLS)
    since = site.get(token).headers["last-modified"]
    assert since == "Sat, 21 Nov 2026 08:00:00 GMT"
    assert site.get(token, if_modified_since=since).status_code == 304
    assert site.get(token, if_modified_since="Sat, 21 Nov 2026 07:59:59 GMT").status_code == 200
    cancel_one(site.app)
    answer = site.get(token, if_modified_since=since)
    assert answer.status_code == 200 and answer.headers["last-modified"] == "Sat, 21 Nov 2026 08:00:01 GMT"


@pytest.mark.parametrize("date", ["yesterday", "", "Sat, 99 Nov 2026 08:00:00 GMT", "Sat, 21 Nov 99999 08:00:00 GMT"])
def test_a_date_that_is_none_is_no_condition(still: Site, date: str) -> None:
    assert still.get(subscribe(still.app, email=DEV), if_modified_since=date).status_code == 200


def test_a_tag_counts_more_than_a_date(still: Site) -> None:
    token = subscribe(still.app, email=DEV)
    since = still.get(token).headers["last-modified"]
    assert still.get(token, if_none_match='"other"', if_modified_since=since).status_code == 200


# Compressed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["gzip", "GZIP", "deflate, gzip;q=0.5", "x-gzip"])
def test_who_asks_for_gzip_gets_it_under_a_tag_of_its_own(still: Site, asked: str) -> None:
    token = subscribe(still.app, email=DEV)
    plain, zipped = still.get(token), still.get(token, accept_encoding=asked)
    assert zipped.headers["content-encoding"] == "gzip" and zipped.content == plain.content  # the client unpacks it
    assert int(zipped.headers["content-length"]) < len(plain.content) / 4
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert zipped.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    tag = zipped.headers["etag"]
    assert still.get(token, accept_encoding=asked, if_none_match=tag).status_code == 304
    assert still.get(token, if_none_match=tag).status_code == 200


@pytest.mark.parametrize("asked", ["", "*", "identity", "gzip;q=0", "gzip; q=0.000", "br, deflate"])
def test_nobody_else_gets_gzip(still: Site, asked: str) -> None:
    answer = still.get(subscribe(still.app, email=DEV), accept_encoding=asked)
    assert "content-encoding" not in answer.headers


def test_gzip_can_be_switched_off(lasting: App) -> None:
    settings = lasting.settings.model_copy(update={"web": Web(gzip=False)})
    for site in served(lasting, settings=settings):
        answer = site.get(subscribe(lasting, email=DEV), accept_encoding="gzip")
        assert "content-encoding" not in answer.headers and "vary" not in answer.headers


def test_the_same_feed_is_always_packed_into_the_same_bytes(lasting: App) -> None:
    token, tags = subscribe(lasting, email=DEV), set()
    for _ in range(2):
        for site in served(lasting):
            site.clock.forward(hours=1)
            tags.add(site.get(token, accept_encoding="gzip").headers["etag"])
    assert len(tags) == 1
    assert gzip.decompress(gzip.compress(b"x", mtime=0)) == b"x"


# Nobody's address ---------------------------------------------------------------------------------------------------


def test_unknown_revoked_replaced_and_malformed_addresses_are_all_the_same_nothing(site: Site) -> None:
    revoked, replaced = subscribe(site.app, email=DEV), subscribe(site.app, email=INES)
    for token in (revoked, replaced):
        assert site.get(token).status_code == 200
    with site.app.store.write() as db:
        first, second = subscriptions.listing(db)
        assert subscriptions.revoke(db, first.id or 0, NOW)
        fresh = subscriptions.new_token()
        assert subscriptions.rotate(db, second.id or 0, fresh)
    unknown = [subscriptions.new_token(), "x", "../etc/passwd", "%2e%2e", "é" * 43, "a" * 5000]
    answers = [site.get(token) for token in (revoked, replaced, *unknown)] + [site.client.get("/nothing.ics")]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.text for answer in answers} == {"there is nothing here\n"}
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert answers[0].headers["content-type"] == "text/plain; charset=utf-8"
    assert site.get(fresh).status_code == 200


def test_that_there_is_nothing_is_said_in_the_language_of_the_browser(still: Site) -> None:
    german = {"accept-language": "de-DE,de;q=0.9"}
    for path in ("/nothing.ics", f"/calendars/{'x' * 43}.ics"):
        assert still.client.get(path, headers=german).text == "hier ist nichts\n"
    posted = still.client.post("/healthz", headers=german)
    assert (posted.status_code, posted.text) == (405, "so lässt sich diese Adresse nicht aufrufen\n")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_feed_can_only_be_read(still: Site, method: str) -> None:
    for token in (subscribe(still.app, email=DEV), "x" * 43):
        answer = still.get(token, method=method)
        assert answer.status_code == 405 and answer.headers["content-type"].startswith("text/plain")


def test_wrong_addresses_by_the_hundred_change_nothing(site: Site) -> None:
    token = subscribe(site.app, email=DEV)
    before = site.get(token)
    for _ in range(300):
        assert site.get(subscriptions.new_token()).status_code == 404
    after = site.get(token)
    assert after.content == before.content and dict(after.headers) == dict(before.headers)
    with site.app.store.read() as db:
        assert len(subscriptions.listing(db)) == 1


# Failure ------------------------------------------------------------------------------------------------------------


def test_a_database_that_fails_is_a_503_in_words_and_no_empty_calendar(site: Site) -> None:
    token = subscribe(site.app, email=DEV)
    with site.app.store.write() as db:
        db.execute(text("DROP TABLE flag"))
        db.execute(text("DROP TABLE excuse"))
    answer = site.get(token)
    assert answer.status_code in (500, 503) and answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert any("web.failed" in line for line in site.log)
    assert not any(token in line for line in site.log)


def test_health_is_a_yes_or_a_no_without_details(site: Site) -> None:
    """Well: a cycle was completed lately, and the database answers."""
    assert (site.client.get("/healthz").status_code, site.client.get("/healthz").text) == (
        200,
        "a cycle was completed lately, and the database answers\n",
    )
    site.working[0] = False
    assert (site.client.get("/healthz").status_code, site.client.get("/healthz").text) == (
        503,
        "no cycle was completed lately; the log says why\n",
    )


def test_before_the_first_cycle_health_says_so_and_sends_nobody_to_the_log(site: Site) -> None:
    site.working[0] = None
    answer = site.client.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "no cycle was completed yet\n")


def test_without_its_database_the_house_is_not_well(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.app.store.close()
    database = site.app.settings.data / "cadence.db"
    for file in database.parent.glob("cadence.db*"):
        file.rename(file.with_suffix(".gone"))
    database.mkdir()
    assert site.client.get("/healthz").status_code == 503


def test_with_a_database_that_was_deleted_under_it_the_house_is_not_well(site: Site) -> None:
    assert site.client.get("/healthz").status_code == 200
    for file in site.app.settings.data.glob("cadence.db*"):
        file.unlink()
    assert site.client.get("/healthz").status_code == 503


# Last use -----------------------------------------------------------------------------------------------------------


def last_used(site: Site) -> object:
    site.client.portal.call(site.copies.settle)  # type: ignore[union-attr]  # it is there while the client is open
    with site.app.store.read() as db:
        return subscriptions.listing(db)[0].last_used_at


def test_the_last_use_is_noted_at_most_once_an_hour(site: Site) -> None:
    token = subscribe(site.app, email=TOM)
    assert last_used(site) is None
    site.get(token)
    assert last_used(site) == NOW
    site.clock.forward(minutes=59)
    site.get(token)
    assert last_used(site) == NOW
    site.clock.forward(minutes=1)
    site.get(token, if_none_match="*")
    assert last_used(site) == NOW + timedelta(hours=1)


def test_a_use_that_cannot_be_noted_delays_nobody(site: Site) -> None:
    """A cycle that writes for long keeps the pen; the feed is read all the same."""
    token = subscribe(site.app, email=TOM)
    with site.app.store.write():
        assert site.get(token).status_code == 200
    assert last_used(site) == NOW
