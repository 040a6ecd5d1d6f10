"""How this daemon stands among those that share its database: what it does, as it shows the others."""

from dataclasses import replace

from scheduler.domain.errors import UserError
from scheduler.domain.record.daemon_state import DELIVERS, GOVERNS, STARTING, WAITS
from scheduler.services import daemons
from scheduler.services.app import App
from scheduler.services.pipeline.cycle import CycleReport
from scheduler.services.processes import new_name
from scheduler.store import DatabaseLost


class AmongDaemons:
    """It has one name from its start to its end, whatever settings it reads meanwhile."""

    def __init__(self) -> None:
        self._process = new_name()
        self._state, self._why = STARTING, ""
        self._looks_again = False

    def named(self, app: App) -> App:
        """What works in the name of this daemon."""
        return replace(app, by=self._process)

    def show(self, app: App) -> None:
        """Show that it is alive, and see to those that are not. Raises StoreError."""
        daemons.show(app, self._state, self._why or None)
        daemons.see_to_the_gone(app)

    def after_a_cycle(self, app: App, done: CycleReport) -> bool:
        """It planned; or another daemon does, which is logged once. True where that is new."""
        by_another, self._looks_again = done.superseded, bool(done.differing)
        state, why = (DELIVERS, by_another.says) if by_another else (GOVERNS, "")
        if (state, why) == (self._state, self._why):
            return False
        if by_another:
            app.log.warning("daemon.superseded", what=by_another.says, hint=by_another.hint)
        elif self._state == DELIVERS:
            app.log.info("daemon.plans")
        self._stand(app, state, why)
        return True

    def waits(self, app: App, why: str) -> None:
        """It neither plans nor delivers for now."""
        if (self._state, self._why) != (WAITS, why):
            self._stand(app, WAITS, why)

    def calls_for_a_cycle(self, app: App) -> bool:
        """Whether those that run beside it call for one: whether it plans changes with them, or their hosts saw other
        definitions and may agree by now. Raises StoreError."""
        if self._looks_again:
            return True
        if self._state not in (GOVERNS, DELIVERS):
            return False
        with app.store.read() as db:
            is_superseded = daemons.superseded(app, db) is not None
        return is_superseded != (self._state == DELIVERS)

    def in_words(self, app: App) -> str:
        """What it does, for `systemctl status`."""
        return f"delivering only: {self._why}" if self._state == DELIVERS else f"planning {app.settings.definitions}"

    def _stand(self, app: App, state: str, why: str) -> None:
        self._state, self._why = state, why
        try:
            daemons.show(app, state, why or None)
        except DatabaseLost:
            raise
        except UserError:
            pass  # the next sign of life shows it
