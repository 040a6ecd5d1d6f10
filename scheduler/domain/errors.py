"""What is told to a person who can mend it. Nothing is imported here, so that a wrong call is answered at once."""


class UserError(Exception):
    """Something that a person can mend: what is wrong, and as `hint` the way out.

    Every error that may reach a user derives from it; the command line shows it in two lines and exits 1, never a
    traceback.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class AlreadyDone(UserError):
    """What is asked for was done before, so there is nothing to do: it is closed, ended, or on its way."""


class InvalidValue(ValueError):
    """Something in a definition that cannot be read: `what` is wrong, and as `hint` the way out."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
