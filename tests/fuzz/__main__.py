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
            outcome = fuzz(subject, said.count, said.seed, MOST_SECONDS, said.first) if said.count else None
        finally:
            subject.close()
    if outcome:
        print(outcome.told, flush=True)
    return 1 if outcome and outcome.failures else 0


if __name__ == "__main__":
    sys.exit(main())
