"""The calendars one can open in `golden/`, each named after what it shows.

After a wanted change, `python -m tests.render.golden_calendars` writes them anew; read the difference.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Model, Status
from scheduler.domain.record.measurement import Excuse
from scheduler.render.ics.model import Due, Meeting
from scheduler.render.ics.options import EVERY_CLOCK, Choice
from tests.builders import ACME, INITECH, a_partnership, at
from tests.render.calendars import (
    YEAR,
    a_due,
    a_meeting,
    partnership_calendar,
    person,
    person_calendar,
    review_invitation,
)

FOLDER = Path(__file__).parent / "golden"
ALL = Choice(alarms=True, clocks=EVERY_CLOCK)
MILESTONES = (
    ("kick-off", date(2026, 10, 1)),
    ("owners-confirmed", date(2026, 10, 15)),
    ("first-steering", date(2026, 10, 31)),
    ("midpoint", date(2026, 11, 15)),
    ("evidence-call", date(2026, 12, 16)),
    ("pre-read", date(2026, 12, 23)),
)
CLOCKS = (
    ("notice_by", date(2026, 12, 16)),
    ("agenda_by", date(2026, 12, 23)),
    ("items_until", date(2026, 12, 27)),
    ("minutes_by", date(2027, 1, 7)),
)


def the_checkpoint() -> Meeting:
    return a_meeting(
        date(2026, 12, 30),
        id="acme-globex/checkpoint",
        series="checkpoint",
        period="90-days",
        kind=Kind.CHECKPOINT,
        title="90-day success checkpoint",
        start=at("2026-12-30 14:00"),
        end=at("2026-12-30 15:30"),
        agenda_owner="ines",
        attendees=("marta", "ines", "june", "dev"),
        place="Acme Motors, Halden; room 4, second floor",
        clocks=MILESTONES + CLOCKS,
    )


def _meetings() -> list[Meeting]:
    """Held, planned, moved by a person, cancelled, skipped, the checkpoint, and an audit on Detroit's clock."""
    return [
        a_meeting(date(2026, 12, 8), Status.HELD, sequence=1),
        the_checkpoint(),
        a_meeting(date(2027, 1, 12)),
        a_meeting(
            date(2027, 1, 20),
            sequence=1,
            because="Dev is in Halden that week",
            series="operating",
            period="2027-01",
            kind=Kind.OPERATING,
            title="Operating review",
            start=at("2027-01-21 10:00"),
            end=at("2027-01-21 11:00"),
            gist="Planned for Wed 20 Jan 2027; moved by hand: Dev is in Halden that week",
        ),
        a_meeting(date(2027, 1, 26), Status.CANCELLED, sequence=1, because="the series is every two weeks now"),
        a_meeting(date(2027, 2, 9), Status.SKIPPED, sequence=1, because="nothing moved since last week"),
        a_meeting(
            date(2027, 3, 16),
            series="health-audit",
            period="2027-Q1",
            kind=Kind.HEALTH_AUDIT,
            title="Strategic health audit",
            zone="America/Detroit",
            start=at("2027-03-16 09:00", "America/Detroit"),
            end=at("2027-03-16 10:30", "America/Detroit"),
            attendees=("marta", "ines", "june", "dev"),
            clocks=(("agenda_by", date(2027, 3, 6)),),
        ),
    ]


def _dues() -> list[Due]:
    """Tom's cells of each standing, and Acme's own landed cost, which no calendar of Globex may show."""
    return [
        a_due("reported", "2026-11", date(2026, 12, 10), sequence=1),
        a_due("overdue", "2026-12", date(2027, 1, 14), sequence=1),
        a_due("open", "2027-01", date(2027, 2, 10)),
        a_due(
            "excused",
            "2027-02",
            date(2027, 3, 10),
            sequence=1,
            excuse=Excuse("acme-globex/cells-delivered", "2027-02", "the line stands still"),
        ),
        a_due("open", "2026-12", date(2027, 1, 15), key="landed-cost"),
    ]


def a_venture() -> Partnership:
    """A second partnership of Dev's, with Initech of Tokyo; there he is of Acme, under another key."""
    dev = {"name": "Dev Patel", "email": "Dev.Patel@globex.example", "of": "acme", "role": "alliance_manager"}
    ken = {"name": "Ken Mori", "email": "ken.mori@initech.example", "of": "initech", "role": "sponsor"}
    return a_partnership(
        partnership="tokyo-venture",
        name="Tokyo venture",
        model=Model.JOINT_VENTURE,
        timezone="Asia/Tokyo",
        organisations={"acme": ACME, "initech": INITECH},
        people={"d-patel": dev, "ken": ken},
        kpis={},
        success_at_90_days={"criteria": [{"id": "plant", "says": "The plant runs", "owner": "ken"}]},
    )


def _dev() -> bytes:
    board = a_meeting(
        date(2027, 1, 19),
        zone="Asia/Tokyo",
        partnership=a_venture(),
        id="tokyo-venture/health-audit/2027-Q1",
        series="health-audit",
        kind=Kind.HEALTH_AUDIT,
        title="Board",
        agenda_owner="ken",
        chair="ken",
        attendees=("d-patel", "ken"),
    )
    return person_calendar(person("dev"), "America/Detroit", [*_meetings(), board], _dues(), YEAR, ALL)


CALENDARS: dict[str, Callable[[], bytes]] = {
    "partnership-from-checkpoint-to-overdue.ics": lambda: partnership_calendar(
        a_partnership(), _meetings(), _dues(), YEAR, ALL
    ),
    "person-dev-in-two-partnerships.ics": _dev,
    "person-uwe-with-an-internal-kpi.ics": lambda: person_calendar(
        person("uwe"), "Europe/Berlin", _meetings(), _dues(), YEAR
    ),
}
INVITATIONS: dict[str, Callable[[], bytes]] = {
    "invitation-to-the-checkpoint.ics": lambda: review_invitation(the_checkpoint()),
}
CASES = CALENDARS | INVITATIONS
