"""What an answer is given by, and what becomes of it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import manner_of
from scheduler.domain.manner import Manner
from scheduler.domain.record.letter_question import AskedQuestion
from scheduler.render.incoming_mail.answer import AnswerByMail, AttachedFile
from scheduler.render.languages import speaking
from scheduler.services.app import App


@dataclass(frozen=True, slots=True)
class Answering:
    """One answer of a mail: `said` to a question `asked` by a letter that was written at a moment, in the transaction
    `db`, of which `app` opens pieces. `person` is whose it is, by their key of today in the `partnership` as it
    stands. `files` are those of the mail that belong to this answer."""

    app: App
    db: Connection
    asked: AskedQuestion
    said: str
    partnership: Partnership
    person: str
    mail: AnswerByMail
    files: tuple[AttachedFile, ...]
    letter_at: datetime
    now: datetime

    def speaking(self) -> AbstractContextManager[None]:
        """Words that are made within are for its reader; what goes on record is made outside."""
        return speaking(manner_of(self.partnership.people[self.person], self.partnership.organisations, self.otherwise))

    @property
    def otherwise(self) -> Manner:
        return self.app.settings.manner


Status = Literal["recorded", "known", "asked back", "refused"]


class Said(NamedTuple):
    """A sentence in English with its values, to be said in the language of whoever reads it (`render/languages`)."""

    english: str
    values: Mapping[str, object] = MappingProxyType({})


def said(english: str, /, **values: object) -> Said:
    return Said(english, values)


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an answer, in sentences: on record now, on record before, asked back, or refused, with the way out
    as `hint`. `value` and `note` are what a yes to the letter that goes back would put on record; `lines` what was
    understood of minutes."""

    status: Status
    says: tuple[Said, ...]
    hint: Said | None = None
    value: str | None = None
    note: str | None = None
    lines: tuple[str, ...] = ()


def became(status: Status, *says: Said, hint: Said | None = None, lines: tuple[str, ...] = ()) -> Became:
    return Became(status, says, hint, lines=lines)


def day_here(answering: Answering, zone: str) -> date:
    """The civil day in a zone."""
    return answering.now.astimezone(ZoneInfo(zone)).date()
