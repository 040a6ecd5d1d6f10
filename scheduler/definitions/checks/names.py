"""Names: whoever and whatever a definition refers to must be in it, and no two things may bear one name."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scheduler.definitions.checks.subject import CheckedDefinition, CheckedPart, Finding
from scheduler.definitions.problems import Trail, near_miss, quoted
from scheduler.domain.definition.agreement import Requirements
from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.partnership import RESERVED
from scheduler.domain.definition.succession import TOLD, duties
from scheduler.domain.definition.trigger import ANY, Adherence, Expired, NotClosed, OfKpi, QuorumMissed, Skipped
from scheduler.rules.reviews.series import renamed_standards

_DOCUMENTS: Trail = ("agreement", "documents")
_CADENCE: tuple[Trail, ...] = (("model",), ("reviews",), ("layers",), ("agreement", "amendments"))


class Reference(NamedTuple):
    """A name and where it stands in the file, as a value or as a key."""

    path: Trail
    name: str
    is_key: bool = False


def unknown_people(subject: CheckedDefinition) -> Iterator[Finding]:
    """Every owner, deputy, chair and attendee stands under `people`."""
    people = subject.names("people")
    if people is not None:
        for reference in people_named(subject):
            known = [*people, *TOLD] if reference.path[0] == "ladder" else people
            yield from _unknown(reference, known, "person", "add them under people")


def former_keys(subject: CheckedDefinition) -> Iterator[Finding]:
    """`renamed_from` names a key that is free now, and one of its kind alone."""
    for path, named in _renamed(subject):
        taken: dict[str, str] = {}
        for key, former in named.items():
            way = "name the key that it bore before, or take renamed_from away"
            if former == key or former in named:
                what = f"{key} cannot be what {former} was called before: {former} stands beside it"
                yield Finding((*path, key, "renamed_from"), what, way)
            elif former and former in taken:
                what = f"{key} and {taken[former]} cannot both have been {former}"
                yield Finding((*path, key, "renamed_from"), what, way)
            elif former:
                taken[former] = key


def _renamed(subject: CheckedDefinition) -> Iterator[tuple[Trail, dict[str, str | None]]]:
    partnership = subject.partnership
    yield ("people",), {key: person.renamed_from for key, person in partnership.people.items()}
    yield ("layers",), {key: layer.renamed_from for key, layer in partnership.layers.items()}
    for part in subject.parts:
        yield (*part.path, "kpis"), {key: kpi.renamed_from for key, kpi in part.kpis.items()}
        held = {key: terms.renamed_from for key, terms in part.reviews.items() if not terms.off}
        yield (*part.path, "reviews"), held


def unknown_organisations(subject: CheckedDefinition) -> Iterator[Finding]:
    """Every organisation that is named stands under `organisations`."""
    organisations = subject.names("organisations")
    if organisations is not None:
        for reference in _organisations_named(subject):
            yield from _unknown(reference, organisations, "organisation", "add it under organisations")


def unknown_kpis(subject: CheckedDefinition) -> Iterator[Finding]:
    """A criterion is judged by a KPI of its own part; a trigger watches one of the umbrella or of any layer."""
    everywhere: list[str] = []
    for part in subject.parts:
        kpis = subject.names(*map(str, part.path), "kpis") or []
        everywhere += kpis
        for index, criterion in enumerate(part.success.criteria if part.success else ()):
            if criterion.kpi is not None:
                path = (*part.path, "success_at_90_days", "criteria", index, "kpi")
                add = "a criterion is judged by a KPI that stands beside it, under kpis"
                yield from _unknown(Reference(path, criterion.kpi), kpis, "KPI", add)
    for index, trigger in enumerate(subject.partnership.triggers):
        if isinstance(trigger, OfKpi) and trigger.kpi != ANY:
            reference = Reference(("triggers", index, "kpi"), trigger.kpi)
            yield from _unknown(
                reference, [*everywhere, ANY], "KPI", "name one of them, or write kpi: any", ("layers",)
            )


def unknown_steps(subject: CheckedDefinition) -> Iterator[Finding]:
    """A step of the launch track that has an owner of its own is one that the playbook of the part's model has."""
    for part in subject.parts:
        steps = [step.key for step in subject.playbooks[part.model].launch_track]
        for key in part.success.launch_track if part.success else ():
            reference = Reference((*part.path, "success_at_90_days", "launch_track", key), key, is_key=True)
            yield from _unknown(reference, steps, "step of the launch track", "", part.model_path)


def unknown_reviews(subject: CheckedDefinition) -> Iterator[Finding]:
    """A trigger that waits for reviews that are skipped, not closed or held without quorum names a series that is
    held."""
    held = [
        own.get(key, key)
        for part in subject.parts
        for own in [renamed_standards(part.reviews, subject.standard_series(part))]
        for key in _series(subject, part)
        if key in own or not _is_off(key, part)
    ]
    for index, trigger in enumerate(subject.partnership.triggers):
        if isinstance(trigger, Skipped | QuorumMissed | NotClosed | Adherence) and trigger.review != ANY:
            reference = Reference(("triggers", index, "review"), trigger.review)
            yield from _unknown(reference, held, "review series", "", *_CADENCE)


def unknown_documents(subject: CheckedDefinition) -> Iterator[Finding]:
    """A trigger that waits for a document's end names one that is on record."""
    kinds = [document.kind for document in subject.partnership.agreement.documents]
    for index, trigger in enumerate(subject.partnership.triggers):
        if isinstance(trigger, Expired):
            reference = Reference(("triggers", index, "document"), trigger.document)
            yield from _unknown(reference, kinds, "document", "add it under agreement: documents", _DOCUMENTS)


def ambiguous_keys(subject: CheckedDefinition) -> Iterator[Finding]:
    """A review's id is made of keys, so a layer may not bear the name of a series, nor either a reserved one."""
    umbrella = subject.parts[0]
    for part in subject.parts:
        for key, terms in part.reviews.items():
            if terms.renamed_from in RESERVED:
                yield Finding(
                    (*part.path, "reviews", key, "renamed_from"),
                    f"`{terms.renamed_from}` is the key of a review outside the cadence",
                    "name the key that this series bore before, or take renamed_from away",
                )
            if key in RESERVED:
                yield Finding(
                    (*part.path, "reviews", key),
                    f"`{key}` is the key of a review outside the cadence",
                    "choose another key for this series; the checkpoint and the formal review need no entry",
                    of="key",
                )
    for key in subject.partnership.layers:
        if key in RESERVED or key in _series(subject, umbrella):
            yield Finding(
                ("layers", key),
                "the layer bears the name of a review series, so the ids of its reviews could be read two ways",
                f"choose another key, such as {key}-layer",
                of="key",
                rests_on=(("model",),),
            )


def people_named(subject: CheckedDefinition) -> Iterator[Reference]:
    """Every person who is named anywhere, with the place. Who decides may be named in words, so that is left out."""
    for duty in duties(subject.partnership):
        if duty.part != "decides":
            yield Reference(subject.of_one(duty.path), duty.person)


def kpis_of(subject: CheckedDefinition) -> Iterator[tuple[CheckedPart, Trail, Kpi]]:
    """Every KPI, with the part and the path at which it stands."""
    for part in subject.parts:
        for key, kpi in part.kpis.items():
            yield part, (*part.path, "kpis", key), kpi


def _organisations_named(subject: CheckedDefinition) -> Iterator[Reference]:
    partnership = subject.partnership
    for key, person in partnership.people.items():
        yield from _present(("people", key), of=person.of)
    for _, path, kpi in kpis_of(subject):
        yield from _present(path, of=kpi.of, fiscal=kpi.fiscal)
    for part in subject.parts:
        for key, terms in part.reviews.items():
            yield from _present((*part.path, "reviews", key), fiscal=terms.fiscal)
    for path, requirements in required(subject):
        if requirements.equity:
            stake = requirements.equity
            yield from _present((*path, "equity"), **{"holder": stake.holder, "in": stake.in_})
        for key, split in (("entity", requirements.entity), ("formula", requirements.formula)):
            for organisation in split.shares if split else ():
                yield Reference((*path, key, "shares", organisation), organisation, is_key=True)
    for organisation in partnership.agreement.contributions:
        yield Reference(("agreement", "contributions", organisation), organisation, is_key=True)
    for key, layer in partnership.layers.items():
        for index, organisation in enumerate(layer.organisations or ()):
            yield Reference(("layers", key, "organisations", index), organisation)


def required(subject: CheckedDefinition) -> Iterator[tuple[Trail, Requirements]]:
    """Wherever a model's requirements may stand: in the agreement, in its amendments, in the layers."""
    for part in subject.parts:
        yield part.terms, part.requirements
    for index, amendment in enumerate(subject.partnership.agreement.amendments):
        yield ("agreement", "amendments", index), amendment


def _present(path: Trail, **names: str | None) -> Iterator[Reference]:
    for key, name in names.items():
        if name is not None:
            yield Reference((*path, key), name)


def _series(subject: CheckedDefinition, part: CheckedPart) -> list[str]:
    return [*subject.standard_series(part), *part.reviews]


def _is_off(key: str, part: CheckedPart) -> bool:
    return key in part.reviews and part.reviews[key].off


def _unknown(reference: Reference, known: Iterable[str], sort: str, add: str, *rests_on: Trail) -> Iterator[Finding]:
    choices = list(dict.fromkeys(known))
    if reference.name in choices:
        return
    meant = near_miss(reference.name, choices)
    ways = (f"did you mean {meant}?" if meant else "", _listed(choices) if not meant else "", add if not meant else "")
    yield Finding(
        reference.path,
        f"there is no {sort} {quoted(reference.name)}",
        "; ".join(way for way in ways if way),
        of="key" if reference.is_key else "value",
        rests_on=rests_on,
    )


def _listed(choices: list[str]) -> str:
    if not choices:
        return ""
    more = f" and {len(choices) - 12} more" if len(choices) > 12 else ""
    return f"there {'is' if len(choices) == 1 else 'are'} {', '.join(choices[:12])}{more}"
