"""How each structural model answers to the four criteria: what it fits, what it fails, and the sentence for each.

From loose to tight: the least capital, full independence and weeks to start at one end; the most capital and
integration, and the slowest start, at the other.
"""

from dataclasses import dataclass

from scheduler.domain.definition.vocabulary import Model


@dataclass(frozen=True, slots=True)
class Trait:
    """How a model answers to one criterion: which needs it fits, which it fails, and the sentence for each."""

    fits: tuple[str, ...]
    for_it: str
    fails: tuple[str, ...] = ()
    against_it: str = ""


TRAITS: dict[Model, dict[str, Trait]] = {
    Model.CONTRACTUAL_ALLIANCE: {
        "integration": Trait(
            ("light",),
            "an agreement is enough for light integration",
            ("deep",),
            "an agreement alone does not carry dedicated resources or shared IP",
        ),
        "speed": Trait(("weeks",), "it starts within weeks"),
        "capital": Trait(("little",), "it takes the least capital"),
        "control": Trait(
            ("full",),
            "each side stays fully independent and can leave",
            ("joint",),
            "each side decides for itself: nothing is decided together",
        ),
    },
    Model.REVENUE_SHARING: {
        "integration": Trait(
            ("coordinated",),
            "joint sales need coordination, not integration",
            ("deep",),
            "a formula shares rewards, not resources or IP",
        ),
        "speed": Trait(("weeks", "months"), "it starts as soon as the formula stands"),
        "capital": Trait(("little",), "little upfront: reward follows sales directly"),
        "control": Trait(
            ("full",),
            "each side keeps its own business",
            ("joint",),
            "only the split is common: the business is not decided together",
        ),
    },
    Model.EQUITY_ALLIANCE: {
        "integration": Trait(("coordinated",), "a stake aligns both sides without a new company"),
        "speed": Trait(
            ("months", "year"),
            "a stake can be agreed and closed within months",
            ("weeks",),
            "valuation, due diligence and closing take months",
        ),
        "capital": Trait(
            ("some", "much"),
            "capital at risk aligns incentives",
            ("little",),
            "a stake needs capital, and puts it at risk",
        ),
        "control": Trait(("influence",), "a seat or observer on the board gives a say, and both stay independent"),
    },
    Model.CONSORTIUM: {
        "integration": Trait(
            ("coordinated",),
            "members pool resources for common work",
            ("light",),
            "pooled work needs more than loose contact",
        ),
        "speed": Trait(
            ("months", "year"),
            "there is time to agree among all members",
            ("weeks",),
            "three or more members do not agree within weeks",
        ),
        "capital": Trait(("some",), "the cost is shared by all members"),
        "control": Trait(
            ("joint",),
            "a steering committee decides, with quorum and votes",
            ("full",),
            "members share control, and decide more slowly",
        ),
    },
    Model.JOINT_VENTURE: {
        "integration": Trait(
            ("deep",),
            "a company of its own bundles dedicated resources and shared IP",
            ("light",),
            "a new company is too much for light integration",
        ),
        "speed": Trait(("year",), "there is time to found a company", ("weeks",), "it is the slowest to start"),
        "capital": Trait(
            ("much",),
            "it can take the capital that you have",
            ("little",),
            "it takes the most capital, and its own budget and staff",
        ),
        "control": Trait(
            ("joint",),
            "its board decides for all owners, reserved matters included",
            ("full",),
            "the new company has politics of its own; no owner controls it alone",
        ),
    },
}
