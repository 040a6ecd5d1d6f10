"""Reading a file that somebody named, which may be no file at all: nothing makes the reader wait."""

import os
from pathlib import Path


def read(path: Path, most: int = -1, flags: int = 0) -> bytes:
    """What is in the file, at most so many bytes of it (-1: all). Raises OSError.

    A pipe that nobody writes into is empty: opened as usual, it would be waited at for ever (fifo(7)). One that
    somebody writes into, such as the shell's ``<(command)``, is read to its end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
    with os.fdopen(descriptor, "rb") as stream:
        os.set_blocking(descriptor, True)
        return stream.read(most)
