"""One's own calendar: one's reviews alone, what one owes, and subscriptions that are nobody else's."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.review import uid
from scheduler.services.cases import credentials, reviews
from scheduler.services.cases.sessions import open_session
from scheduler.settings import Mail
from scheduler.store import subscriptions
from scheduler.web.site import paths
from tests.builders import at
from tests.web.conftest import CELLS, DEV, INES, NOW, TOM, UWE, AppOf, Site, change, served
from tests.web.site.conftest import OPERATOR, URL, Browser, SignIn, with_pages
from tests.web.test_feeds import deliver

CALENDAR = paths.CALENDAR
TWIN = paths.twin(CALENDAR)


def test_a_month_and_a_list_show_ones_own_reviews_over_all_partnerships(sign_in: SignIn) -> None:
    dev, ines = sign_in(DEV).text(CALENDAR), sign_in(INES).text(CALENDAR)
    assert "November 2026" in dev and "Globex × Initech" in dev and "Acme × Globex" in dev
    assert "Acme × Globex" in ines and "Initech" not in ines
    assert sign_in(DEV).text(f"{CALENDAR}?month=2027-02").count("February 2027") > 0


def test_the_twin_says_the_same_in_the_readers_own_days(sign_in: SignIn) -> None:
    said = json.loads(sign_in(DEV).get(TWIN).text)
    assert said["month"] == "2026-11-01" and all(len(week) == 7 for week in said["weeks"])
    first = said["coming"][0]
    assert first["start"] > NOW.isoformat() and first["part"] in ("chair", "agenda", "attends")
    assert said["invited"] == 0 and said["sends_mail"] is False, "without a mail server nobody is invited"


def test_a_review_that_was_called_off_stays_in_its_month_and_is_none_to_come(pages: Site, sign_in: SignIn) -> None:
    id = f"{CELLS}/pipeline/2026-W49"
    before = json.loads(sign_in(INES).get(TWIN).text)
    assert id in [each["id"] for each in before["coming"]]
    change(pages.app, id, status=Status.CANCELLED, because="the plant is closed")
    after = json.loads(sign_in(INES).get(f"{TWIN}?month=2026-12").text)
    assert id not in [each["id"] for each in after["coming"]]
    assert id in [each["id"] for week in after["weeks"] for day in week for each in day["reviews"]]


def test_from_when_a_review_was_moved_is_said_on_the_readers_clock_with_the_reviews_beside_it(
    pages: Site, sign_in: SignIn
) -> None:
    """Dev sits in Detroit; the review's clock is Berlin's."""
    review = f"{CELLS}/pipeline/2026-W49"
    reviews.move(pages.app, review, at("2026-12-03 16:00"), "fair week", "ines", pages.clock.now)
    moved = next(each for each in json.loads(sign_in(DEV).get("/calendar.json").text)["coming"] if each["id"] == review)
    assert "(America/Detroit): fair week" in moved["remark"]
    dev, ines = sign_in(DEV), sign_in(INES)
    from_when = "moved from Wed 2 Dec 2026, 09:00 (15:00 Europe/Berlin): fair week"
    assert from_when in dev.text(CALENDAR) and from_when.replace("moved", "Moved") in dev.text(paths.review(review))
    assert "moved from Wed 2 Dec 2026, 15:00: fair week" in ines.text(CALENDAR)
    assert moved["moved"]["because"] == "fair week" and moved["moved"]["at"].startswith("2026-12-02T14:00")


def test_what_one_owes_is_listed_and_what_is_internal_to_another_side_is_not(sign_in: SignIn) -> None:
    """Uwe, of Acme, owes the landed cost, which is internal to Acme."""
    assert "Cells delivered" in sign_in(TOM).text(CALENDAR)
    assert "Landed cost" in sign_in(UWE).text(CALENDAR)
    for other in (TOM, DEV, INES):
        assert "Landed cost" not in sign_in(other).get(CALENDAR).text


@pytest.mark.parametrize("month", ["2026-13", "x", "0001-01", "2026-1'", "9999-12"])
def test_a_month_that_is_none_is_told_and_nothing_fails(sign_in: SignIn, month: str) -> None:
    answer = sign_in(INES).get(f"{CALENDAR}?month={month}")
    assert answer.status_code == 422 and "is no month" in answer.text


def address_in(page: str) -> str:
    [address] = set(re.findall(rf"{URL}(/calendars/[\w-]{{43}}\.ics)", page))
    return str(address)


def test_an_address_is_shown_once_where_it_is_made_and_leads_to_the_calendar(pages: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    made = tom.act(CALENDAR, "subscribe", reports="all", clock_agenda="1", clock_minutes="1")
    assert made.status_code == 200 and made.headers["cache-control"] == "no-store"
    address = address_in(made.text)
    assert b"Due: Cells delivered" in pages.client.get(address).content
    assert address not in tom.get(CALENDAR).text and "/calendars/" not in tom.get(CALENDAR).text
    [shown] = json.loads(tom.get(TWIN).text)["subscriptions"]
    assert (shown["reports"], shown["clocks"], shown["invited"]) == ("all", "agenda,minutes", False)


def test_a_new_address_ends_the_old_one_and_a_revoked_one_leads_nowhere(pages: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    first = address_in(tom.act(CALENDAR, "subscribe").text)
    second = address_in(tom.act(CALENDAR, "rotate", id="1").text)
    assert [pages.client.get(each).status_code for each in (first, second)] == [404, 200]
    assert "Subscription 1 has ended" in tom.done(CALENDAR, "revoke", id="1")
    assert pages.client.get(second).status_code == 404
    assert "was revoked" in tom.act(CALENDAR, "revoke", id="1").text, "a second time it says so"


def test_what_it_shows_is_chosen_anew_at_the_same_address(pages: Site, sign_in: SignIn) -> None:
    tom = sign_in(TOM)
    address = address_in(tom.act(CALENDAR, "subscribe").text)
    tom.done(CALENDAR, "change", id="1", reports="none", invited="1")
    assert b"Due: " not in pages.client.get(address).content
    assert "all your reviews; no reports" in tom.text(CALENDAR)
    refused = tom.act(CALENDAR, "change", id="1", reports="everything")
    assert refused.status_code == 422 and "none of the choices" in refused.text


@pytest.mark.parametrize("act", ["change", "rotate", "revoke"])
@pytest.mark.parametrize("id", ["1", "9", "", "x", "9" * 40])
def test_a_subscription_of_somebody_else_is_not_there(pages: Site, sign_in: SignIn, act: str, id: str) -> None:
    opened = credentials.subscribe(pages.app, INES, None, None, NOW)
    answer = sign_in(TOM).act(CALENDAR, act, id=id)
    assert answer.status_code == 422 and "here is no" in answer.text and INES not in answer.text
    with pages.app.store.read() as db:
        row = subscriptions.get(db, opened.row.id or 0)
    assert row is not None and row.revoked_at is None and row.token_hash == subscriptions.hashed(opened.token)


def test_an_operator_sees_and_ends_everybodys_subscriptions_and_nobody_else_does(pages: Site, sign_in: SignIn) -> None:
    opened = credentials.subscribe(pages.app, INES, None, None, NOW)
    root = sign_in(OPERATOR)
    assert INES in root.text(CALENDAR) and "Everybody's subscriptions" not in sign_in(TOM).text(CALENDAR)
    assert json.loads(sign_in(TOM).get(TWIN).text)["others"] == []
    assert json.loads(root.get(f"{TWIN}?as=acme").text)["others"] == []
    assert "has ended" in root.done(CALENDAR, "revoke", id=str(opened.row.id))
    with pages.app.store.read() as db:
        row = subscriptions.get(db, opened.row.id or 0)
    assert row is not None and row.revoked_at == NOW


def test_an_operator_opens_a_calendar_of_a_side_and_of_the_portfolio(pages: Site, sign_in: SignIn) -> None:
    root = sign_in(OPERATOR)
    of_globex = pages.client.get(
        address_in(root.act(CALENDAR, "share", partnership=CELLS, organisation="globex", reports="all").text)
    ).text
    assert "Due: Cells delivered" in of_globex and "Landed cost" not in of_globex
    of_all = pages.client.get(address_in(root.act(CALENDAR, "share").text)).text
    assert "Initech" in of_all and "Due: " not in of_all
    for said, says in (
        ({"partnership": "acme-gobex"}, "did you mean acme-globex?"),
        ({"organisation": "acme"}, "A side looks at one partnership"),
        ({"partnership": CELLS, "organisation": "initech"}, "there is no organisation"),
    ):
        refused = root.act(CALENDAR, "share", **said)
        assert refused.status_code == 422 and says in refused.text
    assert sign_in(INES).act(CALENDAR, "share", partnership=CELLS).status_code == 403


def test_more_than_ten_are_not_opened(pages: Site, sign_in: SignIn) -> None:
    for _ in range(10):
        credentials.subscribe(pages.app, TOM, None, None, NOW + timedelta(minutes=1))
    answer = sign_in(TOM).act(CALENDAR, "subscribe")
    assert answer.status_code == 422 and "You have 10 subscriptions" in answer.text


def test_whoever_is_in_no_partnership_is_told_where_there_is_more(sign_in: SignIn) -> None:
    root = sign_in(OPERATOR)
    assert "You are in no partnership" in root.text(CALENDAR)
    assert "an organisation has none of its own" in root.text(f"{CALENDAR}?as=acme")
    assert root.act(f"{CALENDAR}?as=acme", "subscribe").status_code == 403


@pytest.fixture
def mailing(made: AppOf) -> Iterator[Site]:
    """Pages of an app that invites people by mail; no letter has left it yet."""
    app = made(mail=Mail(sender="cadence@alliances.example", host="smtp.acme.example"))
    yield from served(app, with_pages(app.settings))
    app.close()


def test_it_says_what_invitations_have_brought_already_and_a_subscription_leaves_that_out(mailing: Site) -> None:
    session = open_session(mailing.app, INES, "mail", "Firefox", NOW)
    ines = Browser(mailing.client, session, with_pages(mailing.app.settings))
    assert "No invitation has brought one of them" in ines.text(CALENDAR)
    assert deliver(mailing.app, INES) > 0
    said = json.loads(ines.get(TWIN).text)
    brought = [each["id"] for each in said["coming"] if each["is_invited"]]
    assert said["invited"] == len(brought) > 0
    text = ines.text(CALENDAR)
    assert "into your calendar already" in text and "in your calendar by mail" in text
    feed = mailing.client.get(address_in(ines.act(CALENDAR, "subscribe").text)).text
    assert all(f"\r\nUID:{uid(id)}\r\n" not in feed for id in brought), "so a subscription leaves them out"
    everything = mailing.client.get(address_in(ines.act(CALENDAR, "subscribe", invited="1").text)).text
    assert all(f"\r\nUID:{uid(id)}\r\n" in everything for id in brought)
