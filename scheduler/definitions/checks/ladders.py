"""The ladder that a definition has of its own: it is climbed rung by rung, each told once by its name."""

from collections.abc import Iterator

from scheduler.definitions.checks.subject import CheckedDefinition, Finding, warning


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
