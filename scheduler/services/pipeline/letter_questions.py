"""What a letter asks its reader and a reply to it can answer, and the address that such a reply goes to."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.ids import KpiId
from scheduler.domain.record.letter_question import AskedQuestion, LetterQuestion, QuestionKind
from scheduler.render.answer_tokens import answer_token, tagged
from scheduler.rules.kpis.measurements import local_date
from scheduler.services.app import App
from scheduler.services.archive import Archive
from scheduler.services.pipeline.personal_items import PersonalItem, Reader
from scheduler.settings import Settings
from scheduler.store import letter_questions


def takes_answers(settings: Settings) -> bool:
    """Whether what is answered to a letter reaches us."""
    return settings.replies.is_read and settings.mail.sender is not None


def question_of(reader: Reader, item: PersonalItem) -> LetterQuestion | None:
    """What a reply can answer of an item; None for what wants more than a line, or is not asked."""
    if not item.is_asked:
        return None
    partnership = reader.known.partnership.partnership
    asks = (item.told.facts or {}).get("asks")
    if item.owed is not None:
        scope = reader.known.scopes[KpiId(item.owed.id).scope]
        if item.owed.period.last >= local_date(scope, item.owed.kpi, reader.known.now):
            return None
        kind: QuestionKind = "milestone" if item.owed.kpi.target.kind == "yes" else "value"
        return LetterQuestion(kind, partnership, reader.key, item.owed.id, item.owed.period.label)
    match item.about, asks:
        case "review", "held":
            return LetterQuestion("held", partnership, reader.key, item.subject)
        case "review", ("minutes_due" | "minutes_late"):
            return LetterQuestion("minutes", partnership, reader.key, item.subject)
        case "criterion", "verdict":
            return LetterQuestion("verdict", partnership, reader.key, item.subject)
        case "action", _:
            return LetterQuestion("action", partnership, reader.key, item.subject)
        case "checkpoint", _:
            return LetterQuestion("step", partnership, reader.key, item.subject, item.rung)
    return None


def remember(
    db: Connection, archive: Archive, letter: str, asked: Iterable[tuple[int, LetterQuestion]], now: datetime
) -> None:
    """Remember what the letter of that key asks, in the transaction that writes it."""
    letter_questions.add(
        db,
        letter,
        [AskedQuestion(number, each, archive[each.partnership].seal(each.person), now) for number, each in asked],
    )


def addressed(app: App, secret: str, letter: str, subject: str) -> tuple[str, str]:
    """To which address the letter of that key is answered, and its subject, one of which bears its token."""
    mail, token = app.settings.mail, answer_token(secret, letter)
    if app.settings.replies.known_by == "subject":
        return mail.sender or "", tagged(subject, token)
    return mail.organizer(token), subject
