"""Who is asked beside somebody whom no letter reaches, until one does: what they owe would else be asked of nobody.

The periods of KPIs have their own rule, since there lists and calendars say who is asked (`rules/kpis/measurements`). A
vote is its voter's alone.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date

from scheduler.domain.definition.people import Person
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.notification import Notification

_BY_THEMSELVES = ("kpi", "proposal")
_OF_THE_SIDE = (Role.ALLIANCE_MANAGER, Role.SPONSOR)


def with_stand_ins(
    notice: Notification, people: Mapping[str, Person], unreached: Collection[str], today: date
) -> Notification:
    """The notice, which also asks whoever stands in for those of its readers to whom no letter arrives (`unreached` are
    such addresses, in lower case): the matter's deputy, else the alliance manager of their side, else its sponsor. It
    says so, as the names of its fact ``unreached``."""
    if not unreached or notice.about in _BY_THEMSELVES:
        return notice
    stand_ins, names = [], []
    for key in notice.asked:
        person = people.get(key)
        if person is None or person.is_reached(unreached):
            continue
        stand_in = next(_candidates(notice.deputy, key, people, unreached, today), None)
        if stand_in is not None:
            stand_ins.append(stand_in)
            names.append(person.name)
    if not names:
        return notice
    return replace(
        notice,
        people=tuple(dict.fromkeys((*notice.people, *stand_ins))),
        asked=tuple(dict.fromkeys((*notice.asked, *stand_ins))),
        facts={**notice.facts, "unreached": [*dict.fromkeys(names)]},
    )


def _candidates(
    deputy: str | None, key: str, people: Mapping[str, Person], unreached: Collection[str], today: date
) -> Iterator[str]:
    of_the_side = (
        other
        for role in _OF_THE_SIDE
        for other, each in people.items()
        if each.role is role and each.of == people[key].of
    )
    for other in (deputy or "", *of_the_side):
        person = people.get(other)
        if other == key or person is None or not person.is_reached(unreached):
            continue
        if not person.is_away(today) and not person.has_left(today):
            yield other
