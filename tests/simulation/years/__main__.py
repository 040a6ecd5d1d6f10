"""Many seeds, each for two years: ``python -m tests.simulation.years --seeds 300``.

Prints a line for a seed that fails, with how to live it again, and in the end what all of them went through. With
``--minutes`` no seed is begun later than that; ``--at-least`` are lived all the same.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from itertools import chain, groupby
from pathlib import Path

from tests.compiled_once import compile_once
from tests.in_memory import write_into_memory

from .life import YEARS, course_of, life_of
from .run import Life, Lived
from .servers import started
from .world import Models

_GARBAGE = 200_000
"""Lives make much that lasts; looking through it often is a tenth of the time."""
_YEAR = 365
_models: Models
_folder: Path


def _begin(folder: str, server: str | None) -> None:
    global _models, _folder
    os.environ["CADENCE_CLOCK"] = "free"
    gc.set_threshold(_GARBAGE)
    compile_once()
    _folder = Path(folder) / str(os.getpid())
    _models = Models(_folder / "models", server)


def _one_life(seeds: list[int], days: int, limits: list[float | None]) -> list[Lived | str | None]:
    """What each of these seeds, which live one life, went through, or what does not hold in it; None where there is no
    time left for it."""
    life = Life(_models, _folder / str(life_of(seeds[0])), life_of(seeds[0]), days)
    return [_one(life, seed, until) for seed, until in zip(seeds, limits, strict=True)]


def _one(life: Life, seed: int, until: float | None) -> Lived | str | None:
    if until is not None and time.time() > until:
        return None
    try:
        return life.disturbed(seed, course_of(seed))
    except Exception:
        return traceback.format_exc(limit=-4)


def main() -> int:
    asked = _asked()
    write_into_memory()
    days = asked.days or YEARS * _YEAR
    until = time.time() + 60 * asked.minutes if asked.minutes else None
    seeds = range(asked.first, asked.first + asked.seeds)
    lives = [list(of_one) for _, of_one in groupby(seeds, life_of)]
    limits = [[None if seed - asked.first < asked.at_least else until for seed in of_one] for of_one in lives]
    done: list[Lived] = []
    failed: list[int] = []
    with (
        started() if any(course_of(each).on_a_server for each in seeds) else nullcontext() as server,
        tempfile.TemporaryDirectory(prefix="cadence-years-") as folder,
        ProcessPoolExecutor(asked.jobs, initializer=_begin, initargs=(folder, server)) as pool,
    ):
        found = chain.from_iterable(pool.map(_one_life, lives, [days] * len(lives), limits))
        for seed, each in zip(seeds, found, strict=True):
            if isinstance(each, Lived):
                done.append(each)
            elif each:
                failed.append(seed)
                again = f"--first {seed} --seeds 1" + (f" --days {asked.days}" if asked.days else "")
                print(f"seed {seed}:\n{each}again: python -m tests.simulation.years {again}\n", flush=True)
    print("\n".join(_summary(done, failed, days)))
    return 1 if failed or not done else 0


def _summary(done: list[Lived], failed: list[int], days: int) -> Iterator[str]:
    faults: Counter[str] = Counter()
    for each in done:
        faults += each.faults
    yield f"{len(done)} seeds × {days / _YEAR:.1f} years hold, {len(failed)} do not: {failed or 'none'}"
    letters, doubled = sum(each.letters for each in done), sum(each.doubled for each in done)
    yield f"{letters} letters: 0 lost, {doubled} arrived twice, each of them marked"
    yield f"{sum(each.turns for each in done)} turns, {sum(each.lives for each in done)} starts of the program"
    seconds = sum(each.seconds for each in done)
    yield f"{seconds:.0f} s CPU, {seconds / max(1, len(done)):.1f} a seed"
    yield f"{sum(faults.values())} faults: " + ", ".join(f"{count} × {kind}" for kind, count in faults.most_common())


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=300, help="so many, one after another")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--days", type=int, default=0, help="how long each lives; two years by default")
    parser.add_argument("--minutes", type=float, default=0, help="begin none later")
    parser.add_argument("--at-least", type=int, default=0, help="so many are lived however long it takes")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="so many at once")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
