"""What Tom, who owes a KPI, Dev, who leads Globex's side, and June, its sponsor, have before them.

November 2026 of Cells delivered is Tom's and due on Thursday 10 December in Detroit.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from scheduler.domain.definition.people import Person
from scheduler.domain.record.rsvp import Says
from scheduler.services.cases.attendance import answer
from scheduler.services.cases.kpis import report
from scheduler.services.cases.reviews import hold
from scheduler.services.pipeline.intake import gather
from scheduler.services.viewer import Viewer, viewer
from scheduler.services.views import now as view
from scheduler.services.views.now import Now, now_of
from tests.builders import CELLS_DELIVERED, DEV, INES, JUNE, LANDED_COST, MARTA, TOM, UWE, at
from tests.services.calls import asked
from tests.services.town import Town

CELLS = "acme-globex/cells-delivered"
PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
WITH_COST = {"cells-delivered": CELLS_DELIVERED, "cost": LANDED_COST}
KPIS = {"cells-delivered": {**CELLS_DELIVERED, "from": "2026-11-01"}}


def in_detroit(clock: str) -> datetime:
    return at(clock, "America/Detroit")


@pytest.fixture
def governed(town: Town) -> Town:
    town.define(effective="2026-07-01", agreement={"signed": "2026-06-01"}, kpis=KPIS, people=PEOPLE)
    gather(town.app, in_detroit("2026-11-02 09:00"))
    return town


def before(town: Town, who: dict[str, Any], now: datetime) -> Now:
    email = Person.model_validate(who).email
    with town.database() as db:
        reader = viewer(town.app, db, email, now) or Viewer(email, "a stranger", "UTC", {})
        return now_of(town.app, db, replace(reader, zone="America/Detroit"), now)


def of_cells(found: tuple[Any, ...]) -> list[Any]:
    return [each for each in found if each.subject == CELLS]


def test_a_period_can_be_reported_where_it_is_owed(governed: Town) -> None:
    governed.cycle(in_detroit("2026-12-09 12:00"))
    [matter] = of_cells(before(governed, TOM, in_detroit("2026-12-09 12:00")).owe)
    assert (matter.act, [each.label for each in matter.periods], matter.is_late) == ("report", ["2026-11"], False)


def test_late_it_is_so_and_who_stands_above_sees_whose_it_is(governed: Town) -> None:
    now = in_detroit("2027-01-11 12:00")
    governed.cycle(now)
    [matter] = of_cells(before(governed, TOM, now).owe)
    assert matter.is_late
    [above] = of_cells(before(governed, JUNE, now).escalated)
    assert "Tom Reyes is asked to report it." in above.lines
    assert above.act is None
    assert not of_cells(before(governed, JUNE, now).owe)


def test_reported_it_is_gone_from_both(governed: Town) -> None:
    now = in_detroit("2026-12-21 12:00")
    governed.cycle(now)
    report(governed.app, CELLS, "2026-11", "0.31", None, "tom", now)
    assert not of_cells(before(governed, TOM, now).owe)
    assert not of_cells(before(governed, JUNE, now).escalated)


def test_what_is_internal_to_one_side_is_before_nobody_of_the_other(town: Town) -> None:
    town.define(effective="2026-07-01", agreement={"signed": "2026-06-01"}, kpis=WITH_COST, people=PEOPLE)
    now = in_detroit("2027-01-20 12:00")
    gather(town.app, in_detroit("2026-10-02 09:00"))
    town.cycle(now)
    assert any(each.subject == "acme-globex/cost" for each in before(town, UWE, now).owe)
    for who in (DEV, JUNE, TOM):
        shown = TypeAdapter(Now).dump_json(before(town, who, now)).decode()
        assert "acme-globex/cost" not in shown
        assert LANDED_COST["name"] not in shown


def test_the_reviews_of_ten_days_are_told_in_the_readers_zone_with_the_answer_that_counts(governed: Town) -> None:
    now = in_detroit("2026-12-01 09:00")
    governed.cycle(now)
    found = before(governed, DEV, now)
    assert found.reviews
    first = found.reviews[0]
    assert (first.start, first.says) == (first.there, Says.OPEN)
    assert first.start.tzname() == "EST"
    assert all(now <= each.start <= in_detroit("2026-12-11 09:00") for each in found.reviews)
    answer(governed.app, first.id, "dev", Says.ACCEPTED, now, sequence=first.sequence)
    assert before(governed, DEV, now).reviews[0].says is Says.ACCEPTED


def test_the_dates_of_ninety_days_are_before_whoever_leads_a_side(town: Town) -> None:
    renewal = {"kind": "tacit", "for": "12 months", "notice": "120 days"}
    agreement = {"signed": "2026-06-01", "ends": "2027-06-30", "renewal": renewal}
    town.define(effective="2026-07-01", agreement=agreement, kpis=KPIS, people=PEOPLE)
    now = in_detroit("2026-12-15 09:00")
    gather(town.app, in_detroit("2026-11-02 09:00"))
    dates = before(town, DEV, now).dates
    assert dates is not None
    assert {each.what for each in dates} == {"decide", "notice"}
    assert [each.on for each in dates] == sorted(each.on for each in dates)
    assert not before(town, TOM, now).dates


def test_a_stranger_has_nothing_before_them(governed: Town) -> None:
    found = before(governed, {**TOM, "email": "nobody@example.com"}, in_detroit("2027-01-11 12:00"))
    assert found.is_quiet
    assert (found.partnerships, found.reviews) == (0, ())


def test_who_has_left_has_nothing_before_them(governed: Town) -> None:
    now = in_detroit("2027-01-11 12:00")
    left = {**PEOPLE, "tom": {**TOM, "leaves": "2027-01-01", "successor": "dev"}}
    governed.define(effective="2026-07-01", agreement={"signed": "2026-06-01"}, kpis=KPIS, people=left)
    governed.cycle(now)
    assert before(governed, TOM, now).is_quiet


def test_within_a_minute_only_what_has_changed_is_worked_out_anew(governed: Town) -> None:
    now = in_detroit("2026-12-21 12:00")
    governed.cycle(now)
    first, again = before(governed, TOM, now), before(governed, TOM, now + timedelta(seconds=20))
    assert all(one is other for one, other in zip(first.owe, again.owe, strict=True))
    report(governed.app, CELLS, "2026-11", "0.31", None, "tom", now)
    assert not of_cells(before(governed, TOM, now + timedelta(seconds=30)).owe)


def test_who_has_very_much_open_sees_what_is_longest_late_and_how_much_more_there_is(
    governed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = in_detroit("2026-12-21 12:00")
    other = governed.define(
        effective="2026-07-01", agreement={"signed": "2026-06-01"}, kpis=KPIS, people=PEOPLE, partnership="acme-other"
    )
    assert other.stem == "acme-other"
    governed.cycle(now)
    monkeypatch.setattr(view, "MOST_OPEN", 1)
    found = before(governed, TOM, now)
    assert ({each.partnership for each in found.owe}, found.open_elsewhere) == ({"acme-globex"}, 1)


def test_what_is_the_readers_and_not_asked_for_yet_stands_apart(governed: Town) -> None:
    now = in_detroit("2026-12-01 09:00")
    governed.cycle(now)
    found = before(governed, TOM, now)
    [matter] = of_cells(found.coming)
    assert (matter.act, [each.label for each in matter.periods], matter.is_late) == ("report", ["2026-11"], False)
    assert not of_cells(found.owe)


def test_an_open_action_of_minutes_is_its_owners_from_the_day_on_which_they_are_filed(governed: Town) -> None:
    now = in_detroit("2026-12-10 09:00")
    governed.cycle(now)
    held = [id for id, each in governed.reviews().items() if "/pipeline/" in id and each.review.end < now][-1]
    hold(governed.app, held, "## Actions\n- Tom: book the crane by 2026-12-18\n", "ines", now)
    [matter] = [each for each in before(governed, TOM, now).coming if each.about == "action"]
    assert (matter.act, matter.is_late) == ("action", False)
    assert "book the crane" in matter.title
    assert not [each for each in before(governed, UWE, now).coming if each.about == "action"]


def test_however_much_is_open_it_is_asked_at_once_who_was_told_of_it(governed: Town) -> None:
    """It was asked once for each open action."""
    now = in_detroit("2026-12-10 09:00")
    governed.cycle(now)
    held = [id for id, each in governed.reviews().items() if "/pipeline/" in id and each.review.end < now][-1]
    cranes = "".join(f"- Tom: book crane {number} by 2026-12-18\n" for number in range(6))
    hold(governed.app, held, f"## Actions\n{cranes}", "ines", now)
    with asked("notice LEFT OUTER JOIN letter") as questions:
        found = before(governed, TOM, now)
    assert len([each for each in found.coming if each.about == "action"]) == 6
    assert len(questions) <= 3, "what is overdue, what is asked for, and what is to come"
