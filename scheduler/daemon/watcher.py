"""Watches the definitions folder, and says which files have changed."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import watchfiles

from scheduler.definitions.yaml_text.reading import looks_like_definition

MOST_FILES = 1000
"""With more changes at once (another branch checked out, say), looking at the whole folder is quicker."""
_GLANCE_SECONDS = 1.0
"""How often to look whether the folder is still the one that is watched."""
_STEP_SECONDS = 0.5
"""How often watchfiles looks whether anything came, and for how long nothing more is to come before it tells of it."""


class Watcher(Thread):
    """Calls `changed` with the definition files that changed, soon after they did; with None where it may be any: a
    watch was just set up, or the changes are too many. A folder that goes away ends nothing: it is watched again once
    it is back, and the interval's cycle sees what this thread cannot."""

    def __init__(self, folder: Path, changed: Callable[[frozenset[Path] | None], None]) -> None:
        super().__init__(name="watcher", daemon=True)
        self._folder, self._changed = folder, changed
        self._stop_asked = Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self._watch()
            except (OSError, RuntimeError):
                # The folder is gone, or this system has no watches left (fs.inotify.max_user_watches).
                self._stop_asked.wait(_GLANCE_SECONDS)

    def stop(self) -> None:
        """Ask the thread to end; it does so within a second or two."""
        self._stop_asked.set()

    def _watch(self) -> None:
        """Watch until the folder is another one: removed and made anew, or a link that points elsewhere now."""
        watched, is_new = self._identity(), True
        for changes in watchfiles.watch(
            self._folder,
            watch_filter=lambda _change, path: Path(path) == self._folder or looks_like_definition(Path(path)),
            stop_event=self._stop_asked,
            step=round(_STEP_SECONDS * 1000),
            debounce=round(_STEP_SECONDS * 1000),
            recursive=False,
            rust_timeout=round(_GLANCE_SECONDS * 1000),
            yield_on_timeout=True,
        ):
            files = frozenset(Path(path) for _, path in changes)
            if is_new or len(files) > MOST_FILES:
                self._changed(None)
            elif files:
                self._changed(files - {self._folder})
            is_new = False
            # A new folder may have got the number of the old one, which told of its removal with its last breath.
            if (watchfiles.Change.deleted, str(self._folder)) in changes or self._identity() != watched:
                return

    def _identity(self) -> tuple[int, int]:
        stat = self._folder.stat()
        return stat.st_dev, stat.st_ino
