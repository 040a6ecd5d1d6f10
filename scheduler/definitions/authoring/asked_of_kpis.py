"""What is asked of the KPIs, the success that they show, the triggers of formal reviews, and the layers."""

from collections.abc import Iterator, Mapping

from scheduler.definitions.authoring.asked_of_sides import MODELS
from scheduler.definitions.authoring.draft import TERMS, DefinitionDraft
from scheduler.definitions.authoring.question import Question, QuestionRow, begun, rows_of
from scheduler.definitions.authoring.recommend import Recommendation
from scheduler.definitions.authoring.short_forms import USUAL_TRIGGERS, day, trigger
from scheduler.domain.definition.target import Target
from scheduler.domain.definition.vocabulary import Form, Model, Unit


def of_kpis(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    people = names_of(draft)
    for number in rows_of(draft, "kpis", 1) if people else ():
        at, first = f"kpis.{number}", number == 1
        name = Question(
            f"{at}.name",
            "Its name" if first else "Another KPI? Its name, or nothing",
            "3 to 10 are wise: each has a target, an owner and a day on which it is due.",
            optional=not first,
        )
        yield QuestionRow(f"KPI {number}", begun(name, _kpi(at, people, draft), draft))


def _kpi(at: str, people: Mapping[str, str], draft: DefinitionDraft) -> Iterator[Question]:
    owner = draft.text(f"{at}.owner")
    nobody = {"": "nobody", **{key: name for key, name in people.items() if key != owner}}
    unit = "Its unit, such as % or EUR, or nothing"
    targets = "Write >= 0.3, <= 92, = 4, 3..5 (both ends count), or yes for a milestone."
    yield Question(f"{at}.unit", unit, "It stands behind each value.", optional=True)
    yield Question(f"{at}.target", "Its target, such as >= 100, <= 2, 3..5 or yes", targets, reads=Target.read)
    yield Question(f"{at}.every", "Reported every", "A reading is owed for each.", {u.value: u.value for u in Unit})
    yield Question(f"{at}.owner", "Its owner", "One person, who is asked when it is due.", people)
    yield Question(f"{at}.deputy", "Their deputy", "Asked while the owner is away.", nobody, optional=True)
    yield Question(
        f"{at}.decides",
        "Who decides over it",
        "A person's key, or words such as: steering committee.",
        suggestions=tuple(people),
        default=owner,
        optional=True,
    )


def of_criteria(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    people = names_of(draft)
    judges = {f"kpi {key}": f"by the readings of {kpi.get('name', key)}" for key, kpi in draft.kpis.items()} | {
        key: f"by {name}" for key, name in people.items()
    }
    for number in rows_of(draft, "criteria", 1) if people else ():
        at, first = f"criteria.{number}", number == 1
        says = Question(
            f"{at}.says",
            "What will be true after 90 days" if first else "What else will be true after 90 days? Or nothing",
            "One sentence that can be found true or false, agreed before anybody signs.",
            optional=not first,
        )
        yield QuestionRow(f"Criterion {number}", begun(says, _judged(at, judges, draft), draft))


def _judged(at: str, judges: Mapping[str, str], draft: DefinitionDraft) -> Iterator[Question]:
    by = Question(f"{at}.by", "Judged", "By a KPI's readings (kpi and its key), or by a person.", judges)
    yield by
    kpi, said = draft.text(by.field).removeprefix("kpi "), draft.text(by.field)
    helps = "What the KPI must show by then; it may be less than its own target."
    if kpi != said and kpi in draft.kpis:
        target = str(draft.kpis[kpi].get("target", ""))
        yield Question(f"{at}.target", "At which value", helps, default=target, reads=Target.read)
    elif draft.unfolds and not said:
        yield Question(f"{at}.target", "If by a KPI, at which value", helps, optional=True, is_needed=False)


def of_triggers(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    if draft.given.get("triggers"):
        return
    usual = Question(
        "triggers.usual",
        f"Take the usual triggers ({'; '.join(USUAL_TRIGGERS)})?",
        "A KPI missed three times in a row, or not reported; no sponsor; the 90 days not reached.",
        {"yes": "yes", "no": "no"},
        default="yes",
    )
    yield QuestionRow("", (usual,))
    fewest = 1 if draft.text(usual.field) == "no" else 0
    for number in rows_of(draft, "triggers", fewest):
        says = Question(
            f"triggers.{number}.says",
            "What else calls a formal review? Or nothing" if number > fewest else "What calls a formal review",
            'Such as "missed sales 2 of 4", "off_target sales 20%", "expired nda", "requested 1/3", "on 2028-10-01".',
            optional=number > fewest,
            reads=trigger,
        )
        yield QuestionRow(f"Trigger {number}", (says,))


def of_layers(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    for number in rows_of(draft, "layers", 0):
        name = Question(
            f"layers.{number}.name",
            f"{'Another' if number > 1 else 'A'} programme, region or agreement with a governance of its own? "
            "Its name, or nothing",
            "Such a layer has reviews of its own under the partnership's umbrella, by the playbook of its model.",
            optional=True,
        )
        yield QuestionRow(f"Layer {number}", begun(name, _layer(f"layers.{number}", draft), draft))


def _layer(at: str, draft: DefinitionDraft) -> Iterator[Question]:
    models = {each.value: MODELS[each] for each in Model if each not in TERMS}
    forms = {"": "none of these", **{each.value: each.value.replace("_", " ") for each in Form}}
    usual = Model.CONTRACTUAL_ALLIANCE.value
    yield Question(f"{at}.model", "Its structural model", "It is governed by its playbook.", models, default=usual)
    if (draft.text(f"{at}.model") or usual) == usual:
        yield Question(f"{at}.form", "Type of agreement", "", forms, optional=True)
    begins, helps = draft.text("effective"), "Its own reviews and 90 days count from here."
    yield Question(f"{at}.effective", "Its effective date", helps, default=begins, reads=day, form="date")


def names_of(draft: DefinitionDraft) -> dict[str, str]:
    """The people, by key, with their names."""
    return {key: str(entry.get("name", key)) for key, entry in draft.people.items()}
