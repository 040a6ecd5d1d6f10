"""What is asked of the partnership itself, its model, its organisations, what they put on record, and its people."""

from collections.abc import Iterator, Mapping

from scheduler.definitions.authoring.draft import SEATS, USUAL_HOURS, DefinitionDraft
from scheduler.definitions.authoring.keys import a_key, gives_key, short
from scheduler.definitions.authoring.question import Question, QuestionRow, begun, one_row, rows_of
from scheduler.definitions.authoring.recommend import CRITERIA, Recommendation
from scheduler.definitions.authoring.short_forms import day
from scheduler.domain.countries import countries, regions
from scheduler.domain.definition.people import sole_zone, zones_of
from scheduler.domain.definition.vocabulary import Function, Model, Role
from scheduler.domain.errors import InvalidValue
from scheduler.domain.phrases import Percent

MODELS = {
    Model.CONTRACTUAL_ALLIANCE: "an agreement, no stake: licensing, distribution, co-marketing, supply",
    Model.REVENUE_SHARING: "what is earned together is shared by a formula",
    Model.EQUITY_ALLIANCE: "one side holds a minority stake in the other",
    Model.CONSORTIUM: "three or more work on one thing and vote",
    Model.JOINT_VENTURE: "a new company that both own",
}
"""What each structural model is, in a line."""


def of_partnership(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    functions = {"": "not said", **{each.value: each.value.replace("_", " ") for each in Function}}
    asked = (
        Question("name", "Name of the partnership", "For people: it stands in letters, agendas and calendars."),
        Question(
            "id",
            "Its id, which the file bears as well",
            "a-z, 0-9 and '-'. It stays for ever: reviews and calendar entries are named by it.",
            default=short(draft.text("name")) if draft.text("name") or "name" in draft.said else "",
            optional=True,
        ),
        Question("function", "What it is for", "It says which model usually fits.", functions, optional=True),
        Question(
            "goal",
            "The goal that neither side could reach alone",
            "One sentence with what each side brings. It stands at the head of strategy agendas.",
            optional=True,
            form="long",
        ),
        Question(
            "effective",
            "Effective date (day 0), such as 2026-10-01",
            "The 90 days to the success checkpoint and the cadence of reviews count from this day.",
            reads=day,
            form="date",
        ),
    )
    yield from one_row(question for question in asked if not draft.given.get(question.field))


def of_model(draft: DefinitionDraft, found: Recommendation | None) -> Iterator[QuestionRow]:
    knows = Question(
        "knows_model",
        "Do you know its structural model?",
        "With no, a few questions find the one that fits.",
        {"yes": "yes", "no": "no: find the one that fits"},
        default="yes",
    )
    wants = draft.text("knows_model") == "no"
    fit = [
        Question(f"fit.{each.key}", each.asks, "", each.choices, is_needed=wants, optional=not wants)
        for each in CRITERIA
    ]
    members = Question(
        "fit.members",
        "How many organisations take part?",
        "A consortium has three or more.",
        default="2",
        reads=_count,
        is_needed=wants and not draft.organisations,
        form="number",
    )
    best = found.best.model.value if found else ""
    model = Question(
        "model",
        "Structural model",
        "It decides who meets how often, from loose to tight.",
        {each.value: MODELS[each] for each in Model},
        default=best,
    )
    if wants:  # what fits is told before the model is chosen
        yield from one_row((knows, *fit, members, *((model,) if found else ())))
    else:
        yield from one_row((knows, model))


def of_organisations(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    fewest = 3 if draft.model is Model.CONSORTIUM else 2
    for number in rows_of(draft, "organisations", fewest):
        at = f"organisations.{number}"
        name = Question(f"{at}.name", "Its name", "As it stands in the agreement.", optional=number > fewest)
        yield QuestionRow(f"Organisation {number}", begun(name, _organisation(draft, at), draft))


def _organisation(draft: DefinitionDraft, at: str) -> Iterator[Question]:
    country, name = draft.text(f"{at}.country"), draft.text(f"{at}.name")
    if name and not gives_key(name):
        yield Question(
            f"{at}.key",
            "A short name of it in Latin letters, such as kobe-pumps",
            "a-z, 0-9 and '-'. Definitions, commands and files name it by that.",
            reads=a_key,
        )
    yield Question(
        f"{at}.country",
        "Its country, such as DE or Germany",
        "Its public holidays and weekends move the reviews.",
        countries(),
    )
    if known := regions(country):
        yield Question(
            f"{at}.region",
            "Its region, whose holidays count too",
            "Leave it empty where its people work in several.",
            {"": "the whole country", **known},
            optional=True,
        )
    zones = zones_of(country)
    if zones and not sole_zone(country):
        yield Question(
            f"{at}.timezone",
            "Its time zone",
            "That of the people who attend.",
            {zone: zone.rpartition("/")[2].replace("_", " ") for zone in zones},
            default=zones[0],
        )
    yield Question(
        f"{at}.hours",
        "Its working hours",
        "Meetings are placed within the hours of all sides, where they have any in common.",
        default=USUAL_HOURS,
        is_needed=False,
    )


def of_terms(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    if len(draft.organisations) < 2:
        return
    sides = {key: str(entry.get("name", key)) for key, entry in draft.organisations.items()}
    shares = [_percentage(f"terms.share.{n}", f"The share of {name}") for n, name in enumerate(sides.values(), 1)]
    match draft.model:
        case Model.EQUITY_ALLIANCE:
            others = {key: name for key, name in sides.items() if key != draft.text("terms.holder")}
            yield from one_row(
                (
                    Question("terms.holder", "Who holds the stake", choices=sides),
                    Question("terms.in", "In whom", choices=others, default=next(iter(others))),
                    _percentage("terms.percent", "How large it is"),
                )
            )
        case Model.JOINT_VENTURE:
            name = Question("terms.name", "The new legal entity, its name", "As it is or will be registered.")
            country = Question("terms.country", "Its country, such as DE or Germany", choices=countries())
            yield from one_row((name, country, *shares))
        case Model.REVENUE_SHARING:
            basis = Question(
                "terms.basis", "What is shared", "Top-line revenue cannot be argued away.", default="top_line_revenue"
            )
            yield from one_row((basis, *shares))


def of_people(draft: DefinitionDraft, _: Recommendation | None) -> Iterator[QuestionRow]:
    sides = {key: str(entry.get("name", key)) for key, entry in draft.organisations.items()}
    fewest = len(SEATS) * len(sides)
    for number in rows_of(draft, "people", fewest) if sides else ():
        at, implied = f"people.{number}", number <= fewest
        of, role = draft.seat(number)
        who = f"{_capital(Role(role).words)} of {sides.get(of, of)}" if role in [*Role] and of else "Another person"
        name = Question(
            f"{at}.name",
            "The name" if implied else "Anybody else? The name, or nothing",
            "Without titles, if you like: letters begin with it.",
            optional=not implied,
        )
        yield QuestionRow(who, begun(name, _seated(at, sides, (of, role), implied=implied), draft))


def _seated(at: str, sides: Mapping[str, str], seat: tuple[str, str], *, implied: bool) -> Iterator[Question]:
    yield Question(f"{at}.email", "E-mail address", "Invitations and letters go there.", form="email")
    side = {**sides, "": "of no side"}
    roles = {**{role.value: role.words for role in Role}, "": "none in particular"}
    helps = ("Whom they act for: it decides what they see.", "Playbooks seat people in reviews by it.")
    yield Question(f"{at}.of", "Organisation", helps[0], side, default=seat[0], optional=True, is_needed=not implied)
    yield Question(f"{at}.role", "Role", helps[1], roles, default=seat[1], optional=True, is_needed=not implied)


def _percentage(name: str, asks: str) -> Question:
    return Question(name, f"{asks}, in percent", "Such as 50 or 12.5.", reads=Percent.read)


def _count(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text) <= 1000:
        raise InvalidValue(f'"{text[:60]}" is no number of organisations', "write 2 or more")
    return int(text)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
