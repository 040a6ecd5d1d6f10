"""What a subscription shows: to whom, how much of it, and always as the same bytes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import uid
from scheduler.domain.record.rsvp import Answer, Says
from scheduler.render.ics import selection
from scheduler.render.ics.options import AS_SUBSCRIBED, Asked, clocks_of
from scheduler.render.ics.serializer import Entry
from scheduler.rules.reviews.transitions import moved
from scheduler.services.app import App
from scheduler.services.cases import credentials
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.govern import govern_in
from scheduler.settings import Mail
from scheduler.store import delivery, measurements, outbox, partnerships, readings, reviews, rsvps, subscriptions
from scheduler.web.feeds import Feeds
from tests.builders import a_reading, at, written
from tests.render.bar import Block, assert_well_formed, read
from tests.web.conftest import (
    CELLS,
    CHIPS,
    DEV,
    HORIZON,
    INES,
    NOW,
    TOM,
    UWE,
    AppOf,
    an_app,
    change,
    definition,
    rename,
    subscribe,
)

DAY = NOW.date()


def built(app: App, feeds: Feeds | None = None, day: date = DAY, asked: Asked = AS_SUBSCRIBED, **whose: Any) -> bytes:
    """The feed of a subscription that is opened for it."""
    token = subscribe(app, **whose)
    feeds = feeds or Feeds(app)
    wanted = feeds.wanted(subscriptions.hashed(token), day)
    assert wanted is not None
    edition, ics = feeds.build(wanted.subscription, day, asked)
    assert edition == wanted.edition
    return ics


def summaries(ics: bytes) -> list[str]:
    return [each.the("SUMMARY").text for each in read(ics).named("VEVENT", "VTODO")]


def events(ics: bytes) -> list[Block]:
    return read(ics).named("VEVENT")


def test_every_feed_is_a_file_that_every_program_can_read(lasting: App) -> None:
    for whose in ({}, {"email": DEV}, {"partnership": CELLS, "organisation": "acme"}):
        assert_well_formed(built(lasting, **whose))


def test_a_person_sees_their_reviews_over_all_partnerships_and_nobody_elses(lasting: App) -> None:
    of_dev, of_ines = summaries(built(lasting, email=DEV)), summaries(built(lasting, email=INES))
    assert any("Globex × Initech" in each for each in of_dev) and any("Acme × Globex" in each for each in of_dev)
    assert not any("Initech" in each for each in of_ines)


def test_a_person_is_known_however_their_address_is_spelled(lasting: App) -> None:
    assert built(lasting, email=DEV.upper()) == built(lasting, email=DEV)


def test_a_person_sees_the_kpis_they_owe_as_a_to_do_and_as_a_day(lasting: App) -> None:
    calendar = assert_well_formed(built(lasting, email=TOM))
    todos = [each.the("SUMMARY").text for each in calendar.named("VTODO")]
    assert any(each.startswith("Due: Cells delivered 2026-11") for each in todos)
    assert not any("Landed cost" in each for each in todos)


def test_an_organisation_sees_what_all_share_and_its_own_kpis(lasting: App) -> None:
    """Landed cost is internal to Acme: Globex does not learn that it exists, nor does the portfolio."""
    assert b"Landed cost" in built(lasting, partnership=CELLS, organisation="acme")
    for whose in ({"partnership": CELLS, "organisation": "globex"}, {"partnership": CELLS}, {"email": DEV}, {}):
        assert b"Landed cost" not in built(lasting, **whose)
    assert b"Landed cost" in built(lasting, email=UWE)


def test_the_portfolio_shows_every_partnership_at_network_level(lasting: App) -> None:
    shown = summaries(built(lasting))
    reviews_of = [
        str(each.the("UID").value)
        for partnership in (CELLS, CHIPS)
        for each in events(built(lasting, partnership=partnership))
        if "Review" in each.the("CATEGORIES").text
    ]
    assert sorted(reviews_of) == sorted(str(each.the("UID").value) for each in events(built(lasting)))
    assert len(shown) == len(reviews_of), "reviews alone: no KPIs, no clocks, no launch track"


@pytest.mark.parametrize("whose", [{"email": DEV}, {"partnership": CELLS}, {}])
def test_the_clocks_of_standing_reviews_are_off_unless_the_row_or_the_address_chooses_them(
    lasting: App, whose: dict[str, Any]
) -> None:
    marked = "Agenda due: Operating review – Acme × Globex battery cells"
    assert marked not in summaries(built(lasting, **whose))
    assert marked in summaries(built(lasting, clocks="agenda", **whose))
    assert marked in summaries(built(lasting, asked=Asked(clocks=clocks_of("all")), **whose))
    assert marked not in summaries(built(lasting, asked=Asked(clocks=clocks_of("none")), clocks="all", **whose))
    assert "Draft minutes due" not in str(summaries(built(lasting, clocks="agenda", partnership=CELLS))).replace(
        "Draft minutes due: 90-day", ""
    )


def test_no_feed_holds_a_mail_address_an_organizer_an_attendee_or_a_method(lasting: App) -> None:
    for whose in ({}, {"email": DEV}, {"partnership": CELLS, "organisation": "acme"}):
        ics = built(lasting, **whose).replace(b"\r\n ", b"")
        for never in (b"@", b"mailto:", b"ORGANIZER", b"ATTENDEE", b"METHOD"):
            assert never not in ics


def test_an_alarm_is_in_a_feed_only_where_the_address_asks_for_it(lasting: App) -> None:
    feeds = Feeds(lasting)
    assert b"VALARM" not in built(lasting, feeds, email=DEV)
    assert b"VALARM" in built(lasting, feeds, asked=Asked(alarms=True), email=DEV)
    assert b"VALARM" not in built(lasting, feeds, email=DEV)


@pytest.mark.parametrize(("days", "shown"), [(89, True), (90, True), (91, False)])
def test_a_feed_reaches_ninety_days_back(lasting: App, days: int, shown: bool) -> None:
    with lasting.store.read() as db:
        held = next(iter(reviews.recorded(db, CELLS).values()))
    day = held.review.start.date() + timedelta(days=days)
    starts = [each.the("DTSTART").value[:8] for each in events(built(lasting, day=day, partnership=CELLS))]
    assert (f"{held.review.start:%Y%m%d}" in starts) is shown


def test_a_feed_reaches_ahead_as_far_as_the_horizon_and_no_further(lasting: App) -> None:
    last = DAY + timedelta(days=HORIZON)
    starts = [each.the("DTSTART").day for each in events(built(lasting)) if "TZID" in each.the("DTSTART").parameters]
    assert last - timedelta(days=8) < max(starts) <= last
    assert max(starts) > max(
        each.the("DTSTART").day
        for each in events(built(lasting, day=DAY - timedelta(days=30)))
        if "TZID" in each.the("DTSTART").parameters
    )


def cancelled(ics: bytes) -> list[str]:
    return [each.the("SUMMARY").text for each in events(ics) if each.the("STATUS").value == "CANCELLED"]


def read_by(app: App, token: str, now: datetime = NOW, feeds: Feeds | None = None) -> bytes:
    """The feed of a token, as a program reads it then."""
    feeds = feeds or Feeds(app)
    wanted = feeds.wanted(subscriptions.hashed(token), now.date())
    assert wanted is not None
    _, ics = feeds.build(wanted.subscription, now.date())
    feeds.note_use(wanted.subscription, now)
    return ics


@pytest.mark.parametrize("whose", [{"email": INES}, {"partnership": CELLS}, {}])
def test_a_review_that_was_shown_and_cancelled_stays_and_says_so(app: App, whose: dict[str, Any]) -> None:
    token = subscribe(app, **whose)
    assert cancelled(read_by(app, token, NOW - timedelta(minutes=1))) == []
    change(app, f"{CELLS}/pipeline/2026-W49", status=Status.CANCELLED, because="the plant is closed")
    assert cancelled(read_by(app, token))[0].startswith("Cancelled: Pipeline review")
    assert cancelled(read_by(app, token))[0].startswith("Cancelled: Pipeline review"), "at the next reading too"


@pytest.mark.parametrize("whose", [{"email": INES}, {"partnership": CELLS}, {}])
def test_what_was_called_off_before_it_was_ever_shown_is_left_out(app: App, whose: dict[str, Any]) -> None:
    token = subscribe(app, **whose)
    change(app, f"{CELLS}/pipeline/2026-W49", status=Status.CANCELLED, because="the plant is closed")
    change(app, f"{CELLS}/pipeline/2026-W50", status=Status.SKIPPED, because="fair week")
    first = read_by(app, token, NOW + timedelta(minutes=1))
    assert cancelled(first) == [] and read_by(app, token, NOW + timedelta(minutes=2)) == first


def test_a_new_address_has_shown_nothing_yet(app: App) -> None:
    opened = credentials.subscribe(app, INES, None, None, NOW)
    read_by(app, opened.token, NOW - timedelta(minutes=1))
    change(app, f"{CELLS}/pipeline/2026-W49", status=Status.CANCELLED, because="the plant is closed")
    assert len(cancelled(read_by(app, opened.token))) == 1
    renewed = credentials.renew_subscription(app, opened.row.id or 0)
    assert cancelled(read_by(app, renewed.token, NOW + timedelta(minutes=1))) == []


def test_reports_are_ones_own_unless_those_of_others_are_chosen_too(lasting: App) -> None:
    """Dev, of Globex, is asked for nothing in the cells; Tom, of Globex too, for the cells delivered."""
    cells, landed = "Due: Cells delivered 2026-11", "Landed cost"

    def shows(reports: str, **whose: Any) -> tuple[bool, bool]:
        told = str(summaries(built(lasting, reports=reports, **whose)))
        return cells in told, landed in told

    assert [shows(each, email=DEV) for each in ("none", "own", "all")] == [
        (False, False),
        (False, False),
        (True, False),
    ]
    assert [shows(each, email=TOM) for each in ("none", "own", "all")] == [(False, False), (True, False), (True, False)]
    acme, globex = ({"partnership": CELLS, "organisation": each} for each in ("acme", "globex"))
    assert [shows(each, **acme) for each in ("none", "own", "all")] == [(False, False), (False, True), (True, True)]
    assert [shows(each, **globex) for each in ("none", "own", "all")] == [(False, False), (True, False), (True, False)]
    assert [shows(each, partnership=CELLS) for each in ("own", "all")] == [(False, False), (True, False)]
    assert shows("all") == (False, False), "the portfolio shows reviews alone"


def test_what_a_subscription_is_changed_to_show_it_shows_at_the_same_address(app: App) -> None:
    opened = credentials.subscribe(app, DEV, None, None, NOW)
    feeds = Feeds(app)
    hashed = subscriptions.hashed(opened.token)
    before = feeds.wanted(hashed, DAY)
    credentials.change_subscription(app, opened.row.id or 0, reports="all", clocks="agenda")
    after = feeds.wanted(hashed, DAY)
    assert before and after and before.edition != after.edition
    told = str(summaries(feeds.build(after.subscription, DAY)[1]))
    assert "Due: Cells delivered" in told and "Agenda due: Operating review" in told


def test_an_overdue_kpi_says_so_once_a_cycle_has_recorded_it(app: App) -> None:
    """October's reading was due on 12 November in Michigan: overdue is what is on record, not what the hour is."""
    early, late = at("2026-12-10 23:00", "America/Detroit"), at("2026-12-11 01:00", "America/Detroit")
    run(app, early)
    assert "Overdue: Cells delivered 2026-11 – Acme × Globex battery cells" not in summaries(
        built(app, day=late.date(), email=TOM)
    )
    run(app, late)
    told = summaries(built(app, day=late.date(), email=TOM))
    assert told.count("Overdue: Cells delivered 2026-11 – Acme × Globex battery cells") == 2


def test_what_an_ended_partnership_owed_is_no_longer_asked_for(app: App) -> None:
    with app.store.write() as db:
        measurements.sync(db, CELLS, (), NOW)
        partnerships.end(db, CELLS, NOW)
    assert not assert_well_formed(built(app, email=TOM)).named("VTODO")


def test_somebody_who_is_in_no_partnership_any_more_has_an_empty_calendar_with_a_name(lasting: App) -> None:
    calendar = assert_well_formed(built(lasting, email="gone@acme.example"))
    assert calendar.the("NAME").text == "Partnership reviews"
    assert not calendar.blocks


def test_a_portfolio_without_partnerships_is_a_calendar_all_the_same(tmp_path: Path) -> None:
    app = an_app(tmp_path, acme_globex="", globex_initech="")
    assert assert_well_formed(built(app)).the("NAME").text == "Partnership portfolio"
    app.close()


def test_hostile_words_in_a_definition_break_no_feed(tmp_path: Path) -> None:
    hostile = 'Löwe 🦁; "quoted", ^caret\\ \u202egnirts END:VEVENT ' + "é" * 400
    app = an_app(tmp_path, acme_globex=definition(name=hostile, goal=hostile * 3))
    assert any("Löwe 🦁" in each for each in summaries(built(app, email=INES)))
    app.close()


# The same bytes -----------------------------------------------------------------------------------------------------


def test_two_builds_are_the_same_bytes_whatever_was_asked_for_before(lasting: App) -> None:
    warm = Feeds(lasting)
    first = built(lasting, warm, email=DEV)
    built(lasting, warm)
    built(lasting, warm, partnership=CELLS)
    assert first == built(lasting, warm, email=DEV) == built(lasting, email=DEV)


def test_another_process_builds_the_same_bytes(lasting: App) -> None:
    program = f"""
import sys
from pathlib import Path
from scheduler.services.app import open_app
from tests.web.conftest import Heard, settings_in
from tests.web.test_feeds import built
app = open_app(settings_in(Path({str(lasting.settings.data.parent)!r})), Heard())
sys.stdout.buffer.write(built(app, email={DEV!r}))
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, cwd=root, env={"PYTHONHASHSEED": "7"}
    )
    assert done.stdout == built(lasting, email=DEV)


def test_after_a_change_a_warm_feed_is_the_feed_that_a_fresh_start_builds(app: App) -> None:
    """A move, a reading, a renamed partnership, a next day: nothing that is kept outlives what it shows."""
    warm, seen = Feeds(app), []

    def both(day: date = DAY) -> None:
        for whose in ({}, {"email": TOM}, {"partnership": CELLS, "organisation": "acme"}):
            assert built(app, warm, day, **whose) == built(app, day=day, **whose)
        seen.append(built(app, warm, day))

    both()
    with app.store.read() as db:
        review = reviews.recorded(db, CELLS)[f"{CELLS}/pipeline/2026-W49"].review
    change(app, review.id, review=replace(review, place="Room 4"))
    both()
    with app.store.write() as db:
        readings.add(db, a_reading(period="2026-10"))
        govern_in(app, db, CELLS, NOW + timedelta(hours=1))
    both()
    rename(app, CELLS, "Acme & Globex")
    both()
    both(DAY + timedelta(days=40))
    assert len(set(seen)) == 5


def test_one_change_renders_one_review_anew_and_nothing_else(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []

    def noted(plain: Callable[[Entry], object], entry: Entry) -> object:
        rendered.append(str(entry.properties["SUMMARY"].value))
        return plain(entry)

    for name in ("rendered", "LinkedEvent"):
        monkeypatch.setattr(selection, name, partial(noted, getattr(selection, name)))
    warm, token = Feeds(app), subscribe(app)
    read_by(app, token, NOW - timedelta(minutes=1), warm)
    assert len(rendered) > 50
    read_by(app, token, NOW - timedelta(minutes=1), warm)
    rendered.clear()
    change(app, f"{CELLS}/pipeline/2026-W49", status=Status.CANCELLED, because="the plant is closed")
    read_by(app, token, NOW, warm)
    assert rendered and all(each.startswith("Cancelled: ") for each in rendered)
    assert len(rendered) < 5
    rendered.clear()
    built(app, warm, partnership=CELLS, organisation="acme", clocks="all")
    rendered.clear()
    built(app, warm, email=INES)
    assert not rendered, "what one feed has rendered, another shows"


# Feed and invitations together --------------------------------------------------------------------------------------


PIPELINE = f"{CELLS}/pipeline/2026-W49"
SMTP = "smtp.acme.example:587"


@pytest.fixture
def mailing(made: AppOf) -> Iterator[App]:
    """An app that invites people by mail; no letter has left it yet."""
    opened = made(mail=Mail(sender="cadence@alliances.example", host="smtp.acme.example"))
    yield opened
    opened.close()


def deliver(app: App, email: str, via: str | None = SMTP) -> int:
    """Let all letters to somebody be taken by `via`; None lets them be refused. Return how many there were."""
    with app.store.write() as db:
        mine = [each for each in outbox.listing(db, state="due") if each.email == email and each.method != "NOTICE"]
        for each in mine:
            if via:
                delivery.sent(db, each.id or 0, NOW, via, "250 ok")
            else:
                delivery.dead(db, each.id or 0, NOW, "550 no such user")
    return len(mine)


def uids(app: App, feeds: Feeds | None = None, email: str = INES, **whose: Any) -> set[str]:
    """The reviews on battery cells that the feed of a person shows."""
    return {str(each.the("UID").value) for each in events(built(app, feeds, email=email, **whose))} & {
        uid(id) for id in _planned(app)
    }


def _planned(app: App) -> list[str]:
    """The reviews to come in the next 60 days, to which everybody was invited."""
    with app.store.read() as db:
        records = reviews.recorded(db, CELLS).values()
    last = NOW + timedelta(days=60)
    return [each.id for each in records if NOW < each.review.start < last and each.status is Status.PLANNED]


def test_a_review_whose_invitation_a_mail_server_took_is_in_the_calendar_already(mailing: App) -> None:
    """Inès takes feed and invitations: every meeting stood there twice."""
    warm = Feeds(mailing)
    before = uids(mailing, warm)
    assert len(before) > 8
    assert deliver(mailing, INES)
    assert uids(mailing, warm) == uids(mailing) == set()
    assert uids(mailing, warm, invited=True) == before
    assert uids(mailing, warm, email=DEV), "Dev's letters have not left"
    with mailing.store.read() as db:
        assert uid(PIPELINE) in {str(each.the("UID").value) for each in events(built(mailing, partnership=CELLS))}
        assert reviews.find(db, PIPELINE)


@pytest.mark.parametrize("via", ["outbox", None])
def test_a_file_in_a_folder_and_a_letter_that_was_refused_invite_nobody(mailing: App, via: str | None) -> None:
    before = uids(mailing)
    assert deliver(mailing, INES, via)
    assert uids(mailing) == before


def test_a_review_that_somebody_declined_is_shown_again(mailing: App) -> None:
    deliver(mailing, INES)
    warm = Feeds(mailing)
    assert uid(PIPELINE) not in uids(mailing, warm)
    with mailing.store.write() as db:
        rsvps.record(db, CELLS, PIPELINE, Answer(INES, Says.DECLINED, 0, NOW, NOW))
    assert uids(mailing, warm) == {uid(PIPELINE)}
    with mailing.store.write() as db:
        rsvps.record(db, CELLS, PIPELINE, Answer(INES, Says.ACCEPTED, 0, NOW + timedelta(hours=1), NOW))
    assert uids(mailing, warm) == set()


def test_a_change_that_could_not_be_told_is_shown_by_the_feed(mailing: App) -> None:
    deliver(mailing, INES)
    with mailing.store.write() as db:
        record = reviews.find(db, PIPELINE)
        assert record
        later = moved(record, record.review.start + timedelta(hours=1), record.review.clocks, "the train", NOW)
        reviews.save_many(db, [later])
        govern_in(mailing, db, CELLS, NOW)
    assert uids(mailing) == set(), "the letter is still on its way"
    assert deliver(mailing, INES, None) == 1
    assert uids(mailing) == {uid(PIPELINE)}


def test_the_choice_is_the_subscriptions_own_and_those_on_record_stay_as_they_are(mailing: App) -> None:
    deliver(mailing, INES)
    with mailing.store.write() as db:
        db.exec_driver_sql(
            "INSERT INTO subscription (token_hash, email, created_at) VALUES ('as of an earlier program', ?, 0)",
            (INES,),
        )
        old = subscriptions.opened_by(db, "as of an earlier program")
    assert old and old.invited and old.clocks == "all"


def test_letters_that_leave_change_a_feed_once_and_not_again(mailing: App) -> None:
    warm = Feeds(mailing)
    deliver(mailing, INES)
    first = built(mailing, warm, email=INES)
    deliver(mailing, DEV)
    assert built(mailing, warm, email=INES) == first


def test_a_feed_is_in_the_language_of_whose_it_is_and_all_else_of_it_is_the_same(tmp_path: Path) -> None:
    known = written()["people"]
    people = {**known, **{key: {**known[key], "language": "de"} for key in ("ines", "tom")}}
    apps = an_app(tmp_path / "one"), an_app(tmp_path / "two", acme_globex=definition(people=people))
    try:
        feeds = Feeds(apps[1])
        before, german = built(apps[0], email=INES), built(apps[1], feeds, email=INES)
        others = built(apps[1], feeds, email=DEV)
        assert any(each.startswith("Pipeline-Besprechung – ") for each in summaries(german))
        assert any(
            each.startswith("Fällig: Cells delivered 2026-") for each in summaries(built(apps[1], feeds, email=TOM))
        )
        assert "Verantwortlich für die Tagesordnung: Dev Patel" in str(descriptions(german))
        assert not any("Besprechung" in each for each in [*summaries(before), *summaries(others)])
        for name in ("UID", "SEQUENCE", "DTSTART", "STATUS", "CATEGORIES"):
            assert values(german, name) == values(before, name)
    finally:
        for app in apps:
            app.close()


def descriptions(ics: bytes) -> list[str]:
    return [each.the("DESCRIPTION").text for each in read(ics).named("VEVENT", "VTODO")]


def values(ics: bytes, name: str) -> list[list[str]]:
    return [[line.text for line in each.all(name)] for each in read(ics).named("VEVENT", "VTODO")]
