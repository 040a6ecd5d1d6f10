"""What assistants can ask: each tool reads pages as programs read them (`docs/api.md`), the whole of one or the part
that its name says. So none shows more than the API does, to anybody.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from scheduler.domain.errors import UserError
from scheduler.services.viewer import NotThere
from scheduler.services.views.kpi_glances import KpiGlance
from scheduler.services.views.kpi_overview import KpiOverview
from scheduler.services.views.partnership_overview import PartnershipOverview, ReviewGlance, TriggerGlance
from scheduler.services.views.register import RegisterPage
from scheduler.services.views.review_agendas import AgendaAt, ItemAt, PreReadAt
from scheduler.services.views.review_page import ReviewSheet
from scheduler.services.views.standings import Portfolio
from scheduler.services.views.year_strip import StripLane
from scheduler.web.site import decisions_page, kpi_page, partnership_page, portfolio_page, review_page

from .messages import INVALID_PARAMS, Json, Refused

Read = Callable[..., Any]
"""What a page shows, by the page, its path's params and, as keywords, its query."""
DecisionState = Literal["binding", "draft", "superseded", "withdrawn", "last time"]
"""As the register has them: `tests/web/test_mcp.py` compares them."""
MOST_PARTNERSHIPS = 40
"""So many partnerships are looked through where none is named."""


class Arguments(BaseModel):
    """What a tool is asked for; a key that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", str_max_length=300)


_On = Annotated[date | None, Field(description="As of this past day, year-month-day; without it as of now.")]
_Partnership = Annotated[str, Field(description="The id of a partnership, such as acme-globex.")]


class OfNothing(Arguments):
    search: Annotated[str | None, Field(description="A part of a name or an id.")] = None
    on: _On = None


class OfPartnership(Arguments):
    partnership: _Partnership
    on: _On = None


class OfSome(Arguments):
    partnership: Annotated[str | None, Field(description="The id of a partnership; without it of all.")] = None


class OfReview(Arguments):
    review: Annotated[str, Field(description="The id of a review, such as acme-globex/operating/2027-01.")]
    on: _On = None


class OfKpi(Arguments):
    kpi: Annotated[str, Field(description="The id of a KPI, such as acme-globex/cells-delivered.")]
    on: _On = None


class OfDecisions(Arguments):
    words: Annotated[str | None, Field(description="Words that stand in the decision.")] = None
    partnership: Annotated[str | None, Field(description="The id of a partnership; without it of all.")] = None
    state: Annotated[DecisionState | None, Field(description="How the decision stands; without it all.")] = None
    page: Annotated[int, Field(ge=1, le=200, description="A long answer comes in pages.")] = 1


@dataclass(frozen=True)
class PartnershipReviews:
    """The reviews of a partnership: those that come, those that nobody has closed yet, and a year of each series with
    what became of it."""

    partnership: str
    coming: tuple[ReviewGlance, ...]
    to_close: tuple[ReviewGlance, ...]
    year: tuple[StripLane, ...]


@dataclass(frozen=True)
class ReviewAgenda:
    """The agenda of a review in Markdown, as it stands, and what belongs to it."""

    review: str
    title: str
    agendas: tuple[AgendaAt, ...]
    added_items: tuple[ItemAt, ...]
    pre_reads: tuple[PreReadAt, ...]


@dataclass(frozen=True)
class OverdueKpis:
    """KPIs that are overdue. `left_out` are partnerships that were not looked through, for there are too many: name
    one."""

    kpis: tuple[KpiGlance, ...]
    left_out: int


@dataclass(frozen=True)
class PartnershipTriggers:
    """How near each trigger of a partnership is to calling a formal review."""

    partnership: str
    triggers: tuple[TriggerGlance, ...]


def _portfolio(read: Read, asked: OfNothing) -> Portfolio:
    """How the partnerships stand, the worst first, each with the reason and its next review."""
    found: Portfolio = read(portfolio_page.PAGE, q=asked.search, on=asked.on)
    return found


def _partnership(read: Read, asked: OfPartnership) -> PartnershipOverview:
    """One partnership: its standing by six signals, its KPIs, reviews, triggers, people, and dates of its agreement."""
    found: PartnershipOverview = read(partnership_page.PAGE, asked.partnership, on=asked.on)
    return found


def _reviews(read: Read, asked: OfPartnership) -> PartnershipReviews:
    """The reviews of a partnership: those to come, those to be closed, and a year of each series."""
    found = _partnership(read, asked)
    return PartnershipReviews(found.id, found.coming, found.to_close, found.strip.lanes)


def _review(read: Read, asked: OfReview) -> ReviewSheet:
    """One review: its clocks, who comes, its agenda, its minutes, what was decided and is to be done."""
    found: ReviewSheet = read(review_page.PAGE, asked.review, on=asked.on)
    return found


def _agenda(read: Read, asked: OfReview) -> ReviewAgenda:
    """The agenda of a review as text, with items that people added and files to be read before."""
    sheet = _review(read, asked)
    return ReviewAgenda(sheet.id, sheet.title, sheet.agendas, sheet.items, sheet.pre_reads)


def _overdue(read: Read, asked: OfSome) -> OverdueKpis:
    """KPIs whose owners are overdue with a reading, each with its owner, its periods and since when."""
    ids = [asked.partnership] if asked.partnership is not None else list(_with_overdue(read))
    shown = [read(partnership_page.PAGE, id) for id in ids[:MOST_PARTNERSHIPS]]
    late = tuple(kpi for each in shown for kpi in each.kpis if kpi.overdue)
    return OverdueKpis(late, len(ids[MOST_PARTNERSHIPS:]))


def _with_overdue(read: Read) -> Iterator[str]:
    """The partnerships of which something is overdue, of all pages of the portfolio."""
    page, pages = 0, 1
    while page < pages:
        page += 1
        found: Portfolio = read(portfolio_page.PAGE, page=page)
        pages = found.pages
        yield from (each.partnership for each in found.rows if each.overdue)


def _kpi_history(read: Read, asked: OfKpi) -> KpiOverview:
    """A KPI with what was reported of each period and by whom, corrections too, and how it stands to its target."""
    found: KpiOverview = read(kpi_page.PAGE, asked.kpi, on=asked.on)
    return found


def _decisions(read: Read, asked: OfDecisions) -> RegisterPage:
    """Decisions of all reviews, found by words, partnership and state; a page at a time."""
    query = {"q": asked.words, "partnership": asked.partnership, "state": asked.state, "page": asked.page}
    found: RegisterPage = read(decisions_page.PAGE, **query)
    return found


def _triggers(read: Read, asked: OfPartnership) -> PartnershipTriggers:
    """How near each trigger is to calling a formal governance review, and when it would fire by itself."""
    found = _partnership(read, asked)
    return PartnershipTriggers(found.id, found.triggers)


TOOLS: Mapping[str, Callable[[Read, Any], Any]] = {
    "portfolio": _portfolio,
    "partnership": _partnership,
    "reviews": _reviews,
    "review": _review,
    "agenda": _agenda,
    "overdue": _overdue,
    "kpi_history": _kpi_history,
    "decisions": _decisions,
    "triggers": _triggers,
}
"""By the name under which it is called: what it says of itself is its docstring, what it takes and gives its types."""


@cache
def listed() -> tuple[Json, ...]:
    """The tools as the protocol lists them."""
    hints = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
    return tuple(
        {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "description": " ".join((tool.__doc__ or "").split()),
            "inputSchema": _takes(tool).model_json_schema(),
            "outputSchema": _gives(tool).json_schema(mode="serialization"),
            "annotations": hints,
        }
        for name, tool in TOOLS.items()
    )


def called(name: str, arguments: Mapping[str, Any], read: Read) -> Json:
    """The result of a tool. What cannot be shown is a result that says so, which an assistant can read and mend. Raises
    Refused for a tool that there is not."""
    tool = TOOLS.get(name)
    if tool is None:
        raise Refused(INVALID_PARAMS, f"there is no tool of that name: {', '.join(TOOLS)}")
    try:
        asked = _takes(tool).model_validate(dict(arguments))
        shown = _gives(tool).dump_json(tool(read, asked)).decode()
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        return _fault("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in faults[:10]))
    except NotThere:
        return _fault("there is nothing here, or nothing that this token may see")
    except UserError as fault:
        return _fault(f"{fault.what}: {fault.hint}" if fault.hint else fault.what)
    return {"content": [{"type": "text", "text": shown}], "structuredContent": json.loads(shown), "isError": False}


def _fault(words: str) -> Json:
    return {"content": [{"type": "text", "text": words}], "isError": True}


def _takes(tool: Callable[[Read, Any], Any]) -> type[Arguments]:
    found: type[Arguments] = get_type_hints(tool)["asked"]
    return found


@cache
def _gives(tool: Callable[[Read, Any], Any]) -> TypeAdapter[Any]:
    return TypeAdapter(get_type_hints(tool)["return"])
