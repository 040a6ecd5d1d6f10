"""The letter that asks somebody how the relationship is, by a link to one page; and the link's token, which is laid
into its bytes as it leaves and stands in no copy that is kept."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from scheduler.render.languages import say, say_count
from scheduler.render.mime import header_text
from scheduler.render.notifications.sentences import Means
from scheduler.render.templating import rendered

PATH = "health"
TOKEN_PLACE = "the_token_is_written_as_the_letter_leaves_x"  # noqa: S105  # it is none: it stands for one
"""Stands for a token, of whose 43 characters none is written otherwise in a mail than by itself."""
_IN_A_MAIL = re.compile(b"(=\r\n)?".join(re.escape(each.encode()) for each in TOKEN_PLACE))
"""The same as quoted-printable may break it over two lines (RFC 2045 6.7)."""


@dataclass(frozen=True, slots=True)
class HealthLetter:
    """What the letter says: to whom, of which partnership, how many statements are rated, and until when, on the
    reader's clock. `fewest` answers of a side are needed; `side` is what the reader's is called. `because` is why it is
    asked out of turn, an occasion or somebody's words."""

    reader: str
    name: str
    side: str
    period: str
    because: str | None
    rated: int
    in_words: int
    until: str
    fewest: int
    link: str
    is_again: bool

    @property
    def headline(self) -> str:
        return headline_of(self.name)


def headline_of(name: str) -> str:
    """The subject of the letter that asks."""
    return say("Health check of %(name)s: five minutes, without your name", name=name)


class HealthLetterText(NamedTuple):
    """Subject and words; `fault` is what is wrong with an operator's template."""

    subject: str
    plain: str
    html: str
    fault: str | None


def text_of(letter: HealthLetter, means: Means, folders: tuple[Path, ...]) -> HealthLetterText:
    """The letter in words, from the operator's templates or the shipped ones."""
    plain = rendered("mail/health.txt.j2", folders, letter=letter, reader=means)
    html = rendered("mail/health.html.j2", folders, letter=letter, reader=means)
    return HealthLetterText(header_text(letter.headline), plain.text, html.text, plain.fault or html.fault)


def with_token(content: bytes, token: str) -> bytes:
    """The bytes of a letter with its token in its place: as long as they were, line by line."""
    assert len(token) == len(TOKEN_PLACE)

    def written(found: re.Match[bytes]) -> bytes:
        ends = found.groups()
        return token[:1].encode() + b"".join(
            (end or b"") + letter.encode() for end, letter in zip(ends, token[1:], strict=True)
        )

    return _IN_A_MAIL.sub(written, content)


class AreaNews(NamedTuple):
    """An area of a closed round: how it stands, and what that says."""

    title: str
    light: str
    says: str


@dataclass(frozen=True, slots=True)
class HealthNews:
    """A `reminder` to everybody who is asked, whose link stands in the `letter` before it; the `result`, told to the
    same roles; or that the round is `skipped`, `by` whom (by name) and `because` of what, and whether it `was_open`.
    `page` is the address of its page, None where none can be reached; then `contact` can help."""

    kind: str
    reader: str
    name: str
    period: str
    until: str
    letter: str
    page: str | None
    contact: str
    fewest: int
    areas: tuple[AreaNews, ...] = ()
    by: str = ""
    because: str = ""
    was_open: bool = False

    @property
    def headline(self) -> str:
        if self.kind == "reminder":
            return say("Re: Health check of %(name)s: five minutes, without your name", name=self.name)
        if self.kind == "skipped":
            return say("Health check of %(name)s, %(period)s: skipped", name=self.name, period=self.period)
        return say("Health check of %(name)s, %(period)s: what it found", name=self.name, period=self.period)

    @property
    def first(self) -> str:
        red = sum(each.light == "red" for each in self.areas)
        if not red:
            return say("No area is red.")
        return say_count(
            "%(number)s of %(whole)s areas is red.",
            "%(number)s of %(whole)s areas are red.",
            red,
            whole=len(self.areas),
        )


def news_text(news: HealthNews, folders: tuple[Path, ...]) -> HealthLetterText:
    """The same in words."""
    plain = rendered("mail/health_news.txt.j2", folders, news=news)
    html = rendered("mail/health_news.html.j2", folders, news=news)
    return HealthLetterText(header_text(news.headline), plain.text, html.text, plain.fault or html.fault)
