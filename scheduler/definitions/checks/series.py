"""Review series: does each say when it is held, in terms that fit?"""

from collections.abc import Callable, Iterator
from typing import get_args

from scheduler.definitions.checks.subject import CheckedDefinition, CheckedPart, Finding, warning
from scheduler.definitions.problems import Trail, near_miss, quoted
from scheduler.definitions.uncounted import uncounted
from scheduler.domain.definition.partnership import RESERVED
from scheduler.domain.definition.playbook import Terms
from scheduler.domain.definition.trigger import Missed
from scheduler.domain.definition.vocabulary import StandingKind
from scheduler.domain.errors import InvalidValue
from scheduler.rules.calendar.rrule import check_rule
from scheduler.rules.reviews.clocks import days_in
from scheduler.rules.reviews.recurrence import check_fit
from scheduler.rules.reviews.series import recurrence_of, standard_for

_KINDS = get_args(StandingKind)
"""Keys that say what a review asks; where the playbook lacks such a series, its title follows from that."""


def new_series_say_what_they_are(subject: CheckedDefinition) -> Iterator[Finding]:
    """A series that the playbook lacks needs a title, unless its key is one that playbooks use."""
    known = {*_KINDS, *(key for playbook in subject.playbooks.values() for key in playbook.series)}
    for part in subject.parts:
        standard = subject.standard_series(part)
        for key, terms in part.reviews.items():
            if not {key, terms.renamed_from} & {*standard, *RESERVED} and (
                terms.off or (terms.title is None and key not in known)
            ):
                yield _new(key, terms, part, standard)


def _new(key: str, terms: Terms, part: CheckedPart, standard: list[str]) -> Finding:
    path = (*part.path, "reviews", key)
    meant = near_miss(key, standard)
    rests_on = (part.model_path, ("agreement", "amendments"), (*path, "title"), (*path, "off"))
    lacks = f"the playbook of {part.model.words} has no series {quoted(key)}"
    if terms.off:
        hint = f"did you mean {meant}?" if meant else f"it has {', '.join(standard)}"
        return warning(path, f"{lacks} to be dropped", hint, *rests_on, of="key")
    hint = f"did you mean {meant}?" if meant else f"add title: to it; the playbook has {', '.join(standard)}"
    return Finding(path, f"{lacks}, and a new one needs a title", hint, of="key", rests_on=rests_on)


def dropped_series_say_nothing_else(subject: CheckedDefinition) -> Iterator[Finding]:
    """`off: true` drops a series, whatever else is said of it."""
    for path, terms, _ in _written(subject):
        others = sorted(terms.model_fields_set - {"off"})
        if terms.off and others:
            what = f"this series is dropped, so what else is said of it means nothing: {', '.join(others)}"
            yield warning((*path, "off"), what, "leave `off` out, or the rest", of="key")


def days_fit_frequencies(subject: CheckedDefinition) -> Iterator[Finding]:
    """`on` names a day that every period of `every` has, whichever of the two the playbook says."""
    for path, terms, part in _written(subject):
        for model in subject.models(part):
            playbook = subject.playbooks[model]
            every, on = recurrence_of(terms, standard_for(str(path[-1]), terms, playbook), playbook)
            fault = None if terms.rule or terms.off else _fault(check_fit, every, on)
            if fault:
                key = "on" if terms.on else "every"
                rests_on = ((*path, "every"), (*path, "on"), (*path, "rule"), part.model_path)
                yield Finding((*path, key), fault.what, fault.hint, rests_on=rests_on)
                break


def rules_fire(subject: CheckedDefinition) -> Iterator[Finding]:
    """A rule can be followed, and comes to a date."""
    for path, terms, part in _written(subject):
        fault = None if terms.rule is None else _fault(check_rule, terms.rule, part.effective)
        if fault:
            yield Finding((*path, "rule"), fault.what, fault.hint, rests_on=((*part.terms, "effective"),))


def clocks_count_days(subject: CheckedDefinition) -> Iterator[Finding]:
    """A clock counts calendar or working days around a review."""
    for path, terms, _ in _written(subject):
        for clock, span in terms.clocks:
            fault = None if span is None else _fault(days_in, span)
            if fault:
                yield Finding((*path, "clocks", clock), fault.what, fault.hint)


def quorums_can_be_counted(subject: CheckedDefinition) -> Iterator[Finding]:
    """Whether there was a quorum can be told from who was there."""
    for path, terms, _ in _written(subject):
        if terms.quorum is not None and terms.quorum.rule is None:
            yield warning((*path, "quorum"), *uncounted(str(terms.quorum.words)))


def triggers_can_fire(subject: CheckedDefinition) -> Iterator[Finding]:
    """`times` of the last `of` periods: not more than there are."""
    for index, trigger in enumerate(subject.partnership.triggers):
        if isinstance(trigger, Missed) and trigger.of is not None and trigger.of < trigger.times:
            what = f"a KPI cannot miss {trigger.times} of {trigger.of} periods, so this never fires"
            hint = f"write of: {3 * trigger.times}, or fewer times"
            yield Finding(("triggers", index, "of"), what, hint)


def _written(subject: CheckedDefinition) -> Iterator[tuple[Trail, Terms, CheckedPart]]:
    """What the definition says of its series, with the place and the part it belongs to."""
    for part in subject.parts:
        for key, terms in part.reviews.items():
            yield (*part.path, "reviews", key), terms, part


def _fault(check: Callable[..., object], *arguments: object) -> InvalidValue | None:
    try:
        check(*arguments)
    except InvalidValue as fault:
        return fault
    return None
