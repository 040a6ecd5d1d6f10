"""Structural models: what each requires on record, and whether it fits what the partnership is for."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from scheduler.definitions.checks.names import required
from scheduler.definitions.checks.subject import CheckedDefinition, CheckedPart, Finding, warning
from scheduler.definitions.problems import Trail
from scheduler.domain.definition.agreement import Amendment, Equity, Requirements
from scheduler.domain.definition.vocabulary import Function, Model
from scheduler.domain.phrases import Percent

FITTING: Mapping[Function, tuple[Model, ...]] = {
    Function.MARKETING: (Model.CONTRACTUAL_ALLIANCE,),
    Function.SUPPLY: (Model.CONTRACTUAL_ALLIANCE, Model.EQUITY_ALLIANCE),
    Function.SUPPLY_CHAIN: (Model.CONTRACTUAL_ALLIANCE, Model.EQUITY_ALLIANCE),
    Function.INTEGRATION: (Model.CONTRACTUAL_ALLIANCE,),
    Function.TECHNOLOGY: (Model.EQUITY_ALLIANCE, Model.JOINT_VENTURE),
    Function.FINANCIAL: (Model.EQUITY_ALLIANCE,),
}
BENEFIT: Mapping[Function, str] = {
    Function.MARKETING: "speed and brand reach",
    Function.SUPPLY: "operational reliability",
    Function.SUPPLY_CHAIN: "operational reliability",
    Function.INTEGRATION: "interoperable systems",
    Function.TECHNOLOGY: "access to a capability and protection of what is known",
    Function.FINANCIAL: "aligned incentives and capital leverage",
}
REQUIRED: Mapping[Model, tuple[str, str, str]] = {
    Model.EQUITY_ALLIANCE: (
        "equity",
        "an equity alliance has a stake, and none is on record",
        "add: equity: {holder: one organisation, in: the other, percent: 8.5}",
    ),
    Model.JOINT_VENTURE: (
        "entity",
        "a joint venture has a legal entity of its own, and none is on record",
        "add: entity: {name: Halden Cells GmbH, country: DE, shares: {acme: 50, globex: 50}}",
    ),
    Model.REVENUE_SHARING: (
        "formula",
        "revenue is shared by a formula, and none is on record",
        "add: formula: {basis: top_line_revenue, shares: {acme: 60, globex: 40}}",
    ),
}


def enough_organisations(subject: CheckedDefinition) -> Iterator[Finding]:
    """A partnership has two organisations, a consortium three; so has a layer, counting those that it names."""
    for part in subject.parts:
        count = len(set(part.organisations))
        path = (*part.path, "organisations") if part.path == () or _narrowed(subject, part) else part.model_path
        if count < 2:
            yield Finding(
                path,
                f"a {part.called} needs at least two organisations, and here {_are(count)}",
                "name every side of it",
                of="key",
            )
        elif Model.CONSORTIUM in subject.models(part) and count < 3:
            yield Finding(
                part.model_path,
                f"a consortium has three members or more, and here {_are(count)}",
                "name the others under organisations, or choose another model: two sides are no consortium",
                rests_on=((*part.path, "organisations"), ("agreement", "amendments")),
            )


def requirements_on_record(subject: CheckedDefinition) -> Iterator[Finding]:
    """A joint venture has its entity, an equity alliance its stake, revenue sharing its formula: at first and after
    every amendment, whose requirements may also stand in the agreement."""
    for part in subject.parts:
        yield from _lacking(part.model, (part.requirements,), part.terms, (part.model_path,))
    agreement = subject.partnership.agreement
    for index, amendment in enumerate(agreement.amendments):
        yield from _lacking(amendment.model, (amendment, agreement), ("agreement", "amendments", index), ())


def entities_of_joint_ventures_only(subject: CheckedDefinition) -> Iterator[Finding]:
    """What tells a joint venture from every alliance is its entity."""
    for path, requirements in required(subject):
        models = [requirements.model] if isinstance(requirements, Amendment) else _models_at(subject, path)
        if requirements.entity and Model.JOINT_VENTURE not in models:
            yield warning(
                (*path, "entity"),
                f"a new legal entity makes a joint venture, yet the model is {models[0].words}",
                "write model: joint_venture, or leave the entity out",
                ("model",),
                ("agreement", "amendments"),
                of="key",
            )


def stakes_make_sense(subject: CheckedDefinition) -> Iterator[Finding]:
    """A stake is held by one organisation in another, and a minority one leaves both independent."""
    for path, requirements in required(subject):
        if requirements.equity:
            yield from _stake(requirements.equity, (*path, "equity"))


def shares_add_up(subject: CheckedDefinition) -> Iterator[Finding]:
    """Shares of an entity or of revenue are shares of a whole."""
    for path, requirements in required(subject):
        for key, split in (("entity", requirements.entity), ("formula", requirements.formula)):
            if split and split.shares:
                yield from _hundred(split.shares, (*path, key, "shares"))


def forms_of_contractual_alliances(subject: CheckedDefinition) -> Iterator[Finding]:
    """Licensing, franchising and so on are forms of a contractual alliance."""
    for part in subject.parts:
        if part.form is not None and part.model is not Model.CONTRACTUAL_ALLIANCE:
            yield warning(
                (*part.path, "form"),
                f"{part.form.value} is a form of a contractual alliance, yet the model is {part.model.words}",
                "leave `form` out, or give that agreement a layer of its own with model: contractual_alliance",
                part.model_path,
                of="key",
            )


def function_fits_model(subject: CheckedDefinition) -> Iterator[Finding]:
    """What a partnership is for suggests how to govern it; another model is allowed, and worth a second thought."""
    partnership = subject.partnership
    if partnership.function is None:
        return
    fitting = FITTING[partnership.function]
    if not {part.model for part in subject.parts} & set(fitting):
        words = partnership.function.value.replace("_", " ")
        choices = " or ".join(model.words for model in fitting)
        yield warning(
            ("function",),
            f"a {words} partnership seeks {BENEFIT[partnership.function]}, which {choices} serves best, "
            f"not {partnership.model.words}",
            "keep it if integration, speed, capital and control speak for it; `cadence recommend` asks for these four",
            ("model",),
            ("layers",),
        )


def _lacking(
    model: Model, stated: tuple[Requirements, ...], path: Trail, rests_on: tuple[Trail, ...]
) -> Iterator[Finding]:
    if model not in REQUIRED:
        return
    key, what, hint = REQUIRED[model]
    if all(getattr(requirements, key) is None for requirements in stated):
        yield Finding((*path, key), what, hint, rests_on=(*rests_on, ("agreement", key)))


def _stake(stake: Equity, path: Trail) -> Iterator[Finding]:
    if stake.holder == stake.in_:
        yield Finding((*path, "in"), f"{stake.holder} would hold a stake in itself", "name the other organisation")
    if stake.percent.value == 0:
        yield Finding((*path, "percent"), "a stake of 0% is none", "write the percentage that is held")
    elif stake.percent.value > 50:
        yield warning(
            (*path, "percent"),
            f"{stake.percent} is a majority; an equity alliance has a minority stake and leaves both sides independent",
            "check the figure",
        )


def _hundred(shares: Mapping[str, Percent], path: Trail) -> Iterator[Finding]:
    total = sum((share.value for share in shares.values()), Decimal(0))
    if total != 100:
        sum_of = " + ".join(str(share.value) for share in list(shares.values())[:12])
        yield Finding(path, f"the shares add up to {total}, not to 100 ({sum_of})", "correct them: all is shared")


def _models_at(subject: CheckedDefinition, terms: Trail) -> tuple[Model, ...]:
    return next(subject.models(part) for part in subject.parts if part.terms == terms)


def _narrowed(subject: CheckedDefinition, part: CheckedPart) -> bool:
    return subject.partnership.layers[str(part.path[-1])].organisations is not None


def _are(count: int) -> str:
    return {0: "there is none", 1: "there is one"}.get(count, f"there are {count}")
