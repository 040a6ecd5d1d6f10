"""What is agreed before signing: KPIs and triggers at all, a handful of KPIs, a start that is still to come."""

from collections.abc import Iterator

from scheduler.definitions.checks.names import kpis_of
from scheduler.definitions.checks.subject import CheckedDefinition, Finding, warning
from scheduler.definitions.keys import NO_KPI, NO_TRIGGER
from scheduler.domain.definition.vocabulary import Level

_FEWEST, _MOST = 3, 10  # network KPIs; more are not looked at, fewer do not show how the partnership is doing


def kpis_and_triggers_agreed(subject: CheckedDefinition) -> Iterator[Finding]:
    """An empty list of KPIs or of triggers is as good as none."""
    if subject.tree.get("kpis") == {}:
        yield Finding(("kpis",), *NO_KPI)
    if subject.tree.get("triggers") == []:
        yield Finding(("triggers",), *NO_TRIGGER)


def handful_of_kpis(subject: CheckedDefinition) -> Iterator[Finding]:
    """Three to ten KPIs at network level, over the umbrella and its layers."""
    count = sum(kpi.level is Level.NETWORK for _, _, kpi in kpis_of(subject))
    if subject.tree.get("kpis") and count < _FEWEST:
        what = f"{count or 'no'} network-level KPI{'' if count == 1 else 's'} {'is' if count == 1 else 'are'} few"
        yield warning(("kpis",), what, "agree on 3 to 10 that all partners look at", ("layers",), of="key")
    elif count > _MOST:
        what = f"{count} network-level KPIs are many"
        yield warning(("kpis",), what, "agree on the 3 to 10 that decide; keep others internal", ("layers",), of="key")


def start_to_come(subject: CheckedDefinition) -> Iterator[Finding]:
    """A partnership that began without a cadence has reviews behind it that nobody planned."""
    effective = subject.partnership.agreement.effective
    if subject.today is not None and effective < subject.today:
        days = (subject.today - effective).days
        yield warning(
            ("agreement", "effective"),
            f"the agreement took effect {days} day{'' if days == 1 else 's'} ago, without a cadence until now",
            "its reviews since then, at most 90 days back, will show as unrecorded: close each as held or skipped",
        )
