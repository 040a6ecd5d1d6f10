"""Several daemons at once, one step of one and one of another: which has the next is drawn by the seed, so that a life
goes the same way each time. Each runs on a thread of its own, and only the one whose turn it is runs at all.
"""

from collections.abc import Callable, Sequence
from random import Random
from threading import Semaphore, Thread, current_thread


class Interleaving:
    """Runs some pieces of work side by side. `give_way` is called by them wherever another may go on."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._waiting: dict[Thread, Semaphore] = {}
        self._is_over = Semaphore(0)
        self._failed: list[BaseException] = []

    @property
    def is_running(self) -> bool:
        """Whether several are at work, and this thread is one of theirs."""
        return len(self._waiting) > 1 and current_thread() in self._waiting

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """All of them, until each has come to its end. Raises what the first of them raised."""
        self._failed = []
        threads = [Thread(target=self._runs, args=(work,), daemon=True) for work in works]
        self._waiting = {thread: Semaphore(0) for thread in threads}
        for thread in threads:
            thread.start()
        self._next(threads).release()
        self._is_over.acquire()
        for thread in threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    def give_way(self) -> None:
        """Called by a piece of work that holds nothing: perhaps another goes on now, and this one later."""
        if not self.is_running or self._random.random() < 0.5:
            return
        mine = self._waiting[current_thread()]
        self._next([each for each in self._waiting if each is not current_thread()]).release()
        mine.acquire()

    def _next(self, threads: Sequence[Thread]) -> Semaphore:
        return self._waiting[self._random.choice(list(threads))]

    def _runs(self, work: Callable[[], None]) -> None:
        me = current_thread()
        self._waiting[me].acquire()
        try:
            work()
        except BaseException as error:
            self._failed.append(error)
        del self._waiting[me]
        if self._waiting:
            self._next(list(self._waiting)).release()
        else:
            self._is_over.release()
