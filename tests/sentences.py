"""What notifications say, in the words of the shipped templates."""

from pathlib import Path

from scheduler.domain.record.notification import Ending, Notification
from scheduler.render.notifications.sentences import Means, Sentences, ToldMatter, sentence_of, sentences_of
from scheduler.store.tables import NotificationRow

SHIPPED = Path(__file__).parents[1] / "templates"
OPERATOR = Means(has_shell=True)
"""Somebody of the side that runs the program."""
COUNTERPART = Means(has_shell=False, contact="Inès Falk")


def said(notice: Notification, reader: Means = OPERATOR) -> Sentences:
    """What a notification says to a reader."""
    told = ToldMatter(notice.about, notice.subject, notice.rung, notice.facts, notice.title)
    return sentences_of(told, reader, [SHIPPED])


def said_of(row: NotificationRow, reader: Means = OPERATOR) -> Sentences:
    """The same of what is on record."""
    return sentences_of(
        ToldMatter(row.about, row.subject, row.rung, row.facts, row.title, row.detail), reader, [SHIPPED]
    )


def end_of(ending: Ending) -> str:
    """How a matter ended, in words."""
    return sentence_of(ending.facts, SHIPPED)
