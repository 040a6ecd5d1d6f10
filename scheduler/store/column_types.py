"""The kinds of column that are not as SQLAlchemy has them: moments, names, JSON."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware moment, given back in UTC: a timestamp on PostgreSQL, on SQLite the microseconds since 1970.

    To read one by hand: ``datetime(start_utc / 1000000, 'unixepoch')``.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kept = DateTime(timezone=True) if dialect.name == "postgresql" else BigInteger()
        return dialect.type_descriptor(kept)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _utc if dialect.name == "postgresql" else _microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _utc if dialect.name == "postgresql" else _moment


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else EPOCH + microseconds * MICROSECOND


def _utc(moment: datetime | None) -> datetime | None:
    # By way of a difference, since that refuses a moment without a zone where `astimezone` would guess the machine's.
    return None if moment is None else EPOCH + (moment - EPOCH)


class Name(TypeDecorator[str]):
    """An id or another key. Sorted by its bytes on every engine, whatever language PostgreSQL was set up in."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String(collation="C") if dialect.name == "postgresql" else String())


class Json(TypeDecorator[Any]):
    """A list or an object; None is NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True
