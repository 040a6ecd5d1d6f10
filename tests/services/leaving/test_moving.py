"""Whoever moves to another machine, or to another database, goes on as if nothing had been: nobody is told anything
anew, and what people hold in their hands goes on to open what it opened."""

import json
import re
import zipfile
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from scheduler.services.app import App
from scheduler.services.evidence.checking import standing
from scheduler.services.leaving.importing import import_
from scheduler.services.leaving.writing import Exported
from scheduler.settings import Settings
from scheduler.store import clock, core_tables, open_store, partnerships, plain_rows, secrets, subscriptions
from tests.services.leaving.conftest import DAYS, FEED, LATER, READER, WEEKS_LATER, cycle, exported_from
from tests.web.conftest import served

Elsewhere = Callable[..., Settings]
AppOf = Callable[[Settings], App]


def rows(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The whole record as values, but for what is of the machine."""
    with open_store(settings.database) as store, store.read() as db:
        names = plain_rows.tables(with_keys=True)
        return {name: [*plain_rows.rows(db, name, with_keys=True, reaches=None)] for name in names}


def files(settings: Settings) -> dict[str, bytes]:
    kept = (each for name in ("agendas", "calendars") for each in (settings.data / name).rglob("*"))
    return {str(each.relative_to(settings.data)): each.read_bytes() for each in kept if each.is_file()}


@pytest.mark.parametrize("engines", [("sqlite",), ("postgresql", "sqlite")], ids=" ".join)
def test_from_one_engine_to_another_and_back_it_is_the_same_to_the_byte(
    exported: Callable[..., Exported], elsewhere: Elsewhere, tmp_path: Path, engines: tuple[str, ...]
) -> None:
    file = exported().file
    first = file.read_bytes()
    for number, engine in enumerate(engines):
        there = elsewhere(engine)
        import_(there, file, WEEKS_LATER)
        file = exported_from(there, tmp_path / f"again-{number}.zip").file
        assert file.read_bytes() == first


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_next_cycle_tells_nobody_anything_anew_and_goes_on_as_the_other_would(
    lived: Settings, exported: Callable[..., Exported], elsewhere: Elsewhere, engine: str
) -> None:
    there = elsewhere(engine)
    done = import_(there, exported().file, LATER)
    assert (done.differences, done.goes_on) == ((), False)
    before, calendars = rows(there), files(there)
    assert calendars == files(lived) and any(name.startswith("calendars/people/") for name in calendars)

    assert cycle(there, DAYS[-1]) == cycle(lived, DAYS[-1])
    after = rows(there)
    for table in ("letter", "notice", "told", "event", "review", "revision", "measure", "seal", "definition_version"):
        assert after[table] == before[table], table
    assert files(there) == calendars
    assert {each["sequence"] for each in after["review"]} == {each["sequence"] for each in before["review"]}

    for day in (LATER, WEEKS_LATER):
        assert cycle(there, day) == cycle(lived, day)
    here, moved = rows(lived), rows(there)
    assert len(moved["letter"]) > len(before["letter"]), "numbers go on where they were"
    for table in ("letter", "notice"):
        assert [_said(each) for each in moved[table]] == [_said(each) for each in here[table]]


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in ("id", "dedup_key", "subject", "period", "rung", "occasion", "email"))


def test_the_chain_of_seals_holds_and_goes_on(
    exported: Callable[..., Exported], elsewhere: Elsewhere, app_of: AppOf
) -> None:
    there = elsewhere()
    import_(there, exported().file, LATER)
    cycle(there, WEEKS_LATER)
    app = app_of(there)
    with app.store.read() as db:
        for id in partnerships.ids(db):
            found = standing(db, id)
            assert found.faults == () and found.seals >= len(DAYS)


def test_what_people_were_given_opens_what_it_opened_where_the_keys_came_along(
    lived: Settings, exported: Callable[..., Exported], elsewhere: Elsewhere, app_of: AppOf
) -> None:
    there = elsewhere()
    import_(there, exported().file, LATER)
    assert _feed(app_of(lived)) == _feed(app_of(there))
    links = _links(app_of(lived))
    assert len(links) > 2
    for link in links:
        assert _page(app_of(lived), link) == _page(app_of(there), link), link
    assert any(_page(app_of(there), link)[0] == 200 for link in links)
    with app_of(lived).store.read() as one, app_of(there).store.read() as other:
        assert secrets.verifying_keys(one) == secrets.verifying_keys(other) != []


def _feed(app: App) -> tuple[int, bytes]:
    for site in served(app):
        site.clock.now = LATER
        answer = site.get(FEED)
        return answer.status_code, answer.content
    raise AssertionError("nobody serves")


def _links(app: App) -> list[str]:
    """Those in the letters of the last day, each kind once."""
    of = core_tables.letter.c
    with app.store.read() as db:
        mails = db.scalars(select(of.content).where(of.method == "NOTICE").order_by(of.id.desc()).limit(8)).all()
    bodies = [message_from_bytes(each, policy=policy.default).get_body(("plain",)) for each in mails]
    found = (each for body in bodies if body for each in re.findall(r"https://\S+", body.get_content()))
    return [*{each.split("/")[3]: each for each in found}.values()]


def _page(app: App, link: str) -> tuple[int, str]:
    """What a link shows, without what each showing makes anew."""
    for site in served(app):
        site.clock.now = LATER
        answer = site.client.get(link)
        return answer.status_code, re.sub(r'nonce="[^"]*"|value="[^"]*"', "", answer.text)
    raise AssertionError("nobody serves")


def test_without_keys_nothing_in_it_opens_anything(
    lived: Settings, exported: Callable[..., Exported], elsewhere: Elsewhere, app_of: AppOf
) -> None:
    file = exported(with_keys=False).file
    with zipfile.ZipFile(file) as zip:
        text = b"\n".join(zip.read(name) for name in zip.namelist())
    with app_of(lived).store.read() as db:
        key = secrets.known_signing_key(db)
        mails = db.scalars(select(core_tables.letter.c.content)).all()
    assert key is not None and any(b"https://cadence.acme.example/" in each for each in mails)
    for secret in (key, subscriptions.hashed(FEED), "https://cadence.acme.example/"):
        assert secret.encode() not in text, secret

    there = elsewhere()
    done = import_(there, file, LATER)
    assert not done.with_keys
    assert _feed(app_of(there))[0] == 404
    assert cycle(there, DAYS[-1])["written"] == 0, "nobody is told anything anew"
    app = app_of(there)
    with app.store.read() as db:
        assert [each.email for each in subscriptions.listing(db)] == [READER], "it can be renewed"
        assert secrets.known_signing_key(db) not in (None, key)
        for id in partnerships.ids(db):
            assert standing(db, id).faults == (), "letters bear their seals by their SHA-256"
    assert {*files(there)} == {*files(lived)}, "calendars are made anew"


def test_without_keys_news_that_had_not_left_is_written_anew(
    lived: Settings, exported: Callable[..., Exported], elsewhere: Elsewhere
) -> None:
    of = core_tables.letter.c
    newest = select(func.max(of.id)).where(of.method == "NOTICE").scalar_subquery()
    with open_store(lived.database) as store, store.write() as db:
        unsent = {"state": "due", "settled_at": None, "via": None, "transmitting_at": None}
        db.execute(update(core_tables.letter).where(of.id == newest).values(unsent))
        email = db.scalar(select(of.email).where(of.id == newest))
    made = exported(with_keys=False)
    assert made.on_their_way == 1
    there = elsewhere()
    import_(there, made.file, LATER)
    done = cycle(there, LATER.replace(hour=11))
    again = [each for each in rows(there)["letter"] if each["email"] == email][-1]
    assert done["sent"] >= 1 and again["state"] == "sent" and again["content"]["text"]


def test_an_import_that_was_cut_off_before_its_files_were_laid_is_gone_on_with(
    exported: Callable[..., Exported], elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, there = exported(), elsewhere()
    with monkeypatch.context() as patched:
        patched.setattr("scheduler.services.leaving.files_along.lay", _killed)
        with pytest.raises(KeyboardInterrupt):
            import_(there, made.file, LATER)
    assert not there.definitions.exists()
    assert import_(there, made.file, LATER, dry_run=True).goes_on
    assert import_(there, made.file, LATER).goes_on and there.definitions.is_dir()
    with open_store(there.database) as store, store.read() as db:
        assert clock.get(db, clock.IMPORTING) is None
    assert cycle(there, DAYS[-1])["written"] == 0


def _killed(*_: Any, **__: Any) -> int:
    raise KeyboardInterrupt


def test_where_plans_would_rest_on_something_else_it_says_so(
    exported: Callable[..., Exported], elsewhere: Elsewhere
) -> None:
    there = elsewhere(horizon_days=90, web={"public_url": "https://other.example"})
    done = import_(there, exported().file, LATER, dry_run=True)
    assert done.differences == (
        "horizon_days: 90 here, 150 there",
        "web.public_url: https://other.example here, https://cadence.acme.example there",
    )
    assert not Path(there.definitions).exists() and not there.data.exists(), "a look changes nothing"


def test_its_manifest_counts_every_row_and_file_and_its_schema_fits_every_row(
    exported: Callable[..., Exported],
) -> None:
    import jsonschema

    made = exported()
    with zipfile.ZipFile(made.file) as zip:
        manifest, schema = json.loads(zip.read("manifest.json")), json.loads(zip.read("schema.json"))
        assert {*zip.namelist()} == {"manifest.json", *manifest["files"]}
        assert sum(each["rows"] for each in manifest["tables"].values()) == made.rows
        for name, told in manifest["tables"].items():
            lines = zip.read(f"tables/{name}.jsonl").decode().splitlines()
            assert len(lines) == told["rows"]
            fits = jsonschema.Draft7Validator({**schema["definitions"][name]})
            for line in lines[:50]:
                fits.validate(json.loads(line))
        assert {*schema["definitions"]} == {*manifest["tables"]} == {*plain_rows.tables(with_keys=True)}
        assert all(each["description"] for each in schema["definitions"].values())
