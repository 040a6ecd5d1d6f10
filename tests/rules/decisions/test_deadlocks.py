"""A deadlock climbs its levels by the working days of all sides."""

from datetime import date
from typing import Any

from scheduler.domain.phrases import Span
from scheduler.domain.record.proposal import Deadlock, DeadlockLevel
from scheduler.rules.decisions.deadlocks import at_level, climbed, levels_of, told
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import DEV, INES, JUNE, MARTA, TOM, a_partnership, at, playbooks

MONDAY, OPENED = date(2027, 1, 11), at("2027-01-11 09:00")


def a_scope(**agreement: Any) -> Scope:
    people = {"ines": INES, "marta": MARTA, "dev": DEV, "june": JUNE, "tom": TOM}
    return scopes(a_partnership(agreement=agreement or None, people=people), playbooks())[0]


def stuck(*levels: DeadlockLevel) -> Deadlock:
    return Deadlock(
        "acme-globex/deadlock/1", "acme-globex", "acme-globex", "who pays", None, levels, "ines", OPENED, MONDAY
    )


MANAGERS = DeadlockLevel("alliance managers", ("alliance_manager",), Span(15, "working day"))
SPONSORS = DeadlockLevel("sponsors", ("sponsor",), Span(10, "day"))
LAST = DeadlockLevel("mediation", ("sponsor", "tom"))


def test_each_level_begins_when_the_days_of_the_one_before_are_over() -> None:
    """15 working days of Acme and Globex: Mon 18 January is a day off in the United States."""
    found = [*climbed(stuck(MANAGERS, SPONSORS, LAST), a_scope())]
    assert [(each.number, each.on, each.until) for each in found] == [
        (1, MONDAY, date(2027, 2, 1)),
        (2, date(2027, 2, 2), date(2027, 2, 11)),
        (3, date(2027, 2, 12), None),
    ]


def test_it_is_at_the_last_level_that_it_has_reached() -> None:
    deadlock, scope = stuck(MANAGERS, SPONSORS, LAST), a_scope()
    for day, number in ((MONDAY, 1), (date(2027, 2, 1), 1), (date(2027, 2, 2), 2), (date(2028, 1, 1), 3)):
        found = at_level(deadlock, scope, day)
        assert found and found.number == number
    early = at_level(deadlock, scope, date(2027, 1, 10))
    assert early and early.number == 1, "also after the clock was set back"
    assert at_level(stuck(), scope, MONDAY) is None


def test_a_level_is_told_to_its_roles_on_all_sides_and_to_whom_it_names() -> None:
    scope = a_scope()
    assert told(MANAGERS, scope) == ("ines", "dev")
    assert told(LAST, scope) == ("marta", "june", "tom")
    assert told(DeadlockLevel("x", ("director", "gone")), scope) == ()


def test_a_body_has_levels_of_its_own_else_those_of_the_playbook() -> None:
    partnership = a_partnership(
        agreement={"decides": {"body": "Board", "deadlock": [{"tell": "sponsors", "for": "2 weeks"}, {"tell": "june"}]}}
    )
    standards, [board] = scopes(partnership, playbooks())[0].playbook.decisions, partnership.agreement.bodies
    assert [(each.words, str(each.span)) for each in levels_of(board, standards)] == [
        ("sponsors", "2 weeks"),
        ("june", "None"),
    ]
    assert [each.tell for each in levels_of(None, standards)] == [("alliance_manager",), ("sponsor",)]
