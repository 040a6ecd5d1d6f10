"""The ladder that a definition has of its own: it is climbed rung by rung, each told once by its name."""

from collections.abc import Iterator
from itertools import chain

from scheduler.definitions.checks.subject import CheckedDefinition, CheckedPart, Finding, warning
from scheduler.definitions.problems import near_miss, quoted
from scheduler.domain.definition.playbook import Playbook, Rung
from scheduler.domain.definition.succession import TOLD
from scheduler.domain.definition.vocabulary import Kind


def rungs_differ(subject: CheckedDefinition) -> Iterator[Finding]:
    """A rung is remembered by its name, so a second one of that name would never be told."""
    first: set[str] = set()
    for index, rung in enumerate(subject.partnership.ladder or ()):
        if rung.name in first:
            what = f"a rung called {rung.name} stands above already"
            yield Finding(("ladder", index, "name"), what, "give each rung a name of its own")
        first.add(rung.name)


def rungs_reach_somebody(subject: CheckedDefinition) -> Iterator[Finding]:
    """A rung tells people, or goes on an agenda; a ladder has rungs."""
    ladder = subject.partnership.ladder
    if ladder == ():
        what = "the ladder has no rung, so nobody is reminded of a KPI, and its lateness climbs nowhere"
        yield warning(("ladder",), what, "leave it out, and the playbook's ladder holds", of="key")
    for index, rung in enumerate(ladder or ()):
        if not rung.tell and rung.agenda is None:
            what = f"the rung {rung.name} tells nobody and goes on no agenda"
            yield Finding(("ladder", index), what, "add tell: [owner], or agenda: health-audit")


def a_playbooks_rungs_name_people(subject: CheckedDefinition) -> Iterator[Finding]:
    """Whom a playbook's ladder tells by their key is of the partnership, now or under the key they bore before."""
    people = subject.partnership.people
    known = {*TOLD, *people, *(person.renamed_from for person in people.values())}
    for part in subject.parts:
        for rung, name in _told(_ladders(subject, part)):
            if name not in known:
                meant = near_miss(name, sorted(map(str, known - {None})))
                way = f"did you mean {meant}?" if meant else "add them under people, or give the definition a ladder"
                what = f"the playbook's rung {rung} tells {quoted(name)}, who is nobody of this partnership"
                yield warning(part.model_path, what, way, ("people",))


def a_chair_is_there(subject: CheckedDefinition) -> Iterator[Finding]:
    """Who a rung tells as the chair chairs the next health audit, so there has to be one."""
    for index, rung in enumerate(subject.partnership.ladder or ()):
        for part in subject.parts:
            if "chair" in rung.tell and part.kpis and not _has_health_audit(subject, part):
                what = (
                    f"the rung {rung.name} tells the chair of the next health audit, and the {part.called} holds none"
                )
                yield warning(("ladder", index, "tell"), what, "name a person by their key", part.path)


def _ladders(subject: CheckedDefinition, part: CheckedPart) -> Iterator[Rung]:
    for model in subject.models(part):
        playbook = subject.playbooks[model]
        of_kpis: tuple[Rung, ...] = () if subject.partnership.ladder is not None else playbook.kpis.ladder
        yield from (*of_kpis, *playbook.closing, *playbook.actions)


def _told(rungs: Iterator[Rung]) -> dict[tuple[str, str], None]:
    """Each rung with each that it tells, once."""
    return dict.fromkeys((rung.name, name) for rung in rungs for name in rung.tell)


def _has_health_audit(subject: CheckedDefinition, part: CheckedPart) -> bool:
    off = {key for key, terms in part.reviews.items() if terms.off}
    standard = chain.from_iterable(_audits(subject.playbooks[model]) for model in subject.models(part))
    own = (key for key, terms in part.reviews.items() if terms.kind == Kind.HEALTH_AUDIT.value)
    return any(key not in off for key in (*standard, *own))


def _audits(playbook: Playbook) -> list[str]:
    return [key for key, series in playbook.series.items() if series.kind == Kind.HEALTH_AUDIT.value]
