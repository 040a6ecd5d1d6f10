"""The key of signed links is made once, and is another in every installation."""

from scheduler.store import Store, secrets


def test_the_key_is_made_once(store: Store) -> None:
    with store.read() as db:
        assert secrets.known_signing_key(db) is None
    with store.write() as db:
        made = secrets.signing_key(db)
        assert secrets.signing_key(db) == made
    with store.read() as db:
        assert secrets.known_signing_key(db) == secrets.signing_key(db) == made
    assert len(made) == 43


def test_a_transaction_that_failed_leaves_no_key(store: Store) -> None:
    try:
        with store.write() as db:
            lost = secrets.signing_key(db)
            raise KeyError
    except KeyError:
        pass
    with store.write() as db:
        assert secrets.signing_key(db) != lost
