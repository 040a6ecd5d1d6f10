"""APScheduler as an alarm clock, not a memory: it rings, the daemon looks what is due.

Jobs live in memory and only put a word into the inbox. With its defaults a ring that is one second late would be
dropped (`misfire_grace_time`) and a night's missed rings would all be made up for; here a late ring rings once.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger


class Alarm:
    """Rings each word of `rings` every so many seconds until stopped, and once at a moment that it is set for."""

    def __init__(self, ring: Callable[[str], None], rings: Mapping[str, float]) -> None:
        self._ring, self._rings = ring, rings
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        self._arm()
        self._scheduler.start()

    def stop(self) -> None:
        # Jobs go first: a job that has rung for the last time and is to be removed while the scheduler is stopping is
        # not found any more, and that would end its thread with a traceback.
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)

    def rearm(self) -> None:
        """Set every ring anew from the clock as it is: after the clock was set back a year, none waits for a year. What
        rings once is set for no moment any more."""
        self._scheduler.remove_all_jobs()
        self._arm()

    def ring_once(self, word: str, seconds: float | None) -> None:
        """Ring a word that is none of `rings` in so many seconds, and no more at the moment it was set for before; None
        for not at all."""
        if seconds is not None:
            at = datetime.now(UTC) + timedelta(seconds=seconds)
            self._scheduler.add_job(self._ring, "date", run_date=at, args=[word], id=word, replace_existing=True)
        else:
            with suppress(JobLookupError):
                self._scheduler.remove_job(word)

    def _arm(self) -> None:
        for word, seconds in self._rings.items():
            self._scheduler.add_job(self._ring, Pace(timedelta(seconds=seconds)), args=[word], id=word)


class Pace(BaseTrigger):  # type: ignore[misc]  # of a library without types
    """Fires every so often, and never at a moment that has passed.

    APScheduler's own interval is asked for every firing that was missed, and holds its lock meanwhile: after a clock
    was set from 1970 to today that takes minutes and gigabytes, in which the daemon waits and its watchdog starves.
    """

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, before: datetime | None, now: datetime) -> datetime:
        """The next moment after the one before; where that has passed as well, so long from now."""
        following = now if before is None else before
        return following + self._every if following + self._every > now else now + self._every


class JumpWatch:
    """Notices that the wall clock was set: its distance from the monotonic clock, which nobody can set, has changed."""

    def __init__(self, wall: datetime, monotonic: float, tolerance: timedelta) -> None:
        self._origin, self._tolerance = wall - timedelta(seconds=monotonic), tolerance

    def jump(self, wall: datetime, monotonic: float) -> timedelta | None:
        """How far the clock jumped since it was asked last, None where it did not; backwards is less than nothing.

        A machine's sleep counts as a jump: the monotonic clock slept too.
        """
        origin = wall - timedelta(seconds=monotonic)
        jump, self._origin = origin - self._origin, origin
        return jump if abs(jump) > self._tolerance else None
