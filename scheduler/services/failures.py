"""The boundary at which a failure ends: what goes wrong with one partnership, person or letter is told and logged, and
keeps no other from what is done for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from scheduler.domain.errors import UserError
from scheduler.services.app import App, EventLog
from scheduler.store import UNREACHABLE, StoreError, faults


@dataclass(frozen=True)
class Failure:
    """What went wrong as people are told it, with the way out. A `defect` is of the program: people are told its kind,
    and the log has its details."""

    trouble: UserError
    defect: Exception | None = None

    @property
    def what(self) -> str:
        return self.trouble.what

    @property
    def hint(self) -> str:
        return self.trouble.hint

    def log(self, log: EventLog, event: str, **known: object) -> None:
        log.error(event, **known, what=self.what, hint=self.hint, **({"exc_info": self.defect} if self.defect else {}))


def failure(error: Exception, on: str = "") -> Failure:
    """What a person can mend is told as it is; of anything else only its kind, and what it happened `on`."""
    if isinstance(error, UserError):
        return Failure(error)
    what = f"the program failed{f' on {on}' if on else ''} ({type(error).__name__})"
    return Failure(UserError(what, "the log has the details; please report them"), error)


@contextmanager
def contained(tell: Callable[[Failure], object], *passing: type[Exception], on: str = "") -> Iterator[None]:
    """End what is raised inside by telling of it; what is of the kinds `passing` concerns more than this one piece of
    work, and passes. Where a `StoreError` does, so does what becomes one at the end of a transaction around this."""
    try:
        yield
    except passing:
        raise
    except UNREACHABLE as error:
        if StoreError in passing:
            raise
        tell(failure(error, on))
    except Exception as error:
        tell(failure(error, on))


@contextmanager
def noted(
    app: App, key: str, sentence: str, now: datetime, *passing: type[Exception], event: str, **whose: object
) -> Iterator[None]:
    """The same, told by an `event` of the log and by a fault on record under its `key`, in a sentence that what went
    wrong is added to. What is wrong with the database passes in any case."""

    def tell(failed: Failure) -> None:
        failed.log(app.log, event, **whose)
        with app.store.write() as db:
            faults.note(db, key, f"{sentence}: {failed.what}", failed.hint, now)

    with contained(tell, StoreError, *passing):
        yield
