"""One structured line an event: JSON for machines, words for a terminal."""

import io
import logging
import os
import sys
from typing import Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

Log = structlog.typing.FilteringBoundLogger


def logger(style: Literal["auto", "json", "text"], level: str, now: Processor | None = None) -> Log:
    """A logger to standard error (systemd's journal, in a service). `auto` is text on a terminal and JSON elsewhere.

    Moments are ISO 8601 in UTC, by the machine's clock unless `now` stamps them otherwise.
    """
    text = style == "text" or (style == "auto" and sys.stderr.isatty())
    has_colours = sys.stderr.isatty() and not os.environ.get("NO_COLOR")  # no-color.org
    stream = _Unstoppable(sys.stderr)
    words: list[Processor] = [_on_one_line, structlog.dev.ConsoleRenderer(colors=has_colours)]
    structlog.configure(
        processors=[
            stream.tell_of_lost,
            structlog.processors.add_log_level,
            now or structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *(words if text else [structlog.processors.JSONRenderer()]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, stream)),
        cache_logger_on_first_use=False,
    )
    log: Log = structlog.get_logger()
    logging.lastResort = _Libraries(log)
    return log


class _Unstoppable(io.TextIOBase):
    """A stream that takes every line, though the disk under it be full: what cannot be written is lost, and the work
    goes on. The next line that can be says how many were."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line = ""
        self._lost = 0

    def write(self, text: str) -> int:
        self._line += text
        if text.endswith("\n"):
            line, self._line = self._line, ""
            try:
                self._put(line)
                self._lost = 0
            except OSError:
                self._lost += 1
        return len(text)

    def flush(self) -> None:
        """Each line is written as soon as it is whole."""

    def tell_of_lost(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**event, "lines_lost": self._lost} if self._lost else event

    def _put(self, line: str) -> None:
        """Past the buffer of the stream, which would keep what cannot be written, and fail with it again."""
        try:
            descriptor = self._stream.fileno()
        except (OSError, ValueError):  # it is no file
            self._stream.write(line)
            return
        left = line.encode(errors="backslashreplace")
        while left:
            left = left[os.write(descriptor, left) :]


class _Libraries(logging.Handler):
    """What libraries warn of, as events like any other; without it Python prints their bare words."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        said = self._log.error if record.levelno >= logging.ERROR else self._log.warning
        said("library.said", library=record.name, what=record.getMessage(), exc_info=record.exc_info)


def _on_one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Nothing in a name or a path can forge a line or steer the terminal; a traceback of ours keeps its lines."""
    return {
        key: _printable(value) if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
