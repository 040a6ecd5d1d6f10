"""The sign of life that cadence gives to a service outside of it, after each good cycle: where the calls stop, the
service tells somebody. A call that fails is put on record, and harms no cycle."""

from datetime import datetime

from scheduler.domain.errors import InvalidValue
from scheduler.services.app import App
from scheduler.services.pipeline.sending.transports import address_of
from scheduler.settings import Monitor
from scheduler.store import faults
from scheduler.transports.delivery_errors import Closed, DeliveryError
from scheduler.transports.interrupt import Interrupt
from scheduler.transports.webhook import Hook, ping

FAULT = "monitor"
_SECONDS, _WHOLE = 5.0, 10.0
_WAY_OUT = "check monitor: in the settings; unless calls arrive, the service will say that cadence has stopped"


def call(monitor: Monitor, interrupt: Interrupt | None = None) -> None:
    """Call the service once. Raises DeliveryError, which names no address."""
    try:
        hook = Hook("monitor", address_of(monitor), (), monitor.internal, _SECONDS, _WHOLE)
    except InvalidValue as fault:
        raise Closed(f"monitor: {fault.what}", fault.hint) from None
    ping(hook, interrupt)


def note(app: App, failed: DeliveryError | None, now: datetime) -> None:
    """Put on record that a call failed, or that one arrived (None), where that is news. Raises StoreError."""
    with app.store.read() as db:
        stands = faults.stands(db, FAULT)
    if failed is None and not stands:
        return
    with app.store.write() as db:
        if failed is None:
            faults.clear(db, FAULT)
        else:
            faults.note(db, FAULT, f"a sign of life did not arrive: {failed.what}", _WAY_OUT, now)
    if failed is None:
        app.log.info("monitor.reached")
    elif not stands:
        app.log.warning("monitor.not_reached", what=failed.what, hint=_WAY_OUT)


def give(app: App, now: datetime) -> DeliveryError | None:
    """Call the service of the settings once, where there is one, and put on record how that went; return what failed.
    A scratch copy gives no sign of life. Raises StoreError."""
    monitor = app.settings.monitor
    if monitor is None or app.is_scratch:
        return None
    failed = None
    try:
        call(monitor)
    except DeliveryError as error:
        failed = error
    note(app, failed, now)
    return failed
