"""What opens something without a password, given out and closed for Acme × Globex on 21 November 2026."""

from datetime import timedelta

import pytest

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.services.cases import credentials
from scheduler.store import api_tokens, link_revocations, subscriptions
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
INES = "ines.falk@acme.example"


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def test_a_renewed_address_ends_the_old_one_and_an_ended_one_is_not_renewed(governed: Town) -> None:
    first = credentials.subscribe(governed.app, INES.upper(), None, None, NOW)
    second = credentials.renew_subscription(governed.app, first.row.id or 0)
    with governed.database() as db:
        opened = [subscriptions.opened_by(db, subscriptions.hashed(each.token)) for each in (first, second)]
    assert first.row.email == INES
    assert [each.id if each else None for each in opened] == [None, first.row.id]
    credentials.end_subscription(governed.app, first.row.id or 0, NOW)
    with pytest.raises(AlreadyDone, match="was revoked on 2026-11-21"):
        credentials.renew_subscription(governed.app, first.row.id or 0)


def test_nothing_is_opened_for_who_or_what_is_unknown(governed: Town) -> None:
    before = governed.remembered()
    for email, partnership, organisation in (
        (f"x{INES}", None, None),
        (None, "acme", None),
        (None, "acme-globex", "x"),
    ):
        with pytest.raises(UserError):
            credentials.subscribe(governed.app, email, partnership, organisation, NOW)
    with pytest.raises(UserError):
        credentials.create_token(governed.app, "erp", None, "initech", NOW)
    assert governed.remembered() == before


def test_a_token_is_told_with_the_oldest_period_that_it_may_report(governed: Town) -> None:
    of_globex = credentials.create_token(governed.app, "erp", "acme-globex", "globex", NOW)
    assert of_globex.example == ("acme-globex/cells-delivered", "2026-10")


def test_the_use_of_a_token_is_noted_once_an_hour(governed: Town) -> None:
    token = credentials.create_token(governed.app, "erp", None, None, NOW)
    for minutes in (0, 59):
        assert credentials.opened_by(governed.app, token.secret, NOW + timedelta(minutes=minutes))
    with governed.database() as db:
        row = api_tokens.get(db, token.row.id or 0)
    assert row
    assert row.last_used_at == NOW


def test_an_ended_token_opens_nothing_and_ends_once(governed: Town) -> None:
    token = credentials.create_token(governed.app, "erp", None, None, NOW)
    credentials.end_token(governed.app, token.row.id or 0, NOW)
    assert credentials.opened_by(governed.app, token.secret, NOW) is None
    with pytest.raises(AlreadyDone):
        credentials.end_token(governed.app, token.row.id or 0, NOW)


def test_links_are_closed_in_every_partnership_of_a_person_by_somebody_of_one(governed: Town) -> None:
    assert credentials.revoke_links(governed.app, INES, None, "dev", NOW) == ["acme-globex"]
    with governed.database() as db:
        [row] = link_revocations.listing(db)
    assert (row.email, row.partnership, row.by, row.at) == (INES, None, "dev", NOW)


@pytest.mark.parametrize(
    ("email", "partnership", "by"),
    [("nobody@acme.example", None, None), (INES, "acme-globx", None), (INES, None, "dave")],
)
def test_no_links_are_closed_where_somebody_is_unknown(
    governed: Town, email: str, partnership: str | None, by: str | None
) -> None:
    with pytest.raises(UserError):
        credentials.revoke_links(governed.app, email, partnership, by, NOW)
    with governed.database() as db:
        assert link_revocations.listing(db) == []
