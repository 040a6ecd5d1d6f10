"""One structured line an event: JSON for machines, words for a terminal."""

import logging
import sys
from typing import Literal

import structlog

Log = structlog.typing.FilteringBoundLogger


def logger(style: Literal["auto", "json", "text"], level: str, now: structlog.typing.Processor | None = None) -> Log:
    """A logger to standard error (systemd's journal, in a service). `auto` is text on a terminal and JSON elsewhere."""
    text = style == "text" or (style == "auto" and sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            now or structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if text else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    log: Log = structlog.get_logger()
    return log
