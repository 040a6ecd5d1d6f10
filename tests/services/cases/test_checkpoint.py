"""What a verdict and a decision give back, for whoever asked: a command, a form, a page."""

import pytest

from scheduler.domain.errors import UserError
from scheduler.services.cases.checkpoint import judge
from scheduler.services.cases.course import CourseWord, decide
from scheduler.services.cases.kpis import report
from tests.builders import at
from tests.services.cases.conftest import BreaksOff
from tests.services.town import DAY_ONE, Town

ID = "acme-globex/checkpoint"
CALL, DAY = at("2026-12-16 09:00"), at("2026-12-30 16:00")


@pytest.fixture
def governed(town: Town) -> Town:
    town.define()
    town.cycle(DAY_ONE)
    return town


def test_a_verdict_says_what_it_overrules_and_what_it_replaces(governed: Town) -> None:
    for period, day in (("2026-10", "2026-11-05"), ("2026-11", "2026-12-04")):
        report(governed.app, "acme-globex/cells-delivered", period, "0.5", None, "tom", at(f"{day} 15:00"))
    first = judge(governed.app, ID, "cells", "missed", "the line stood still", "ines", CALL)
    second = judge(governed.app, ID, "cells", "partly", None, "dev", CALL)
    assert first.overrules is not None
    assert first.replaces == ()
    assert len(second.replaces) == 1
    assert "Inès Falk" in second.replaces[0]


def test_who_judges_is_named_by_key_or_by_mail_address(governed: Town) -> None:
    assert judge(governed.app, ID, "dashboards", "met", None, "Dev.Patel@globex.example", CALL).judgement.by == "dev"


def test_a_relaunch_gives_back_the_checkpoint_that_it_leads_to(governed: Town) -> None:
    decided = decide(governed.app, ID, CourseWord("relaunch", "the line started late", "ines"), DAY)
    assert decided.following is not None
    assert decided.following.id == f"{ID}-2"
    assert (decided.record.id, decided.partnership.partnership) == (ID, "acme-globex")


def test_the_same_decision_once_more_changes_nothing(governed: Town) -> None:
    decide(governed.app, ID, CourseWord("continue", "both would sign again", "ines"), DAY)
    before = governed.remembered()
    again = decide(governed.app, ID, CourseWord("continue", "both would sign again", "ines"), DAY)
    assert (again.taken.at, again.following) == (DAY, None)
    assert governed.remembered() == before


def test_before_the_evidence_call_nothing_is_decided(governed: Town) -> None:
    with pytest.raises(UserError, match="the evidence is not called for yet"):
        decide(governed.app, ID, CourseWord("continue", "both would sign again", "ines"), at("2026-12-15 09:00"))


def test_a_verdict_and_what_follows_are_one_transaction(governed: Town, breaks_off: BreaksOff) -> None:
    with breaks_off(governed):
        judge(governed.app, ID, "dashboards", "met", None, "dev", CALL)
