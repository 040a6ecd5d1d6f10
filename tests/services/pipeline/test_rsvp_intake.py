"""Answers reach the record, the agenda and the counts: each once, whoever sends what, and whenever the program dies.

It is 2 December 2026. Dev and Inès are invited to the operating review of Friday 18 December, 15:00 in Berlin.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.invitation import Invited, Told
from scheduler.domain.record.review import Recorded, uid
from scheduler.domain.record.rsvp import Answer, Outcome, Says
from scheduler.services.pipeline import rsvp_intake
from scheduler.services.pipeline.cycle import run
from scheduler.services.pipeline.sending import address_faults
from scheduler.settings import Replies
from scheduler.store import delivery, faults, invitations, notifications, outbox, resending, reviews, rsvps
from scheduler.store import replies as store
from scheduler.store.reviews import Revision
from scheduler.store.tables import LetterRow, ReplyRow
from scheduler.transports.mailbox import MailboxError, MailboxMessage
from tests.builders import at, written
from tests.render.bounces import report
from tests.render.letters_in import DEV, INES, JUNE, OPERATING, SAID, TOKEN, a_letter
from tests.sentences import said_of
from tests.services.town import Town, under

GOLDEN = Path(__file__).parents[2] / "render" / "incoming_mail" / "golden" / "replies"
ID = "acme-globex/operating/2026-12"
NOW = at("2026-12-03 12:00")
HOUR = timedelta(hours=1)
SERIES, WEEKLY = "acme-globex/pipeline", uid("series:acme-globex/pipeline")
WEEK_50 = "acme-globex/pipeline/2026-W50"
"""Wednesday 9 December, 15:00 in Berlin, 14:00 UTC."""


@pytest.fixture
def invited(town: Town) -> Town:
    """A cycle has run; a token was given out for the operating review, and another one for the pipeline series."""
    town.define()
    town.cycle(NOW)
    with town.app.store.write() as db:
        rsvps.remember_token(db, TOKEN, OPERATING)
        rsvps.remember_token(db, TOKEN[::-1], WEEKLY)
        invitations.save(db, "acme-globex", [Invited(WEEKLY, "acme-globex", SERIES, TOKEN[::-1])])
    return town


def take(town: Town, *letters: bytes, now: datetime = NOW) -> list[Outcome]:
    """What becomes of letters, each taken in by itself."""
    found: list[Outcome] = []
    for letter in letters:
        found += rsvp_intake.take_in(town.app, [MailboxMessage(letter, lambda: None)], now).elements()
    return found


def answer(town: Town, email: str = DEV, subject: str = ID) -> Answer | None:
    with town.database() as db:
        return rsvps.latest(db, subject, email)


def says(town: Town, email: str = DEV, subject: str = ID) -> Says | None:
    found = answer(town, email, subject)
    return found.says if found else None


def change(town: Town, id: str, when: datetime, **changes: Any) -> Recorded:
    """A review changed in substance at a moment."""
    with town.app.store.write() as db:
        before = reviews.find(db, id)
        assert before is not None
        after = replace(before, sequence=before.sequence + 1, **changes)
        reviews.save_many(db, [after])
        reviews.append_revisions(db, [Revision(id, after.sequence, "move", when)])
    return after


def told(town: Town, sequence: int, when: datetime, instance: str = "", email: str = DEV) -> None:
    with town.app.store.write() as db:
        invitations.tell(db, "acme-globex", [Told(WEEKLY, instance, email, sequence, "digest", when, "<1@x.example>")])


def weekly(partstat: str = "ACCEPTED", *, occurrence: str = "", **said: Any) -> bytes:
    """Dev's answer to the pipeline series, or to one occurrence of it."""
    more = f"RECURRENCE-ID;TZID=Europe/Berlin:{occurrence}" if occurrence else ""
    return a_letter(partstat, uid=WEEKLY, token=TOKEN[::-1], more=more, **said)


def to_read(town: Town) -> list[ReplyRow]:
    with town.database() as db:
        return store.listing(db)


# What counts


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.eml")), ids=lambda file: file.stem)
def test_the_answer_of_each_program_counts_where_its_sender_is_invited(invited: Town, file: Path) -> None:
    """June is the sponsor of Globex, whom the operating review does not ask for."""
    expected = Outcome.SHOWN if file.stem == "proton-accepted" else Outcome.TAKEN
    assert take(invited, file.read_bytes()) == [expected]


def test_an_answer_is_on_record_with_all_that_was_said(invited: Town) -> None:
    assert take(invited, (GOLDEN / "outlook-counter.eml").read_bytes()) == [Outcome.TAKEN]
    found = answer(invited)
    assert found is not None
    assert (found.says, found.comment) == (Says.TENTATIVE, "Monday would be better")
    assert found.proposed == (at("2026-12-21 16:00"), at("2026-12-21 17:00"))
    assert found.received_at == NOW


def test_a_proposed_time_without_an_end_is_as_long_as_the_review(invited: Town) -> None:
    take(invited, a_letter(method="COUNTER", more="DTSTART;TZID=Eastern Standard Time:20261221T100000"))
    found = answer(invited)
    assert found is not None
    assert found.proposed == (at("2026-12-21 16:00"), at("2026-12-21 17:00"))


def test_the_same_letter_counts_once_however_often_it_comes_and_however_its_lines_end(invited: Town) -> None:
    letter = a_letter()
    assert take(invited, letter, letter, letter.replace(b"\r\n", b"\n")) == [Outcome.TAKEN]
    assert len(invited.rows("answer")) == 1


def test_the_same_answer_in_another_letter_changes_nothing(invited: Town) -> None:
    assert take(invited, a_letter(), a_letter(headers="X-Copy: 2\r\n")) == [Outcome.TAKEN, Outcome.REPEATED]
    assert len(invited.rows("answer")) == 1


# Order


def test_of_two_answers_the_one_said_later_counts_whichever_comes_first(invited: Town) -> None:
    yes, no = a_letter("ACCEPTED", stamp=SAID), a_letter("DECLINED", stamp=SAID + HOUR)
    assert take(invited, no, yes) == [Outcome.TAKEN, Outcome.STALE]
    assert says(invited) is Says.DECLINED


def test_of_two_answers_in_one_second_the_one_that_comes_later_counts(invited: Town) -> None:
    assert take(invited, a_letter("ACCEPTED"), a_letter("DECLINED")) == [Outcome.TAKEN, Outcome.TAKEN]
    assert says(invited) is Says.DECLINED


def test_an_answer_to_the_time_before_a_move_is_stale(invited: Town) -> None:
    change(invited, ID, SAID)
    assert take(invited, a_letter(sequence=0)) == [Outcome.STALE]
    assert take(invited, a_letter(sequence=1)) == [Outcome.TAKEN]


def test_a_clock_that_runs_ahead_does_not_outrank_what_is_said_later(invited: Town) -> None:
    assert take(invited, a_letter("ACCEPTED", stamp=NOW + 9000 * HOUR)) == [Outcome.TAKEN]
    later = NOW + HOUR
    assert take(invited, a_letter("DECLINED", stamp=later), now=later) == [Outcome.TAKEN]
    assert says(invited) is Says.DECLINED


def test_a_sequence_that_was_never_sent_does_not_outlive_a_move(invited: Town) -> None:
    take(invited, a_letter(sequence=7))
    after = change(invited, ID, NOW)
    with invited.database() as db:
        standing = rsvps.standings(db, "acme-globex", {ID: after})[ID][DEV]
    assert standing.is_void


@pytest.mark.parametrize("status", [Status.HELD, Status.SKIPPED, Status.CANCELLED])
def test_there_is_no_answer_to_what_is_closed(invited: Town, status: Status) -> None:
    change(invited, ID, SAID, status=status)
    assert take(invited, a_letter(sequence=1)) == [Outcome.STALE]


@pytest.mark.parametrize(("late", "outcome"), [(timedelta(), Outcome.TAKEN), (timedelta(minutes=1), Outcome.STALE)])
def test_an_answer_counts_until_the_review_is_over(invited: Town, late: timedelta, outcome: Outcome) -> None:
    end = invited.reviews()[ID].review.end
    assert take(invited, a_letter(), now=end + late) == [outcome]


# Strangers


def test_a_wrong_token_is_forged_and_a_uid_nobody_was_invited_to_is_foreign(invited: Town) -> None:
    assert take(invited, a_letter(token="0" * 32)) == [Outcome.FORGED]
    assert take(invited, a_letter(uid=uid("acme-globex/operating/2027-01"))) == [Outcome.FOREIGN]
    assert take(invited, weekly(occurrence="20261208T150000")) == [Outcome.FOREIGN]
    assert invited.rows("answer") == []


def test_a_token_opens_no_other_review(invited: Town) -> None:
    assert take(invited, a_letter(uid=WEEKLY, token=TOKEN)) == [Outcome.FORGED]


@pytest.mark.parametrize("who", ["mallory@evil.example", "tom.reyes@globex.example"])
def test_only_who_is_invited_answers(invited: Town, who: str) -> None:
    """Tom is of the partnership, but not of this review."""
    assert take(invited, a_letter(who=who)) == [Outcome.SHOWN]
    assert says(invited, who) is None


def test_nobody_answers_for_another(invited: Town) -> None:
    assert take(invited, a_letter("DECLINED", who=INES, sender=DEV)) == [Outcome.SHOWN]
    assert says(invited, INES) is None
    [row] = to_read(invited)
    assert "Dev Patel and speaks for Inès Falk" in row.why


def test_a_flood_of_wrong_letters_is_counted_and_changes_nothing_else(invited: Town) -> None:
    before = {name: rows for name, rows in invited.remembered().items() if name not in ("taken_letter", "reply_count")}

    def flood() -> Iterator[MailboxMessage]:
        for number in range(1000):
            yield MailboxMessage(
                a_letter(token=f"{number:032x}", headers=f"Message-ID: <{number}@x>\r\n"), lambda: None
            )

    assert rsvp_intake.take_in(invited.app, flood(), NOW) == {Outcome.FORGED: 1000}
    after = invited.remembered()
    assert {name: after[name] for name in before} == before
    assert [row["letters"] for row in after["reply_count"]] == [1000]


def test_of_a_flood_no_letter_is_held_longer_than_it_takes_to_read_it(invited: Town) -> None:
    """Of the bytes of fifty letters, those of one at most are in memory at a time."""
    alive: list[int] = []
    most: list[int] = []

    class Bytes(bytes):
        def __del__(self) -> None:
            alive.pop()

    def flood() -> Iterator[MailboxMessage]:
        for number in range(50):
            alive.append(number)
            letter = MailboxMessage(Bytes(a_letter(token=f"{number:032x}")), lambda: None)
            most.append(len(alive))
            yield letter
            del letter

    rsvp_intake.take_in(invited.app, flood(), NOW)
    assert max(most) <= 2


# Series


def test_an_answer_to_a_series_is_one_to_all_its_reviews(invited: Town) -> None:
    assert take(invited, weekly()) == [Outcome.TAKEN]
    known = invited.reviews()
    with invited.database() as db:
        standing = rsvps.standings(db, "acme-globex", known)
    of_series = {id for id, each in known.items() if each.review.series == "pipeline"}
    assert {id for id, each in standing.items() if each[DEV].says is Says.ACCEPTED} == of_series


def test_an_answer_to_an_occurrence_is_one_to_that_review_alone(invited: Town) -> None:
    assert take(invited, weekly(), weekly("DECLINED", occurrence="20261209T150000", stamp=SAID + HOUR)) == [
        Outcome.TAKEN,
        Outcome.TAKEN,
    ]
    assert says(invited, subject=WEEK_50) is Says.DECLINED
    assert says(invited, subject=SERIES) is Says.ACCEPTED


def test_to_a_moved_occurrence_an_answer_counts_once_its_person_was_told_of_the_move(invited: Town) -> None:
    told(invited, 0, NOW - 3 * HOUR)
    change(invited, WEEK_50, NOW - 2 * HOUR)
    early = weekly(occurrence="20261209T150000", stamp=NOW - HOUR)
    assert take(invited, early) == [Outcome.STALE]
    told(invited, 1, NOW - 2 * HOUR, "20261209T140000Z")
    still_early = weekly("TENTATIVE", occurrence="20261209T150000", stamp=NOW - HOUR)
    assert take(invited, still_early) == [Outcome.STALE]
    assert take(invited, weekly(occurrence="20261209T150000", sequence=1, stamp=NOW - HOUR)) == [Outcome.TAKEN]


def test_an_answer_to_an_earlier_state_of_the_series_is_stale(invited: Town) -> None:
    told(invited, 2, NOW - HOUR)
    assert take(invited, weekly(sequence=1), weekly("DECLINED", sequence=2)) == [Outcome.STALE, Outcome.TAKEN]


# The agenda


def test_the_agenda_tells_who_comes_and_what_it_makes_of_the_quorum(invited: Town) -> None:
    take(invited, a_letter("ACCEPTED", who=INES), (GOLDEN / "outlook-counter.eml").read_bytes())
    invited.cycle(at("2026-12-04 09:00"))
    agenda = invited.read(f"agendas/{ID}.md")
    assert "Inès Falk (Acme Motors SE, alliance manager) *accepted*" in agenda
    assert "Dev Patel (Globex Cells Inc, alliance manager) *may come, proposes another time*" in agenda
    assert "- Another time is proposed by Dev Patel: Mon 21 Dec 2026, 16:00-17:00 in Berlin; " in agenda
    assert "Mon 21 Dec 2026, 10:00-11:00 in Detroit\n" in agenda
    assert "**endangered: Globex Cells Inc may come, Acme Motors SE has accepted**" in agenda
    assert "Monday would be better" not in agenda


def test_without_answers_the_agenda_says_nothing_of_them(invited: Town) -> None:
    invited.cycle(at("2026-12-04 09:00"))
    assert "nswer" not in invited.read(f"agendas/{ID}.md").partition("<!-- end figures: who -->")[0]


# The mailbox


@pytest.fixture
def maildir(invited: Town) -> Path:
    folder = invited.folder / "Maildir"
    for place in ("new", "cur", "tmp"):
        (folder / place).mkdir(parents=True)
    return folder


def reading(town: Town, **mailbox: Any) -> Town:
    """The town with a mailbox in its settings."""
    settings = town.app.settings.model_copy(update={"replies": Replies(**mailbox)})
    return replace(town, app=under(town.app, settings))


def test_a_cycle_takes_in_what_lies_in_the_mailbox_and_marks_it(invited: Town, maildir: Path) -> None:
    (maildir / "new/1.b").write_bytes(a_letter())
    town = reading(invited, maildir=maildir)
    town.cycle(at("2026-12-04 09:00"))
    assert says(town) is Says.ACCEPTED
    assert [path.name for path in (maildir / "cur").iterdir()] == ["1.b:2,S"]
    assert "Dev Patel (Globex Cells Inc, alliance manager) *accepted*" in town.read(f"agendas/{ID}.md")


def test_a_cycle_for_changed_files_alone_does_not_look_into_the_mailbox(invited: Town, maildir: Path) -> None:
    (maildir / "new/1.b").write_bytes(a_letter())
    run(reading(invited, maildir=maildir).app, NOW, only=[])
    assert says(invited) is None


@pytest.mark.parametrize("mailbox", [
    {"maildir": "/nowhere/Maildir"},
    {"host": "127.0.0.1", "port": 9, "tls": "none", "user": "cadence", "password_file": "/nowhere/password"},
])  # fmt: skip
def test_a_mailbox_out_of_reach_is_logged_and_ends_nothing(invited: Town, mailbox: dict[str, Any]) -> None:
    report = reading(invited, **mailbox).cycle(at("2026-12-04 09:00"))
    [event] = invited.log.of("replies.out_of_reach")
    with invited.database() as db:
        assert [each.key for each in faults.listing(db)] == ["mailbox"]
    assert "/nowhere/" in str(event["what"])
    assert report.problems == 0


def test_one_cut_off_before_the_letter_is_marked_finds_it_again_and_only_marks_it(invited: Town, maildir: Path) -> None:
    """Died after the commit: on record, but unseen in the mailbox."""
    (maildir / "new/1.b").write_bytes(a_letter())

    def dies() -> None:
        raise MailboxError("the process died here", "")

    with pytest.raises(MailboxError):
        rsvp_intake.take_in(invited.app, [MailboxMessage(a_letter(), dies)], NOW)
    assert says(invited) is Says.ACCEPTED
    rsvp_intake.poll(reading(invited, maildir=maildir).app, NOW)
    assert len(invited.rows("answer")) == 1
    assert [row["letters"] for row in invited.rows("reply_count")] == [1]
    assert list((maildir / "new").iterdir()) == []


def test_one_cut_off_before_the_commit_leaves_no_trace(invited: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    before = invited.remembered()
    note: Callable[..., None] = rsvps.note_letter

    def dies(*arguments: Any) -> None:
        note(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(rsvps, "note_letter", dies)
    with pytest.raises(KeyboardInterrupt):
        take(invited, a_letter())
    assert invited.remembered() == before


def test_a_flood_in_the_mailbox_is_taken_in_by_and_by(
    invited: Town, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rsvp_intake, "MOST_AT_ONCE", 3)
    for number in range(5):
        (maildir / f"new/{number}.b").write_bytes(a_letter(headers=f"Message-ID: <{number}@x>\r\n"))
    town = reading(invited, maildir=maildir)
    rsvp_intake.poll(town.app, NOW)
    assert len(list((maildir / "new").iterdir())) == 2
    rsvp_intake.poll(town.app, NOW)
    assert len(list((maildir / "cur").iterdir())) == 5


# From the invitation to the answer


@pytest.fixture
def inviting(build: Callable[..., Town]) -> Town:
    """A town that has sent its invitations by mail."""
    town = build("inviting", mail={"sender": "cadence@alliances.acme.example"})
    town.define()
    town.cycle(NOW)
    return town


def invitation_to(town: Town, subject: str) -> Invited:
    with town.database() as db:
        return next(each for each in invitations.of(db, "acme-globex") if each.subject == subject)


def test_whoever_answers_to_the_invitation_they_got_is_heard(inviting: Town) -> None:
    operating, pipeline = invitation_to(inviting, ID), invitation_to(inviting, SERIES)
    yes = a_letter(uid=operating.uid, token=operating.token)
    weekly_yes = a_letter(uid=pipeline.uid, token=pipeline.token)
    declines_one = a_letter(
        "DECLINED",
        uid=pipeline.uid,
        token=pipeline.token,
        stamp=SAID + HOUR,
        more="RECURRENCE-ID;TZID=Europe/Berlin:20261209T150000",
    )
    assert take(inviting, yes, weekly_yes, declines_one) == [Outcome.TAKEN] * 3
    assert says(inviting) is Says.ACCEPTED
    assert says(inviting, subject=SERIES) is Says.ACCEPTED
    assert says(inviting, subject=WEEK_50) is Says.DECLINED


def test_the_token_of_one_invitation_does_not_answer_to_another(inviting: Town) -> None:
    operating, pipeline = invitation_to(inviting, ID), invitation_to(inviting, SERIES)
    assert take(inviting, a_letter(uid=operating.uid, token=pipeline.token)) == [Outcome.FORGED]


def test_an_answer_sends_nobody_another_letter(inviting: Town) -> None:
    operating = invitation_to(inviting, ID)
    take(inviting, a_letter(uid=operating.uid, token=operating.token))
    before = inviting.rows("letter")
    inviting.cycle(NOW + HOUR)
    assert inviting.rows("letter") == before


# The shapes of other programs


SHAPES = GOLDEN.parent / "shapes"
DECLINED = [
    "reply-cn-with-escaped-quotes",
    "reply-comment-folded-inside-a-character",
    "reply-cr-cr-lf",
    "reply-from-name-is-the-address",
    "reply-attendee-without-mailto",
    "reply-without-dtstamp",
]


@pytest.mark.parametrize("name", DECLINED)
def test_an_answer_in_the_shape_of_another_program_counts(invited: Town, name: str) -> None:
    assert take(invited, (SHAPES / f"{name}.eml").read_bytes()) == [Outcome.TAKEN]
    assert says(invited) is Says.DECLINED


@pytest.mark.parametrize("name", ["reply-occurrence-zone-name-with-commas", "reply-occurrence-tzone-microsoft-utc"])
def test_an_occurrence_in_a_zone_of_a_vendors_naming_is_found(invited: Town, name: str) -> None:
    assert take(invited, (SHAPES / f"{name}.eml").read_bytes()) == [Outcome.TAKEN]
    assert says(invited, subject=WEEK_50) is Says.DECLINED
    assert says(invited, subject=SERIES) is None


@pytest.mark.parametrize(
    ("civil", "outcome"),
    [
        ("20261209T150000", Outcome.TAKEN),  # Berlin's clock
        ("20261209T090000", Outcome.TAKEN),  # Detroit's
        ("20261209T230000", Outcome.TAKEN),  # Tokyo's
        ("20261210T040000", Outcome.TAKEN),  # Kiritimati's
        ("20261210T041500", Outcome.SHOWN),  # nobody's
        ("20261207T150000", Outcome.SHOWN),
    ],
)
def test_an_occurrence_whose_zone_cannot_be_told_is_the_only_one_that_its_civil_start_can_mean(
    invited: Town, civil: str, outcome: Outcome
) -> None:
    letter = weekly("DECLINED", occurrence="X").replace(b"Europe/Berlin:X", f"Nowhere/Atlantis:{civil}".encode())
    assert take(invited, letter) == [outcome]
    assert says(invited, subject=WEEK_50) is (Says.DECLINED if outcome is Outcome.TAKEN else None)
    assert says(invited, subject=SERIES) is None


def test_what_does_not_say_when_is_said_when_its_letter_is_dated_or_comes(invited: Town) -> None:
    dated = a_letter("DECLINED", stamp="", headers="Date: Wed, 02 Dec 2026 15:30:00 +0100\r\n")
    take(invited, dated)
    assert answer(invited).dtstamp == at("2026-12-02 15:30")  # type: ignore[union-attr]
    take(invited, a_letter("TENTATIVE", stamp=""))
    assert answer(invited).dtstamp == NOW  # type: ignore[union-attr]


# Aliases, and letters that a person has to read


ALIAS = "d.patel@globexcells.example"


def aliased(town: Town) -> None:
    people = written()["people"]
    town.define(people={**people, "dev": {**people["dev"], "also": [ALIAS, "Dev@old.globex.example"]}})
    town.cycle(NOW)


@pytest.mark.parametrize("sender", [ALIAS, ALIAS.upper(), "dev@old.globex.example"])
@pytest.mark.parametrize("who", [DEV, None])
def test_who_answers_from_an_address_of_theirs_is_heard(invited: Town, sender: str, who: str | None) -> None:
    aliased(invited)
    assert take(invited, a_letter("DECLINED", sender=sender, who=who or sender)) == [Outcome.TAKEN]
    assert says(invited) is Says.DECLINED


def test_an_alias_serves_the_reading_of_answers_and_nothing_else(invited: Town) -> None:
    aliased(invited)
    invited.cycle(NOW + 24 * HOUR)
    with invited.database() as db:
        assert {each.email for each in outbox.listing(db)} & {ALIAS, "Dev@old.globex.example"} == set()
    assert not [path for path, content in invited.files().items() if ALIAS in path or ALIAS.encode() in content]


def test_an_answer_from_elsewhere_is_shown_by_name_and_told_to_the_alliance_manager_of_that_side(
    invited: Town,
) -> None:
    """June answers for herself from an alias; Dev is the alliance manager of Globex."""
    letter = a_letter("DECLINED", sender="June Okafor <june@old.globex.example>", who="june@old.globex.example")
    assert take(invited, letter) == [Outcome.SHOWN]
    [row] = to_read(invited)
    assert (row.person, row.of, row.says, row.subject) == ("june", "globex", "declined", ID)
    assert "june@old.globex.example is the address of nobody" in row.why
    invited.cycle(NOW)
    with invited.database() as db:
        [told] = [each for each in notifications.listing(db) if each.about == "reply"]
    assert (told.person, told.of) == ("dev", "globex")
    words = said_of(told)
    assert words.title == "June Okafor wrote about Operating review of Fri 18 Dec 2026"
    assert "Its calendar says: declined" in words.detail and "june@old.globex.example" in words.detail
    invited.cycle(NOW + HOUR)
    with invited.database() as db:
        assert len([each for each in notifications.listing(db) if each.about == "reply"]) == 1


def test_the_letter_of_the_faults_is_not_lost(invited: Town) -> None:
    assert take(invited, (SHAPES / "reply-from-alias-of-the-attendee.eml").read_bytes()) == [Outcome.SHOWN]
    [row] = to_read(invited)
    assert (row.name, row.person, row.email) == ("Dev Patel", "dev", ALIAS)


def test_an_answer_that_was_shown_counts_by_itself_once_its_sender_is_known(invited: Town) -> None:
    take(invited, weekly("DECLINED", occurrence="20261209T150000", sender=ALIAS, who=ALIAS))
    take(invited, a_letter("TENTATIVE", sender=ALIAS, who=ALIAS, more="COMMENT:perhaps"))
    assert len(to_read(invited)) == 2
    aliased(invited)
    invited.cycle(NOW + HOUR)
    assert to_read(invited) == []
    assert says(invited, subject=WEEK_50) is Says.DECLINED
    found = answer(invited)
    assert found is not None and (found.says, found.comment, found.dtstamp) == (Says.TENTATIVE, "perhaps", SAID)


def test_what_is_written_in_words_to_an_invitations_address_is_shown(invited: Town) -> None:
    letter = f"From: June <{JUNE}>\r\nTo: c+{TOKEN}@acme.example\r\n\r\nI am late.\r\n\r\n> x\r\n".encode()
    assert take(invited, letter) == [Outcome.SHOWN]
    [row] = to_read(invited)
    assert (row.person, row.of, row.words, row.subject, row.says) == ("june", "globex", "I am late.", ID, None)


def test_what_is_written_in_words_with_a_wrong_token_is_counted_alone(invited: Town) -> None:
    letter = f"From: June <{JUNE}>\r\nTo: c+{'0' * 32}@acme.example\r\n\r\nI am late.\r\n".encode()
    assert take(invited, letter) == [Outcome.NO_ANSWER]
    assert to_read(invited) == []


def test_of_a_flood_of_letters_with_a_right_token_a_hundred_are_shown(invited: Town) -> None:
    for number in range(103):
        take(invited, a_letter(who=f"mallory{number}@evil.example"))
    assert len(to_read(invited)) == 100


def test_once_it_was_read_nothing_is_told_of_it(invited: Town) -> None:
    take(invited, a_letter(who=JUNE))
    with invited.app.store.write() as db:
        assert store.close(db, 1, NOW, "read") and not store.close(db, 1, NOW, "read")
    invited.cycle(NOW)
    with invited.database() as db:
        assert not [each for each in notifications.listing(db) if each.about == "reply"]


# Letters that come back


OWED = at("2026-12-14 15:00")


@pytest.fixture
def reminded(build: Callable[..., Town]) -> Town:
    """A town whose people were told by mail what they owe."""
    town = build("reminded", mail={"sender": "cadence@alliances.acme.example"})
    town.define()
    town.cycle(NOW)
    town.cycle(OWED)
    with town.app.store.write() as db:
        for each in outbox.listing(db, state="due"):
            delivery.sent(db, each.id or 0, OWED, "mail.example:25", "250 taken")
    return town


def news(town: Town) -> LetterRow:
    with town.database() as db:
        return next(each for each in outbox.listing(db, state="sent") if each.method == "NOTICE")


def given_back(letter: LetterRow, action: str = "failed") -> bytes:
    return report(action, given_back=f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message_id}")


def test_a_letter_that_comes_back_is_dead_and_its_address_a_fault_and_no_answer(reminded: Town) -> None:
    letter = news(reminded)
    assert take(reminded, given_back(letter), now=OWED) == [Outcome.BOUNCED]
    with reminded.database() as db:
        found = outbox.get(db, letter.id or 0)
        [fault] = faults.listing(db)
    assert found and found.state == "dead" and found.settled_at == OWED and "5.1.1 User unknown" in (found.said or "")
    assert fault.key == f"address:{letter.email.casefold()}" and "5.1.1 User unknown" in fault.what


@pytest.mark.parametrize(("said", "also_dead"), [("550 5.1.1 User unknown", True), ("552 5.2.2 Mailbox full", False)])
def test_where_there_is_no_such_address_what_was_sent_to_it_since_has_not_arrived_either(
    reminded: Town, said: str, also_dead: bool
) -> None:
    letter = news(reminded)
    mine = {"uid": "x", "partnership": letter.partnership, "email": letter.email, "state": "sent", "instance": "x"}
    with reminded.app.store.write() as db:
        outbox.add(db, [letter.model_copy(update={**mine, "id": None, "dedup_key": "x", "content": b"x"})])
    before = report("failed", said[4:9], f"smtp; {said}", f"Content-Type: text/plain\r\n\r\n{letter.message_id}")
    assert take(reminded, before, now=OWED + HOUR) == [Outcome.BOUNCED]
    with reminded.database() as db:
        [other] = [each for each in outbox.listing(db) if each.dedup_key == "x"]
    assert (other.state == "dead") is also_dead


def test_a_letter_that_is_late_has_not_come_back(reminded: Town) -> None:
    letter = news(reminded)
    assert take(reminded, given_back(letter, "delayed"), now=OWED) == [Outcome.AUTOMATIC]
    with reminded.database() as db:
        assert outbox.get(db, letter.id or 0).state == "sent"  # type: ignore[union-attr]
        assert faults.listing(db) == []


def test_a_report_about_somebody_elses_letter_changes_nothing(reminded: Town) -> None:
    before = reminded.rows("letter")
    assert take(reminded, report(), now=OWED) == [Outcome.FOREIGN]
    assert reminded.rows("letter") == before


@pytest.mark.parametrize("days", [4, 6])
def test_the_fault_of_an_address_ends_when_a_later_letter_has_stayed_for_days(reminded: Town, days: int) -> None:
    letter = news(reminded)
    take(reminded, given_back(letter), now=OWED)
    with reminded.app.store.write() as db:
        resending.again(db, letter.id or 0, OWED)
        delivery.sent(db, letter.id or 0, OWED + HOUR, "mail.example:25", "250 taken")
        assert bool(address_faults.mended(reminded.app, db, OWED + HOUR + timedelta(days=days))) is (days > 5)


def test_the_fault_of_an_address_ends_when_it_is_nobodys(reminded: Town) -> None:
    letter = news(reminded)
    take(reminded, given_back(letter), now=OWED)
    people = written()["people"]
    changed = {
        key: {**each, "email": "new.one@globex.example"} if each["email"] == letter.email else each
        for key, each in people.items()
    }
    reminded.define(people=changed)
    with reminded.database() as db:
        assert address_faults.mended(reminded.app, db, OWED) == []
    reminded.cycle(OWED)
    with reminded.database() as db:
        assert address_faults.mended(reminded.app, db, OWED) == [f"address:{letter.email.casefold()}"]


def test_an_answer_in_words_to_a_letter_of_ours_is_shown_inside_the_side_it_was_for(reminded: Town) -> None:
    letter = news(reminded)
    words = f"From: {letter.email}\r\nTo: c@acme.example\r\nIn-Reply-To: {letter.message_id}\r\n\r\nNext week.\r\n"
    assert take(reminded, words.encode(), now=OWED) == [Outcome.SHOWN]
    [row] = to_read(reminded)
    people = written()["people"]
    assert row.words == "Next week." and row.of == people[row.person or ""]["of"]
    assert people[row.person or ""]["email"] == letter.email
