"""What is told to a person who can mend it, by kind where somebody acts on the kind. Hardly anything is imported here,
so that a wrong call is answered at once."""

from collections.abc import Sequence


class UserError(Exception):
    """Something that a person can mend: what is wrong, and as `hint` the way out.

    Every error that may reach a user derives from it; the command line shows it in two lines and exits 1, never a
    traceback.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class AlreadyDecided(UserError):
    """A matter is decided, and nothing says that another decision takes the place of that one."""


class AlreadyDone(UserError):
    """What is asked for was done before, so there is nothing to do: it is closed, ended, or on its way."""


class UnknownKpi(UserError):
    """No KPI of that name, or none that may be named by whoever asks: the two are told alike."""


class NotTheirs(UserError):
    """It is not for this person to say, or not for this token."""


class NeedsConfirmation(UserError):
    """What was said is so far from the rest that whoever says it is asked whether it is meant."""


class WrongDay(UserError):
    """The day that was named is past, or too far away."""


class WrongLastDay(WrongDay):
    """The same of the last day, where two are named."""


class BatchRefused(UserError):
    """Of several things nothing was taken: `faults` says why, each with the index of its entry."""

    def __init__(self, faults: Sequence[tuple[int, UserError]]) -> None:
        super().__init__("nothing was recorded", "mend what is wrong, and send all of it again")
        self.faults = faults


class InvalidValue(ValueError):
    """Something in a definition that cannot be read: `what` is wrong, and as `hint` the way out."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
