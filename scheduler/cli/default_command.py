"""A group of commands of which one need not be named."""

from typing import Any

import click


class DefaultGroup(click.Group):
    """It reads a call that names none of its commands as one of `default`: ``cadence checkpoint ID`` is ``cadence
    checkpoint show ID``. Where not even an argument is given it does so only if it `lists`; else it shows its help."""

    def __init__(self, *args: Any, default: str = "show", lists: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self._default, self._lists = default, lists

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = args and args[0] in (*self.commands, *self.get_help_option_names(ctx))
        is_left_out = not is_named and (args or self._lists)
        return super().parse_args(ctx, [self._default, *args] if is_left_out else args)
