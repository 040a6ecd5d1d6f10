"""Letters that nobody has seen are read, one at a time and never whole gigabytes; what was dealt with is marked."""

import re
import socketserver
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from scheduler.transports.mailbox import MOST_BYTES, Account, MailboxError, imap, maildir

# Maildir


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for place in ("new", "cur", "tmp"):
        (tmp_path / "Maildir" / place).mkdir(parents=True)
    return tmp_path / "Maildir"


def put(folder: Path, name: str, content: bytes = b"From: dev\r\n\r\n") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def contents(folder: Path) -> list[bytes]:
    return [letter.content for letter in maildir(folder)]


def test_new_letters_come_first_then_those_somebody_listed_but_did_not_read(folder: Path) -> None:
    put(folder, "cur/1.b:2,RS", b"read")
    put(folder, "cur/2.b:2,R", b"listed")
    put(folder, "new/4.b", b"newer")
    put(folder, "new/3.b", b"new")
    put(folder, "new/.hidden", b"hidden")
    put(folder, "tmp/5.b", b"half delivered")
    assert contents(folder) == [b"new", b"newer", b"listed"]


def test_a_letter_that_was_dealt_with_lies_in_cur_with_the_flag_s_and_no_other_lost(folder: Path) -> None:
    put(folder, "new/1.b", b"new")
    put(folder, "cur/2.b:2,FR", b"flagged")
    for letter in maildir(folder):
        letter.mark_seen()
    assert sorted(path.name for path in (folder / "cur").iterdir()) == ["1.b:2,S", "2.b:2,FRS"]
    assert contents(folder) == []


def test_a_letter_stays_until_it_is_marked(folder: Path) -> None:
    put(folder, "new/1.b", b"new")
    assert contents(folder) == contents(folder) == [b"new"]


def test_one_that_another_program_takes_away_meanwhile_is_passed_over(folder: Path) -> None:
    put(folder, "new/1.b", b"one")
    put(folder, "new/2.b", b"two")
    letters = maildir(folder)
    first = next(letters)
    (folder / "new/1.b").rename(folder / "cur/1.b:2,S")
    (folder / "new/2.b").unlink()
    first.mark_seen()
    assert list(letters) == []


def test_of_fifty_megabytes_little_over_one_is_read(folder: Path) -> None:
    with (folder / "new/1.b").open("wb") as stream:
        stream.truncate(50 * 1024 * 1024)
    [content] = contents(folder)
    assert len(content) == MOST_BYTES


def test_a_link_is_no_letter(folder: Path, tmp_path: Path) -> None:
    (folder / "new/1.b").symlink_to(put(tmp_path, "secret", b"a password"))
    assert contents(folder) == []


def test_a_maildir_that_is_not_there_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(MailboxError) as raised:
        list(maildir(tmp_path / "nowhere"))
    assert "nowhere" in raised.value.what
    assert "replies: maildir:" in raised.value.hint


# IMAP: a server of few words on 127.0.0.1, speaking what RFC 9051 asks of it here


class Server(socketserver.ThreadingTCPServer):
    """Holds `letters` by UID; `seen` are those with the flag. Knows one user and the folder `Answers`."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, letters: dict[int, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.letters = letters
        self.seen: set[int] = set()
        self.asked: list[str] = []
        self.hangs_up_at = "never"
        self.folder = "Answers"


class Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.say("* OK ready")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            self.server.asked.append(command)
            if self.server.hangs_up_at in command:
                return
            self.say(f"{tag} {self.answer(command)}")
            if command == "LOGOUT":
                return

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def answer(self, command: str) -> str:
        match command.split(" ", 2):
            case ["CAPABILITY"]:
                self.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=PLAIN")
            case ["AUTHENTICATE", mechanism]:
                return self.authenticated(mechanism)
            case ["LOGIN", *_] if command != 'LOGIN cadence "sesame"':
                return "NO [AUTHENTICATIONFAILED] wrong password"
            case ["SELECT", *_] if command != f'SELECT "{self.server.folder}"':
                return "NO there is no such folder"
            case ["SELECT", *_]:
                self.say(f"* {len(self.server.letters)} EXISTS")
            case ["UID", "SEARCH", "UNSEEN"]:
                self.say(f"* SEARCH {' '.join(str(n) for n in sorted(set(self.server.letters) - self.server.seen))}")
            case ["UID", "FETCH", wanted]:
                self.fetch(wanted)
            case ["UID", "STORE", wanted]:
                assert wanted.endswith(r"+FLAGS.SILENT (\Seen)")
                self.server.seen.add(int(wanted.split()[0]))
            case ["LOGOUT"]:
                self.say("* BYE")
        return "OK done"

    def authenticated(self, mechanism: str) -> str:
        """As Google and Microsoft do it: a wrong token is answered by a challenge, and that by nothing."""
        self.say("+ ")
        said = b64decode(self.rfile.readline()).decode()
        self.server.asked.append(f"{mechanism} {said}")
        right = {"XOAUTH2": "user=cadence\x01auth=Bearer good\x01\x01", "PLAIN": "\0cadence\0schlüssel"}
        if said == right[mechanism]:
            return "OK done"
        self.say("+ " + b64encode(b'{"status": "401"}').decode())
        assert self.rfile.readline() == b"\r\n"
        return "NO [AUTHENTICATIONFAILED] invalid credentials"

    def fetch(self, wanted: str) -> None:
        found = re.fullmatch(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", wanted)
        assert found
        content = self.server.letters.get(int(found[1]))
        if content is not None:
            part = content[: int(found[2])]
            self.wfile.write(f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(part)}}}\r\n".encode() + part + b")\r\n")


@contextmanager
def serving(letters: dict[int, bytes]) -> Iterator[tuple[Server, Account]]:
    with Server(letters) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        account = Account("127.0.0.1", server.server_address[1], "cadence", "sesame", "Answers", "none")
        try:
            yield server, account
        finally:
            server.shutdown()
            thread.join()


def test_unseen_letters_are_read_and_only_what_was_dealt_with_is_marked() -> None:
    with serving({7: b"seven\r\n", 9: b"nine\r\n", 12: b"twelve\r\n"}) as (server, account):
        server.seen.add(9)
        with closing(imap(account)) as letters:
            first = next(letters)
            assert first.content == b"seven\r\n"
            first.mark_seen()
            assert next(letters).content == b"twelve\r\n"
        assert server.seen == {7, 9}
        assert server.asked[-1] == "LOGOUT"
        assert [letter.content for letter in imap(account)] == [b"twelve\r\n"]


def test_of_a_large_letter_the_server_is_asked_for_little_over_a_megabyte() -> None:
    with serving({1: b"x" * (3 * MOST_BYTES)}) as (_, account):
        assert [len(letter.content) for letter in imap(account)] == [MOST_BYTES]


def test_one_that_was_deleted_meanwhile_is_passed_over() -> None:
    with serving({1: b"one", 2: b"two", 3: b"three"}) as (server, account):
        letters = imap(account)
        next(letters)
        del server.letters[2]
        assert [letter.content for letter in letters] == [b"three"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "wrong"}, "wrong password"),
        ({"folder": "Elsewhere"}, "no such folder"),
        ({"tls": "starttls"}, "TLS not supported"),
        ({"tls": "tls"}, "SSL"),
    ],
)
def test_a_mailbox_one_cannot_get_into_is_said_in_plain_words(change: dict[str, str], said: str) -> None:
    with serving({1: b"one"}) as (server, account):
        with pytest.raises(MailboxError) as raised:
            list(imap(account._replace(**change)))  # type: ignore[arg-type]
        assert "cadence at 127.0.0.1" in raised.value.what
        assert said in raised.value.what
        assert "sesame" not in raised.value.what
        assert not server.seen


@pytest.mark.parametrize("moment", ["LOGIN", "SEARCH", "FETCH", "STORE"])
def test_a_server_that_hangs_up_in_the_middle_is_out_of_reach(moment: str) -> None:
    with serving({1: b"one"}) as (server, account):
        server.hangs_up_at = moment
        with pytest.raises(MailboxError):
            for letter in imap(account):
                letter.mark_seen()
        assert not server.seen


def test_a_port_at_which_nobody_listens_is_out_of_reach() -> None:
    with serving({}) as (_, account):
        pass
    with pytest.raises(MailboxError):
        list(imap(account))


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Entwürfe", "Entw&APw-rfe"),
        ("Entwu\u0308rfe", "Entw&APw-rfe"),
        ("Antworten/日本語", "Antworten/&ZeVnLIqe-"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501 5.1.3
        ("Réponses & suites", "R&AOk-ponses &- suites"),
        ("R&D", "R&-D"),
        ("Entw&APw-rfe", "Entw&APw-rfe"),
        ("☺!", "&Jjo-!"),
        ("\U0001f600", "&2D3eAA-"),
        ('a "b" \\ c', 'a \\"b\\" \\\\ c'),
    ],
)
def test_a_folder_is_found_by_the_name_that_people_see(written: str, sent: str) -> None:
    with serving({1: b"one"}) as (server, account):
        server.folder = sent
        assert [letter.content for letter in imap(account._replace(folder=written))] == [b"one"]


def test_a_server_that_asks_for_a_token_gets_one_and_no_password() -> None:
    with serving({1: b"one"}) as (server, account):
        assert [letter.content for letter in imap(account._replace(token="good", password=""))] == [b"one"]
        assert not [each for each in server.asked if each.startswith("LOGIN ")]


def test_a_token_that_is_refused_is_said_in_plain_words_without_the_token() -> None:
    with serving({1: b"one"}) as (server, account):
        with pytest.raises(MailboxError) as raised:
            list(imap(account._replace(token="expired")))
        assert "invalid credentials" in raised.value.what and "expired" not in raised.value.what
        assert not server.seen


def test_a_password_with_letters_outside_ascii_opens_the_mailbox() -> None:
    with serving({1: b"one"}) as (_, account):
        assert [letter.content for letter in imap(account._replace(password="schlüssel"))] == [b"one"]
