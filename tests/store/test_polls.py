"""What is looked for at each poll is found by the indexes of what waits, however much has left since."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from scheduler.store import Store, delivery, notifications, outbox
from tests.store.remembered import ACME_GLOBEX
from tests.store.test_outbox import INES, NOW, a_letter, put


@pytest.mark.parametrize(
    "look",
    [
        lambda db: delivery.waiting(db, NOW),
        lambda db: delivery.waiting(db, NOW, channel=outbox.MAIL),
        lambda db: delivery.channels(db),
        lambda db: delivery.senders(db),
        lambda db: delivery.next_due(db, NOW),
        lambda db: outbox.oldest_due(db, NOW),
        lambda db: delivery.is_barred(db, outbox.MAIL),
        lambda db: delivery.expire(db, NOW),
        lambda db: delivery.claim(db, "one", NOW),
        lambda db: delivery.give_back(db, by="one"),
        lambda db: outbox.unsent_to(db, [INES], outbox.NOTICE),
        lambda db: outbox.withdraw_about(db, "acme-globex/pipeline/2026-W50", NOW),
        lambda db: outbox.add(db, [a_letter("c", sequence=2)]),
        lambda db: notifications.due(db, NOW),
        lambda db: notifications.next_telling(db, NOW),
        lambda db: notifications.unsent(db, ACME_GLOBEX, NOW.date()),
        lambda db: notifications.settled_unread(db, ACME_GLOBEX),
    ],
    ids=lambda look: look.__code__.co_names[1],
)
@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_look_for_what_waits_goes_through_nothing_that_has_left(
    store: Store, look: Callable[[Connection], object]
) -> None:
    """Each poll of each minute makes it, and a record of years holds all letters that ever left."""
    plans: list[str] = []

    def explained(_db: object, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if not statement.startswith("INSERT"):
            plan = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(step[3] for step in plan)

    put(store, a_letter("a"), a_letter("b", sequence=1))
    with store.write() as db:
        event.listen(db, "before_cursor_execute", explained)
        look(db)
    assert plans
    through_all = re.compile(r"SCAN (letter|notice)(?! USING (COVERING )?INDEX ix_\w+_(open|waiting)\b)")
    assert [each for each in plans if through_all.match(each)] == []
