"""API tokens: only a hash is kept, what is revoked opens nothing, and the last use is known to the hour."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from scheduler.store import Store, api_tokens, subscriptions
from tests.builders import at
from tests.store.remembered import ACME_GLOBEX, OCTOBER_1


def a_token(store: Store, name: str = "erp", **limits: Any) -> tuple[int, str]:
    token = subscriptions.new_token()
    with store.write() as db:
        return api_tokens.add(db, token, name, OCTOBER_1, **limits), token


def opened(store: Store, token: str) -> int | None:
    with store.read() as db:
        found = api_tokens.opened_by(db, subscriptions.hashed(token))
    return found.id if found else None


def test_a_token_opens_what_it_was_made_for(store: Store) -> None:
    id, token = a_token(store, partnership=ACME_GLOBEX, organisation="globex")
    other, _ = a_token(store, "mes")
    assert opened(store, token) == id != other and opened(store, subscriptions.new_token()) is None
    with store.read() as db:
        rows = [(row.name, row.partnership, row.organisation) for row in api_tokens.listing(db)]
    assert rows == [("erp", ACME_GLOBEX, "globex"), ("mes", None, None)]


def test_the_database_does_not_know_the_token(store: Store) -> None:
    _, token = a_token(store)
    with store.read() as db:
        assert not any(token in str(value) for value in db.execute(text("SELECT * FROM api_token")).one())


def test_what_is_revoked_opens_nothing_and_stays_on_record(store: Store) -> None:
    id, token = a_token(store)
    with store.write() as db:
        assert api_tokens.revoke(db, id, at("2026-11-01 12:00"))
        assert not api_tokens.revoke(db, id, at("2026-11-02 12:00"))
    assert opened(store, token) is None
    with store.read() as db:
        row = api_tokens.get(db, id)
    assert row and row.revoked_at == at("2026-11-01 12:00")


def test_a_use_is_noted_an_hour_after_the_last_one_and_no_sooner(store: Store) -> None:
    id, _ = a_token(store)
    noon, seen = at("2026-11-01 12:00"), []
    for minutes in (0, 59, 60):
        with store.write() as db:
            api_tokens.note_use(db, id, noon + timedelta(minutes=minutes))
        with store.read() as db:
            row = api_tokens.get(db, id)
            seen.append(row and row.last_used_at)
    assert seen == [noon, noon, noon + timedelta(hours=1)]
