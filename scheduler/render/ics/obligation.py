"""What outlasts a partnership, in a calendar: a mark on the last day of each obligation whose day is known.

They stand there however far away the day is: nobody meets any more by then who would think of it.
"""

from datetime import datetime

from scheduler.domain.definition.clause import Obligation
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.review import uid
from scheduler.render.languages import say
from scheduler.render.wording import day_words

from .components import begun, line, on_day, paragraphs
from .model import whole_name
from .serializer import Entry


def obligation_event(partnership: Partnership, owed: Obligation, number: int, changed_at: datetime) -> Entry:
    """The all-day VEVENT of an obligation that has a last day; `number` tells it from others of the same clause."""
    assert owed.until is not None
    identity = uid(f"obligation:{partnership.partnership}/{owed.clause}/{number}")
    event = begun("VEVENT", identity, 0, changed_at, changed_at)
    on_day(event, owed.until)
    what = f"{line(owed.says)} – {whole_name(partnership, None)}"
    event.add("SUMMARY", say("Binds until today: %(obligation)s", obligation=what))
    ends = partnership.agreement.ends
    if ends:
        since = say("The agreement ends on %(day)s; this outlasts it.", day=day_words(ends))
    else:
        since = say("This outlasts the agreement.")
    event.add("DESCRIPTION", paragraphs(owed.says, since))
    event.add("CATEGORIES", ["Obligation"])
    event.add("STATUS", "CONFIRMED")
    return event
