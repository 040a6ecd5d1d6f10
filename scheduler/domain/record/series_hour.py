"""The time of day at which a series is held, once people know it: it stays until somebody says otherwise."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import NamedTuple


class SeriesHour(NamedTuple):
    """The start, on the wall clock of the IANA zone that the series had then."""

    at: time
    zone: str


class SeriesKey(NamedTuple):
    """Whose hour it is: a series by its id, under one structural model; of checkpoints and formal reviews, which are
    series of one date, the model is empty. Where its sides take turns with the hour, `side` is the organisation (key)
    in whose turns it is held then."""

    series: str
    model: str = ""
    side: str = ""


SeriesHours = Mapping[SeriesKey, SeriesHour]


def as_rows(hours: SeriesHours) -> list[dict[str, str]]:
    """The hours as they are kept, in the order of their keys."""
    return [
        {"series": key.series, "model": key.model, **_side(key), "at": f"{hour.at:%H:%M}", "zone": hour.zone}
        for key, hour in sorted(hours.items())
    ]


def _side(key: SeriesKey) -> dict[str, str]:
    return {"side": key.side} if key.side else {}


def from_rows(rows: Iterable[Mapping[str, str]]) -> dict[SeriesKey, SeriesHour]:
    """The way back."""
    return {
        SeriesKey(row["series"], row["model"], row.get("side", "")): SeriesHour(
            time.fromisoformat(row["at"]), row["zone"]
        )
        for row in rows
    }


def under_names(hours: SeriesHours, names: Mapping[str, str]) -> dict[SeriesKey, SeriesHour]:
    """The hours, their series under the ids that they bear now, by those that they bore. What the new id has already
    stays as it is."""
    moved = {key._replace(series=names.get(key.series, key.series)): hour for key, hour in hours.items()}
    return moved | {key: hour for key, hour in hours.items() if key.series not in names}
