"""The ways out of the program, one small file for each. `folder` writes files for people and calendars to open,
`mail` speaks SMTP, `webhook` posts to chats, `eml` lays letters into a folder where there is no mail server.

What goes wrong with a letter is told apart by whom it concerns:

    Refused   this letter, for good
    Deferred  this letter, for now
    Cut       the connection: the other side is out of reach, went silent, or has had enough
    Closed    the other side takes nothing from us as we are
    Barred    the same, said at one letter: those to other addresses may fare better
"""

from datetime import timedelta

from scheduler.domain.errors import UserError

from .refusals import Concerns


class DeliveryError(UserError):
    """Something could not be handed over."""


class DiskError(DeliveryError):
    """The disk takes nothing more, whatever the file: it is full, its quota is used up, or it is read-only."""


class Refused(DeliveryError):
    """The letter is refused for good. `concerns` is its address, itself, or what the refusal leaves unclear."""

    def __init__(self, what: str, hint: str = "", *, concerns: Concerns = Concerns.LETTER) -> None:
        super().__init__(what, hint)
        self.concerns = concerns


class Deferred(DeliveryError):
    """The letter is refused for now; `after` is how long the other side wants to be left alone."""

    def __init__(self, what: str, hint: str = "", *, after: timedelta = timedelta()) -> None:
        super().__init__(what, hint)
        self.after = after


class Cut(DeliveryError):
    """The connection is gone; `may_have_arrived` where all had been sent and nothing was answered."""

    def __init__(self, what: str, hint: str = "", *, may_have_arrived: bool = False) -> None:
        super().__init__(what, hint)
        self.may_have_arrived = may_have_arrived


class Closed(DeliveryError):
    """The other side takes no letters from us."""


class Barred(Closed):
    """The other side takes nothing from us, as it says of one letter."""


__all__ = ["Barred", "Closed", "Concerns", "Cut", "Deferred", "DeliveryError", "DiskError", "Refused"]
