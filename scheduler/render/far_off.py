"""A value that is far from its target and from what was reported before, in the words in which it is asked back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.record.measurement import Period, Reading
from scheduler.render.agenda.kpi_lines import target_words, value_to_type
from scheduler.render.languages import say, sentence
from scheduler.render.wording import figure
from scheduler.rules.kpis.plausibility import factor


@dataclass(frozen=True, slots=True)
class FarOff:
    """The reading that would be on record, how its owner writes numbers, and the `last` one of another period."""

    kpi: Kpi
    reading: Reading
    convention: str | None
    last: tuple[Period, Reading] | None


_SAYS: Mapping[tuple[str, bool], str] = {
    ("times", False): sentence("%(value)s is %(factor)s × the target (%(target)s): really?"),
    ("times", True): sentence(
        "%(value)s is %(factor)s × the target (%(target)s), and %(period)s had %(last)s: really?"
    ),
    ("part", False): sentence("%(value)s is 1/%(factor)s of the target (%(target)s): really?"),
    ("part", True): sentence(
        "%(value)s is 1/%(factor)s of the target (%(target)s), and %(period)s had %(last)s: really?"
    ),
    ("far", False): sentence("%(value)s is far off: the target is %(target)s"),
    ("far", True): sentence("%(value)s is far off: the target is %(target)s, and %(period)s had %(last)s"),
}


def far_off_words(far: FarOff) -> str:
    """``42 GWh is 140 × the target (at least 0.3 GWh): really?``; the values stand there as they can be typed again."""
    times = factor(far.reading.value, far.kpi.target)
    kind = "far" if times is None else "times" if times > 1 else "part"
    values = {
        "value": value_to_type(far.kpi, far.reading, far.convention),
        "target": target_words(far.kpi),
        "factor": _whole(times if times > 1 else 1 / times) if times else "",
    }
    if far.last:
        period, last = far.last
        values |= {"period": period.name, "last": value_to_type(far.kpi, last, far.convention)}
    return say(_SAYS[kind, far.last is not None], **values)


def _whole(times: Decimal) -> str:
    return figure(times.quantize(Decimal(1), ROUND_HALF_UP))
