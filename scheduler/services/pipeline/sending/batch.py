"""One batch of letters over one open way out: each begun, sent and settled by itself.

taken                          → sent
refused, its own fault         → dead
refused, nobody else's taken   → kept until the batch shows whose fault it is: of every recipient, or of this letter
refused for what we are        → waits for the channel to be mended, whose round is over
put off, or cut off            → due again, after a wait that grows
cut off by our own stop        → due as before
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.pipeline import health_letters
from scheduler.services.pipeline.sending import address_faults
from scheduler.services.pipeline.sending.transports import Send, name_of
from scheduler.store import delivery
from scheduler.store.delivery import LONGEST_WAIT
from scheduler.store.outbox import MAIL
from scheduler.store.tables import LetterRow
from scheduler.transports.delivery_errors import Barred, Closed, Concerns, Cut, Deferred, Refused
from scheduler.transports.interrupt import Interrupt

FIRST_WAIT = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
"""How long a letter waits at most for its channel to be mended."""
MOST_REFUSED = 5
"""So many recipients refused and none taken is the channel's fault: no more are tried."""


@dataclass
class Round:
    """What came of a round. `fault` is what ended it early: the next one should not follow at once, nor before
    `after` has passed."""

    sent: int = 0
    put_off: int = 0
    dead: int = 0
    expired: int = 0
    fault: UserError | None = None
    after: timedelta = timedelta()


@dataclass(frozen=True)
class Sender:
    """Who sends: by the name `by`, on the clock, with chances from 0 to 1 for the jitter; until `stopped`. `interrupt`
    ends a conversation that hangs."""

    app: App
    by: str
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    stopped: Callable[[], bool] = lambda: False
    interrupt: Interrupt = field(default_factory=Interrupt)


@dataclass
class Batch:
    """Letters that a sender has claimed of one channel; what comes of them is counted in `done`."""

    sender: Sender
    channel: str
    done: Round
    refused: list[tuple[LetterRow, Refused]] = field(default_factory=list)

    def send(self, letters: Sequence[LetterRow], send: Send) -> None:
        """Send one after another, until the sender is stopped or the other side has a fault. Raises DeliveryError."""
        for letter in letters:
            if self.sender.stopped() or len(self.refused) >= MOST_REFUSED:
                return
            if self._is_begun(letter) and not self._may_go_on(letter, send):
                return

    def settle_refused(self) -> None:
        """Judge what was refused while nothing was taken: what met every recipient is the channel's fault."""
        refused, self.refused = self.refused, []
        is_alone = len({letter.email for letter, _ in refused}) == 1
        for letter, fault in refused:
            is_own = bool(self.done.sent) or (is_alone and fault.concerns is not Concerns.UNCLEAR)
            if is_own or self._others_fared_better(letter):
                self._die(letter, fault)
            else:
                self._wait_for_mending(letter, fault)
                self.done.fault = Barred(f"every recipient is refused, at last {fault.what}", _OF_ALL)

    def _is_begun(self, letter: LetterRow) -> bool:
        """False where somebody else has it by now."""
        with self.sender.app.store.write() as db:
            return delivery.begin(db, letter.id or 0, self.sender.by, self.sender.clock())

    def _may_go_on(self, letter: LetterRow, send: Send) -> bool:
        """Send one letter and settle it; False where the connection is of no more use."""
        sender, id = self.sender, letter.id or 0
        leaving = health_letters.as_it_leaves(sender.app, letter, sender.clock())
        if leaving is None:
            self._is_over(letter)
            return True

        def may_go() -> bool:
            with sender.app.store.write() as db:
                return delivery.transmitting(db, id, sender.by, sender.clock())

        try:
            said = send(leaving, may_go)
        except Refused as fault:
            self.refused.append((letter, fault))
        except Barred as fault:
            self._wait_for_mending(letter, fault)
            raise
        except Closed:
            self._take_back(letter)
            raise
        except (Deferred, Cut) as fault:
            self._put_off(letter, fault)
            if isinstance(fault, Cut) or self.channel != MAIL:  # a chat has one recipient: what one hears, all would
                raise
        else:
            if said is None:  # another sender has taken it over: it is theirs
                return False
            self._taken(letter, said)
        if self.done.sent:
            self.settle_refused()
        return True

    def _taken(self, letter: LetterRow, said: str) -> None:
        app, id = self.sender.app, letter.id or 0
        with app.store.write() as db:
            delivery.sent(db, id, self.sender.clock(), name_of(app.settings, letter.channel), said)
        self.done.sent += 1
        known = {"letter": id, "to": letter.email, "title": letter.title, "said": said}
        if letter.doubled or letter.transmitting_at:
            app.log.warning("letter.sent_again", message_id=letter.message_id, **known)
        else:
            app.log.info("letter.sent", **known)

    def _is_over(self, letter: LetterRow) -> None:
        """What it asks for was called off, or is asked of its reader no more, while it waited."""
        with self.sender.app.store.write() as db:
            delivery.dead(db, letter.id or 0, self.sender.clock(), "what it asks for is over", self.sender.by)
        self.done.dead += 1
        self.sender.app.log.info("letter.over", letter=letter.id, to=letter.email)

    def _die(self, letter: LetterRow, fault: Refused) -> None:
        app, id = self.sender.app, letter.id or 0
        with app.store.write() as db:
            delivery.dead(db, id, self.sender.clock(), fault.what, self.sender.by)
            if self.channel == MAIL and fault.concerns is Concerns.ADDRESS:
                address_faults.note(app, db, letter, fault.what, self.sender.clock())
        self.done.dead += 1
        app.log.error("letter.dead", letter=id, to=letter.email, title=letter.title, said=fault.what)

    def _put_off(self, letter: LetterRow, fault: Deferred | Cut) -> None:
        has_left = isinstance(fault, Cut) and fault.may_have_arrived
        if isinstance(fault, Cut) and not has_left and self.sender.stopped():
            self._take_back(letter)
            return
        asked = fault.after if isinstance(fault, Deferred) else timedelta()
        wait = max(asked, backoff(letter.attempts + 1, self.sender.chance()))
        with self.sender.app.store.write() as db:
            at, by = self.sender.clock() + wait, self.sender.by
            delivery.retry(db, letter.id or 0, at, fault.what, may_have_arrived=has_left, by=by)
        self._report_wait(letter, fault, wait)

    def _wait_for_mending(self, letter: LetterRow, fault: UserError) -> None:
        wait = min(LONGEST_PAUSE, backoff(letter.attempts + 1, self.sender.chance()))
        now = self.sender.clock()
        with self.sender.app.store.write() as db:
            delivery.refused_as_all(db, letter.id or 0, now + wait, fault.what, now, self.sender.by)
        self._report_wait(letter, fault, wait)

    def _report_wait(self, letter: LetterRow, fault: UserError, wait: timedelta) -> None:
        self.done.put_off += 1
        self.sender.app.log.warning(
            "letter.put_off", letter=letter.id, to=letter.email, said=fault.what, seconds=round(wait.total_seconds())
        )

    def _take_back(self, letter: LetterRow) -> None:
        with self.sender.app.store.write() as db:
            delivery.take_back(db, letter.id or 0, self.sender.by)

    def _others_fared_better(self, letter: LetterRow) -> bool:
        """Whether others had their letters since this one was refused for the first time."""
        if letter.refused_at is None:
            return False
        with self.sender.app.store.read() as db:
            return delivery.taken_since(db, self.channel, letter.refused_at, letter.email)


_OF_ALL = "check what the other side has against us; letters wait, and leave by themselves once it takes them"


def backoff(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: any time up to a bound that doubles, so that not all come at once."""
    bound: timedelta = FIRST_WAIT * 2 ** min(attempts, 20)
    return min(LONGEST_WAIT, bound) * chance
