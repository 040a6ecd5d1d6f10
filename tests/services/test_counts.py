"""Nothing is derived twice: a partnership's state is read and worked out once a cycle, by count."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.render.agenda.sketch import sketch
from scheduler.rules.kpis.definition_in_force import timelines
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.cases.kpis import report
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.intake import gather
from scheduler.services.state import remembered
from scheduler.store import measurements as dues
from scheduler.store import partnerships
from scheduler.store.snapshot import Snapshot
from tests.builders import at
from tests.services.calls import asked, counted
from tests.services.town import Town

EXAMPLES = Path(__file__).parents[2] / "config" / "partnerships"
MONDAY = at("2026-12-07 09:00")
REVIEWS = "all reviews of a partnership"


@pytest.fixture
def examples(build: Callable[..., Town]) -> Town:
    """The five worked examples, in an installation that sends mail."""
    town = build(mail={"host": "mail.example.org", "sender": "cadence@example.org"})
    for path in EXAMPLES.glob("*.yaml"):
        shutil.copy(path, town.definitions)
    return town


@contextmanager
def work() -> Iterator[Counter[str]]:
    """What is counted; what the check of a file works out of its text, before anything is on record, is not."""
    with counted(scopes, measurements, timelines, sketch, but_from="scheduler.definitions") as calls:
        with asked("review WHERE review.partnership = ? ORDER BY") as questions:
            yield calls
        calls[REVIEWS] = len(questions)


def ids(town: Town) -> list[str]:
    with town.database() as db:
        return [each.id for each in partnerships.listing(db)]


def sizes(town: Town) -> Counter[str]:
    """How many partnerships, scopes and reviews there are."""
    known = ids(town)
    with town.database() as db:
        parts = sum(len(partnerships.seen_scopes(db, id)) for id in known)
    return Counter(partnerships=len(known), scopes=parts, reviews=sum(len(town.reviews(id)) for id in known))


def once(of: Counter[str], *, sketches: int) -> dict[str, int]:
    per_partnership = of["partnerships"]
    return {
        "scopes": per_partnership,
        "timelines": per_partnership,
        REVIEWS: per_partnership,
        "measurements": of["scopes"],
        "sketch": sketches,
    }


def test_a_first_cycle_works_out_each_partnership_once(examples: Town) -> None:
    """It was: scopes 34, timelines 19, measurements 78, sketches 457, all reviews 24."""
    with work() as calls:
        examples.cycle(MONDAY)
    of = sizes(examples)
    sealed = of["partnerships"]  # in the first cycle of a day the rows of reviews are read once more, to be sealed
    assert calls == {**once(of, sketches=of["reviews"]), REVIEWS: of["partnerships"] + sealed}


def test_a_changed_file_has_its_own_partnership_worked_out_once(examples: Town) -> None:
    examples.cycle(MONDAY)
    path = examples.definitions / "five-harbours.yaml"
    path.write_text(f"{path.read_text()}\n# looked over\n")
    with work() as calls:
        examples.cycle(MONDAY)
    agendas = (examples.app.settings.data / "agendas" / "five-harbours").rglob("*.ics")
    assert calls == once(Counter(partnerships=1, scopes=1), sketches=len([*agendas])), (
        "calendars go on to show what says the same; only agendas are written anew"
    )


def test_a_reading_has_what_is_owed_worked_out_before_it_and_after(examples: Town) -> None:
    examples.cycle(MONDAY)
    with examples.database() as db:
        kpi = next(each.kpi for each in dues.listing(db) if each.status == "overdue")
    call: dict[str, Any] = {"kpi": kpi, "period": None, "value": "1", "note": None, "by": None, "confirmed": True}
    with work() as calls:
        report(examples.app, now=MONDAY, **call)
    assert calls == {**once(Counter(partnerships=1, scopes=1), sketches=0), "measurements": 2}


def test_the_state_that_a_cycle_hands_on_is_the_one_on_record(examples: Town) -> None:
    """Field by field, as a reader finds it afterwards in the database."""
    later = MONDAY + timedelta(days=9)
    for now in (MONDAY, later):
        gather(examples.app, now)
        for id in ids(examples):
            with examples.app.store.write() as db:
                handed_on = govern_in(examples.app, db, id, now).state
                row = partnerships.get(db, id)
                assert row is not None and handed_on is not None
                on_record = remembered(examples.app, db, row, now)
            for each in fields(Snapshot):
                if each.name != "notified":  # `shown` reads it when it is shown: letters leave meanwhile
                    assert getattr(handed_on, each.name) == getattr(on_record, each.name), each.name
            assert repr(handed_on.recorded) == repr(on_record.recorded)
            assert repr(handed_on.causes) == repr(on_record.causes)
