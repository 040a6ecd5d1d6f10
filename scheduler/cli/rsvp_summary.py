"""The answers to one review's invitation, as `cadence review show` tells them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from scheduler.cli import formats
from scheduler.render.agenda.attendance import People
from scheduler.render.agenda.rsvps import in_short, outlook, times
from scheduler.rules.reviews.scopes import scopes
from scheduler.store import rsvps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.domain.record.rsvp import Standing
    from scheduler.render.agenda.quorum import Forecast
    from scheduler.services.app import App


class Answered(NamedTuple):
    """How the answers stand, by mail address, and what they make of the quorum. `zones` is who lives where."""

    standings: "Mapping[str, Standing]"
    forecast: "Forecast | None"
    zones: "Mapping[str, tuple[str, ...]]"
    definition: "Partnership"

    def page(self) -> Iterator[str]:
        """The forecast, and a line for everybody who has answered."""
        if self.forecast:
            yield f"  by answers    {self.forecast.words}"
        if self.standings:
            yield "Answers (UTC)"
        for email, standing in self.standings.items():
            answer, said = standing.answer, in_short(standing, self.definition) or "has taken the answer back"
            comment = f": {answer.comment}" if answer.comment else ""
            yield f"  {formats.when(answer.dtstamp)}  {self._name(email)} {said}{comment}"
            if answer.proposed:
                yield f"    proposes {times(*answer.proposed, self.zones)}"

    def as_dicts(self) -> list[formats.Object]:
        """The answers as `review show --json` lists them."""
        return [_as_dict(standing) for standing in self.standings.values()]

    def _name(self, email: str) -> str:
        people = self.definition.people.values()
        return next((each.name for each in people if each.email.casefold() == email), email)


def answered(app: "App", db: "Connection", record: "Recorded", definition: "Partnership") -> Answered:
    """The answers to a review, and what they make of its quorum; no forecast where its layer is gone."""
    standings = rsvps.standings(db, definition.partnership, {record.id: record}).get(record.id, {})
    scope = next((each for each in scopes(definition, app.playbooks) if each.layer == record.review.layer), None)
    if scope is None:
        return Answered(standings, None, {record.review.timezone: ()}, definition)
    people = People(scope, definition, record.review)
    forecast = outlook(record.review, scope, people, standings)
    return Answered(standings, forecast, people.zones(), definition)


def _as_dict(standing: "Standing") -> formats.Object:
    answer = standing.answer
    start, end = answer.proposed or (None, None)
    return {
        "email": answer.email,
        "says": answer.says,
        "for_an_earlier_time": standing.is_void,
        "at": answer.dtstamp,
        "sequence": answer.sequence,
        "comment": answer.comment,
        "delegate": answer.delegate,
        "proposed_start": start,
        "proposed_end": end,
    }
