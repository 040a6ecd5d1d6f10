"""Items that people who are invited add to agendas.

December's operating review is on Friday 18 December 2026, 15:00 in Berlin; its items close with Wednesday the 16th.
Inès owns its agenda, Dev is invited, Tom is not.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.domain.errors import AlreadyDone, NotTheirs, UserError, WrongDay
from scheduler.services.cases.agenda_items import MOST_ITEMS, add, drop
from scheduler.services.cases.reviews import skip
from scheduler.store import agenda_items
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW = at("2026-12-14 09:00")
NEXT = "acme-globex/operating/2026-12"
FILE = f"agendas/{NEXT}.md"


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    built = build(horizon_days=60)
    built.define()
    built.cycle(NOW)
    return built


def path(town: Town) -> Path:
    return town.data / FILE


def test_an_item_stands_on_the_agenda_with_who_added_it(town: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(town):
        add(town.app, NEXT, "A second press", 15, "dev", NOW)
    item = add(town.app, NEXT, "A second\n press", 15, "dev.patel@globex.example", NOW)
    assert (item.id, item.says) == (f"{NEXT}+1", "A second press")
    town.cycle(NOW)
    assert "- A second press (15 minutes wanted, added by Dev Patel, Globex" in town.read(FILE)


def test_the_same_words_once_more_are_the_same_item_and_may_want_other_minutes(town: Town) -> None:
    first = add(town.app, NEXT, "A second press", None, "dev", NOW)
    assert add(town.app, NEXT, "a second  PRESS!", None, "dev", NOW) == first
    assert add(town.app, NEXT, "A second press", 30, "dev", NOW).id == first.id
    assert add(town.app, NEXT, "A second press", 30, "ines", NOW).id == f"{NEXT}+2", "another person's is another item"


def test_an_agenda_that_somebody_has_edited_gets_it_and_keeps_every_word(town: Town) -> None:
    theirs = town.read(FILE) + "\nOur own words.\n"
    path(town).write_text(theirs, encoding="utf-8")
    add(town.app, NEXT, "A second press", None, "dev", NOW)
    town.cycle(NOW)
    edited = town.read(FILE)
    assert edited.startswith(theirs) and "- A second press (added by Dev Patel, Globex" in edited
    drop(town.app, f"{NEXT}+1", None, "dev", NOW)
    town.cycle(NOW)
    assert town.read(FILE).startswith(theirs) and "A second press" not in town.read(FILE)


def test_anybody_invited_adds_until_the_items_close_and_who_owns_the_agenda_until_it_begins(town: Town) -> None:
    add(town.app, NEXT, "In time", None, "dev", at("2026-12-16 23:59"))
    with pytest.raises(WrongDay, match="Thu 17 Dec 2026, 00:00"):
        add(town.app, NEXT, "Too late", None, "dev", at("2026-12-17 00:00"))
    add(town.app, NEXT, "Mine", None, "ines", at("2026-12-18 14:59"))
    with pytest.raises(WrongDay):
        add(town.app, NEXT, "It has begun", None, "ines", at("2026-12-18 15:00"))
    with pytest.raises(NotTheirs):
        add(town.app, NEXT, "Not invited", None, "tom", NOW)


@pytest.mark.parametrize(("says", "minutes"), [(" ", None), ("x" * 201, None), ("x", 0), ("x", 241)])
def test_what_is_no_item_is_refused(town: Town, says: str, minutes: int | None) -> None:
    with pytest.raises(UserError):
        add(town.app, NEXT, says, minutes, "dev", NOW)


def test_an_agenda_holds_only_so_many(town: Town) -> None:
    for number in range(MOST_ITEMS):
        add(town.app, NEXT, f"Item {number}", None, "dev", NOW)
    with pytest.raises(UserError, match=str(MOST_ITEMS)):
        add(town.app, NEXT, "One more", None, "dev", NOW)


def test_who_added_it_drops_it_and_who_owns_the_agenda_and_it_stays_on_record(town: Town) -> None:
    mine, theirs = (add(town.app, NEXT, says, None, by, NOW) for says, by in (("Mine", "ines"), ("Theirs", "dev")))
    with pytest.raises(NotTheirs):
        drop(town.app, mine.id, None, "dev", NOW)
    assert drop(town.app, theirs.id, "after the fair", "ines", NOW).dropped_by == "ines"
    with pytest.raises(AlreadyDone):
        drop(town.app, theirs.id, None, "dev", NOW)
    with pytest.raises(UserError, match="item"):
        drop(town.app, f"{NEXT}+9", None, "dev", NOW)
    with town.database() as db:
        assert [each.is_open for each in agenda_items.of_review(db, NEXT)] == [True, False]


def test_nothing_is_added_to_a_review_that_is_not_held(town: Town) -> None:
    skip(town.app, NEXT, "fair week", "ines", NOW)
    with pytest.raises(WrongDay, match="skipped"):
        add(town.app, NEXT, "A second press", None, "dev", NOW)


def test_topics_of_the_year_and_how_the_last_minutes_stand_are_on_the_agenda(build: Callable[..., Town]) -> None:
    from scheduler.services.cases.reviews import hold

    town = build("other", horizon_days=60)
    town.define(reviews={"operating": {"topics": {"every": ["Safety"], "december": ["Budget | 2027"]}}})
    town.cycle(at("2026-11-21 09:00"))
    hold(town.app, "acme-globex/operating/2026-11", "## Decisions\n- Two shifts\n", "ines", at("2026-11-24 09:00"))
    town.cycle(NOW)
    agenda = town.read(FILE)
    assert "- Safety\n- Budget \\| 2027" in agenda
    assert "Minutes of Mon 23 Nov 2026: filed; not all letters with them have left." in agenda
