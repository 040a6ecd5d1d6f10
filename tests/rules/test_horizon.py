"""What lies ahead of Acme × Globex over two years, from 21 November 2026."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from scheduler.domain.record.pause import Pause
from scheduler.domain.record.renewal import RenewalWord
from scheduler.rules.horizon import HorizonLine, horizon
from scheduler.rules.reviews.scopes import scopes
from tests.builders import Written, a_partnership, at, playbooks

NOW = at("2026-11-21 12:00")
TACIT: Written = {"kind": "tacit", "for": "12 months", "notice": "120 days", "buffer": "10 days"}
RENEWING: Written = {"ends": "2027-09-30", "renewal": TACIT}


def ahead(
    agreement: Written | None = None,
    *,
    said: Iterable[RenewalWord] = (),
    pauses: Iterable[Pause] = (),
    now: datetime = NOW,
    **changes: Any,
) -> list[HorizonLine]:
    written = a_partnership(agreement=agreement, **changes).with_renewals(tuple(said)).with_pauses(tuple(pauses))
    partnership, today = written.as_of(now), now.date()
    until = today.replace(year=today.year + 2)
    return [*horizon(partnership, written.agreement, scopes(partnership, playbooks()), [], today, until)]


def days(line: HorizonLine) -> list[str]:
    return [f"{each.on} {each.what}{' open' if each.is_open else ''}" for each in line.dates]


def test_a_term_has_the_days_to_decide_and_to_give_notice_by_and_its_end() -> None:
    term, *_ = ahead(RENEWING)
    assert (term.kind, term.first, term.last, term.follows) == ("term", date(2026, 10, 1), date(2027, 9, 30), False)
    assert days(term) == ["2027-04-23 decide open", "2027-05-23 notice open", "2027-09-30 ends"]
    assert term.next_open == date(2027, 4, 23)


def test_a_term_that_renews_by_itself_is_followed_by_those_that_nobody_stops() -> None:
    terms = [each for each in ahead(RENEWING) if each.kind == "term"]
    assert [(each.first, each.last, each.follows) for each in terms] == [
        (date(2026, 10, 1), date(2027, 9, 30), False),
        (date(2027, 10, 1), date(2028, 9, 30), True),
        (date(2028, 10, 1), date(2029, 9, 30), True),
    ]


def test_the_first_term_is_as_long_as_it_was_agreed_however_short_those_are_that_follow() -> None:
    terms = [each for each in ahead(RENEWING | {"ends": "2028-09-30"}) if each.kind == "term"]
    assert [(each.first, each.last) for each in terms] == [
        (date(2026, 10, 1), date(2028, 9, 30)),
        (date(2028, 10, 1), date(2029, 9, 30)),
    ]


def test_a_term_that_can_be_stopped_no_more_runs_to_its_end_and_asks_for_nothing_and_the_next_is_certain() -> None:
    now = at("2027-06-10 12:00")
    first, second, third = (each for each in ahead(RENEWING, now=now) if each.kind == "term")
    assert (first.last, first.next_open, first.follows) == (date(2027, 9, 30), None, False)
    assert (second.first, second.follows) == (date(2027, 10, 1), False)
    assert second.next_open == date(2028, 4, 23)
    assert third.follows


def test_what_is_decided_is_said_and_nothing_is_asked_any_more_of_that_term() -> None:
    renew = RenewalWord(date(2027, 9, 30), "renew", date(2026, 11, 2), NOW)
    term, following, *_ = ahead(RENEWING, said=[renew])
    assert term.said == ("decided on 2026-11-02 to go on",)
    assert term.next_open is None
    assert following.next_open is not None, "the next term is asked about anew"


def test_a_term_that_notice_ended_is_the_last() -> None:
    sent = RenewalWord(date(2027, 9, 30), "notice-sent", date(2026, 11, 2), NOW)
    terms = [each for each in ahead(RENEWING, said=[sent]) if each.kind == "term"]
    assert [each.said for each in terms] == [("notice sent on 2026-11-02",)]


def test_an_agreement_without_end_is_a_bar_without_end() -> None:
    (term,) = [each for each in ahead() if each.kind == "term"]
    assert (term.last, term.dates) == (None, ())


def test_an_express_renewal_is_not_followed_by_a_term_of_itself() -> None:
    terms = ahead({"ends": "2027-09-30", "renewal": {"kind": "express", "notice": "60 days"}})
    assert [each.follows for each in terms if each.kind == "term"] == [False]


def test_of_two_papers_of_a_kind_the_one_that_lasts_longer_asks_to_be_looked_after() -> None:
    papers = [{"kind": "nda", "signed": "2026-05-04", "expires": f"202{year}-05-04"} for year in (7, 8)]
    documents = [each for each in ahead({"documents": papers}) if each.kind == "document"]
    assert [days(each) for each in documents] == [["2027-05-04 expires"], ["2028-05-04 expires open"]]


def test_a_paper_that_has_expired_or_expires_later_than_two_years_ahead_is_judged_by_its_days() -> None:
    papers = [{"kind": "nda", "expires": "2026-11-20"}, {"kind": "mou", "expires": "2030-01-01"}]
    assert [each.of for each in ahead({"documents": papers}) if each.kind == "document"] == ["MOU"]


def test_milestones_amendments_and_pauses_have_their_days() -> None:
    mou = {"kind": "mou", "milestones": [{"says": "Pilot line runs", "by": "2027-02-15", "owner": "dev"}]}
    agreement: Written = {
        "documents": [mou],
        "amendments": [{"effective": "2027-06-01", "model": "equity_alliance"}],
        "equity": {"holder": "acme", "in": "globex", "percent": 8.5},
    }
    pause = Pause(date(2026, 12, 1), date(2027, 1, 31), "retooling", NOW)
    found = {each.kind: each for each in ahead(agreement, pauses=[pause])}
    assert days(found["milestone"]) == ["2027-02-15 milestone open"]
    assert (found["amendment"].of, days(found["amendment"])) == ("equity alliance", ["2027-06-01 amendment"])
    assert (found["pause"].of, days(found["pause"])) == ("retooling", ["2027-01-31 resumes"])


def test_a_layer_has_a_bar_of_its_own() -> None:
    licence = {"name": "Cell licence", "model": "contractual_alliance", "effective": "2027-01-15", "ends": "2028-01-14"}
    (layer,) = [each for each in ahead(layers={"licence": licence}) if each.kind == "layer"]
    assert (layer.scope, layer.of, days(layer)) == ("acme-globex/licence", "Cell licence", ["2028-01-14 ends"])


def test_what_is_only_a_day_is_left_out_once_it_is_past() -> None:
    mou = {"kind": "mou", "milestones": [{"says": "Pilot line runs", "by": "2026-11-20", "owner": "dev"}]}
    assert [each for each in ahead({"documents": [mou]}) if each.kind == "milestone"] == []


def test_nothing_begins_after_the_last_day_that_is_shown() -> None:
    assert all(each.first is None or each.first <= date(2028, 11, 21) for each in ahead(RENEWING))
