"""The outbox is emptied: once, in spite of servers that refuse, hang up or are not there, and of our own death."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

from scheduler.services.pipeline.sending.delivery import Round, Sender, backoff, deliver_by
from scheduler.store import delivery, faults, outbox
from scheduler.store.delivery import LONGEST_WAIT
from scheduler.store.outbox import MAIL
from scheduler.transports.interrupt import Interrupt
from scheduler.transports.smtp import Connection, SmtpServer
from tests.builders import at, written
from tests.daemon.polling import until
from tests.leases import lapse
from tests.services.town import Town, under
from tests.transports.smtpd import Mailbox, listening

Build = Callable[..., Town]
MONDAY = at("2026-11-30 09:00")
OFF = {"off": True}
SMALL = written(reviews={"pipeline": OFF, "health-audit": OFF, "sponsors": OFF, "strategy": OFF})
SENDER, INES, DEV = "cadence@alliances.example", "ines.falk@acme.example", "dev.patel@globex.example"


@dataclass
class Clock:
    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now


def with_mail(build: Build, server: SmtpServer | None = None, **mail: Any) -> Town:
    """A town that has invited Inès and Dev to its operating reviews, and others to the checkpoint."""
    said = {"sender": SENDER, **mail}
    if server:
        said |= {"host": server.host, "port": server.port, "tls": "none"}
    town = build(mail=said)
    town.define(SMALL)
    town.cycle(MONDAY)
    return town


def post(town: Town, clock: Clock, by: str = "one", chance: float = 0.5, **more: Any) -> Round:
    return deliver_by(Sender(town.app, by, clock, lambda: chance, **more), MAIL, {"MAIL_PASSWORD": "right"})


def states(town: Town) -> dict[str, int]:
    with town.database() as db:
        return outbox.counts(db)


def test_with_no_mail_server_each_letter_lies_in_the_folder_once(build: Build) -> None:
    town, clock = with_mail(build), Clock()
    written = states(town)["due"]
    assert post(town, clock) == Round(sent=written)
    files = [path for path in town.files() if path.startswith("outbox/")]
    assert len(files) == written > 4 and all(path.endswith(".eml") for path in files)
    assert post(town, clock) == Round()
    with town.database() as db:
        assert {each.via for each in outbox.listing(db)} == {"outbox"}
        contents = {outbox.get(db, each.id or 0).content for each in outbox.listing(db)}  # type: ignore[union-attr]
    assert {town.files()[path] for path in files} == contents


def test_a_letter_laid_down_before_the_program_died_lies_there_once(build: Build) -> None:
    town, clock = with_mail(build), Clock()
    with dying_after(1), pytest.raises(Killed):
        post(town, clock)
    assert len([path for path in town.files() if path.startswith("outbox/")]) == 1
    lapse(town.app.store)
    post(town, clock)
    assert len([path for path in town.files() if path.startswith("outbox/")]) == states(town)["sent"]


def test_letters_go_through_the_mail_server_one_to_each(build: Build) -> None:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        assert post(town, Clock()).sent == due
    assert states(town) == {"sent": due}
    assert len(mailbox.taken) == due and {each.mail_from for each in mailbox.taken} == {SENDER}
    with town.database() as db:
        kept = [outbox.get(db, each.id or 0) for each in outbox.listing(db)]
    assert mailbox.letters == [each.content for each in kept if each]


def test_a_refused_recipient_is_dead_and_the_others_have_their_letters(build: Build) -> None:
    mailbox = Mailbox(at_rcpt={DEV: "550 nobody of that name"})
    with listening(mailbox) as server:
        town = with_mail(build, server)
        done = post(town, Clock())
    assert done.fault is None and done.dead == 3 and INES in mailbox.recipients and DEV not in mailbox.recipients
    with town.database() as db:
        dead = outbox.listing(db, state="dead")
    assert {each.email for each in dead} == {DEV} and all("nobody of that name" in (each.said or "") for each in dead)
    assert town.log.of("letter.dead")[0]["to"] == DEV


def test_what_is_put_off_is_tried_again_after_a_wait_that_grows(build: Build) -> None:
    mailbox = Mailbox(at_rcpt={DEV: "451 later"})
    clock = Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        assert post(town, clock, chance=0.5).put_off == 3
        assert post(town, clock).put_off == 0
        clock.now += timedelta(minutes=1)
        assert post(town, clock, chance=0.5).put_off == 3
        clock.now += timedelta(minutes=1)
        assert post(town, clock).put_off == 0
        mailbox.at_rcpt.clear()
        clock.now += timedelta(minutes=1)
        assert post(town, clock).sent == 3
    assert set(states(town)) == {"sent"}


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 2), (5, 32), (8, 256), (9, 360), (1000, 360)])
def test_the_longest_wait_doubles_up_to_six_hours(attempts: int, minutes: int) -> None:
    assert backoff(attempts, 1.0) == timedelta(minutes=minutes) <= LONGEST_WAIT
    assert backoff(attempts, 0.0) == timedelta()


def test_a_server_that_hangs_up_after_the_last_line_gets_the_same_letter_again_and_it_is_marked(build: Build) -> None:
    mailbox, clock = Mailbox(hangs_up=1), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        first = post(town, clock)
        assert (first.sent, first.put_off) == (0, 1) and first.fault
        clock.now += timedelta(hours=1)
        assert post(town, clock).sent == due
    twice, *_ = mailbox.letters
    assert mailbox.letters.count(twice) == 2
    with town.database() as db:
        assert [each.doubled for each in outbox.listing(db)].count(True) == 1
    assert b"Message-ID: " + str(town.log.of("letter.sent_again")[0]["message_id"]).encode() in twice


@pytest.mark.parametrize("said", ["550 who are you", "451 too many of you"])
def test_a_server_that_has_something_against_us_leaves_the_letters_due(build: Build, said: str) -> None:
    mailbox, clock = Mailbox(at_mail=said), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        done = post(town, clock)
        assert done.fault and said[4:] in done.fault.what and done.sent == done.dead == 0
        mailbox.at_mail = ""
        clock.now += timedelta(hours=1)
        assert post(town, clock).sent == due


def test_three_days_without_a_mail_server_lose_no_letter(build: Build) -> None:
    mailbox, clock = Mailbox(), Clock()
    with listening(mailbox) as server:
        pass
    town = with_mail(build, server)
    due = states(town)["due"]
    for _ in range(3 * 8):
        assert post(town, clock).fault
        clock.now += timedelta(hours=3)
    assert states(town) == {"due": due}
    with listening(mailbox) as back:
        mail = town.app.settings.mail.model_copy(update={"port": back.port})
        there = under(town.app, town.app.settings.model_copy(update={"mail": mail}))
        assert post(replace(town, app=there), clock).sent == due
    assert set(states(town)) == {"sent"}


def test_after_a_long_silence_invitations_to_what_is_over_are_not_sent(build: Build) -> None:
    town, clock = with_mail(build), Clock(at("2027-06-01 09:00"))
    done = post(town, clock)
    assert done.expired == states(town)["expired"]
    with town.database() as db:
        assert outbox.listing(db, state="sent") == []
    (told,) = town.log.of("letters.expired")
    assert told["letters"] == done.expired > 5 and len(told["first"]) == 5  # type: ignore[arg-type]


def test_a_stop_ends_the_round_between_two_letters_and_the_rest_stays_due(build: Build) -> None:
    mailbox = Mailbox()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        assert post(town, Clock(), stopped=lambda: len(mailbox.taken) >= 2).sent == 2
    assert states(town) == {"sent": 2, "due": due - 2}
    with town.database() as db:
        assert {each.attempts for each in outbox.listing(db, state="due")} == {0}


def test_a_password_that_cannot_be_read_sends_nothing_and_says_where_it_was_sought(build: Build) -> None:
    town = with_mail(build, host="127.0.0.1", user="cadence", password_variable="NOT_THERE")
    done = post(town, Clock())
    assert done.fault and "NOT_THERE" in done.fault.what and done.sent == 0


def test_a_login_takes_its_password_from_the_environment(build: Build) -> None:
    mailbox = Mailbox()
    with listening(mailbox, login=True) as server:
        town = with_mail(build, server, user="cadence", password_variable="MAIL_PASSWORD")
        assert post(town, Clock()).sent == len(mailbox.taken) > 0
    assert mailbox.logins == [(b"cadence", b"right")]


# Death -------------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The end of the process, as far as Python can play it."""


@contextmanager
def dying_after(steps: int) -> Iterator[None]:
    """Die when a letter has been taken, and before that is on record."""
    left = steps

    def then_die(*args: Any, **kwargs: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivery, "sent", then_die)
        yield


def test_a_sender_that_dies_at_any_letter_loses_none_and_each_that_came_twice_is_marked(build: Build) -> None:
    mailbox, clock = Mailbox(), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        for life in range(4):
            with dying_after(1), pytest.raises(Killed):
                post(town, clock, by=f"life-{life}")
            lapse(town.app.store)
        post(town, clock, by="the last")
    assert states(town) == {"sent": due}
    with town.database() as db:
        doubled = {each.message_id.encode() for each in outbox.listing(db) if each.doubled}
    for letter in set(mailbox.letters):
        came_twice = mailbox.letters.count(letter) > 1
        assert came_twice is any(b"Message-ID: " + id in letter for id in doubled)
    assert len(set(mailbox.letters)) == due


def test_a_sender_that_dies_before_the_last_line_sends_nothing_twice(build: Build) -> None:
    mailbox, clock = Mailbox(), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]

        def die(*args: Any) -> str:
            raise Killed

        with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
            patch.setattr(Connection, "send", die)
            post(town, clock)
        lapse(town.app.store)
        assert post(town, clock, by="two").sent == due
    assert len(mailbox.letters) == len(set(mailbox.letters)) == due


# Refusals that concern the channel


RELAY = "554 5.7.1 Relay access denied"
LATER = timedelta(hours=2)


def everybody(answer: str) -> dict[str, str]:
    """The answer at every recipient of the town."""
    people = written()["people"].values()
    return {each["email"]: answer for each in people}


def standing(town: Town) -> list[str]:
    with town.database() as db:
        return [each.what for each in faults.listing(db)]


@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_a_refusal_that_names_us_pauses_the_channel_and_all_letters_leave_once_it_is_mended(
    build: Build, stage: str
) -> None:
    mailbox, clock = Mailbox(), Clock()
    setattr(mailbox, stage, everybody(RELAY))
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        for _ in range(12):
            done = post(town, clock)
            assert done.fault and (done.sent, done.dead) == (0, 0)
            clock.now += LATER
        assert states(town) == {"due": due} and [each for each in standing(town) if "Relay access denied" in each]
        setattr(mailbox, stage, {})
        assert post(town, clock).sent == due
    assert states(town) == {"sent": due} and standing(town) == []


def test_a_relay_that_knows_some_domains_only_takes_their_letters_and_its_fault_stands_for_the_others(
    build: Build,
) -> None:
    mailbox, clock = Mailbox(at_rcpt={DEV: RELAY}), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        for _ in range(due):
            post(town, clock)
            clock.now += timedelta(minutes=5)
        assert states(town) == {"sent": due - 3, "due": 3}
        assert "Relay access denied" in standing(town)[0]
        mailbox.at_rcpt.clear()
        clock.now += LATER
        post(town, clock)
    assert states(town) == {"sent": due} and standing(town) == []


def test_a_refusal_that_meets_every_recipient_of_a_round_pauses_the_channel_whatever_it_says(build: Build) -> None:
    mailbox, clock = Mailbox(at_rcpt=everybody("550 5.1.1 User unknown")), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        done = post(town, clock)
        assert done.dead == 0 and done.fault and "every recipient" in done.fault.what
        assert states(town) == {"due": due}
        mailbox.at_rcpt = {DEV: "550 5.1.1 User unknown"}
        clock.now += LATER
        assert post(town, clock).dead == 3
    assert states(town) == {"sent": due - 3, "dead": 3}
    assert [each.partition(":")[0] for each in standing(town)] == [f"mail to {DEV} does not arrive"]


def only_to_dev(town: Town) -> None:
    with town.app.store.write() as db:
        for each in outbox.listing(db):
            if each.email != DEV:
                delivery.sent(db, each.id or 0, MONDAY - timedelta(hours=1), "mail.example:25", "250 taken")


@pytest.mark.parametrize(("said", "outcome"), [("550 5.1.1 User unknown", "dead"), ("550 rejected", "due")])
def test_a_single_recipient_is_dead_where_the_refusal_names_it_and_waits_where_it_is_unclear(
    build: Build, said: str, outcome: str
) -> None:
    mailbox, clock = Mailbox(at_rcpt={DEV: said}), Clock()
    with listening(mailbox) as server:
        town = with_mail(build, server)
        only_to_dev(town)
        post(town, clock)
        assert states(town)[outcome] == 3
        with town.app.store.write() as db:
            delivery.sent(db, 1, clock.now, "mail.example:25", "250 taken")  # somebody else has theirs
        clock.now += LATER
        post(town, clock)
    assert states(town)["dead"] == 3


def test_news_that_could_not_leave_for_days_are_told_as_things_stand_then(build: Build) -> None:
    """Written on 14 December, still waiting on the 18th: no letter of the 14th leaves, and one of the 18th does."""
    mailbox, clock = Mailbox(), Clock(at("2026-12-14 15:00"))
    with listening(mailbox) as server:
        pass
    town = with_mail(build, server)
    town.cycle(clock.now)
    post(town, clock)
    for day in (16, 18):
        clock.now = at(f"2026-12-{day} 15:00")
        town.cycle(clock.now)
        post(town, clock)
        town.cycle(clock.now)
    with town.database() as db:
        news = [each for each in outbox.listing(db, state="due") if each.method == "NOTICE"]
        gone = [each for each in outbox.listing(db) if each.state == "expired" and each.method == "NOTICE"]
    assert news and all(clock.now - each.created_at <= outbox.NEWS for each in news) and gone == []


# Servers that hang


@contextmanager
def hanging(after: bytes) -> Iterator[SmtpServer]:
    """A server that answers everything with 250, and nothing any more once it has heard this; at b"" from the start."""

    def serve(caller: socket.socket) -> None:
        with caller, caller.makefile("rb") as heard:
            if after:
                caller.sendall(b"220 mail.example\r\n")
            for line in heard:
                if not after or line.upper().startswith(after):
                    break
                caller.sendall(b"354 go on\r\n" if line.upper().startswith(b"DATA") else b"250 OK\r\n")
            heard.read()  # until the other side hangs up

    def accept() -> None:
        with suppress(OSError):
            while True:
                Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=accept, daemon=True).start()
        yield SmtpServer("127.0.0.1", listener.getsockname()[1], "none")
        listener.shutdown(socket.SHUT_RDWR)


def end(interrupt: Interrupt, thread: Thread) -> None:
    """End a sender, whose dialogue may have just begun."""

    def has_ended() -> bool:
        interrupt.end()
        return not thread.is_alive()

    until(has_ended, "the end of the sender")


@pytest.mark.parametrize("after", [b"", b"MAIL", b"RCPT", b"DATA"])
def test_a_stop_while_the_server_hangs_leaves_every_letter_due_as_before(build: Build, after: bytes) -> None:
    """More often than a letter may end its sender."""
    with hanging(after) as server:
        town = with_mail(build, server)
        due = states(town)["due"]
        for _ in range(delivery.MOST_LAPSES + 1):
            stop, interrupt = Event(), Interrupt()
            app = town.app.for_another_thread()
            sender = Sender(app, "one", Clock(), lambda: 0.0, stop.is_set, interrupt)
            thread = Thread(target=lambda sender=sender: deliver_by(sender, MAIL))
            thread.start()
            until(lambda: states(town).get("claimed", 0) > 0, "letters that are claimed")
            stop.set()
            end(interrupt, thread)
        with town.database() as db:
            letters = outbox.listing(db)
    assert [(each.state, each.attempts, each.lapses) for each in letters] == [("due", 0, 0)] * due
    assert standing(town) == []
