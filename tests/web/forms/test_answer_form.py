"""The form on which Dev (Globex, in Detroit) says whether he comes to the operating review of December, sends Tom, or
proposes another time.

It is Saturday 21 November 2026; the review is on Monday 7 December at 15:00 in Berlin.
"""

from typing import Any
from urllib.parse import urlencode

from scheduler.domain.record.review import Recorded
from scheduler.domain.record.rsvp import Answer, Says
from scheduler.render.signed_links import Holder, answer_link
from scheduler.services.cases.reviews import move, skip
from scheduler.services.state import state_of
from scheduler.store import partnerships, reviews, rsvps, secrets
from tests.builders import at
from tests.web.conftest import CELLS, DEV, NOW, Site
from tests.web.forms.test_report_form import FORM, text

REVIEW = f"{CELLS}/operating/2026-12"


def record(site: Site) -> Recorded:
    with site.app.store.read() as db:
        found = reviews.find(db, REVIEW)
    assert found
    return found


def link(site: Site, person: str = "dev") -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return answer_link("", key, REVIEW, Holder(person, seal))


def post(site: Site, says: str, path: str = "", **more: str) -> Any:
    said = {"says": says, "sequence": str(record(site).sequence), **more}
    return site.client.post(path or link(site), content=urlencode(said), headers=FORM)


def answers(site: Site) -> list[Answer]:
    with site.app.store.read() as db:
        standing = rsvps.standings(db, CELLS, {REVIEW: record(site)}).get(REVIEW, {})
    return [each.answer for email, each in standing.items() if email == DEV]


def test_it_says_when_on_its_readers_clock_and_changes_nothing(still: Site) -> None:
    shown = text(still.client.get(link(still)))
    for words in (
        "Operating review 2026-12",
        "(UTC-5)",
        "Europe/Berlin",
        "Dev Patel",
        "America/Detroit",
        "Do you come?",
    ):
        assert words in shown
    assert not answers(still)


def test_an_answer_counts_as_one_of_a_calendar_does_and_the_same_once_more_is_nothing_new(site: Site) -> None:
    for _ in range(2):
        assert post(site, "accepted").status_code == 303
    [answer] = answers(site)
    assert (answer.says, answer.sequence) == (Says.ACCEPTED, record(site).sequence)
    with site.app.store.read() as db:
        assert rsvps.latest(db, REVIEW, DEV) == answer
    assert "You come." in text(site.client.get(link(site)))


def test_who_does_not_come_sends_somebody_of_their_own_side_and_nobody_of_the_other(site: Site) -> None:
    assert post(site, "declined", instead="ines").status_code == 422 and not answers(site)
    assert post(site, "accepted", instead="tom").status_code == 422 and not answers(site)
    assert post(site, "declined", instead="tom", because="I am on the plane").status_code == 303
    [answer] = answers(site)
    assert (answer.delegate, answer.comment) == ("tom.reyes@globex.example", "I am on the plane")
    assert "You do not come; Tom Reyes comes instead." in text(site.client.get(link(site)))


def test_another_time_is_proposed_on_ones_own_clock_for_as_long_as_the_review_lasts(site: Site) -> None:
    assert post(site, "declined", day="2026-12-08", time="09:00").status_code == 303
    [answer] = answers(site)
    review = record(site).review
    assert answer.proposed == (
        at("2026-12-08 09:00", "America/Detroit"),
        at("2026-12-08 09:00", "America/Detroit") + (review.end - review.start),
    )
    far = ("9999-12-31", "23:30"), ("9999-12-31", "10:00"), ("0001-01-01", "00:00")
    for day, clock in (("2026-12-08", ""), ("soon", "09:00"), ("2026-11-02", "09:00"), *far):
        assert post(site, "declined", day=day, time=clock).status_code == 422
    assert answers(site) == [answer]


def test_an_answer_to_what_has_been_moved_meanwhile_is_not_recorded(site: Site) -> None:
    before, path = record(site).sequence, link(site)
    move(site.app, REVIEW, at("2026-12-09 15:00"), "the plant is closed", "ines", NOW)
    assert record(site).sequence > before
    assert post(site, "accepted", path, sequence=str(before)).status_code == 422 and not answers(site)
    assert post(site, "accepted", path).status_code == 303


def test_its_link_is_good_for_whoever_is_invited_until_the_review_is_off_or_over(site: Site) -> None:
    path = link(site)
    assert site.client.get(link(site, "tom")).status_code == 410, "he is not invited"
    skip(site.app, REVIEW, "fair week", "ines", NOW)
    assert site.client.get(path).status_code == 410 and post(site, "accepted", path).status_code == 410


def test_what_is_no_answer_is_told_beside_it(still: Site) -> None:
    answer = post(still, "perhaps")
    assert answer.status_code == 422 and 'id="says-error"' in answer.text
    assert not answers(still)
