"""The closed vocabularies of the field: structural models, forms, functions, kinds of review, roles."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

ChatShape = Literal["json", "slack", "teams"]
"""What a chat reads, by its service."""
SIGNED: tuple[ChatShape, ...] = ("json",)
"""The shapes whose readers check a signature."""


class Model(StrEnum):
    """How a partnership is governed: its structural model, from loose to tight."""

    CONTRACTUAL_ALLIANCE = "contractual_alliance"
    REVENUE_SHARING = "revenue_sharing"
    EQUITY_ALLIANCE = "equity_alliance"
    CONSORTIUM = "consortium"
    JOINT_VENTURE = "joint_venture"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")

    @classmethod
    def __get_pydantic_json_schema__(cls, source: "CoreSchema", handler: "GetJsonSchemaHandler") -> dict[str, Any]:
        made = handler.resolve_ref_schema(handler(source))
        return {**made, "enum": [*cls, "non_equity_alliance"]}

    @classmethod
    def _missing_(cls, value: object) -> "Model | None":
        """`non_equity_alliance` is the older name of a contractual alliance."""
        return cls.CONTRACTUAL_ALLIANCE if value == "non_equity_alliance" else None


class Form(StrEnum):
    """The agreement types of a contractual alliance."""

    LICENSING = "licensing"
    FRANCHISING = "franchising"
    CO_MARKETING = "co_marketing"
    DISTRIBUTION = "distribution"
    SUPPLY = "supply"


class Function(StrEnum):
    """What a partnership is for."""

    MARKETING = "marketing"
    SUPPLY = "supply"
    SUPPLY_CHAIN = "supply_chain"
    INTEGRATION = "integration"
    TECHNOLOGY = "technology"
    FINANCIAL = "financial"


class Leverage(StrEnum):
    """The gain a partnership seeks beyond money."""

    MARKET = "market"
    RESOURCE = "resource"
    KNOWLEDGE = "knowledge"
    BRAND = "brand"


class Level(StrEnum):
    """Who may see a KPI: all partners (`network`), or the people of one organisation (`actor`)."""

    NETWORK = "network"
    ACTOR = "actor"


class Role(StrEnum):
    """What a person does for the partnership; playbooks name people by it."""

    SPONSOR = "sponsor"
    ALLIANCE_MANAGER = "alliance_manager"
    DIRECTOR = "director"
    CHIEF_EXECUTIVE = "chief_executive"
    COORDINATOR = "coordinator"
    FINANCE_OWNER = "finance_owner"
    OBSERVER = "observer"
    MEMBER = "member"
    COUNSEL = "counsel"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ")


class Kind(StrEnum):
    """What a review asks. Its title follows the structural model; its questions follow its kind."""

    PIPELINE = "pipeline"
    OPERATING = "operating"
    HEALTH_AUDIT = "health-audit"
    STRATEGY = "strategy"
    CHECKPOINT = "checkpoint"
    FORMAL_REVIEW = "formal-review"
    EXIT = "exit"


StandingKind = Literal["pipeline", "operating", "health-audit", "strategy"]
"""The kinds that recur: a definition and a playbook may name them, as texts."""
STANDING = frozenset(map(Kind, get_args(StandingKind)))
"""The same kinds."""


class Unit(StrEnum):
    """The periods of a calendar or fiscal year, in which KPIs are measured and reviews recur."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """How many months the period spans; 0 for the week, which is counted in days."""
        return {"week": 0, "month": 1, "quarter": 3, "half-year": 6, "year": 12}[self.value]


class DayOff(StrEnum):
    """What becomes of a review whose nominal date is a day off for any organisation."""

    NEXT = "next"
    PREVIOUS = "previous"
    SKIP = "skip"


class Status(StrEnum):
    """Where a recorded review stands."""

    PLANNED = "planned"
    HELD = "held"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    UNRECORDED = "unrecorded"


MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
