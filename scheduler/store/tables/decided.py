"""What fired, what was judged, what was decided, and what is to be done about it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from scheduler.store.column_types import Json, Moment, Name

from .columns import partial_index, refers


class TriggerEventRow(SQLModel, table=True):
    """A trigger that fired, and the formal `review` that it called. `key` names the occurrence; of one key at most one
    has not ended. `ended_at` is when what fired no longer held."""

    __tablename__ = "cause"
    __table_args__ = (
        refers("cause", "partnership", "partnership"),
        partial_index("ix_cause_open", "scope", "key", where="ended_at IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    scope: str = Field(sa_type=Name)
    key: str = Field(sa_type=Name)
    trigger: str
    of: str | None
    says: str = Field(sa_type=Text)
    evidence: list[Any] = Field(sa_type=Json)
    fired_on: date
    fired_at: datetime = Field(sa_type=Moment)
    review: str | None = Field(default=None, sa_type=Name, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class JudgementRow(SQLModel, table=True):
    """What a person says of a criterion of the success at 90 days. Only ever added to; the latest counts."""

    __tablename__ = "judgement"
    __table_args__ = (
        refers("judgement", "partnership", "partnership"),
        Index("ix_judgement_review", "review", "criterion"),
    )

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name)
    criterion: str
    verdict: str
    evidence: str | None = Field(sa_type=Text)
    person: str | None
    at: datetime = Field(sa_type=Moment)


class DecisionRow(SQLModel, table=True):
    """A decision, by its id ``<review>!<n>``. `course` is the word of the verb that decided a checkpoint or a formal
    review. `decided_by`, `carried_out_by` are people's keys, `taken_by` words; `superseded_by` is the id of the
    decision in its place."""

    __tablename__ = "decision"
    __table_args__ = (
        refers("decision", "partnership", "partnership"),
        Index("ix_decision_day", "decided_on", "recorded_at"),
    )

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    review: str | None = Field(sa_type=Name, index=True)
    scope: str = Field(sa_type=Name)
    kind: str
    says: str = Field(sa_type=Text)
    decided_on: date
    recorded_at: datetime = Field(sa_type=Moment)
    decided_by: str | None = None
    course: str | None = None
    binding_from: date | None = None
    carried_out_by: str | None = None
    carried_out_at: datetime | None = Field(default=None, sa_type=Moment)
    carried_out_said_by: str | None = None
    carried_out_because: str | None = Field(default=None, sa_type=Text)
    superseded_by: str | None = Field(default=None, sa_type=Name)
    superseded_at: datetime | None = Field(default=None, sa_type=Moment)
    superseded_said_by: str | None = None
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_because: str | None = Field(default=None, sa_type=Text)
    taken_by: str | None = Field(default=None, sa_type=Text)


class UnregisteredMinutesRow(SQLModel, table=True):
    """A review whose minutes were filed before decisions were kept: they come into the register when the partnership
    is governed."""

    __tablename__ = "unregistered_minutes"
    __table_args__ = (refers("unregistered_minutes", "partnership", "partnership"),)

    review: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)


class LaunchTickRow(SQLModel, table=True):
    """What a person says of a `step` of a checkpoint's launch track: done on a day, or (NULL) not, after all. Only ever
    added to; the latest counts."""

    __tablename__ = "launch_tick"
    __table_args__ = (refers("launch_tick", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name)
    step: str
    done_on: date | None
    because: str | None = Field(sa_type=Text)
    person: str | None
    at: datetime = Field(sa_type=Moment)


class ExitWordRow(SQLModel, table=True):
    """What a person says of the exit of a `scope`: begun | ends | taken back. `review` is the one at which it was
    decided, `ends` the last day. Only ever added to; the latest counts."""

    __tablename__ = "exit_word"
    __table_args__ = (refers("exit_word", "partnership", "partnership"),)

    id: int | None = Field(default=None, primary_key=True)
    partnership: str = Field(sa_type=Name, index=True)
    scope: str = Field(sa_type=Name)
    says: str
    review: str = Field(sa_type=Name)
    decided_on: date
    ends: date
    because: str = Field(sa_type=Text)
    person: str | None
    at: datetime = Field(sa_type=Moment)


class ParkedItemRow(SQLModel, table=True):
    """An item that the minutes of a `review` left unfinished, by its id ``<review>#P<n>``, until somebody closes it."""

    __tablename__ = "parked_item"
    __table_args__ = (refers("parked_item", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    series: str = Field(sa_type=Name)
    review: str = Field(sa_type=Name)
    says: str = Field(sa_type=Text)
    parked_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: str | None = None
    closed_because: str | None = Field(default=None, sa_type=Text)


class UnreadMinutesRow(SQLModel, table=True):
    """A review whose minutes were filed before unfinished items were kept, and are the last of their series."""

    __tablename__ = "unread_minutes"
    __table_args__ = (refers("unread_minutes", "partnership", "partnership"),)

    review: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)


class ActionRow(SQLModel, table=True):
    """An action that the minutes of a `review` left to do, by its id ``<review>#<n>``. `owner` is a person's key where
    the minutes name one; `series` is the id of the review's series; `unread` are the words of a date that could not be
    read."""

    __tablename__ = "action"
    __table_args__ = (refers("action", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    series: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name)
    says: str = Field(sa_type=Text)
    owner: str | None
    due: date | None
    opened_at: datetime = Field(sa_type=Moment)
    done_at: datetime | None = Field(default=None, sa_type=Moment)
    done_by: str | None = None
    done_because: str | None = Field(default=None, sa_type=Text)
    unread: str | None = Field(default=None, sa_type=Text)
    due_given_at: datetime | None = Field(default=None, sa_type=Moment)
    due_given_by: str | None = None
    handed_at: datetime | None = Field(default=None, sa_type=Moment)
    handed_by: str | None = None
    handed_because: str | None = Field(default=None, sa_type=Text)


class MinutesFilingRow(SQLModel, table=True):
    """Minutes of a `review` as they were filed for the `number`-th time with another substance, and sent. `items` are
    what one can object to, each as [id, kind, words, owner, due, the number of the filing since which it stands so]."""

    __tablename__ = "minutes_filing"
    __table_args__ = (
        refers("minutes_filing", "partnership", "partnership"),
        partial_index("ix_minutes_filing_unsent", "partnership", where="sent_at IS NULL"),
    )

    review: str = Field(primary_key=True, sa_type=Name)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    partnership: str = Field(sa_type=Name, index=True)
    filed_at: datetime = Field(sa_type=Moment)
    filed_by: str | None
    items: list[Any] = Field(sa_type=Json)
    sent_at: datetime | None = Field(default=None, sa_type=Moment)
    until: date | None = None


class ObjectionRow(SQLModel, table=True):
    """What somebody objects to in the minutes of a `review`, by its id ``<review>~<n>``: an `item`, or (NULL) all of
    them; until it is settled, or they withdraw it."""

    __tablename__ = "objection"
    __table_args__ = (refers("objection", "partnership", "partnership"),)

    id: str = Field(primary_key=True, sa_type=Name)
    partnership: str = Field(sa_type=Name, index=True)
    review: str = Field(sa_type=Name)
    filing: int
    item: str | None = Field(sa_type=Name)
    item_says: str | None = Field(sa_type=Text)
    says: str = Field(sa_type=Text)
    by: str
    at: datetime = Field(sa_type=Moment)
    settled_at: datetime | None = Field(default=None, sa_type=Moment)
    settled_by: str | None = None
    settled_because: str | None = Field(default=None, sa_type=Text)
