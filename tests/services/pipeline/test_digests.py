"""People hear of what they owe: once, in time, in their own working hours, in one letter a day.

Tom Reyes of Globex (Detroit) owes November 2026 by Thursday 10 December; Dev Patel is his deputy and Globex's alliance
manager, June Okafor its sponsor. Uwe Brandt of Acme (Munich) owes Acme's own landed cost.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.record.measurement import Excuse
from scheduler.render import templating
from scheduler.render.notifications import digest
from scheduler.services.cases.launch_track import tick
from scheduler.services.pipeline import digests
from scheduler.services.pipeline.cycle import next_due
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.intake import gather
from scheduler.services.pipeline.sending.delivery import Sender, deliver
from scheduler.store import delivery, faults, notifications, outbox, partnerships, readings
from scheduler.store.clock import PURGED, SEALED
from scheduler.store.tables import LetterRow
from tests.builders import (
    CELLS_DELIVERED,
    DEV,
    INES,
    JUNE,
    LANDED_COST,
    MARTA,
    TOM,
    UWE,
    a_reading,
    at,
)
from tests.services.town import Town

Build = Callable[..., Town]
OFF = {"off": True}
QUIET = dict.fromkeys(("pipeline", "operating", "health-audit", "sponsors", "strategy"), OFF)
"""A partnership whose reviews are all off: then nothing but its KPIs is told."""
FROM_NOVEMBER = {**CELLS_DELIVERED, "from": "2026-11-01"}
PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
DETROIT = ZoneInfo("America/Detroit")
HOUR = timedelta(hours=1)
CELLS, NOVEMBER = "acme-globex/cells-delivered", "2026-11"


@dataclass(frozen=True)
class Mail:
    """A letter of the outbox as its reader sees it."""

    to: str
    at: datetime
    subject: str
    text: str
    state: str


def in_detroit(clock: str) -> datetime:
    return at(clock, "America/Detroit")


def defined(town: Town, **changes: Any) -> None:
    """Acme × Globex since July, with nothing to tell of but Cells delivered, which is measured from November on.

    A partnership is taken up on 2 November, before anything of it is due; what is written later counts from then on.
    """
    said = {"kpis": {"cells-delivered": FROM_NOVEMBER}, "reviews": QUIET, "people": PEOPLE, **changes}
    file = town.define(effective="2026-07-01", agreement={"signed": "2026-06-01"}, **said)
    with town.database() as db:
        is_new = partnerships.get(db, file.stem) is None
    if is_new:
        gather(town.app, in_detroit("2026-11-02 09:00"))


def letters(town: Town) -> list[Mail]:
    """Every letter about what people owe, in the order in which they were written."""
    return list(_letters(town))


def _letters(town: Town) -> Iterator[Mail]:
    return (_mail(letter) for letter in _with_content(town))


def _with_content(town: Town) -> list[LetterRow]:
    with town.database() as db:
        found = [outbox.get(db, row.id or 0) for row in outbox.listing(db)]
    return [letter for letter in found if letter]


def _mail(letter: LetterRow) -> Mail:
    message = message_from_bytes(letter.content, policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    return Mail(letter.email, letter.created_at, str(message["Subject"]), text, letter.state)


def lived(town: Town, first: datetime, last: datetime) -> list[Mail]:
    """Run a cycle at the first hour, and at each later one by which something on record is due, as the daemon's alarm
    does; send each time what there is to the folder. Give the letters of that time."""
    before, now = len(letters(town)), first
    while now <= last:
        a_cycle(town, now)
        due = next_due(town.app, now)
        if due is None:
            break
        now += max(-((now - due) // HOUR), 1) * HOUR
    return letters(town)[before:]


def besides_the_edit(told: Iterable[Mail]) -> list[Mail]:
    """The letters without those that tell the alliance managers alone that the definition was edited."""
    return [each for each in told if "its definition has changed" not in each.subject]


def hourly(town: Town, first: datetime, last: datetime) -> list[Mail]:
    """The same with a cycle at every hour, whether or not anything is due."""
    before = len(letters(town))
    for hours in range((last - first) // HOUR + 1):
        a_cycle(town, first + hours * HOUR)
    return letters(town)[before:]


def a_cycle(town: Town, now: datetime) -> None:
    """A cycle, and a round of the senders."""
    town.cycle(now)
    deliver(Sender(town.app, "one", lambda: now, lambda: 0.5))


def report(town: Town, now: datetime, by: str = "tom", value: str = "0.31") -> None:
    with town.app.store.write() as db:
        readings.add(db, a_reading(value, NOVEMBER, by=by, reported_at=now))
        govern_in(town.app, db, "acme-globex", now)


def hold(town: Town, excuse: Excuse, now: datetime) -> None:
    with town.app.store.write() as db:
        readings.excuse(db, excuse, now, "tom")
        govern_in(town.app, db, "acme-globex", now)


# In time, once -----------------------------------------------------------------------------------------------------


def test_the_owner_hears_of_it_five_working_days_before_in_the_morning_on_their_own_clock(town: Town) -> None:
    defined(town)
    assert lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-03 08:00")) == []
    [letter] = lived(town, in_detroit("2026-12-03 09:00"), in_detroit("2026-12-04 12:00"))
    assert (letter.to, letter.at) == (TOM["email"], in_detroit("2026-12-03 09:00"))
    assert letter.subject == "Soon due: Cells delivered, 2026-11 (Acme × Globex battery cells)"
    assert "You are asked to report it." in letter.text
    assert "Due on Thu 10 Dec 2026, the end of the day." in letter.text
    assert "Next, on Wed 9 Dec 2026: you are told, unless it is reported before." in letter.text


def test_silence_climbs_the_ladder_and_each_rung_is_told_once(town: Town) -> None:
    defined(town)
    told = lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-18 17:00"))
    assert [(each.to.partition(".")[0], f"{each.at.astimezone(DETROIT):%d %H:%M}") for each in told] == [
        ("tom", "03 09:00"),
        ("tom", "09 09:00"),
        ("tom", "10 09:00"),
        ("tom", "11 09:00"),
        ("dev", "15 09:00"),
        ("tom", "15 09:00"),
        ("dev", "18 09:00"),
        ("june", "18 09:00"),
        ("tom", "18 09:00"),
    ]  # fmt: skip
    june = told[-2]
    assert june.subject == "Overdue: Cells delivered, 2026-11 (Acme × Globex battery cells)"
    assert "Tom Reyes is asked to report it." in june.text
    assert "Due on Thu 10 Dec 2026, 6 working days ago; overdue since Fri 11 Dec 2026." in june.text
    assert (
        "Its steps were told to Tom Reyes on 5 days, last on Tue 15 Dec 2026; to Dev Patel on Tue 15 Dec 2026."
        in june.text
    )
    assert "Next, on Mon 28 Dec 2026: it goes on the agenda of the next health audit" in june.text


def remembered(town: Town) -> dict[str, list[dict[str, Any]]]:
    """What is on record, but for when it was last looked for what is old, and was sealed: by whoever came by first."""
    found = town.remembered()
    return {
        **found,
        "clock": [each for each in found["clock"] if each["key"] not in (PURGED, SEALED)],
        "partnership": [{**each, "sealed": None} for each in found["partnership"]],
        "seal": [],
    }


def test_at_an_hour_at_which_nothing_on_record_is_due_nothing_happens(build: Build) -> None:
    """Which is why the other tests here live from one thing that is due to the next: with reviews, a weekly digest and
    a KPI that is reported late, ten days of every hour leave what that leaves."""
    towns, told = [build("by the hour"), build("by what is due")], []
    for town, live in zip(towns, (hourly, lived), strict=True):
        defined(town, reviews={"sponsors": OFF}, people={**PEOPLE, "june": {**JUNE, "tell": "digest"}})
        told.append(live(town, in_detroit("2026-12-08 00:00"), in_detroit("2026-12-15 23:00")))
        report(town, in_detroit("2026-12-15 23:20"))
        told[-1] += live(town, in_detroit("2026-12-16 00:00"), in_detroit("2026-12-17 22:00"))
        a_cycle(town, in_detroit("2026-12-17 23:00"))
    assert told[0] == told[1]
    assert {DEV["email"], TOM["email"], INES["email"]} <= {each.to for each in told[0]}
    assert remembered(towns[0]) == remembered(towns[1])
    assert towns[0].files() == towns[1].files()


def test_a_cycle_that_is_run_again_tells_nobody_again(town: Town) -> None:
    defined(town)
    town.cycle(in_detroit("2026-12-11 10:00"))
    before, state = letters(town), town.remembered()
    town.cycle(in_detroit("2026-12-11 10:00"))
    assert (letters(town), town.remembered()) == (before, state)


def test_all_that_one_person_owes_comes_in_one_letter_over_all_partnerships(town: Town) -> None:
    defined(town, kpis={"cells-delivered": FROM_NOVEMBER, "scrap": {**FROM_NOVEMBER, "name": "Scrap rate"}})
    success = {"criteria": [{"id": "line", "says": "The line runs", "owner": "dev"}]}
    uptime = {"uptime": {**FROM_NOVEMBER, "name": "Uptime"}}
    defined(town, partnership="halden", name="Halden line", kpis=uptime, success_at_90_days=success)
    [letter] = lived(town, in_detroit("2026-12-03 09:00"), in_detroit("2026-12-03 17:00"))
    assert letter.subject == "3 matters of 2 partnerships"
    assert [letter.text.count(each) for each in ("* Cells delivered", "* Scrap rate", "* Uptime")] == [1, 1, 1]
    assert letter.text.index("Acme × Globex battery cells\n") < letter.text.index("Halden line\n")


def test_nobody_gets_a_second_letter_on_a_day_and_what_comes_up_waits_for_the_next(town: Town) -> None:
    """The Halden line's file is laid into the folder at noon, after Tom had his letter of the day."""
    defined(town)
    lived(town, in_detroit("2026-12-11 09:00"), in_detroit("2026-12-11 11:00"))
    success = {"criteria": [{"id": "line", "says": "The line runs", "owner": "dev"}]}
    scrap = {"scrap": {**FROM_NOVEMBER, "name": "Scrap rate"}}
    defined(town, partnership="halden", name="Halden line", kpis=scrap, success_at_90_days=success)
    [letter] = lived(town, in_detroit("2026-12-11 12:00"), in_detroit("2026-12-14 12:00"))
    assert letter.at == in_detroit("2026-12-14 09:00")
    assert "Scrap rate" in letter.subject


def test_after_downtime_there_is_one_letter_that_says_what_holds_now(town: Town) -> None:
    """The program was down from the 2nd to the 16th: three rungs of Tom's and one of Dev's were missed."""
    defined(town)
    town.cycle(in_detroit("2026-12-02 10:00"))
    told = lived(town, in_detroit("2026-12-16 20:00"), in_detroit("2026-12-17 12:00"))
    assert [each.to for each in told] == [DEV["email"], TOM["email"]]
    for letter in told:
        assert letter.text.count("* Cells delivered, 2026-11: overdue") == 1
    assert "This letter stands for all that fell due since Thu 3 Dec 2026" in told[1].text


def test_a_weekend_is_no_downtime(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-10 12:00"))
    [letter] = lived(town, in_detroit("2026-12-11 17:30"), in_detroit("2026-12-14 10:00"))
    assert "stands for all" not in letter.text


def test_a_step_that_nobody_ticked_is_overdue_in_the_next_letter_and_one_that_is_done_in_none(town: Town) -> None:
    """The midpoint is due on Friday 13 November and the joint plan on Monday 30: Inès ticks one of the earlier ones."""
    town.define(reviews=QUIET, people=PEOPLE)
    first = lived(town, at("2026-10-05 09:00"), at("2026-11-14 09:00"))
    on_its_day = [each.text for each in first if "Midpoint" in each.text]
    assert on_its_day and not any("Midpoint of the first 90 days: overdue" in each for each in on_its_day)
    tick(town.app, "acme-globex", "kpi-owners", None, "ines", at("2026-11-14 10:00"))
    theirs = [each for each in lived(town, at("2026-11-30 06:00"), at("2026-11-30 18:00")) if each.to == INES["email"]]
    [letter] = [each for each in theirs if "Joint plan agreed" in each.text]
    assert "Midpoint of the first 90 days: overdue" in letter.text
    assert "Due on Fri 13 Nov 2026 (day 45 is Sun 15 Nov 2026)" in letter.text
    assert "First steering meeting and pulse: overdue" in letter.text
    assert "Every KPI owner has confirmed" not in letter.text
    assert "Next, on" not in letter.text.partition("Midpoint of the first 90 days: overdue")[2].partition("\n\n")[0]


# All that somebody owes ----------------------------------------------------------------------------------------------

SCRAP = {**FROM_NOVEMBER, "name": "Scrap rate", "due": "12 working days"}


def headings(letter: Mail) -> list[str]:
    return [each[2:] for each in letter.text.splitlines() if each.startswith("* ")]


def test_a_letter_lists_every_period_that_its_reader_owes_the_longest_overdue_first(town: Town) -> None:
    """On 12 January 2027 Tom is reminded of December alone: November, a month late, stands before it."""
    defined(town)
    lived(town, in_detroit("2027-01-11 10:00"), in_detroit("2027-01-11 12:00"))
    told = lived(town, in_detroit("2027-01-12 09:00"), in_detroit("2027-01-12 10:00"))
    [letter] = [each for each in told if each.to == TOM["email"]]
    assert letter.subject == "Overdue: Cells delivered, 2026-11 (Acme × Globex battery cells)", "a KPI is one matter"
    assert headings(letter) == ["Cells delivered, 2026-11: overdue"]
    assert letter.text.count("You are asked to report it.") == 1
    [december] = [each for each in letter.text.splitlines() if each.startswith("  Cells delivered, 2026-12: ")]
    assert december.startswith(
        "  Cells delivered, 2026-12: due on Wed 13 Jan 2027, the end of the day. Report it now: http"
    )


def test_what_was_told_before_and_still_stands_is_listed_with_the_news_of_the_day(town: Town) -> None:
    """Scrap falls due on the 17th; on the 15th Tom hears of it, and again of the cells that are overdue."""
    defined(town, kpis={"cells-delivered": FROM_NOVEMBER, "scrap": {**SCRAP, "deputy": "june"}})
    told = lived(town, in_detroit("2026-12-11 09:00"), in_detroit("2026-12-16 17:00"))
    last = [each for each in told if each.to == TOM["email"]][-1]
    assert last.at == in_detroit("2026-12-16 09:00") and last.subject.startswith("Due: Scrap rate, 2026-11")
    assert headings(last) == ["Cells delivered, 2026-11: overdue", "Scrap rate, 2026-11: due"]


def test_what_is_asked_comes_before_what_is_to_be_known(town: Town) -> None:
    """Dev owes the scrap rate himself, and hears as Tom's deputy of the cells: his own comes first."""
    mine = {**FROM_NOVEMBER, "name": "Scrap rate", "owner": "dev", "deputy": "june"}
    defined(town, kpis={"cells-delivered": FROM_NOVEMBER, "scrap": mine})
    [letter] = [
        each
        for each in lived(town, in_detroit("2026-12-15 09:00"), in_detroit("2026-12-15 10:00"))
        if each.to == DEV["email"]
    ]
    parts = [each for each in letter.text.splitlines() if each.startswith(("== ", "* "))]
    assert parts == [
        "== Asked of you (1) ==",
        "* Scrap rate, 2026-11: overdue",
        "== For you to know (1) ==",
        "* Cells delivered, 2026-11: overdue",
        "== In detail ==",
    ]


def test_what_is_owed_in_another_partnership_is_listed_though_nothing_of_it_came_up_today(town: Town) -> None:
    success = {"criteria": [{"id": "line", "says": "The line runs", "owner": "dev"}]}
    defined(town)
    defined(town, partnership="halden", name="Halden line", kpis={"scrap": SCRAP}, success_at_90_days=success)
    lived(town, in_detroit("2026-12-15 09:00"), in_detroit("2026-12-15 10:00"))
    told = lived(town, in_detroit("2026-12-16 09:00"), in_detroit("2026-12-16 10:00"))
    [letter] = [each for each in told if each.to == TOM["email"]]
    assert letter.subject == "Due: Scrap rate, 2026-11 (Halden line), and 1 more overdue"
    assert letter.text.index("* Cells delivered, 2026-11: overdue") < letter.text.index("* Scrap rate, 2026-11: due")


def test_what_was_reported_or_excused_is_listed_no_more(town: Town) -> None:
    defined(town, kpis={"cells-delivered": FROM_NOVEMBER, "scrap": SCRAP})
    lived(town, in_detroit("2026-12-11 09:00"), in_detroit("2026-12-11 12:00"))
    report(town, in_detroit("2026-12-11 13:00"))
    [letter] = lived(town, in_detroit("2026-12-16 09:00"), in_detroit("2026-12-16 10:00"))
    assert headings(letter) == ["Scrap rate, 2026-11: due"]


def test_a_promise_is_listed_until_its_day_as_what_it_is(town: Town) -> None:
    defined(town, kpis={"cells-delivered": FROM_NOVEMBER, "scrap": SCRAP})
    lived(town, in_detroit("2026-12-11 09:00"), in_detroit("2026-12-11 12:00"))
    promise = Excuse(CELLS, NOVEMBER, "the meter is being read", in_detroit("2026-12-18 00:00").date(), "acknowledged")
    hold(town, promise, in_detroit("2026-12-14 10:00"))
    told = lived(town, in_detroit("2026-12-16 09:00"), in_detroit("2026-12-16 10:00"))
    [tom] = [each for each in told if each.to == TOM["email"]]
    assert "Acknowledged by you until Fri 18 Dec 2026: the meter is being read" in tom.text


def test_who_is_told_of_one_late_period_reads_which_others_are_late(town: Town) -> None:
    """December is overdue since 14 January 2027. Dev hears of November on its weekly day, the 21st; December climbs no
    ladder of its own meanwhile."""
    defined(town)
    lived(town, in_detroit("2027-01-15 09:00"), in_detroit("2027-01-15 12:00"))
    told = lived(town, in_detroit("2027-01-19 09:00"), in_detroit("2027-01-22 10:00"))
    [dev] = [each for each in told if each.to == DEV["email"]]
    assert headings(dev) == ["Cells delivered, 2026-11: overdue"]
    assert "  Overdue as well: 2026-12.\n" in dev.text


def test_a_letter_in_which_nothing_can_be_answered_speaks_of_no_links(build: Build) -> None:
    town = build()
    defined(town)
    told = lived(town, in_detroit("2026-12-18 09:00"), in_detroit("2026-12-18 10:00"))
    [tom], [june] = ([each for each in told if each.to == to["email"]] for to in (TOM, JUNE))
    assert "alone: its links answer in that name." in tom.text and "/report/" in tom.text
    assert "This letter is for June Okafor alone. At most one comes a day." in june.text and "links" not in june.text


def test_a_review_that_nobody_closed_is_unanswered_and_not_overdue(town: Town) -> None:
    reviews = {**QUIET, "operating": {"every": "month", "on": "working day 5", "at": "15:00", "agenda_owner": "ines"}}
    far = {"cells-delivered": {**FROM_NOVEMBER, "from": "2027-06-01"}}
    defined(town, reviews=reviews, kpis=far)
    town.cycle(at("2026-12-01 09:00"))
    told = lived(town, at("2026-12-08 08:30"), at("2026-12-11 09:30"))
    subjects = [each.subject for each in told if each.to == INES["email"] and "2026-12" in each.subject]
    assert subjects[-1].startswith("Unanswered: Operating review 2026-12 of ") and "verdue" not in subjects[-1]


def test_what_is_internal_is_listed_in_no_chat_in_which_others_read(build: Build) -> None:
    """The landed cost is overdue; a letter about the cells says so by mail, and not in the room."""
    town = build(**a_chat())
    quiet = {**BOTH_LEVELS, "cells-delivered": {**BOTH_LEVELS["cells-delivered"], "due": "14 working days"}}
    defined(town, kpis=quiet, people={**PEOPLE, "uwe": {**UWE_IN_THE_ROOM, "tell": "both"}})
    for clock in ("2026-12-11 09:00", "2026-12-18 09:00"):
        lived(town, at(clock), at(clock))
    last = {row.channel: row for row in _with_content(town) if row.email == UWE["email"]}
    assert "Landed cost" in last["mail"].content.decode() and "Cells delivered" in last["mail"].content.decode()
    assert "Landed cost" not in last["acme-room"].content.decode() and "Cells" in last["acme-room"].content.decode()


# Told is whose letter was accepted -----------------------------------------------------------------------------------


def settle(town: Town, to: str, now: datetime, refused: str = "") -> None:
    """The mail server takes the letters to somebody, or refuses them for good."""
    with town.app.store.write() as db:
        for row in outbox.listing(db, state="due"):
            if row.email == to and refused:
                delivery.dead(db, row.id or 0, now, refused)
            elif row.email == to:
                delivery.sent(db, row.id or 0, now, "mail.example", "250 taken")


def test_a_letter_that_leaves_in_the_same_cycle_is_not_said_to_be_still_to_leave(town: Town) -> None:
    """Tom and Dev are told on the 15th, neither as one whose letter waits; on the 18th it does, and June reads so."""
    defined(town)
    town.cycle(in_detroit("2026-12-11 09:00"))
    settle(town, TOM["email"], in_detroit("2026-12-11 09:01"))
    town.cycle(in_detroit("2026-12-15 09:00"))
    first = [each for each in letters(town) if each.at == in_detroit("2026-12-15 09:00")]
    assert {each.to for each in first} == {TOM["email"], DEV["email"]}
    assert not any("still to leave" in each.text for each in first)
    town.cycle(in_detroit("2026-12-18 09:00"))
    [june] = [each for each in letters(town) if each.to == JUNE["email"]]
    assert "The letter to Dev Patel is still to leave.\n" in june.text, "it has waited since the 15th"


def test_only_whose_letter_was_accepted_counts_as_told(town: Town) -> None:
    """Tom's letters are taken on the 12th, Dev's of the 15th is refused: June reads of the one and of the other."""
    defined(town)
    town.cycle(in_detroit("2026-12-11 09:00"))
    settle(town, TOM["email"], in_detroit("2026-12-12 23:30"))
    town.cycle(in_detroit("2026-12-15 09:00"))
    settle(town, DEV["email"], in_detroit("2026-12-15 09:01"), refused="550 nobody of that name")
    town.cycle(in_detroit("2026-12-18 09:00"))
    [june] = [each for each in letters(town) if each.to == JUNE["email"]]
    assert "Its steps were told to Tom Reyes on Sat 12 Dec 2026.\n" in june.text
    assert "The letter to Dev Patel is still to leave." not in june.text
    assert "The letter to Dev Patel could not be delivered." in june.text


def test_a_letter_that_lists_a_matter_again_counts_as_no_step_of_it_and_none_says_otherwise(town: Town) -> None:
    """Scrap has a ladder of its own, two days later than that of Cells delivered: between the steps of the one, Tom's
    letters list it because of the other."""
    scrap = {**FROM_NOVEMBER, "name": "Scrap", "due": "10 working days"}
    defined(town, kpis={"cells-delivered": FROM_NOVEMBER, "scrap": scrap})
    told = lived(town, in_detroit("2026-12-01 06:00"), in_detroit("2026-12-14 12:00"))
    last = told[-1]
    assert (last.to, last.at) == (TOM["email"], in_detroit("2026-12-14 09:00"))
    listing = [each for each in told if each.to == last.to and "Cells delivered, 2026-11" in each.text]
    assert len(listing) > 4, "letters that list Cells delivered"
    cells = last.text[last.text.index("Cells delivered, 2026-11") :]
    assert "Its steps were told to you on 4 days, last on Fri 11 Dec 2026." in cells.replace("\n  ", " ")
    assert not any("Told so far" in each.text for each in told)


def test_while_nothing_leaves_nobody_has_been_told_and_the_letters_say_so(town: Town) -> None:
    defined(town)
    for clock in ("2026-12-11 09:00", "2026-12-15 09:00", "2026-12-18 09:00"):
        town.cycle(in_detroit(clock))
    [june] = [each for each in letters(town) if each.to == JUNE["email"]]
    assert "steps were told" not in june.text
    assert "The letters to Tom Reyes and Dev Patel are still to leave." in june.text


def test_who_never_heard_of_the_lateness_does_not_hear_that_it_is_over(town: Town) -> None:
    """Dev's letter was refused, June's waits when Tom reports: neither is written to again, and June's leaves no
    more."""
    defined(town)
    town.cycle(in_detroit("2026-12-15 09:00"))
    settle(town, DEV["email"], in_detroit("2026-12-15 09:01"), refused="550 nobody of that name")
    town.cycle(in_detroit("2026-12-18 09:00"))
    report(town, in_detroit("2026-12-18 11:00"))
    town.cycle(in_detroit("2026-12-21 09:00"))
    assert [each.subject for each in letters(town) if "Settled" in each.subject] == []
    assert {each.state for each in letters(town) if each.to == JUNE["email"]} == {"replaced"}


# Settled -----------------------------------------------------------------------------------------------------------


def test_reported_late_those_who_were_told_hear_that_it_is_settled_but_not_who_reported(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    report(town, in_detroit("2026-12-16 10:00"))
    told = lived(town, in_detroit("2026-12-16 10:00"), in_detroit("2026-12-22 12:00"))
    assert [(each.to, each.subject) for each in told] == [
        (DEV["email"], "Settled: Cells delivered, 2026-11 (Acme × Globex battery cells)")
    ]
    assert "Reported by Tom Reyes: the target is met." in told[0].text


def test_a_letter_that_it_is_settled_has_the_verdict_on_record_when_it_is_written(town: Town) -> None:
    """Tom reports a missed target at eight in the evening, corrects it at ten past, and Dev is written to at nine."""
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    report(town, in_detroit("2026-12-16 20:00"), value="0.1")
    report(town, in_detroit("2026-12-16 20:10"))
    [told] = lived(town, in_detroit("2026-12-17 09:00"), in_detroit("2026-12-22 12:00"))
    assert told.to == DEV["email"] and "Reported by Tom Reyes: the target is met." in told.text


def test_a_letter_that_it_is_settled_and_has_not_left_is_written_anew_with_the_verdict_of_a_correction(
    town: Town,
) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    report(town, in_detroit("2026-12-16 10:00"), value="0.1")
    town.cycle(in_detroit("2026-12-16 10:00"))
    report(town, in_detroit("2026-12-16 10:10"))
    lived(town, in_detroit("2026-12-16 10:20"), in_detroit("2026-12-22 12:00"))
    first, second = [each for each in letters(town) if "Settled" in each.subject]
    assert first.state == "replaced" and "the target is missed." in first.text
    assert second.state == "sent" and "the target is met." in second.text


def test_who_corrects_it_before_they_are_told_is_not_told_and_who_reported_it_first_is(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    report(town, in_detroit("2026-12-16 20:00"), value="0.1")
    report(town, in_detroit("2026-12-16 20:10"), by="dev")
    [told] = lived(town, in_detroit("2026-12-17 09:00"), in_detroit("2026-12-22 12:00"))
    assert told.to == TOM["email"] and "Reported by Dev Patel: the target is met." in told.text


def test_reported_in_time_nobody_hears_any_more_of_it(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-03 12:00"))
    report(town, in_detroit("2026-12-08 10:00"))
    assert lived(town, in_detroit("2026-12-08 11:00"), in_detroit("2026-12-21 12:00")) == []


def test_what_is_reported_before_its_letter_could_go_is_never_told(town: Town) -> None:
    """It was overdue at midnight; Tom reports it at eight, an hour before he would have heard of it."""
    defined(town)
    town.cycle(in_detroit("2026-12-11 00:30"))
    report(town, in_detroit("2026-12-11 08:00"))
    assert lived(town, in_detroit("2026-12-11 08:00"), in_detroit("2026-12-14 12:00")) == []
    with town.database() as db:
        assert set(notifications.counts(db)) == {"dropped"}


# Held --------------------------------------------------------------------------------------------------------------


def test_an_acknowledgement_holds_the_ladder_until_its_day_and_stops_no_clock(town: Town) -> None:
    """Tom says on the 14th that he reports by the 18th: Dev, whose turn was on the 15th, hears on the 21st."""
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-14 09:00"))
    promise = Excuse(CELLS, NOVEMBER, "the meter is being read", in_detroit("2026-12-18 00:00").date(), "acknowledged")
    hold(town, promise, in_detroit("2026-12-14 10:00"))
    told = lived(town, in_detroit("2026-12-14 11:00"), in_detroit("2026-12-21 12:00"))
    assert {(each.to, each.at) for each in told} == {
        (each["email"], in_detroit("2026-12-21 09:00")) for each in (TOM, DEV, JUNE)
    }
    assert "7 working days ago" in told[0].text
    promised = "until Fri 18 Dec 2026, which has passed: the meter is being read"
    assert all(promised in each.text and "stands for all" not in each.text for each in told)


def test_an_excuse_for_good_ends_the_ladder(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-10 12:00"))
    hold(town, Excuse(CELLS, NOVEMBER, "the line stood still"), in_detroit("2026-12-10 13:00"))
    assert lived(town, in_detroit("2026-12-10 13:00"), in_detroit("2026-12-21 12:00")) == []


# People ------------------------------------------------------------------------------------------------------------


def test_where_the_owner_is_away_the_deputy_is_asked_instead_and_the_letter_says_so(town: Town) -> None:
    defined(town, people={**PEOPLE, "tom": {**TOM, "away": ["2026-12-07/2027-01-03"]}})
    [letter] = lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-04 12:00"))
    assert letter.to == DEV["email"]
    assert "You are asked to report it." in letter.text
    assert "Tom Reyes is away until 3 Jan 2027." in letter.text


def test_a_new_owner_hears_at_once_what_they_now_owe_and_the_old_one_no_more(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-11 12:00"))
    defined(town, kpis={"cells-delivered": {**FROM_NOVEMBER, "owner": "june"}})
    told = besides_the_edit(lived(town, in_detroit("2026-12-14 08:00"), in_detroit("2026-12-14 12:00")))
    assert [each.to for each in told] == [JUNE["email"]]
    assert "You are asked to report it." in told[0].text


def test_an_edit_of_the_ladder_leaves_what_was_told_alone(town: Town) -> None:
    """The sponsor is now told on the third day: she hears; what Tom was told is not repeated."""
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    defined(
        town,
        ladder=[
            {"name": "overdue", "at": 2, "tell": ["owner"]},
            {"name": "sponsor", "at": 3, "tell": ["sponsor"]},
        ],
    )
    told = besides_the_edit(lived(town, in_detroit("2026-12-15 13:00"), in_detroit("2026-12-18 12:00")))
    assert [each.to for each in told] == [JUNE["email"]]


def test_a_changed_due_day_leaves_the_ladder_of_a_period_that_has_ended_alone(town: Town) -> None:
    """November was due on the 10th when it ended; that later months have four days more changes nothing about it."""
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-11 12:00"))
    defined(town, kpis={"cells-delivered": {**FROM_NOVEMBER, "due": "12 working days"}})
    told = besides_the_edit(lived(town, in_detroit("2026-12-14 08:00"), in_detroit("2026-12-17 12:00")))
    assert {(each.subject.partition(":")[0], each.to, each.at) for each in told} == {
        ("Overdue", each["email"], in_detroit("2026-12-15 09:00")) for each in (TOM, DEV)
    }


def test_what_waits_for_somebody_who_has_left_is_dropped(town: Town) -> None:
    defined(town)
    town.cycle(in_detroit("2026-12-11 00:30"))
    people = {key: each for key, each in PEOPLE.items() if key != "tom"}
    defined(town, people=people, kpis={"cells-delivered": {**FROM_NOVEMBER, "owner": "dev", "deputy": "june"}})
    told = besides_the_edit(lived(town, in_detroit("2026-12-11 09:00"), in_detroit("2026-12-11 12:00")))
    assert [each.to for each in told] == [DEV["email"]]


NEW_TOM = {**TOM, "email": "tom.r@globex.example"}


@pytest.mark.parametrize(
    "person", [{"tom": NEW_TOM}, {"reyes": {**NEW_TOM, "renamed_from": "tom"}}], ids=["same key", "new key"]
)
def test_a_new_mail_address_is_told_nothing_anew_and_gets_the_later_steps(
    town: Town, person: dict[str, dict[str, Any]]
) -> None:
    """Tom's address changes on the 16th, a day on which no step is due; the sponsor's step comes on the 18th."""
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    people = {**{key: each for key, each in PEOPLE.items() if key != "tom"}, **person}
    defined(town, people=people, kpis={"cells-delivered": {**FROM_NOVEMBER, "owner": next(iter(person))}})
    assert lived(town, in_detroit("2026-12-16 08:00"), in_detroit("2026-12-16 17:00")) == []
    later = lived(town, in_detroit("2026-12-17 08:00"), in_detroit("2027-01-12 17:00"))
    assert NEW_TOM["email"] in {each.to for each in later}
    assert TOM["email"] not in {each.to for each in later}
    assert not [each for each in later if "could not be told on its day" in each.text]


def test_an_address_that_goes_back_is_told_nothing_anew(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    for day, tom in (("16", NEW_TOM), ("17", TOM)):
        defined(town, people={**PEOPLE, "tom": tom})
        assert lived(town, in_detroit(f"2026-12-{day} 08:00"), in_detroit(f"2026-12-{day} 17:00")) == []


def test_two_people_who_change_addresses_with_each_other_are_told_nothing_anew(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    swapped = {"tom": {**TOM, "email": DEV["email"]}, "dev": {**DEV, "email": TOM["email"]}}
    defined(town, people={**PEOPLE, **swapped})
    assert lived(town, in_detroit("2026-12-16 08:00"), in_detroit("2026-12-16 17:00")) == []


def test_a_letter_that_has_not_left_goes_to_the_new_address_alone(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-09 12:00"))
    town.cycle(in_detroit("2026-12-10 09:00"))
    defined(town, people={**PEOPLE, "tom": NEW_TOM})
    [anew] = lived(town, in_detroit("2026-12-10 10:00"), in_detroit("2026-12-10 17:00"))
    old = [each for each in letters(town) if each.at == in_detroit("2026-12-10 09:00")]
    assert [(each.to, each.state) for each in old] == [(TOM["email"], "replaced")]
    assert anew.to == NEW_TOM["email"]


def test_what_the_old_address_refused_is_told_to_the_new_one(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-09 12:00"))
    town.cycle(in_detroit("2026-12-10 09:00"))
    settle(town, TOM["email"], in_detroit("2026-12-10 09:01"), refused="550 nobody of that name")
    defined(town, people={**PEOPLE, "tom": NEW_TOM})
    [anew] = lived(town, in_detroit("2026-12-10 10:00"), in_detroit("2026-12-10 17:00"))
    assert anew.to == NEW_TOM["email"]


def test_a_new_person_under_a_key_hears_of_it_from_the_start(town: Town) -> None:
    """Another name and another address: nobody has told them yet."""
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-11 12:00"))
    defined(town, people={**PEOPLE, "tom": {**NEW_TOM, "name": "Rose Tull"}})
    [letter] = besides_the_edit(lived(town, in_detroit("2026-12-14 08:00"), in_detroit("2026-12-14 12:00")))
    assert letter.to == NEW_TOM["email"]


def test_who_wants_a_digest_gets_one_letter_a_week(town: Town) -> None:
    defined(town, people={**PEOPLE, "tom": {**TOM, "tell": "digest"}})
    told = lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    assert [(each.to, each.at) for each in told] == [
        (TOM["email"], in_detroit("2026-12-07 09:00")),
        (TOM["email"], in_detroit("2026-12-14 09:00")),
        (DEV["email"], in_detroit("2026-12-15 09:00")),
    ]


def test_a_digest_is_broken_for_a_date_that_its_reader_has_not_heard_of_and_that_comes_before_the_next(
    town: Town,
) -> None:
    """A weekly figure is due on wednesday, and its first step comes on tuesday: no digest lies between. Of the same
    day Tom is not told once more before monday."""
    weekly = {**FROM_NOVEMBER, "every": "week", "due": "3 working days", "from": "2026-11-30"}
    defined(town, kpis={"cells-delivered": weekly}, people={**PEOPLE, "tom": {**TOM, "tell": "digest"}})
    told = lived(town, in_detroit("2026-12-07 10:00"), in_detroit("2026-12-11 17:00"))
    assert [(each.to, each.at) for each in told] == [(TOM["email"], in_detroit("2026-12-08 09:00"))]


def test_the_day_to_give_notice_by_breaks_a_digest_though_its_reader_has_heard_of_it(town: Town) -> None:
    """Notice must leave by Sunday 27 June 2027: Dev, who wants a digest, hears on Friday the 25th."""
    renewal = {"kind": "tacit", "for": "12 months", "notice": "90 days", "buffer": "5 days"}
    people = {**PEOPLE, "dev": {**DEV, "tell": "digest"}}
    quiet = {"cells-delivered": {**FROM_NOVEMBER, "from": "2027-06-01"}}
    town.define(
        effective="2026-10-01", agreement={"ends": "2027-09-30", "renewal": renewal}, reviews=QUIET, people=people,
        kpis=quiet,
    )  # fmt: skip
    told = lived(town, in_detroit("2027-06-20 09:00"), in_detroit("2027-06-29 10:00"))
    about = [each for each in told if each.to == DEV["email"] and "notice must leave" in each.text]
    assert [each.at for each in about] == [in_detroit("2027-06-21 09:00"), in_detroit("2027-06-25 09:00")]


def test_a_step_of_the_launch_track_comes_up_on_its_day_where_whoever_is_told_lives(town: Town) -> None:
    """The evidence is called for on Wednesday 16 December; when that begins in Berlin it is Tuesday evening in Detroit,
    where Dev owns the agenda, and where the next cycle is due when Wednesday begins."""
    success = {"agenda_owner": "dev", "criteria": [{"id": "one", "says": "One board", "owner": "dev"}]}
    town.define(success_at_90_days=success)
    town.cycle(at("2026-10-01 09:00"))

    def called() -> bool:
        return any(each["rung"] == "evidence-call" for each in town.rows("notice"))

    town.cycle(at("2026-12-16 00:30"))
    assert not called()
    [row] = town.rows("partnership")
    assert row["wake_at"] <= in_detroit("2026-12-16 00:00")
    town.cycle(in_detroit("2026-12-15 23:59"))
    assert not called()
    town.cycle(in_detroit("2026-12-16 00:00"))
    assert called()


# A program that is run now and then ---------------------------------------------------------------------------------


@pytest.mark.parametrize("clock", ["22:00", "06:00"])
def test_run_once_a_day_outside_their_hours_it_tells_them_at_the_first_run_after_they_began(
    town: Town, clock: str
) -> None:
    """Tom works from nine to five. Each step is on record at one run, and told at the next."""
    defined(town)
    for day in range(1, 12):
        now = in_detroit(f"2026-12-{day:02} {clock}")
        town.cycle(now)
        deliver(Sender(town.app, "one", lambda: now, lambda: 0.5))  # noqa: B023
    told = [each.at for each in letters(town)]
    assert told == [in_detroit(f"2026-12-{day:02} {clock}") for day in (4, 10, 11)]


def test_a_daemon_that_was_down_writes_to_nobody_outside_their_hours(town: Town) -> None:
    """What became due on thursday and friday is told on monday at nine, and not at the restart on sunday morning."""
    defined(town)
    town.cycle(in_detroit("2026-12-09 23:00"), goes_on=True)
    for clock in ("2026-12-13 04:37", "2026-12-13 12:00", "2026-12-14 08:59"):
        town.cycle(in_detroit(clock), goes_on=True)
        assert letters(town) == [], clock
    town.cycle(in_detroit("2026-12-14 09:00"), goes_on=True)
    assert [(each.to, each.at) for each in letters(town)] == [(TOM["email"], in_detroit("2026-12-14 09:00"))]


# Confidential, and in spite of everything --------------------------------------------------------------------------


def test_what_is_internal_to_an_organisation_is_told_to_its_own_people_alone(town: Town) -> None:
    """Acme's landed cost is late for a month: nobody of Globex ever hears of it."""
    defined(
        town,
        kpis={
            "cells-delivered": {**FROM_NOVEMBER, "from": "2027-06-01"},
            "landed-cost": {**LANDED_COST, "from": "2026-11-01"},
        },
    )
    told = lived(town, at("2026-12-01 09:00"), at("2026-12-22 12:00"))
    assert {each.to for each in told} == {each["email"] for each in (UWE, INES, MARTA)}


def test_who_has_changed_sides_hears_no_more_of_what_their_old_side_keeps_to_itself(build: Build) -> None:
    """Uwe's letter of the 3rd could not leave; now he is of Globex, and his next letter does not say it again."""
    town = build(mail={"sender": "cadence@alliances.example", "host": "127.0.0.1", "port": 9, "tls": "none"})
    defined(town, kpis=BOTH_LEVELS)
    town.cycle(at("2026-12-03 09:00"))
    moved = {**PEOPLE, "uwe": {**UWE, "of": "globex"}}
    cost = {**BOTH_LEVELS["landed-cost"], "owner": "ines", "deputy": "marta"}
    defined(town, kpis={**BOTH_LEVELS, "landed-cost": cost}, people=moved)
    for day in ("2026-12-09 09:00", "2026-12-10 09:00"):
        town.cycle(at(day, "America/Detroit"))
    before, *after = [each for each in letters(town) if each.to == UWE["email"]]
    assert "Landed cost" in before.text and before.state == "replaced"
    assert after and not any("Landed cost" in each.text for each in after)


def test_what_became_internal_after_it_was_told_is_settled_among_its_own_people_alone(town: Town) -> None:
    """Dev of Globex heard that his cost is late; then Acme made it its own and Uwe's, and Dev never learns for which
    reason it is excused. Inès, who was told when Uwe had let it pass, does."""
    quiet, late = (
        {**FROM_NOVEMBER, "from": "2027-06-01"},
        {**LANDED_COST, "from": "2026-11-01", "due": "8 working days"},
    )
    shared = {**{key: value for key, value in late.items() if key not in ("level", "of")}, "owner": "dev"}
    defined(town, kpis={"cells-delivered": quiet, "landed-cost": shared})
    told = lived(town, in_detroit("2026-12-11 09:00"), in_detroit("2026-12-11 12:00"))
    assert {each.to for each in told} == {DEV["email"]}
    defined(town, kpis={"cells-delivered": quiet, "landed-cost": late})
    lived(town, at("2026-12-15 09:00"), at("2026-12-18 17:00"))
    hold(town, Excuse("acme-globex/landed-cost", NOVEMBER, "the press broke"), at("2026-12-21 08:00"))
    told = lived(town, at("2026-12-21 09:00"), at("2026-12-22 17:00"))
    assert INES["email"] in {each.to for each in told if "the press broke" in each.text}
    assert DEV["email"] not in {each.to for each in told}


def test_days_without_a_mail_server_end_in_one_letter_not_in_a_pile(build: Build) -> None:
    """The letters of the 3rd, 9th, 10th and 11th could not leave; the last of them says all that they said."""
    town = build(mail={"sender": "cadence@alliances.example", "host": "127.0.0.1", "port": 9, "tls": "none"})
    defined(town)
    now = in_detroit("2026-12-03 09:00")
    while now <= in_detroit("2026-12-11 12:00"):
        town.cycle(now)
        now += timedelta(hours=1)
    assert [each.state for each in letters(town)] == ["replaced", "replaced", "replaced", "due"]
    assert "Cells delivered, 2026-11: overdue" in letters(town)[-1].text


CHAT = {"chats": {"globex-teams": {"shape": "teams", "url": "https://chat.globex.example/hook"}}}


def in_the_chat(town: Town) -> list[tuple[str, str, str]]:
    with town.database() as db:
        return [(row.channel, row.state, row.title) for row in outbox.listing(db)]


def test_who_is_to_be_told_by_chat_is_told_there_and_by_both_in_both(build: Build) -> None:
    town = build(**CHAT)
    tell = {"chat": "globex-teams"}
    defined(town, people={**PEOPLE, "tom": {**TOM, **tell, "tell": "chat"}, "dev": {**DEV, **tell, "tell": "both"}})
    for clock in ("2026-12-03 09:00", "2026-12-15 09:00"):
        town.cycle(in_detroit(clock))
    assert [(channel, state, title.partition(":")[0]) for channel, state, title in in_the_chat(town)] == [
        ("globex-teams", "replaced", "Soon due"),
        ("mail", "due", "Overdue"),
        ("globex-teams", "due", "Overdue"),
        ("globex-teams", "due", "Overdue"),
    ]


def test_whose_chat_is_not_set_up_is_told_by_mail_which_says_so(town: Town) -> None:
    defined(town, people={**PEOPLE, "tom": {**TOM, "tell": "chat", "chat": "globex-teams"}})
    [letter] = lived(town, in_detroit("2026-12-03 09:00"), in_detroit("2026-12-03 10:00"))
    assert letter.to == TOM["email"] and "the chat globex-teams is not set up" in letter.text


def a_chat(**more: str) -> dict[str, Any]:
    return {"chats": {"acme-room": {"shape": "json", "url": "https://chat.acme.example/hook", **more}}}


IN_THE_ROOM = {"chat": "acme-room", "tell": "chat"}
UWE_IN_THE_ROOM = {**UWE, **IN_THE_ROOM}
BOTH_LEVELS = {
    "cells-delivered": {**FROM_NOVEMBER, "owner": "uwe", "deputy": "ines"},
    "landed-cost": {**LANDED_COST, "from": "2026-11-01", "due": "8 working days"},
}
"""Uwe owes one figure to all partners, and one to Acme alone."""


def said_by(town: Town) -> dict[str, set[str]]:
    """Which of the two KPIs is told of by which channel."""
    found: dict[str, set[str]] = {}
    for letter in _with_content(town):
        words = letter.content.decode() + letter.title
        told = {name for name in ("Cells delivered", "Landed cost") if name in words}
        found[letter.channel] = found.get(letter.channel, set()) | told
    return found


def test_what_is_internal_goes_to_no_chat_of_which_nobody_has_said_whose_it_is(build: Build) -> None:
    """Whoever else reads in the room learns what all partners know; the rest comes by mail, which says why."""
    town = build(**a_chat())
    defined(town, kpis=BOTH_LEVELS, people={**PEOPLE, "uwe": UWE_IN_THE_ROOM})
    town.cycle(at("2026-12-04 09:00"))
    assert said_by(town) == {"acme-room": {"Cells delivered"}, "mail": {"Landed cost"}}
    [mail] = [each for each in _mails(town) if each.to == UWE["email"]]
    assert "by mail because nobody has said that the chat acme-room is your organisation's alone" in mail.text


def test_where_only_the_organisations_own_people_read_all_of_it_is_said_in_the_chat(build: Build) -> None:
    town = build(**a_chat(of="ACME.example"))
    defined(town, kpis=BOTH_LEVELS, people={**PEOPLE, "uwe": UWE_IN_THE_ROOM})
    town.cycle(at("2026-12-04 09:00"))
    assert said_by(town) == {"acme-room": {"Cells delivered", "Landed cost"}}


@pytest.mark.parametrize(
    "other",
    [
        {"dev": {**DEV, "email": "dev.patel@acme.example"}},
        {"quist": {"name": "Ada Quist", "email": "ada.quist@acme.example"}},
    ],
)
def test_a_chat_where_people_of_another_side_have_such_an_address_is_nobodys_alone(
    build: Build, other: dict[str, Any]
) -> None:
    """Dev works at Globex with an address of Acme's; so does Ada, who is of neither."""
    town = build(**a_chat(of="acme.example"))
    defined(town, kpis=BOTH_LEVELS, people={**PEOPLE, "uwe": UWE_IN_THE_ROOM, **other})
    town.cycle(at("2026-12-04 09:00"))
    assert said_by(town) == {"acme-room": {"Cells delivered"}, "mail": {"Landed cost"}}


def test_who_is_told_by_both_reads_what_is_internal_in_the_mail_alone(build: Build) -> None:
    town = build(**a_chat(of="globex.example"))
    defined(town, kpis=BOTH_LEVELS, people={**PEOPLE, "uwe": {**UWE_IN_THE_ROOM, "tell": "both"}})
    town.cycle(at("2026-12-04 09:00"))
    assert said_by(town) == {"acme-room": {"Cells delivered"}, "mail": {"Cells delivered", "Landed cost"}}
    [mail] = _mails(town)
    assert "nobody has said" not in mail.text


def test_a_letter_in_two_parts_is_replaced_by_one_in_two_parts(build: Build) -> None:
    """Neither had left by the 9th: then both parts say what holds on that day, and nothing is said twice."""
    town = build(
        **a_chat(), mail={"sender": "cadence@alliances.example", "host": "127.0.0.1", "port": 9, "tls": "none"}
    )
    defined(town, kpis=BOTH_LEVELS, people={**PEOPLE, "uwe": UWE_IN_THE_ROOM})
    for day in ("2026-12-04 09:00", "2026-12-10 09:00"):
        town.cycle(at(day))
    assert [(row.channel, row.state) for row in _rows(town)] == [
        ("acme-room", "replaced"),
        ("mail", "replaced"),
        ("acme-room", "due"),
        ("mail", "due"),
    ]


def test_what_left_by_one_channel_is_not_said_again_because_the_other_was_closed(build: Build) -> None:
    """Dev's mail of the 15th has left, his chat's has not: the letter of the 18th says what is new alone."""
    town = build(**CHAT)
    defined(town, people={**PEOPLE, "dev": {**DEV, "chat": "globex-teams", "tell": "both"}})
    town.cycle(in_detroit("2026-12-15 09:00"))
    with town.app.store.write() as db:
        [mail] = [row for row in outbox.listing(db) if row.channel == "mail" and row.email == DEV["email"]]
        delivery.sent(db, mail.id or 0, in_detroit("2026-12-15 09:01"), "outbox", "taken")
    town.cycle(in_detroit("2026-12-18 09:00"))
    dev = [(row.channel, row.state) for row in _rows(town) if row.email == DEV["email"]]
    assert dev == [("mail", "sent"), ("globex-teams", "due"), ("mail", "due"), ("globex-teams", "due")]


def _mails(town: Town) -> list[Mail]:
    """The letters of the outbox that are mails."""
    return [_mail(letter) for letter in _with_content(town) if letter.channel == outbox.MAIL]


def _rows(town: Town) -> list[LetterRow]:
    with town.database() as db:
        return outbox.listing(db)


def test_an_operators_template_that_fails_gives_way_to_the_shipped_one(town: Town) -> None:
    folder = town.folder / "templates" / "mail"
    folder.mkdir(parents=True)
    (folder / "matters.txt.j2").write_text("{{ letter.nothing_of_the_kind }}")
    defined(town)
    [letter] = lived(town, in_detroit("2026-12-03 09:00"), in_detroit("2026-12-03 10:00"))
    assert "You are asked to report it." in letter.text
    assert len(town.log.of("template.failed")) == 1
    with town.database() as db:
        [fault] = faults.listing(db)
    assert fault.key == "template:mail/matters" and "nothing_of_the_kind" in fault.what
    (folder / "matters.txt.j2").unlink()
    lived(town, in_detroit("2026-12-09 09:00"), in_detroit("2026-12-09 10:00"))
    with town.database() as db:
        assert faults.listing(db) == []


@pytest.mark.parametrize(
    "name", ["<b>Cells</b>\nBcc: all@evil.example", "{{ 7*7 }}", "=HYPERLINK(1)", "ב\u202eabc", "x" * 1900]
)
def test_untrusted_words_stay_words(town: Town, name: str) -> None:
    defined(town, name=name, kpis={"cells-delivered": {**FROM_NOVEMBER, "name": name}})
    town.cycle(in_detroit("2026-12-03 09:00"))
    with town.database() as db:
        [row] = outbox.listing(db)
        letter = outbox.get(db, row.id or 0)
    assert letter is not None
    message = message_from_bytes(letter.content, policy=policy.default)
    assert message["Bcc"] is None and len(message["Subject"]) <= 200
    html = message.get_body(("html",))
    assert html is not None
    words = re.sub(r'href="[^"]*"', "", html.get_content())  # a link's letters are chance's, and may read "49"
    assert "<b>Cells" not in words and "49" not in words


def test_a_letter_that_cannot_be_written_is_a_fault_and_keeps_nobody_else_from_theirs(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped template itself fails for Tom: Dev has his letter, and Tom has his once it is mended."""
    defined(town)
    rendered = templating.rendered

    def failing(template: str, folders: Any, **values: Any) -> Any:
        if values["letter"].reader == "Tom Reyes":
            raise KeyError("no such word")
        return rendered(template, folders, **values)

    with monkeypatch.context() as during:
        during.setattr(digest, "rendered", failing)
        told = lived(town, in_detroit("2026-12-15 09:00"), in_detroit("2026-12-15 11:00"))
    assert [each.to for each in told] == [DEV["email"]]
    with town.database() as db:
        [fault] = faults.listing(db)
    assert (fault.key, "KeyError" in fault.what) == (f"letter:{TOM['email']}", True)
    [letter] = lived(town, in_detroit("2026-12-15 12:00"), in_detroit("2026-12-15 13:00"))
    assert letter.to == TOM["email"]
    with town.database() as db:
        assert faults.listing(db) == []


class Killed(BaseException):
    """The end of the process, as far as Python can play it: nothing of ours catches it."""


def test_killed_in_the_middle_of_a_batch_nobody_is_told_and_the_next_cycle_writes_to_each_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    defined(town)
    now = in_detroit("2026-12-15 09:00")
    rendered, written = templating.rendered, []

    def dying(template: str, folders: Any, **values: Any) -> Any:
        if template == "mail/matters.txt.j2":
            written.append(values["letter"].reader)
        if len(written) == 2:
            raise Killed
        return rendered(template, folders, **values)

    with monkeypatch.context() as during, pytest.raises(Killed):
        during.setattr(digest, "rendered", dying)
        town.cycle(now)
    with town.database() as db:
        assert outbox.listing(db) == [] and set(notifications.counts(db)) == {"waiting"}
    assert town.reopened().cycle(now).told == 2
    assert sorted(each.to for each in letters(town)) == sorted([TOM["email"], DEV["email"]])


def test_letters_are_the_same_however_many_people_are_written_to_at_once(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the second day those of the first have not left: they are replaced, and say who waits for what."""
    together, apart = build("together"), build("apart")
    for town, size in ((together, 60), (apart, 1)):
        monkeypatch.setattr(digests, "BATCH", size)
        defined(town)
        for clock in ("2026-12-11 09:00", "2026-12-15 09:00", "2026-12-18 09:00"):
            town.cycle(in_detroit(clock))
    assert len(letters(together)) > 3 and letters(together) == letters(apart)


def test_killed_between_the_record_and_the_letter_it_is_told_once(town: Town) -> None:
    """The notice stands, the letter was never written: the next cycle writes it, and no other."""
    defined(town)
    with town.app.store.write() as db:
        pass
    town.cycle(in_detroit("2026-12-03 00:30"))
    again = town.reopened()
    assert len(lived(again, in_detroit("2026-12-03 09:00"), in_detroit("2026-12-03 12:00"))) == 1
    with again.database() as db:
        assert partnerships.get(db, "acme-globex") is not None
        assert notifications.counts(db) == {"told": 1}
