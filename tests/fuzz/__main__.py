"""``python -m tests.fuzz SUBJECT FILE…`` hands kept inputs to the program again; with ``--count`` and ``--seed`` it
tries so many new ones."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.compiled_once import compile_once
from tests.in_memory import write_into_memory

from .running import fuzz
from .subjects import SUBJECTS

MOST_SECONDS = 1.0
AT_ONCE = 500
"""New inputs between two lines of what became of them."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("subject", choices=sorted(SUBJECTS))
    parser.add_argument("file", nargs="*", type=Path, help="inputs to try again, one after another")
    parser.add_argument("--count", type=int, default=0, help="so many new inputs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first of them")
    said = parser.parse_args()
    write_into_memory()
    compile_once()
    with tempfile.TemporaryDirectory(prefix="cadence-fuzz-") as folder:
        subject = SUBJECTS[said.subject](Path(folder))
        try:
            for file in said.file:
                print(f"{file}: {subject.try_one(file.read_bytes())}")
            failures = 0
            for first in range(said.first, said.first + said.count, AT_ONCE):
                count = min(AT_ONCE, said.first + said.count - first)
                outcome = fuzz(subject, count, said.seed, MOST_SECONDS, first)
                print(outcome.told, flush=True)
                failures += len(outcome.failures)
        finally:
            subject.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
