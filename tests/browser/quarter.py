"""A quarter of the shipped worked examples, lived: most KPIs are reported in time and some never, most reviews are
held, a few skipped, a few closed by nobody. What the pages show of it is looked at in a browser, and in pictures."""

import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zlib import crc32
from zoneinfo import ZoneInfo

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.services.app import App, open_app
from scheduler.services.cases import kpis, reviews
from scheduler.services.pipeline.cycle import run
from scheduler.settings import Mail, Settings, Web
from scheduler.store import measurements, partnerships
from scheduler.store import reviews as recorded_reviews
from scheduler.web.site import paths
from tests.cli.conftest import REPOSITORY
from tests.web.conftest import Heard

BERLIN = ZoneInfo("Europe/Berlin")
BEGAN, NOW = date(2026, 10, 1), datetime(2027, 1, 14, 9, 30, tzinfo=BERLIN)
TWO = ("havelwerk-lakemont", "kestrel-sabia")
OPERATOR = "root@havelwerk.example"
READERS = {
    "sponsor": "anke.vollmer@havelwerk.example",
    "alliance manager": "jonas.priebe@havelwerk.example",
    "KPI owner": "selim.aydin@havelwerk.example",
    "counterpart": "mateo.ruiz@lakemont.example",
    "operator": OPERATOR,
}
"""The five who look, by their mail addresses."""


def lived(folder: Path, ids: Sequence[str] = TWO) -> App:
    """An app in which these examples have been governed from October to the middle of January."""
    home = folder / "partnerships"
    home.mkdir(parents=True)
    for id in ids:
        shutil.copy(REPOSITORY / "config" / "partnerships" / f"{id}.yaml", home)
    app = opened(folder, create=True)
    day = BEGAN
    while day < NOW.date():
        now = datetime.combine(day, time(9), BERLIN)
        run(app, now)
        for id in ids:
            _report(app, id, now)
            _close(app, id, now)
        day += timedelta(days=7)
    run(app, NOW)
    return app


def opened(folder: Path, *, create: bool = False) -> App:
    """The app in such a folder."""
    settings = Settings(
        definitions=folder / "partnerships",
        data=folder / "data",
        database=f"sqlite:///{folder}/data/cadence.db",
        web=Web(listen="127.0.0.1:0"),
        mail=Mail(sender="cadence@havelwerk.example"),
        operators=(OPERATOR,),
    )
    return open_app(settings, Heard(), create=create)


def addresses(app: App) -> dict[str, str]:
    """An address of each kind of page, by what it is called in the name of a picture."""
    id = TWO[0]
    with app.store.read() as db:
        by_start = sorted(recorded_reviews.recorded(db, id).values(), key=lambda each: each.review.start)
    held = [each.review for each in by_start if each.status is Status.HELD]
    planned = [each.review for each in by_start if each.status is Status.PLANNED and each.review.start > NOW]
    checkpoint = next(each.review for each in by_start if each.review.series == "checkpoint")
    of_id = {each.id: each for each in (held[-1], planned[0], checkpoint)}
    return {
        "now": paths.NOW,
        "portfolio": paths.PORTFOLIO,
        "partnership": paths.partnership(id),
        "evidence": paths.evidence(id),
        "review-to-come": paths.review(planned[0].id),
        "review-held": paths.review(held[-1].id),
        "kpi": paths.kpi(f"{id}/track-hours"),
        "checkpoint": paths.checkpoint(next(key for key, each in of_id.items() if each is checkpoint)),
        "decisions": paths.DECISIONS,
        "calendar": paths.CALENDAR,
        "horizon": paths.HORIZON,
        "load": paths.LOAD,
        "history": paths.HISTORY,
        "add": paths.ADD,
        "add-organisations": f"{paths.ADD}?step=organisations",
        "add-overview": f"{paths.ADD}?step=overview",
        "search": f"{paths.SEARCH}?q=stack",
        "sessions": paths.SESSIONS,
        "me": paths.ME,
        "status": paths.STATUS,
    }


def _report(app: App, id: str, now: datetime) -> None:
    """Three of four values are told, most of them on target; the same each time that the quarter is lived."""
    with app.store.read() as db:
        row = partnerships.get(db, id)
        owed = [each for each in measurements.listing(db, id) if each.status in ("open", "overdue")]
    definition = app.in_force(row) if row else None
    for each in owed:
        kpi, chance = definition.kpi(each.kpi) if definition else None, _chance(f"{each.kpi} {each.period}", 8)
        if kpi and chance < len(_NEAR) and each.due <= now.date() + timedelta(days=7):
            value = _value(kpi, chance)
            with suppress(UserError):  # a period that has not ended
                kpis.report(app, each.kpi, each.period, value, None, None, now, confirmed=True)


_NEAR = tuple(map(Decimal, ("1.0", "1.05", "1.1", "0.97", "1.2", "0.7")))
"""How near to its target a KPI comes, by chance."""


def _value(kpi: Kpi, chance: int) -> str:
    if kpi.target.kind == "yes":
        return "no" if chance == len(_NEAR) - 1 else "yes"
    return str(round((kpi.target.low + kpi.target.high) / 2 * _NEAR[chance], 2))


def _close(app: App, id: str, now: datetime) -> None:
    """Of ten reviews eight are held, some with minutes; one is skipped, and one nobody closes."""
    with app.store.read() as db:
        found = [each.review for each in recorded_reviews.recorded(db, id).values() if each.status is Status.PLANNED]
    for review in found:
        chance = _chance(review.id, 10)
        if review.end >= now or chance == _NOBODY:
            continue
        with suppress(UserError):
            if chance == 0:
                reviews.skip(app, review.id, "trade fair week", review.agenda_owner, now)
            else:
                reviews.hold(app, review.id, _MINUTES if chance < 3 else None, review.agenda_owner, now)


_NOBODY = 9
_MINUTES = """\
## Decisions
- The plan of record stays as it is

## Actions
- Circulate the figures by 15 Feb 2027
"""


def _chance(word: str, of: int) -> int:
    return crc32(word.encode()) % of
