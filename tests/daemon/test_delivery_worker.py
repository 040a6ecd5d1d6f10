"""The courier empties the outbox beside the daemon's loop, soon after it is called, and ends when it is asked to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from scheduler.daemon.delivery_worker import DeliveryWorker
from scheduler.store import outbox
from tests.daemon.polling import HANG, until
from tests.services.pipeline.test_delivery import MONDAY, SMALL, Clock, with_mail
from tests.services.pipeline.test_routing import a_chat, a_post, put, with_chats
from tests.services.town import Town
from tests.transports.hooks import Receiver, behaving, receiving
from tests.transports.smtpd import Mailbox, listening

Build = Callable[..., Town]


@contextmanager
def at_work(town: Town) -> Iterator[DeliveryWorker]:
    delivery_worker = DeliveryWorker(town.app.for_another_thread(), Clock())
    delivery_worker.start()
    try:
        yield delivery_worker
    finally:
        delivery_worker.stop()
        assert not delivery_worker.is_alive()


def sent_by(town: Town) -> set[str]:
    """The channels by which everything has gone that was to go by them."""
    with town.database() as db:
        letters = outbox.listing(db)
    return {each.channel for each in letters} - {each.channel for each in letters if each.state != "sent"}


def due(town: Town) -> int:
    with town.database() as db:
        return outbox.counts(db).get("due", 0)


def test_what_is_due_goes_out_at_the_start_and_after_a_call(build: Build) -> None:
    town = with_mail(build)
    with at_work(town) as delivery_worker:
        until(lambda: due(town) == 0, "an empty outbox")
        town.define(
            {**SMALL, "name": "Acme × Globex", "reviews": {**SMALL["reviews"], "operating": {"title": "Committee"}}}
        )
        town.cycle(MONDAY)
        with town.database() as db:
            assert outbox.counts(db)["sent"] > 4
        delivery_worker.call()
        until(lambda: due(town) == 0, "an empty outbox again")


def test_a_fault_of_the_mail_server_is_told_once_and_a_call_does_not_hurry_it(build: Build) -> None:
    mailbox = Mailbox(at_mail="550 who are you")
    with listening(mailbox) as server:
        town = with_mail(build, server)
        with at_work(town) as delivery_worker:
            until(lambda: len(town.log.of("mail.paused")) == 1, "the pause")
            for _ in range(5):
                delivery_worker.call()
            assert len(town.log.of("mail.paused")) == 1
    assert due(town) > 0


def test_it_ends_between_two_letters_and_leaves_the_rest_due(build: Build) -> None:
    mailbox = Mailbox(answers=Event())
    with listening(mailbox) as server:
        town = with_mail(build, server)
        with at_work(town) as delivery_worker:
            until(lambda: len(mailbox.taken) == 1, "the first letter")
            stopping = Thread(target=delivery_worker.stop)
            stopping.start()
            until(lambda: all(each._stop_asked.is_set() for each in delivery_worker._rounds), "the word to stop")
            mailbox.answers.set()
            stopping.join()
    with town.database() as db:
        counts = outbox.counts(db)
    assert counts["sent"] == len(mailbox.taken) == 1 and counts["due"] > 4 and "claimed" not in counts


def test_a_chat_that_hangs_keeps_no_mail_and_no_other_chat_waiting(build: Build) -> None:
    answers, well = Event(), Receiver()
    with behaving(lambda caller: caller.recv(9999) and answers.wait(HANG)) as hung, receiving(well) as url:
        town = with_chats(with_mail(build), acme_away=a_chat(hung), acme_hub=a_chat(url))
        put(town, a_post("a", "acme-away"), a_post("b", "acme-hub"))
        with at_work(town):
            until(lambda: sent_by(town) == {"mail", "acme-hub"}, "all but the chat that hangs")
            answers.set()


def test_posts_for_a_chat_that_the_settings_lack_are_noticed(build: Build) -> None:
    town = with_mail(build)
    put(town, a_post("a", "acme-gone"))
    with at_work(town):
        until(lambda: town.log.of("chat.unknown") != [], "the notice")
