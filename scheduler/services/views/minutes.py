"""How the minutes of a review stand: on their way, open to objections, objected to, accepted; and what they hold."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.filing import MinutesItem, Objection
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.access import Audience
    from scheduler.rules.minutes.objections import State


@dataclass(frozen=True, slots=True)
class MinutesView:
    """Minutes as their reader may see them: the `text` without what is internal to others. `is_open` is whether one can
    object to anything in them, `on_their_way` how many letters have not left, `reached` whether any has."""

    text: str
    state: "State"
    is_open: bool
    until: date | None
    zone: str
    accepted_on: date | None
    on_their_way: int
    reached: bool
    items: "tuple[MinutesItem, ...]"
    objections: "tuple[Objection, ...]"

    @property
    def words(self) -> str:
        """``open to objections until the end of Fri 8 Jan 2027 (Europe/Berlin)``."""
        from scheduler.render.languages import say, say_count
        from scheduler.render.wording import day_words

        if self.state == "accepted" and self.accepted_on:
            return say("accepted with the end of %(day)s", day=day_words(self.accepted_on))
        if self.state == "accepted":
            return say("accepted")
        if self.state == "waiting" and self.on_their_way:
            return say_count(
                "on their way: one letter has not left, and nobody's time to object has begun",
                "on their way: %(number)s letters have not left, and nobody's time to object has begun",
                self.on_their_way,
            )
        if self.state == "waiting" and not self.reached:
            return "sent to nobody: no letter could be delivered (cadence outbox list --state dead)"
        if self.state == "waiting":
            return say("sent")
        until = (
            say("open to objections until the end of %(day)s (%(zone)s)", day=day_words(self.until), zone=self.zone)
            if self.until
            else ""
        )
        if self.state == "objected":
            return say("objected to; %(until)s", until=until) if self.is_open else say("objected to")
        return until


def minutes_of(
    db: "Connection", record: "Recorded", definition: "Partnership", now: datetime, audience: "Audience"
) -> MinutesView | None:
    """The minutes of a review at `now`; None where there are none."""
    from scheduler.rules.calendar.wall_clock import zone
    from scheduler.rules.minutes.audience import readable_by
    from scheduler.rules.minutes.objections import can_object, standing
    from scheduler.store import filings

    known, today = filings.of_review(db, record.id), now.astimezone(zone(record.review.timezone)).date()
    found = standing(record, known, today)
    if found is None or record.minutes is None:
        return None
    sending = filings.sending(db, found.filings[-1])
    own = audience.organisation
    names = [definition.organisations[own].name, own] if own in definition.organisations else []
    return MinutesView(
        text=record.minutes if audience.sees_all else readable_by(record.minutes, [each for each in names if each]),
        state=found.state,
        is_open=any(can_object(found, item, today) for item in (None, *found.items)),
        until=found.until,
        zone=record.review.timezone,
        accepted_on=found.accepted_on,
        on_their_way=sending.waiting,
        reached=bool(sending.taken),
        items=tuple(item for item in found.items if item.id),
        objections=known.objections,
    )


def minutes_as_json(minutes: MinutesView) -> dict[str, Any]:
    """How minutes stand, as `review show --json` has it."""
    return {
        "state": minutes.state,
        "until": minutes.until,
        "accepted_on": minutes.accepted_on,
        "letters_on_their_way": minutes.on_their_way,
        "items": [{"id": each.id, "kind": each.kind, "says": each.says} for each in minutes.items],
        "objections": [asdict(each) for each in minutes.objections],
    }
