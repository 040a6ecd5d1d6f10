"""The ways out of the program, one small file for each. `folder` writes files for people and calendars to open."""

from scheduler.domain.trouble import Trouble


class DeliveryError(Trouble):
    """Something could not be handed over."""


__all__ = ["DeliveryError"]
