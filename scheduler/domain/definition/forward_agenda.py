"""The annual forward agenda of a review series: what its meetings take up by the time of the year.

Source: boards keep topics by meeting for the year (annual forward agenda), Ankura.
"""

from collections.abc import Iterator
from typing import Annotated

from pydantic import BeforeValidator

from scheduler.domain.base import Noun, Text

EVERY = "every"
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def _one_or_more(written: object) -> object:
    return (written,) if isinstance(written, str) else written


Topics = Annotated[
    tuple[Text, ...] | None, BeforeValidator(_one_or_more, json_schema_input_type=Text | tuple[Text, ...] | None)
]


class ForwardAgenda(Noun):
    """Topics of a series: of `every` meeting, and of the first one in a quarter, a half-year or a month. Quarters and
    half-years are those of the series' fiscal year, where it has one. None is silence; an empty list, that there are
    none."""

    every: Topics = None
    q1: Topics = None
    q2: Topics = None
    q3: Topics = None
    q4: Topics = None
    h1: Topics = None
    h2: Topics = None
    january: Topics = None
    february: Topics = None
    march: Topics = None
    april: Topics = None
    may: Topics = None
    june: Topics = None
    july: Topics = None
    august: Topics = None
    september: Topics = None
    october: Topics = None
    november: Topics = None
    december: Topics = None

    @property
    def said(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The occasions of which anything is said."""
        found = ((name, getattr(self, name)) for name in type(self).model_fields)
        return ((name, topics) for name, topics in found if topics is not None)


def merged(said: ForwardAgenda, standard: ForwardAgenda) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The topics by occasion: a definition's word on one takes the place of the playbook's."""
    return tuple((name, topics) for name, topics in {**dict(standard.said), **dict(said.said)}.items() if topics)
