"""Tom hands over what he has to do for Globex: written into the definition, and his open actions passed on."""

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain.errors import UserError
from scheduler.services.cases.handover import HandOver, duties, prepare, write
from scheduler.services.cases.reviews import hold
from scheduler.store import actions
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-11-24 09:00")
TODAY = NOW.date()


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(NOW)
    hold(town.app, "acme-globex/operating/2026-11", "# Actions\n\n- [ ] Tom: send the samples\n", "dev", NOW)
    return town


def planned(town: Town, on: date = TODAY, rest: str = "dev", **to: str) -> list[HandOver]:
    return prepare(town.app, duties(town.app, "tom", None), {"": rest, **to}, on, TODAY)


def owners(town: Town) -> list[str | None]:
    with town.database() as db:
        return [each.owner for each in actions.recorded(db, "acme-globex")]


def test_to_prepare_writes_nothing(governed: Town) -> None:
    [hand_over] = planned(governed)
    assert hand_over.file.read_text(encoding="utf-8") == hand_over.text
    assert owners(governed) == ["tom"]


def test_on_the_day_the_file_has_the_new_names_and_the_actions_their_new_owner(governed: Town) -> None:
    [hand_over] = planned(governed)
    write(governed.app, [hand_over])
    assert hand_over.file.read_text(encoding="utf-8") == hand_over.after
    assert "owner: dev" in hand_over.after
    assert owners(governed) == ["dev"]


def test_for_a_day_to_come_only_who_leaves_and_who_succeeds_is_written(governed: Town) -> None:
    [hand_over] = planned(governed, on=date(2027, 1, 1))
    write(governed.app, [hand_over])
    assert "leaves: 2027-01-01" in hand_over.after
    assert owners(governed) == ["tom"]


def test_a_file_that_has_changed_meanwhile_is_not_written(governed: Town) -> None:
    [hand_over] = planned(governed)
    edited = hand_over.text + "\n# later\n"
    Path(hand_over.file).write_text(edited, encoding="utf-8")
    with pytest.raises(UserError):
        write(governed.app, [hand_over])
    assert hand_over.file.read_text(encoding="utf-8") == edited
    assert owners(governed) == ["tom"]


def test_nobody_takes_over_from_themselves_or_what_is_no_duty(governed: Town) -> None:
    with pytest.raises(UserError, match="cannot hand over to themselves"):
        planned(governed, rest="tom")
    with pytest.raises(UserError, match="no duty"):
        planned(governed, kpies="dev")
