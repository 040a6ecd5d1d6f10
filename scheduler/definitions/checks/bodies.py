"""The bodies that decide: who sits in them, and where a matter goes on which they cannot agree."""

from collections.abc import Iterator

from scheduler.definitions.checks.names import kpis_of
from scheduler.definitions.checks.subject import CheckedDefinition, Finding, warning
from scheduler.definitions.problems import Trail, near_miss, quoted
from scheduler.domain.definition.deciding_body import Body, EscalationLevel
from scheduler.domain.definition.vocabulary import Role

_HOME: Trail = ("agreement", "decides")
_COUNTED = ("day", "working day", "week")
MOST_DAYS = 366


def named_once(subject: CheckedDefinition) -> Iterator[Finding]:
    """Each body has a name of its own: by it a proposal and a KPI say which one is meant."""
    known: set[str] = set()
    for path, body in _bodies(subject):
        if body.body.casefold() in known:
            yield Finding((*path, "body"), f"two bodies are called {quoted(body.body)}", "give each its own name")
        known.add(body.body.casefold())


def sides_sit_in_them(subject: CheckedDefinition) -> Iterator[Finding]:
    """Each party has one vote: a body in which one side alone sits decides over the others."""
    people = subject.partnership.people
    for path, body in _bodies(subject):
        sides = {of for key in body.members if key in people and (of := people[key].of)}
        if not body.members:
            what = f"nobody is named in {body.body}: the sponsor of each side votes in it, else its alliance manager"
            yield warning((*path, "body"), what, "add members: with the keys of people", (*path, "members"))
        elif len(sides) < 2:
            what = f"{' '.join(sides) or 'no side'} alone sits in {body.body}"
            yield warning((*path, "members"), what, "name somebody of each side that decides", ("people",))
        chair = people.get(body.chair or "")
        if chair and chair.of is not None and body.members and body.chair not in body.members:
            what = f"{body.chair} chairs {body.body} and is no member of it"
            yield warning((*path, "chair"), what, f"add {body.chair} to its members", (*path, "members"))


def deadlocks_end_somewhere(subject: CheckedDefinition) -> Iterator[Finding]:
    """Each level of a deadlock is told to somebody, and says for how many days it is theirs; the last need not."""
    people = subject.partnership.people
    roles = {role.value for role in Role}
    for path, body in _bodies(subject):
        for index, level in enumerate(body.deadlock):
            at: Trail = (*path, "deadlock", index)
            for who in level.told:
                if who not in roles and who not in people:
                    meant = near_miss(who, [*people, *roles])
                    hint = f"did you mean {meant}?" if meant else "write sponsors, alliance managers, or a person's key"
                    yield Finding((*at, "tell"), f"there is no person and no role {quoted(who)}", hint)
            yield from _span_of(at, level, is_last=index == len(body.deadlock) - 1)


def _span_of(at: Trail, level: EscalationLevel, *, is_last: bool) -> Iterator[Finding]:
    span = level.for_
    if span is None:
        if not is_last:
            yield Finding(
                at, f"{quoted(level.words)} has no days, so the next level never comes", "add for: 15 working days"
            )
    elif span.unit not in _COUNTED:
        yield Finding((*at, "for"), f"{quoted(str(span))} is no number of days", "write it like 15 working days")
    elif not 0 < span.count <= MOST_DAYS:
        yield Finding((*at, "for"), f"{quoted(str(span))} is out of range", f"write 1 to {MOST_DAYS} of them")


def kpis_name_them(subject: CheckedDefinition) -> Iterator[Finding]:
    """Where bodies are defined, a KPI's `decides` that comes near the name of one is meant to be it."""
    names = [body.body for _, body in _bodies(subject)]
    people = subject.partnership.people
    for _, path, kpi in kpis_of(subject):
        if names and kpi.decides not in people and kpi.decides.casefold() not in map(str.casefold, names):
            meant = near_miss(kpi.decides, names)
            if meant:
                yield warning(
                    (*path, "decides"), f"no body is called {quoted(kpi.decides)}", f"did you mean {meant}?", _HOME
                )


def _bodies(subject: CheckedDefinition) -> Iterator[tuple[Trail, Body]]:
    """Each body, and where it stands in the file: a single one may stand without a list around it."""
    for index, body in enumerate(subject.partnership.agreement.bodies):
        yield subject.of_one((*_HOME, index)), body
