"""What a feed says of a review besides its time: the way to its agenda, and since when it has said so."""

from collections.abc import Iterator
from datetime import UTC, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from scheduler.render.signed_links import AGENDA, opened
from scheduler.services.app import App, open_app
from scheduler.services.pipeline.cycle import run
from scheduler.settings import Mail
from scheduler.settings import Web as WebSettings
from scheduler.store import secrets, tables
from scheduler.web.feeds import Feeds
from tests.render.bar import Block, assert_invitation, assert_well_formed, read
from tests.web.conftest import CELLS, CHIPS, DEV, NOW, AppOf, Heard, chips, definition, settings_in
from tests.web.test_feeds import built, events

SITE = "https://cadence.acme.example/alliances"
LATER = NOW + timedelta(days=3, hours=2)


def reviews_of(ics: bytes) -> list[Block]:
    """The reviews themselves, without their clocks and the KPIs due."""
    return [each for each in events(ics) if each.the("CATEGORIES").value.startswith("Review")]


def the_house(folder: Path, public_url: str | None) -> App:
    (folder / "partnerships").mkdir()
    for id, text in {CELLS: definition(), CHIPS: chips()}.items():
        (folder / "partnerships" / f"{id}.yaml").write_text(text, encoding="utf-8")
    settings = settings_in(folder, WebSettings(listen="127.0.0.1:0", public_url=public_url))
    return open_app(
        settings.model_copy(update={"mail": Mail(sender="cadence@alliances.example")}), Heard(), create=True
    )


@pytest.fixture
def linked(made: AppOf) -> Iterator[App]:
    app = made(web=WebSettings(listen="127.0.0.1:0", public_url=SITE), mail=Mail(sender="cadence@alliances.example"))
    yield app
    app.close()


def test_every_review_links_to_its_agenda_as_url_and_as_the_last_line_of_its_words(linked: App) -> None:
    shown = built(linked)
    assert_well_formed(shown)
    with linked.store.read() as db:
        key = secrets.known_signing_key(db) or ""
    assert reviews_of(shown)
    for each in reviews_of(shown):
        link = each.the("URL").value
        payload = opened(key, AGENDA, link.removeprefix(f"{SITE}/agendas/"), NOW)
        assert str(payload["review"]).startswith((CELLS, CHIPS))
        assert each.the("DESCRIPTION").text.endswith(f"\n\nAgenda: {link}")
    assert not [each for each in events(shown) if each not in reviews_of(shown) and each.has("URL")]


def test_each_feed_and_each_invitation_has_a_link_of_its_own_and_files_that_name_nobody_have_none(
    linked: App,
) -> None:
    def links(ics: bytes) -> set[str]:
        return {each.the("URL").value for each in read(ics).named("VEVENT") if each.has("URL")}

    of_all, of_dev = links(built(linked)), links(built(linked, email=DEV))
    assert of_all and of_dev and not of_all & of_dev
    with linked.store.read() as db:
        letters = list(db.scalars(select(tables.table(tables.LetterRow).c.content)))
    invited = [links(_calendar_of(letter)) for letter in letters if b"text/calendar" in letter]
    assert any(invited) and all(link not in of_all for each in invited for link in each)
    assert not links((linked.settings.data / "calendars" / f"{CELLS}.ics").read_bytes())


def _calendar_of(letter: bytes) -> bytes:
    assert_invitation(letter)
    parts = message_from_bytes(letter, policy=policy.default).walk()
    return bytes(next(each for each in parts if each.get_content_type() == "text/calendar").get_payload(decode=True))


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:8377", "http://localhost:8377", "https://[::1]/alliances"])
def test_without_an_address_that_others_reach_there_is_no_link(url: str | None, tmp_path: Path) -> None:
    app = the_house(tmp_path, url)
    run(app, NOW)
    assert reviews_of(built(app)) and b"URL:" not in built(app) and b"/agendas/" not in built(app)
    app.close()


def test_an_address_that_is_set_later_is_in_the_next_feed(tmp_path: Path) -> None:
    app = the_house(tmp_path, None)
    run(app, NOW)
    without = built(app)
    app.close()
    app = open_app(app.settings.model_copy(update={"web": WebSettings(listen="127.0.0.1:0", public_url=SITE)}), Heard())
    run(app, LATER)
    shown = built(app)
    app.close()
    assert without != shown and all(each.has("URL") for each in reviews_of(shown))


def test_other_words_are_told_with_the_moment_at_which_they_came_and_the_same_sequence(linked: App) -> None:
    feeds, before = Feeds(linked), {whose: built(linked, partnership=whose) for whose in (CELLS, CHIPS)}
    file = linked.settings.definitions / f"{CELLS}.yaml"
    named = {**yaml.safe_load(file.read_text("utf-8")), "name": "Acme & Globex"}
    file.write_text(yaml.safe_dump(named, allow_unicode=True), encoding="utf-8")
    run(linked, LATER)
    after = built(linked, feeds, partnership=CELLS)
    assert_well_formed(after)
    stamp = f"{LATER.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert {each.the(name).value for each in events(after) for name in ("DTSTAMP", "LAST-MODIFIED")} == {stamp}
    assert numbers(after) == numbers(before[CELLS]) and b"Acme & Globex" in after
    run(linked, LATER + timedelta(hours=1))
    assert stamps(built(linked, Feeds(linked), partnership=CELLS)) == stamps(after)
    assert stamps(built(linked, feeds, partnership=CHIPS)) == stamps(before[CHIPS])


def stamps(ics: bytes) -> dict[str, str]:
    return {each.the("UID").value: each.the("DTSTAMP").value for each in events(ics)}


def numbers(ics: bytes) -> dict[str, str]:
    return {each.the("UID").value: each.the("SEQUENCE").value for each in events(ics)}
