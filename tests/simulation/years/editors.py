"""What people do with definition files: they change terms, hand duties on, rename KPIs; break the file, lose it, claim
a partnership twice; and mend what they broke, days later. Who changes much says that it is meant."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from functools import partial
from random import Random

import yaml

from scheduler.domain.errors import UserError
from scheduler.services.cases import partnerships
from scheduler.store import file_states
from scheduler.store import partnerships as stored
from tests.builders import Written

from .people import Act, Deed
from .world import World


def another_target(world: World, random: Random, id: str) -> Iterator[Act]:
    written = _copy(world, id)
    _some_kpi(random, written)["target"] = f">= {random.choice((2, 3, 4))}"
    yield partial(world.define, written)


def another_owner(world: World, random: Random, id: str) -> Iterator[Act]:
    written = _copy(world, id)
    kpi = _some_kpi(random, written)
    side = kpi.get("of") or random.choice(sorted(written["organisations"]))
    mine = sorted(key for key, each in written["people"].items() if each["of"] == side)
    kpi["owner"], kpi["deputy"] = random.sample(mine, 2)
    yield partial(world.define, written)


def another_frequency(world: World, random: Random, id: str) -> Iterator[Act]:
    written = _copy(world, id)
    kpi = _some_kpi(random, written)
    kpi["every"] = "quarter" if kpi["every"] != "quarter" else "half-year"
    yield partial(world.define, written)


def another_day(world: World, random: Random, id: str) -> Iterator[Act]:
    """Of a series that the definition has terms for, or takes up or drops."""
    written = _copy(world, id)
    key = random.choice(("operating", "health-audit", "strategy"))
    days = {
        "operating": "second wednesday",
        "health-audit": "second thursday of month 2",
        "strategy": "second wednesday of june",
    }
    terms = {"operating": {"every": "month"}, "health-audit": {}, "strategy": {}}
    written["reviews"][key] = random.choice(({**terms[key], "on": days[key]}, {**terms[key], "at": "10:00"}))
    yield partial(world.define, written)


def another_zone(world: World, random: Random, id: str) -> Iterator[Act]:
    """Every review that is to come is at another hour; those that were held, skipped or moved are not."""
    written = _copy(world, id)
    others = sorted({each["timezone"] for each in written["organisations"].values()} - {written["timezone"]})
    if others:
        written["timezone"] = random.choice(others)
        yield partial(world.define, written)


def a_series_is_dropped_or_taken_up(world: World, random: Random, id: str) -> Iterator[Act]:
    written = _copy(world, id)
    key = random.choice(sorted({*written["reviews"], "health-audit"}))
    if written["reviews"].get(key) == {"off": True} or "title" in written["reviews"].get(key, {}):
        del written["reviews"][key]
    else:
        written["reviews"][key] = {"off": True}
    yield partial(world.define, written)


def a_kpi_is_renamed(world: World, random: Random, id: str) -> Iterator[Act]:
    """The one that all sides share, under another key from now on, which the file says."""
    written = _copy(world, id)
    before = next(key for key in written["kpis"] if key.startswith("parts"))
    after = f"parts-{random.randrange(100)}"
    text = yaml.safe_dump(written, sort_keys=False, allow_unicode=True)
    renamed = yaml.safe_load(text.replace(f"kpi: {before}\n", f"kpi: {after}\n"))
    renamed["kpis"] = {after if key == before else key: each for key, each in renamed["kpis"].items()}
    renamed["kpis"][after]["renamed_from"] = before
    yield partial(world.define, renamed)


def another_address(world: World, random: Random, id: str) -> Iterator[Act]:
    written = _copy(world, id)
    key = random.choice(sorted(written["people"]))
    person = written["people"][key]
    person["email"] = f"{key}.{random.randrange(100)}@{person['of']}.example"
    yield partial(world.define, written)


def somebody_leaves(world: World, random: Random, id: str) -> Iterator[Act]:
    """Whoever is no manager, in some weeks; a colleague takes over."""
    written = _copy(world, id)
    staying = {key: each for key, each in written["people"].items() if "leaves" not in each}
    leaving = sorted(key for key, each in staying.items() if each.get("role") != "alliance_manager")
    if not leaving:
        raise UserError("nobody is left who could leave", "let others leave")
    key = random.choice(leaving)
    written["people"][key]["leaves"] = str(world.clocks().date() + timedelta(days=random.randint(5, 40)))
    mates = sorted(each for each, of in staying.items() if of["of"] == staying[key]["of"] and each != key)
    written["people"][key]["successor"] = random.choice(mates)
    yield partial(world.define, written)


def another_name(world: World, random: Random, id: str) -> Iterator[Act]:
    written = _copy(world, id)
    written["goal"] = f"Plan {random.randrange(1000)} by 2028."
    yield partial(world.define, written)


# Badly -------------------------------------------------------------------------------------------------------------


def breaks_the_file(world: World, random: Random, id: str) -> Iterator[Act]:
    """Half of it, no YAML at all, a stranger as an owner, or a key that nobody knows."""
    text = world.path_of(id).read_text("utf-8") if world.path_of(id).exists() else ""
    broken = (
        text[: len(text) // 2],
        text + "\n  - [\n",
        text.replace("owner: dev", "owner: nobody"),
        text.replace("goal:", "gaol:"),
        "",
        "\x00",
    )
    yield partial(world.lay, id, random.choice(broken))


def loses_the_file(world: World, _random: Random, id: str) -> Iterator[Act]:
    yield lambda: world.path_of(id).unlink(missing_ok=True)


def claims_it_twice(world: World, _random: Random, id: str) -> Iterator[Act]:
    copy = world.path_of(id).with_name("copy-of-it.yaml")
    yield lambda: copy.write_text(yaml.safe_dump(world.definition(id)), encoding="utf-8")


def mends_the_file(world: World, _random: Random, id: str) -> Iterator[Act]:
    """As it was before it was broken, lost, or claimed twice."""
    yield lambda: world.path_of(id).with_name("copy-of-it.yaml").unlink(missing_ok=True)
    yield partial(world.define, world.definition(id))


def says_that_it_is_meant(world: World, _random: Random, id: str) -> Iterator[Act]:
    """What waits for a person's word is taken up; what nobody can take up is mended: the definition in force stands."""
    with world.app.store.read() as db:
        state = file_states.get(db, str(world.path_of(id)))
    if state and state.problems:
        yield partial(_approve, world, id, state.content_hash)


def _approve(world: World, id: str, content: str) -> None:
    partnerships.approve(world.app, id, content, world.clocks())


def takes_back_what_was_refused(world: World, _random: Random, id: str) -> Iterator[Act]:
    """Whose edit is refused writes the definition in force again."""
    with world.app.store.read() as db:
        state, row = file_states.get(db, str(world.path_of(id))), stored.get(db, id)
    if row and state and state.problems and world.path_of(id).exists():
        yield partial(world.define, yaml.safe_load(row.definition))


def _copy(world: World, id: str) -> Written:
    return deepcopy(world.definition(id))


def _some_kpi(random: Random, written: Written) -> Written:
    kpi: Written = written["kpis"][random.choice(sorted(written["kpis"]))]
    return kpi


EDITS: tuple[Deed, ...] = (
    another_target,
    another_owner,
    another_frequency,
    another_day,
    another_day,
    a_series_is_dropped_or_taken_up,
    a_kpi_is_renamed,
    another_address,
    another_address,
    somebody_leaves,
    another_name,
)
BAD: tuple[Deed, ...] = (breaks_the_file, breaks_the_file, loses_the_file, claims_it_twice)
