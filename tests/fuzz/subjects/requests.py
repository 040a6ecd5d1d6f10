"""What is sent to the web side: each request is answered in words, by 2xx, 3xx or 4xx; what is refused is nowhere on
record; what is taken counts once, and the next cycle lives with it."""

import random
import re
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes

from tests.simulation.forms import Form
from tests.simulation.installation import URL

from .. import odd_words
from ..damage import damaged, encoded
from ..kept_year import KeptYear, Standing
from ..subject import Subject

CHAPTERS = (
    "the_launch_is_on_its_way",
    "the_minutes_are_uploaded",
    "one_side_objects",
    "the_start_is_judged",
    "they_say_who_comes",
    "the_checkpoint_decides",
    "all_vote_without_meeting",
    "a_change_is_disputed",
    "a_deadlock_is_resolved",
    "a_formal_review_is_called",
    "the_term_is_to_be_renewed",
    "it_decides_to_exit",
)
LEAVES_A_TRACE = ("confirmation", "session", "api_token", "subscription", "sign_in", "clock")
"""What may change by a request that is refused: codes that were sent, when somebody was last there."""
PACK, SEALS = "/evidence/pack", ("partnership", "seal")
"""A pack of evidence stands under a seal, so one is made first; the partnership knows up to where it is sealed."""
FORM = "application/x-www-form-urlencoded"
TYPED = (
    "3",
    "0.31",
    "as we agreed",
    "yes",
    "2026-12-22",
    "2027-01-15",
    "ines",
    "dev",
    "1",
    "Decisions\n- It is so\n",
    "https://a.example/b",
)


class Sent(NamedTuple):
    """A request as an input is written: a head of lines, an empty line, the body."""

    chapter: str
    method: str
    where: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def written(self) -> bytes:
        lines = [f"{self.chapter} {self.method} {self.where}", *(f"{name}: {value}" for name, value in self.headers)]
        return encoded("\n".join(lines)) + b"\n\n" + self.body


def read(content: bytes) -> Sent | None:
    """The request that an input says; None where it was cut so that it says none."""
    head, _, body = content.partition(b"\n\n")
    first, *lines = head.decode("utf-8", "surrogatepass").split("\n") if _is_text(head) else [""]
    parts = first.split(" ", 2)
    if len(parts) != 3 or parts[0] not in CHAPTERS or not re.fullmatch("[A-Z]{3,7}", parts[1]):
        return None
    headers = tuple((name, value) for name, mark, value in (line.partition(": ") for line in lines) if mark)
    return Sent(parts[0], parts[1], parts[2], headers, body)


class Requests(Subject):
    """An input is a request to the installation at the end of a chapter; each kind says what its place means."""

    def __init__(self, folder: Path, year: KeptYear | None = None) -> None:
        super().__init__(folder)
        self.year = year or KeptYear(folder, CHAPTERS)

    @abstractmethod
    def path(self, standing: Standing, where: str) -> str | None:
        """The path that a place of an input is now; None where there is none such."""

    @abstractmethod
    def filled(self, standing: Standing, sent: Sent) -> tuple[dict[str, str], bytes]:
        """The headers and the body, with what is secret in this installation."""

    def try_one(self, content: bytes) -> str:
        sent = read(content)
        if sent is None:
            return "no request"
        standing = self.year.at(sent.chapter)
        path = self.path(standing, sent.where)
        if path is None:
            return "no such place"
        try:
            return self._answered(standing, sent, path)
        finally:
            self.year.put_back()

    def _answered(self, standing: Standing, sent: Sent, path: str) -> str:
        headers, body = self.filled(standing, sent)
        with self.timed():
            answer = standing.at.client.request(sent.method, path, headers=headers, content=body)
        self._is_no_failure(standing, answer)
        if sent.method == "POST" and answer.status_code == 200 and 'name="code"' in answer.text:
            standing.at.collect()
            body += b"&code=" + self.code(standing, sent).encode()
            answer = standing.at.client.request(sent.method, path, headers=headers, content=body)
            self._is_no_failure(standing, answer)
        is_taken = answer.status_code in (200, 303) and sent.method == "POST" and self.year.has_changed()
        if not is_taken:
            traces = (*LEAVES_A_TRACE, *SEALS) if path.partition("?")[0].endswith(PACK) else LEAVES_A_TRACE
            before, after = (each(traces) for each in (self.year.record_before, self.year.record))
            changed = [name for name in before if before[name] != after[name]]
            assert not changed, f"answered by {answer.status_code}, and {changed} changed"
            return str(answer.status_code)
        self._counts_once(standing, sent, path, headers, body)
        with self.timed():
            standing.at.cycle()
        return f"{answer.status_code} taken"

    def _counts_once(self, standing: Standing, sent: Sent, path: str, headers: dict[str, str], body: bytes) -> None:
        """The same request once more is answered, too."""
        self._is_no_failure(standing, standing.at.client.request(sent.method, path, headers=headers, content=body))

    def code(self, standing: Standing, sent: Sent) -> str:
        """The code that was sent for it."""
        raise NotImplementedError

    def _is_no_failure(self, standing: Standing, answer: Any) -> None:
        for level, event, known in standing.at.log.said:
            if isinstance(defect := known.get("exc_info"), BaseException):
                raise AssertionError(f"{event} {level}") from defect
        errors = [each for each in standing.at.log.said if each[0] == "error"]
        assert not errors, errors
        assert 200 <= answer.status_code < 500, answer.status_code
        if answer.status_code >= 400 and answer.request.method != "HEAD":
            assert answer.text.strip(), "refused without a word"
            assert "Traceback" not in answer.text

    def close(self) -> None:
        self.year.close()


def body_of(form: Form, rng: random.Random, others: Sequence[bytes]) -> tuple[str, bytes]:
    """A form filled in at random: most of it as its page would send it, a field or two strange, at times the whole."""
    said: list[tuple[str, str]] = list(form.filled.items())
    for name, values in form.choices.items():
        if rng.random() < 0.7:
            said = [*((each, value) for each, value in said if each != name), (name, rng.choice(sorted(values)))]
    for name, kind in form.types.items():
        if kind != "hidden" and rng.random() < 0.8:
            said.append(
                (
                    name,
                    odd_words.like("2026-12-22", rng) if kind == "date" and rng.random() < 0.4 else rng.choice(TYPED),
                )
            )
    for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
        said = _strange(said, rng)
    _, name, value = rng.choice(form.buttons)
    said += [(name, value)] if name else []
    if form.is_multipart and rng.random() < 0.8:
        return _in_parts(said, sorted(form.files), rng, others)
    body = b"&".join(
        quote_from_bytes(encoded(key)).encode() + b"=" + quote_from_bytes(encoded(each)).encode() for key, each in said
    )
    return FORM, damaged(body, rng, others) if rng.random() < 0.12 else body


def _strange(said: list[tuple[str, str]], rng: random.Random) -> list[tuple[str, str]]:
    if not said:
        return [(rng.choice(odd_words.ALL), rng.choice(odd_words.ALL))]
    at = rng.randrange(len(said))
    name, value = said[at]
    match rng.randrange(8):
        case 0:
            return said[:at] + said[at + 1 :]
        case 1:
            return [*said, (name, rng.choice(odd_words.ALL))]
        case 2:
            return [*said, (odd_words.a_text(rng, 12), odd_words.a_text(rng))]
        case 3:
            return said * rng.choice((2, 30))
        case 4:
            return [*said[:at], (name, odd_words.a_text(rng, 300)), *said[at + 1 :]]
        case 5:
            other = rng.choice(said)
            return [*said[:at], (name, other[1]), *said[at + 1 :]]
        case _:
            return [*said[:at], (name, odd_words.like(value or "x", rng)), *said[at + 1 :]]


def _in_parts(
    said: list[tuple[str, str]], files: list[str], rng: random.Random, others: Sequence[bytes]
) -> tuple[str, bytes]:
    mark = b"b" * rng.randint(1, 70)
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (mark, encoded(name), encoded(value))
        for name, value in said
        if name not in files
    ]
    for name in files:
        content = rng.choice(
            (
                b"",
                b"Decisions\n- It is so\n",
                b"%PDF-1.7\n%x",
                b"\xff\xfea\0",
                b"\xff\xfe\x00\xd8",
                b"PK\x03\x04",
                encoded(odd_words.a_text(rng, 400)),
                rng.randbytes(300),
            )
        )
        file = rng.choice(("", "a.md", "a.pdf", "../../x", 'a"b', "\u202egpj.exe", "x" * 300, "a\0b", "CON"))
        parts.append(
            b'--%s\r\nContent-Disposition: form-data; name="%s"; filename="%s"\r\nContent-Type: %s\r\n\r\n%s\r\n'
            % (
                mark,
                name.encode(),
                encoded(file),
                rng.choice((b"text/plain", b"application/pdf", b"x", b"text/plain; charset=utf-16")),
                content,
            )
        )
    body = b"".join(parts) + b"--%s--\r\n" % mark
    if rng.random() < 0.3:
        body = damaged(body, rng, others)
    return f"multipart/form-data; boundary={mark.decode()}", body


def odd_headers(rng: random.Random, kind: str) -> tuple[tuple[str, str], ...]:
    """What a browser says of a form, at times another thing."""
    if rng.random() < 0.05:
        kind = rng.choice(
            (
                "text/plain",
                "",
                "application/json",
                "multipart/form-data",
                f"{FORM}; charset=utf-16",
                "multipart/form-data; boundary=" + "x" * 80,
                'multipart/form-data; boundary=""',
            )
        )
    origin = URL if rng.random() < 0.97 else rng.choice(("null", "https://elsewhere.example", "http://[", "x"))
    return (
        ("content-type", kind),
        ("origin", origin),
        ("sec-fetch-site", "same-origin" if rng.random() < 0.98 else "cross-site"),
    )


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
