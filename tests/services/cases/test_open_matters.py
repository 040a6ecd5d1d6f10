"""All that is open of Tom (Globex) is closed at once. It is Saturday 21 November 2026: October's cells wait for him."""

from dataclasses import replace
from datetime import date

import pytest

from scheduler.domain.errors import UserError
from scheduler.domain.record.minutes import Action
from scheduler.services.cases.open_matters import close, open_of
from scheduler.services.kpi_lookup import call
from scheduler.store import actions
from tests.builders import TOM, at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
REVIEW = "acme-globex/operating/2026-10"
DRAWINGS = Action(
    f"{REVIEW}#1", "acme-globex", "acme-globex/operating", REVIEW, "Send the drawings", "tom", date(2026, 12, 18),
    at("2026-10-21 09:00"),
)  # fmt: skip


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    with town.app.store.write() as db:
        actions.save(db, [DRAWINGS, replace(DRAWINGS, id=f"{REVIEW}#2", owner="dev")])
    return town


def owners(town: Town) -> dict[str, tuple[str | None, str | None]]:
    with town.database() as db:
        return {each.id[-2:]: (each.owner, each.done_because) for each in actions.recorded(db, "acme-globex")}


def october(town: Town) -> str:
    with town.database() as db:
        return call(town.app, db, "acme-globex/cells-delivered", NOW).named("2026-10").status


def test_what_is_open_is_shown_and_nothing_is_changed(governed: Town) -> None:
    before = governed.remembered()
    [found] = open_of(governed.app, TOM["email"], None, NOW)
    assert [each.id for each in found.actions] == [DRAWINGS.id]
    assert [(each.key, each.period.label) for each in found.periods] == [("cells-delivered", "2026-10")]
    assert governed.remembered() == before


def test_all_of_it_is_closed_with_the_reason_and_what_is_anothers_stays(governed: Town) -> None:
    close(governed.app, "tom", None, "has left", None, "dev", NOW)
    assert owners(governed) == {"#1": ("tom", "has left"), "#2": ("dev", None)}
    assert october(governed) == "excused"
    assert not open_of(governed.app, "tom", None, NOW)
    with pytest.raises(UserError, match="nothing is open of tom"):
        close(governed.app, "tom", None, "has left", None, "dev", NOW)


def test_handed_over_the_actions_are_anothers_and_the_periods_stay(governed: Town) -> None:
    close(governed.app, "tom", "acme-globex", "has left", "dev", None, NOW)
    assert owners(governed) == {"#1": ("dev", None), "#2": ("dev", None)}
    assert october(governed) == "overdue"


@pytest.mark.parametrize("to", ["tom", "nobody"])
def test_to_themselves_or_to_nobody_nothing_is_handed_over(governed: Town, to: str) -> None:
    with pytest.raises(UserError):
        close(governed.app, "tom", None, "has left", to, None, NOW)
    assert owners(governed)["#1"] == ("tom", None)


def test_it_is_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        close(governed.app, "tom", None, "has left", None, "dev", NOW)
