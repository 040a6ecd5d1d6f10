"""Watches the definitions folder, and says which files have changed."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import watchfiles


class Watcher(Thread):
    """Calls `changed` with the definition files that changed, soon after they did. A folder that goes away ends
    nothing: the interval's cycle sees what this thread cannot, and the folder is watched again once it is back."""

    def __init__(self, folder: Path, changed: Callable[[frozenset[Path]], None], retry_seconds: float = 5.0) -> None:
        super().__init__(name="watcher", daemon=True)
        self._folder, self._changed, self._retry = folder, changed, retry_seconds
        self._stop = Event()

    def run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except (OSError, RuntimeError):
                # The folder is gone, or this system has no watches left (fs.inotify.max_user_watches).
                self._stop.wait(self._retry)

    def _watch(self) -> None:
        for changes in watchfiles.watch(
            self._folder,
            watch_filter=_definitions,
            stop_event=self._stop,
            debounce=300,
            recursive=False,
            rust_timeout=1000,
        ):
            self._changed(frozenset(Path(path) for _, path in changes))

    def stop(self) -> None:
        self._stop.set()


def _definitions(_change: watchfiles.Change, path: str) -> bool:
    return Path(path).suffix in (".yaml", ".yml") and not Path(path).name.startswith(".")
