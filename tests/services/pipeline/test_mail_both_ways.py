"""A life by mail alone: a letter leaves by SMTP, its answer lies in an IMAP folder, and what became of it comes back by
SMTP. Both servers are real, on 127.0.0.1."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from scheduler.services.pipeline.sending.delivery import Sender, deliver
from tests.builders import at
from tests.services.pipeline.test_answers_by_mail import FRIDAY, HOUR, _define, a_reply, reading, text_of
from tests.services.pipeline.test_delivery import Clock
from tests.services.town import Town
from tests.transports.smtpd import Mailbox, listening
from tests.transports.test_mailbox import serving

TOMS = "tom.reyes@globex.example"


def to_tom(box: Mailbox) -> list[EmailMessage]:
    """The letters that his server took."""
    taken = [each.content for each in box.taken if each.rcpt_tos == [TOMS] and isinstance(each.content, bytes)]
    return [message_from_bytes(each, policy=policy.default) for each in taken]


def test_a_letter_is_answered_and_the_answer_confirmed_by_two_servers(
    build: Callable[..., Town], tmp_path: Path
) -> None:
    box, answers, clock = Mailbox(), dict[int, bytes](), Clock(FRIDAY)
    secret = tmp_path / "imap"
    secret.write_text("sesame")
    with listening(box) as smtp, serving(answers) as (imap, account):
        town = build(
            mail={"sender": "cadence@alliances.acme.example", "host": smtp.host, "port": smtp.port, "tls": "none"},
            replies={
                "host": account.host,
                "port": account.port,
                "tls": "none",
                "user": account.user,
                "password_file": secret,
                "mailbox": account.folder,
            },
        )
        _define(town)
        for clock.now in (at("2026-11-02 09:00", "America/Detroit"), FRIDAY):
            town.cycle(clock.now)
            deliver(Sender(town.app, "one", clock, lambda: 0.5))
        [asked] = to_tom(box)
        answers[1] = a_reply(asked, "42, two lines were down")
        clock.now = FRIDAY + HOUR
        town.cycle(clock.now)
        deliver(Sender(town.app, "one", clock, lambda: 0.5))
        asked_back = to_tom(box)[-1]
        assert "42 GWh is 140 × the target" in text_of(asked_back)
        assert asked_back["In-Reply-To"] == message_from_bytes(answers[1], policy=policy.default)["Message-ID"]
        assert reading(town) is None
        answers[2] = a_reply(asked_back, "0.42")
        clock.now = FRIDAY + 2 * HOUR
        town.cycle(clock.now)
        deliver(Sender(town.app, "one", clock, lambda: 0.5))
        assert "0.42 GWh: the target is met (at least 0.3 GWh)." in text_of(to_tom(box)[-1])
        found = reading(town)
        assert found is not None
        assert (str(found.value), found.by, found.way) == ("0.42", "tom", "mail")
        assert imap.seen == {1, 2}
        assert len(to_tom(box)) == 3
