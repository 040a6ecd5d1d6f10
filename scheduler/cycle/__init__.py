"""The whole story: gather, govern, publish. Safe to repeat, and safe to kill anywhere and run again.

gather    definition files that have changed → the definitions in force (a bad file leaves the last good one in force)
govern    every partnership that is due: plan × record → actions, KPIs × readings → due dates and flags; one
transaction each
publish   every partnership that was governed since it was last published: its calendars and its agendas

Each step finds its work in the database, so a step that was cut off is finished by the next cycle, and a cycle in which
nothing is due costs a look at the files' times and two indexed queries.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scheduler.cycle.gather import gather
from scheduler.cycle.govern import govern
from scheduler.cycle.house import House, open_house
from scheduler.cycle.publish import publish
from scheduler.store import partnerships


class Stopped(Exception):
    """The caller asked the cycle to end early; what was committed stands, the rest is found by the next one."""


@dataclass(frozen=True)
class Report:
    """What a cycle did: the partnerships governed, the actions taken, and the problems that stand: files in
    error, and plans that wait for a person's word."""

    governed: int
    actions: int
    published: int
    problems: int


def run(
    house: House,
    now: datetime,
    only: Collection[Path] | None = None,
    between: Callable[[], None] = lambda: None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Run one cycle at `now`, an aware moment.

    `only` names the definition files that are known to have changed; None looks at all of them. `between` is called
    after every committed partnership and may raise to end the cycle there. Raises Trouble where the folder or the
    database cannot be used.
    """
    gather(house, now, only)
    with house.store.read() as db:
        due = partnerships.due(db, now, house.environment)
    actions = 0
    for done, id in enumerate(due, 1):
        actions += govern(house, id, now)
        progress(done, len(due))
        between()
    published = publish(house, now, between)
    with house.store.read() as db:
        problems = partnerships.faulty_files(db) + len(partnerships.waiting(db))
    report = Report(len(due), actions, published, problems)
    house.log.info("cycle.done", governed=report.governed, actions=actions, published=published, problems=problems)
    return report


__all__ = ["House", "Report", "Stopped", "open_house", "run"]
