"""Two partnerships under governance on a Saturday in November 2026, and their feeds as calendar programs ask for them.

Inès (Acme) and Dev (Globex) manage the alliance on battery cells; Dev also manages Globex's alliance with Initech. Uwe
owns a KPI that is internal to Acme.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from scheduler.domain.record.review import Recorded
from scheduler.services.app import App, open_app
from scheduler.services.pipeline.cycle import run
from scheduler.settings import Mail, Settings, Web
from scheduler.store import reviews, subscriptions
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.unit_of_work import UnitOfWork
from tests import builders
from tests.builders import at
from tests.held import only_what_is_held_is_written  # noqa: F401  (for each test here)
from tests.services.town import under

NOW = at("2026-11-21 09:00")
INES, DEV, TOM, UWE = (person["email"] for person in (builders.INES, builders.DEV, builders.TOM, builders.UWE))
CELLS, CHIPS = "acme-globex", "globex-initech"
HORIZON = 100
"""Days; shorter than the default, for what tests need not wait for."""


class Heard:
    """A log that remembers what it was told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __getattr__(self, level: str) -> Callable[..., None]:
        return lambda event, **known: self.lines.append(f"{level} {event} {known}")


@dataclass
class Clock:
    """A clock that stands until it is moved on."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def definition(**changes: Any) -> str:
    """The alliance on battery cells as its file says it."""
    return yaml.safe_dump(builders.written(**changes), allow_unicode=True)


def chips() -> str:
    """Globex and Initech, managed by Dev and by Yuki; the effective date is two weeks before Acme and Globex's."""
    yuki = {"name": "Yuki Mori", "email": "yuki.mori@initech.example", "of": "initech", "role": "alliance_manager"}
    kpi = {**builders.CELLS_DELIVERED, "name": "Wafers delivered", "owner": "yuki", "deputy": "dev", "decides": "dev"}
    success = {"criteria": [{"id": "wafers", "says": "Wafers arrive", "owner": "yuki"}]}
    return definition(
        effective="2026-09-15",
        partnership=CHIPS,
        name="Globex × Initech wafers",
        timezone="Asia/Tokyo",
        organisations={"globex": builders.GLOBEX, "initech": builders.INITECH},
        people={"dev": builders.DEV, "yuki": yuki},
        success_at_90_days=success,
        kpis={"wafers": kpi},
    )


def settings_in(folder: Path, web: Web | None = None, **more: Any) -> Settings:
    return Settings(
        definitions=folder / "partnerships",
        playbooks=folder / "playbooks",
        templates=folder / "templates",
        data=folder / "data",
        database=f"sqlite:///{folder}/data/cadence.db",
        horizon_days=HORIZON,
        web=web or Web(listen="127.0.0.1:0"),
        **more,
    )


def an_app(folder: Path, *, web: Web | None = None, mail: Mail | None = None, log: Any = None, **texts: str) -> App:
    """An app in which one cycle has run; `texts` replace the definition of the same name."""
    home = folder / "partnerships"
    home.mkdir(parents=True, exist_ok=True)
    for id, text in {"acme_globex": definition(), "globex_initech": chips(), **texts}.items():
        (home / f"{id.replace('_', '-')}.yaml").write_text(text, encoding="utf-8")
    settings = settings_in(folder, web, **({"mail": mail} if mail else {}))
    app = open_app(settings, log or Heard(), create=True)
    run(app, NOW)
    return app


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An app that nobody changes but by opening subscriptions."""
    opened = an_app(tmp_path_factory.mktemp("lasting"))
    yield opened
    opened.close()


AppOf = Callable[..., App]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> AppOf:
    """``made(web=…, mail=…, acme_globex=…)`` opens an app in which one cycle has run. The cycle is run once; for later
    tests the folder is laid there again, in the same place, as paths are on record."""
    kept: dict[str, tuple[Path, Path]] = {}

    def opened(*, web: Web | None = None, mail: Mail | None = None, **texts: str) -> App:
        key = repr((web, mail, texts))
        if key not in kept:
            kept[key] = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("kept")
            an_app(kept[key][0], web=web, mail=mail, **texts).close()
            shutil.copytree(kept[key][0], kept[key][1], dirs_exist_ok=True)
        home, copy = kept[key]
        shutil.rmtree(home)
        shutil.copytree(copy, home)
        return open_app(settings_in(home, web, **({"mail": mail} if mail else {})), Heard())

    return opened


@pytest.fixture
def app(made: AppOf) -> Iterator[App]:
    """An app of the test's own."""
    opened = made()
    yield opened
    opened.close()


def subscribe(app: App, **whose: Any) -> str:
    """Open a subscription; return its token."""
    token = subscriptions.new_token()
    with app.store.write() as db:
        subscriptions.add(db, token, NOW, **whose)
    return token


def subscribe_before(app: App, **whose: Any) -> str:
    """The same of a subscription that was read before anything is changed, and so has shown what was planned."""
    token = subscribe(app, **whose)
    with app.store.write() as db:
        opened = subscriptions.opened_by(db, subscriptions.hashed(token))
        assert opened is not None and opened.id is not None
        subscriptions.note_use(db, opened.id, NOW - timedelta(minutes=1))
    return token


def change(app: App, id: str, **changes: Any) -> None:
    """Change a review on record, as a person or a cycle does: its SEQUENCE rises."""
    with app.store.write() as db:
        record = reviews.find(db, id)
        assert record is not None
        reviews.save_many(db, [stepped(record, **changes)])


def stepped(record: Recorded, **changes: Any) -> Recorded:
    return replace(record, sequence=record.sequence + 1, modified_at=NOW, **changes)


def rename(app: App, id: str, name: str) -> None:
    """Rewrite a definition with another name, and let a cycle take it up."""
    file = app.settings.definitions / f"{id}.yaml"
    written = yaml.safe_load(file.read_text("utf-8"))
    file.write_text(yaml.safe_dump({**written, "name": name}, allow_unicode=True), encoding="utf-8")
    run(app, NOW)


@dataclass
class Site:
    """An app with its feeds served to a client that is no calendar program in particular."""

    app: App
    clock: Clock
    client: TestClient
    copies: FeedCache
    working: list[bool | None] = field(default_factory=lambda: [True])
    changes: list[datetime] = field(default_factory=list)
    """When somebody reported something, and the daemon was called."""

    @property
    def log(self) -> list[str]:
        heard: Heard = self.app.log  # type: ignore[assignment]  # what `an_app` put there
        return heard.lines

    def get(self, token: str, query: str = "", method: str = "GET", **headers: str | None) -> Any:
        given = {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        return self.client.request(method, f"/calendars/{token}.ics{query}", headers={"accept-encoding": "", **given})


@pytest.fixture
def site(app: App) -> Iterator[Site]:
    """The feeds of an app that the test may change."""
    yield from served(app)


@pytest.fixture
def still(lasting: App) -> Iterator[Site]:
    """The feeds of an app that nobody changes."""
    yield from served(lasting)


def served(app: App, settings: Settings | None = None) -> Iterator[Site]:
    clock, changes = Clock(), list[datetime]()
    working: list[bool | None] = [True]
    its = under(app, settings or app.settings)
    copies, unit_of_work = FeedCache(its, clock), UnitOfWork(its, clock, lambda: changes.append(clock.now))
    served_by = application(lambda: copies, lambda: unit_of_work, lambda: working[0])
    with TestClient(served_by, base_url="https://cadence.acme.example", follow_redirects=False) as client:
        yield Site(app, clock, client, copies, working, changes)
    copies.close()
