"""The ways out of the program, one small file for each. `folder` writes files for people and calendars to open,
`mail` speaks SMTP, `eml` lays letters into a folder where there is no mail server."""

from scheduler.domain.trouble import Trouble


class DeliveryError(Trouble):
    """Something could not be handed over."""


class DiskError(DeliveryError):
    """The disk takes nothing more, whatever the file: it is full, its quota is used up, or it is read-only."""


__all__ = ["DeliveryError", "DiskError"]
