"""The guard of meetings between competitors: what may be spoken of, what goes to counsel first, what is said to all.

Sources: European Commission, Guidelines on horizontal co-operation agreements of 2023, chapter on the exchange of
information; the practice of trade associations: an agenda that counsel has seen, no other business, minutes of it.
"""

from typing import Annotated, Literal

from pydantic import Field

from scheduler.domain.base import Noun, Text

from .vocabulary import Kind


class CompetitionStandard(Noun):
    """What a playbook says of meetings between competitors. It `applies` always, or where the definition says that its
    organisations are rivals. An item of an agenda names one of the `permitted` topics, and whoever has the role counsel
    adds what has one of the words in `for_counsel`; they are invited to the kinds of review in `counsel_at`. `reminder`
    stands on each agenda."""

    applies: Literal["always", "rivals"]
    reminder: Text
    permitted: Annotated[tuple[Text, ...], Field(min_length=1)]
    for_counsel: tuple[Text, ...] = ()
    counsel_at: tuple[Kind, ...] = ()


class CompetitionTerms(Noun):
    """What a definition says of it: whether its organisations compete, and what counsel has permitted besides."""

    rivals: bool = Field(default=False, description="true where organisations of it compete with each other")
    permitted: tuple[Text, ...] = Field(default=(), description="further topics, as counsel has permitted them")
