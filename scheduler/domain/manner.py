"""How somebody is written to: in which language, with which marks in numbers, in which form of a date."""

from typing import NamedTuple


class Manner(NamedTuple):
    """How somebody is written to. Where no `language` is said it is English as it has always been, whatever the other
    two say; where one is said and they are not, numbers and dates are those of the language."""

    language: str | None = None
    numbers: str | None = None
    dates: str | None = None


def preferred(*manners: Manner) -> Manner:
    """Of each of the three what is said first."""
    return Manner(*(next((each for each in said if each is not None), None) for said in zip(*manners, strict=True)))


AS_EVER = Manner()
"""English, to whoever has said nothing."""
