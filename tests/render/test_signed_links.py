"""Signed links: whoever has one may do what it says, once it says it, until it expires, and nothing else."""

import re
from datetime import timedelta

import pytest

from scheduler.render.signed_links import (
    AGENDA,
    JUDGE,
    REPORT,
    BadLink,
    ExpiredLink,
    Holder,
    agenda_link,
    judge_link,
    opened,
    person_seal,
    report_link,
    signed,
    subscription_seal,
)
from tests.builders import at

SECRET = "the key of this installation"
NOON = at("2026-12-10 12:00", "America/Detroit")
TOMS = {"kpi": "acme-globex/cells-delivered", "period": "2026-11", "person": "tom"}
SITE = "https://cadence.acme.example"


def toms_token() -> str:
    return signed(SECRET, REPORT, TOMS, NOON)


def test_a_link_carries_what_was_signed_and_nothing_for_nobody() -> None:
    assert opened(SECRET, REPORT, toms_token(), NOON - timedelta(minutes=1)) == TOMS
    of_all = {"review": "acme-globex/pipeline/2026-W49", "organisation": None}
    assert opened(SECRET, AGENDA, signed(SECRET, AGENDA, of_all, None), NOON) == of_all


def test_it_is_good_until_the_second_in_which_it_expires() -> None:
    assert opened(SECRET, REPORT, toms_token(), NOON - timedelta(seconds=1)) == TOMS
    for late in (timedelta(), timedelta(minutes=1), timedelta(days=400)):
        with pytest.raises(ExpiredLink, match="expired"):
            opened(SECRET, REPORT, toms_token(), NOON + late)


def test_noon_in_detroit_is_no_other_noon() -> None:
    with pytest.raises(ExpiredLink):
        opened(SECRET, REPORT, toms_token(), at("2026-12-10 18:00", "Europe/Berlin"))
    assert opened(SECRET, REPORT, toms_token(), at("2026-12-10 17:59", "Europe/Berlin")) == TOMS


def test_without_an_end_it_stays_good() -> None:
    token = signed(SECRET, AGENDA, {"review": "acme-globex/checkpoint"}, None)
    assert opened(SECRET, AGENDA, token, NOON + timedelta(days=36_500))


@pytest.mark.parametrize("purpose", [JUDGE, AGENDA, "", "report "])
def test_a_link_of_one_purpose_opens_nothing_of_another(purpose: str) -> None:
    with pytest.raises(BadLink):
        opened(SECRET, purpose, toms_token(), NOON - timedelta(days=1))


def test_another_installations_link_opens_nothing_here() -> None:
    foreign = signed("another key", REPORT, TOMS, NOON)
    with pytest.raises(BadLink):
        opened(SECRET, REPORT, foreign, NOON - timedelta(days=1))


@pytest.mark.parametrize("place", range(0, 200, 13))
def test_a_changed_letter_anywhere_spoils_it(place: int) -> None:
    token = toms_token()
    place %= len(token) - 1  # of the last letter two bits say nothing
    spoilt = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(BadLink):
        opened(SECRET, REPORT, spoilt, NOON - timedelta(days=1))


@pytest.mark.parametrize("token", ["", ".", "a.b", "ü", "\x00", "a" * 3000, ".." * 900, "e30.x", "\udcff"])
def test_what_is_no_link_is_told_in_plain_words(token: str) -> None:
    with pytest.raises(BadLink) as refused:
        opened(SECRET, REPORT, token, NOON)
    assert refused.value.hint and not isinstance(refused.value, ExpiredLink)


def test_a_cut_off_link_opens_nothing() -> None:
    """Mail programs break long lines."""
    token = toms_token()
    for length in (len(token) - 1, len(token) // 2, token.index(".")):
        with pytest.raises(BadLink):
            opened(SECRET, REPORT, token[:length], NOON - timedelta(days=1))


def test_an_address_needs_no_escaping_whatever_the_names() -> None:
    link = report_link(SITE, SECRET, "acme-globex/apac/royalties", "FY2027-Q1", "tom", NOON)
    assert re.fullmatch(r"https://cadence\.acme\.example/report/[A-Za-z0-9_.-]+", link)
    token = link.rpartition("/")[2]
    assert opened(SECRET, REPORT, token, NOON - timedelta(days=1)) == {
        "partnership": "acme-globex",
        "kpi": "acme-globex/apac/royalties",
        "period": "FY2027-Q1",
        "person": "tom",
    }


def test_a_criterion_is_judged_at_an_address_of_its_own() -> None:
    link = judge_link(SITE, SECRET, "acme-globex/checkpoint", "dashboards", "dev", NOON)
    assert link.startswith(f"{SITE}/judge/")
    said = opened(SECRET, JUDGE, link.rpartition("/")[2], NOON - timedelta(days=1))
    assert said == {"checkpoint": "acme-globex/checkpoint", "criterion": "dashboards", "person": "dev"}


def test_an_agendas_address_is_the_same_each_time_and_its_holders_own() -> None:
    """Calendars carry it: were it another each time, every feed would change with every hour."""
    review, tom = "acme-globex/pipeline/2026-W49", Holder("tom", person_seal("tom@globex.example", "globex", 0))
    assert agenda_link(SITE, SECRET, review, tom) == agenda_link(SITE, SECRET, review, tom)
    assert agenda_link(SITE, SECRET, review, tom) != agenda_link(SITE, SECRET, review, Holder("dev", tom.seal))
    token = agenda_link(SITE, SECRET, review, tom).rpartition("/")[2]
    assert opened(SECRET, AGENDA, token, NOON) == {"review": review, "person": "tom", "seal": tom.seal}


@pytest.mark.parametrize(
    "other", [("tom@acme.example", "globex", 0), ("tom@globex.example", "acme", 0), ("tom@globex.example", "globex", 1)]
)
def test_a_seal_is_of_an_address_a_side_and_how_often_it_was_revoked(other: tuple[str, str, int]) -> None:
    own = person_seal("tom@globex.example", "globex", 0)
    assert own == person_seal("Tom@Globex.example", "globex", 0) != person_seal(*other)
    assert "tom" not in own and subscription_seal("a hash") != subscription_seal("another")
