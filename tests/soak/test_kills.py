"""The program is killed again and again (SIGKILL) while letters leave to a mail server and a webhook, at moments that
chance chooses: as it starts, as it plans, while it speaks to them, while it waits for their answers."""

import random
import shutil
import signal
import subprocess
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.builders import INES, TOM
from tests.daemon.polling import HANG
from tests.soak.conftest import Start
from tests.soak.receivers import Receivers, account, as_calendars_know_it, receivers
from tests.soak.record import Record
from tests.soak.reporting import Often, Report
from tests.soak.sizes import KILLS
from tests.system.program import Place, Program, a_small

pytestmark = pytest.mark.system
SEED = 13
DAY, NOON = 24, 12
"""Lives: each begins an hour after the last one."""
NEWS_HOURS = range(10, 16)


def moment(life: int) -> str:
    """Each life begins an hour after the last one, the first at midnight: news comes in the readers' hours."""
    return f"2026-10-{1 + life // 24:02}T{life % 24:02}:00+02:00"


class Lives(Place):
    """A place whose clock is later at each start."""

    life = 0

    def command(self, *words: str, now: str = "") -> list[str]:
        return super().command(*words, now=now or moment(self.life))

    def add_a_partnership(self) -> None:
        """One more, of people of its own, who are told by a chat as well."""
        self._define(self.life)

    def move_its_reviews(self, life: int) -> None:
        """Another length for the meetings of the one that was added then: their SEQUENCE rises."""
        self._define(life, length=f"{35 + 5 * (self.life % 9)} minutes")

    def _define(self, life: int, **meetings: str) -> None:
        told = {"chat": "hub", "tell": "both"}
        both = {"ines": {**INES, **told}, "tom": {**TOM, **told}}
        people = {key: {**each, "email": f"{key}.{life:03}@{each['of']}.example"} for key, each in both.items()}
        reviews = {**a_small()["reviews"], **({"operating": meetings} if meetings else {})}
        self.define(f"line-{life:03}", people=people, reviews=reviews)


def dies(program: Program, there: Receivers, chance: random.Random, *, is_news_hour: bool) -> None:
    """Kill it: a while after its start, or after something of this life has arrived; in hours in which people are told
    news, also once its cycle is done and that is on its way."""
    if chance.random() < 0.3:
        time.sleep(chance.uniform(0, 2))
    elif is_news_hour:
        program.logs("cycle.done")
        time.sleep(chance.uniform(0, 0.6))
    else:
        before = there.arrived
        program.until(lambda: there.arrived > before, "something that leaves")
        time.sleep(chance.uniform(0, 0.4))
    program.signal(signal.SIGKILL)
    program.process.wait(HANG)


def killed_again_and_again(place: Lives, record: Record, started: Start, times: int) -> Receivers:
    """So many lives, each with something new to tell and a sudden end; then one that comes to an end of its letters."""
    chance = random.Random(SEED)
    with receivers(place.folder, chance) as there:
        place.set(**there.settings)
        for place.life in range(times):
            place.add_a_partnership()
            if place.life:
                place.move_its_reviews(chance.randrange(place.life))
            dies(started(place), there, chance, is_news_hour=place.life % DAY in NEWS_HOURS)
            record.let_leases_pass()
        place.life = times + DAY - times % DAY + NOON
        last = started(place)
        last.hears("READY=1")
        last.until(lambda: not record.open(), "an empty outbox")
        assert last.stops() == 0
    return there


def undisturbed(place: Lives, folder: Path) -> set[tuple[str, str]]:
    """Whom a program that nobody kills invites to what, by the same definitions at the same moment in the end."""
    calm = Lives(folder)
    folder.mkdir()
    calm.set()
    calm.create()
    shutil.copytree(place.definitions, calm.definitions)
    calm.life = place.life
    subprocess.run(calm.command("once"), check=True, capture_output=True, timeout=HANG)
    invited = Record(f"sqlite:///{calm.data}/cadence.db").rows("SELECT uid, email FROM letter WHERE method = 'REQUEST'")
    return {(uid, email) for uid, email in invited}


def test_killed_at_any_moment_it_loses_nothing_and_doubles_only_what_it_marks(
    tmp_path: Path, started: Start, often: Often, report: Report
) -> None:
    place, times = Lives(tmp_path), often(KILLS)
    place.set()
    place.create()
    record = Record(f"sqlite:///{place.data}/cadence.db")
    there = killed_again_and_again(place, record, started, times)
    found = account(record, there)
    assert (found.lost, found.unmarked) == (0, 0)
    told = assert_calendars_agree(record, there)
    assert undisturbed(place, tmp_path / "calm") <= told
    assert found.mails >= 3 * times and found.events >= 3 * times and found.chats
    report("letters: at least once, twice only where marked", "kill −9, SQLite", times=times, **asdict(found))


def assert_calendars_agree(record: Record, there: Receivers) -> set[tuple[str, str]]:
    """What a calendar reads in what arrived is what is on record, and SEQUENCE never falls: a calendar that saw all of
    it shows the last. Whom it came to, by UID and address."""
    written = {(row.email, row.uid, row.method, row.sequence) for row in record.letters()}
    last: dict[tuple[str, str, str], int] = {}
    for envelope in there.mailbox.taken:
        assert isinstance(envelope.content, bytes)
        if read := as_calendars_know_it(envelope.content):
            (email,) = envelope.rcpt_tos
            assert (email, read.uid, read.method, read.sequence) in written
            key = email, read.uid, read.instance
            assert read.sequence >= last.get(key, 0)
            last[key] = read.sequence
    return {(uid, email) for email, uid, _ in last}
