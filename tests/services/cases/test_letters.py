"""Somebody has letters sent again, and takes answers off the list that they have read."""

import pytest

from scheduler.domain.errors import AlreadyDone, UserError
from scheduler.services.cases.letters import mark_read, send_again
from scheduler.store import outbox, replies
from scheduler.store.tables import ReplyRow
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-11-23 10:00")


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    return town


def test_a_letter_on_its_way_is_not_sent_again_nor_is_one_that_there_is_not(governed: Town) -> None:
    with governed.database() as db:
        due = outbox.listing(db, state="due")[0].id or 0
    with pytest.raises(AlreadyDone, match="is on its way already"):
        send_again(governed.app, [due], NOW)
    with pytest.raises(UserError, match="there is no letter 99999"):
        send_again(governed.app, [99999], NOW)


def test_answers_are_taken_off_the_list_all_or_none_and_once(governed: Town) -> None:
    with governed.app.store.write() as db:
        for _ in range(2):
            replies.add(
                db,
                ReplyRow(
                    partnership="acme-globex",
                    subject="acme-globex/operating/2026-12",
                    email="x@y.example",
                    name="Tom",
                    person=None,
                    of=None,
                    says=None,
                    why="it is in words",
                    title="Re: review",
                    words="perhaps",
                    received_at=NOW,
                ),
            )
        ids = [each.id or 0 for each in replies.listing(db)]
    with pytest.raises(UserError, match="there is no letter 99 "):
        mark_read(governed.app, [ids[0], 99], NOW)
    mark_read(governed.app, ids[:1], NOW)
    with pytest.raises(AlreadyDone):
        mark_read(governed.app, ids, NOW)
    with governed.database() as db:
        assert [each.id for each in replies.listing(db)] == ids[1:]
