"""Two daemons on one PostgreSQL, at once: what they leave on record is what one alone leaves."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from scheduler.domain.record.seal import broken_at
from scheduler.services.cases import pauses, reviews
from scheduler.services.evidence.checking import standing
from scheduler.services.pipeline import publishing_place
from scheduler.services.pipeline.cycle import SOON, next_due
from scheduler.services.pipeline.sending.delivery import Sender, deliver_by
from scheduler.store import claims, clock, core_tables, outbox, partnerships, seals, server_clock
from scheduler.store.outbox import MAIL
from tests.builders import JUNE, MARTA
from tests.services.pipeline.test_repeating import a_small
from tests.services.several.conftest import Several
from tests.services.town import DAY_ONE, Town

IDS = [f"alliance-{number}" for number in range(6)]
MAILED = {"mail": {"sender": "cadence@alliances.example"}}
OF_ITS_OWN = {"id", "revision", "published", "fingerprint", "signature", "file", "dedup_key", "instance", "letter"}
OF_ITS_OWN |= {
    "message_id",
    "content",
    "token",
    "thread",
    "digest",
    "claimed_by",
    "sealed",
    "head",
    "previous",
    "parts",
}
"""Columns whose values are numbers of the database's, are drawn, or follow from such."""
_HEAD = re.compile(r"\b[0-9a-f]{64}\b")
"""A digest of numbers of the database's, in the facts of a monthly statement."""
THE_FIRST = {"partnership", "subject"}
"""A letter of several partnerships bears the one whose notice came onto the record first."""
OF_THE_PROGRAM = {"clock", "claim", "file_state", "event", "agenda", "reply_token", "secret", "daemon", "sighting"}


def together(*works: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as threads:
        return [each.result() for each in [threads.submit(work) for work in works]]


def six(town: Town) -> None:
    for id in IDS:
        town_of_definitions(town, id)


def town_of_definitions(town: Town, id: str) -> None:
    town.define(a_small(id, marta=MARTA, june=JUNE))


def record(town: Town) -> dict[str, Counter[str]]:
    """What is on record, by table, without what only numbers it."""
    with town.app.store.read() as db:
        tables = [getattr(core_tables, name) for name in core_tables._COLUMNS if name not in OF_THE_PROGRAM]
        found = {}
        for table in tables:
            left_out = OF_ITS_OWN | (THE_FIRST if table.name == "letter" else set())
            kept = [column for column in table.columns if column.name not in left_out]
            rows = db.execute(table.select().with_only_columns(*kept))
            found[table.name] = Counter(_HEAD.sub("a head", repr(tuple(row))) for row in rows)
    return found


DAYS = [DAY_ONE + timedelta(days=days) for days in (0, 1, 31, 46)]


def test_what_two_leave_on_record_is_what_one_alone_leaves(several: Several) -> None:
    one, other = several(2, **MAILED)
    [alone] = several(1, **MAILED)
    six(one)
    six(alone)
    governed = 0
    for now in DAYS:
        done = together(lambda now=now: one.cycle(now), lambda now=now: other.cycle(now))  # type: ignore[misc]
        of_one = alone.cycle(now)
        assert sum(each.governed for each in done) == of_one.governed, "none is governed twice"
        told = sum(each.told for each in done)
        governed += of_one.governed
        again = [one.cycle(now), other.cycle(now)]
        assert [each.actions for each in again] == [0, 0]
        assert told + sum(each.told for each in again) == of_one.told, "each hears of all of it in one letter"
        alone.cycle(now)
    assert governed >= len(IDS)
    mine, theirs = record(one), record(alone)
    differs = [name for name in mine if mine[name] != theirs[name]]
    said = [str(each) for name in differs for each in (mine[name] - theirs[name], theirs[name] - mine[name])]
    assert not differs, "\n".join(said)


def test_two_at_once_make_one_chain_of_seals_that_holds(several: Several) -> None:
    one, other = several(2)
    six(one)
    for now in (DAY_ONE, DAY_ONE + timedelta(days=1), DAY_ONE + timedelta(days=40)):
        together(lambda now=now: one.cycle(now), lambda now=now: other.cycle(now))  # type: ignore[misc]
    with one.database() as db:
        for id in IDS:
            chain = seals.chain(db, id)
            assert [each.sealed_at for each in chain] == sorted({each.sealed_at for each in chain})
            assert broken_at(chain) is None and standing(db, id).faults == ()


def test_what_people_do_meanwhile_is_never_lost(several: Several) -> None:
    one, other = several(2)
    six(one)
    one.cycle(DAY_ONE)
    chosen = {id: next(each for each in sorted(one.reviews(id)) if "operating" in each) for id in IDS}
    later = DAY_ONE + timedelta(days=1)

    def skips() -> None:
        for id in chosen.values():
            reviews.skip(other.app, id, "nobody is there", None, later)

    def pausing() -> None:
        for id in IDS:
            pauses.pause(one.app, id, (later + timedelta(days=40)).date(), None, "a hold", None, later)

    together(skips, pausing, lambda: one.cycle(later), lambda: other.cycle(later))
    one.cycle(later)
    for id, review in chosen.items():
        assert one.reviews(id)[review].status == "skipped"
        with one.database() as db:
            table = core_tables.partnership
            assert len(db.execute(table.select().where(table.c.id == id)).mappings().one()["pauses"]) == 1


def test_two_couriers_send_each_letter_once(several: Several) -> None:
    one, other = several(2, **MAILED)
    six(one)
    one.cycle(DAY_ONE + timedelta(days=31))
    with one.database() as db:
        due = outbox.counts(db)["due"]
    assert due

    def posts(town: Town, by: str) -> int:
        now: datetime = DAY_ONE + timedelta(days=31)
        return deliver_by(Sender(town.app, by, lambda: now, lambda: 0.5), MAIL, {}).sent

    assert sum(together(lambda: posts(one, "one"), lambda: posts(other, "other"))) == due
    with one.database() as db:
        assert outbox.counts(db) == {"sent": due}


def test_what_changed_while_another_wrote_its_files_is_looked_for_again_soon(several: Several) -> None:
    one, other = several(2)
    six(one)
    one.cycle(DAY_ONE)
    with other.app.store.write() as db:
        assert claims.take(db, "files", IDS[:1], other.app.by) == IDS[:1]
    assert next_due(one.app, DAY_ONE) != DAY_ONE + SOON
    with one.app.store.write(IDS[0]) as db:
        partnerships.touch(db, IDS[:1])
    assert one.cycle(DAY_ONE).published == 0
    assert next_due(one.app, DAY_ONE) == DAY_ONE + SOON
    with other.app.store.write() as db:
        claims.release(db, "files", IDS[:1], other.app.by)
    assert next_due(one.app, DAY_ONE) == DAY_ONE + SOON
    assert one.cycle(DAY_ONE).published == 1
    assert next_due(one.app, DAY_ONE) != DAY_ONE + SOON


def test_files_are_published_into_one_folder_until_nobody_has_for_an_hour(several: Several) -> None:
    one, other = several(2)
    six(one)
    later = DAY_ONE + timedelta(days=46)
    one.cycle(later)
    assert other.cycle(later).published == 0
    assert any(path.startswith("agendas/") for path in one.files())
    assert not any(path.startswith(("agendas/", "calendars/")) for path in other.files())
    with one.app.store.write() as db:
        known = clock.get(db, clock.PLACE)
        assert known
        clock.keep(db, clock.PLACE, server_clock.now(db) - publishing_place.SILENT, note=known.note)
    assert other.cycle(later).published == len(IDS)
    there = {path for path in one.files() if path.startswith("agendas/")}
    assert there <= set(other.files()), "all of it, at once"
    assert one.cycle(later).published == 0
    assert not any(path.startswith("agendas/") for path in one.files()), "what is stale is read back by nobody"
    assert {path.partition("/")[2] for path in one.files() if path.startswith("agendas.until-")}
