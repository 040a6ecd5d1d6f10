"""YAML of a valid shape with strange values, of a strange shape with valid values, and YAML that is a trap."""

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

import yaml

from . import odd_words
from .damage import encoded

_NUMBERS = (0, -1, 1, 2**31, 2**63, 10**30, -(10**18), 10**400, 0.1, 1e300, -0.0, float("inf"), float("nan"))


def grown(trees: Sequence[dict[str, Any]], rng: random.Random) -> bytes:
    """One of these trees after up to four changes, as YAML."""
    tree = copy.deepcopy(rng.choice(trees))
    for _ in range(rng.randint(0, 4)):
        _change(tree, trees, rng)
    return _written(tree, rng)


def same(tree: dict[str, Any], rng: random.Random) -> bytes:
    """A tree in other words that mean the same: its keys in another order, in another style, with comments."""
    shuffled, is_narrow = _shuffled(tree, rng), rng.random() < 0.3
    text = yaml.safe_dump(
        shuffled,
        allow_unicode=is_narrow or rng.random() < 0.5,  # the library breaks lines in the middle of escapes
        sort_keys=False,
        default_flow_style=rng.choice((True, False, None)),
        width=20 if is_narrow else rng.choice((80, 10_000)),
        indent=rng.choice((2, 4, 8)),
        explicit_start=rng.random() < 0.3,
    )
    start = rng.choice(("", "\ufeff", "# a word\n", "\n\n", "# \u202e\n"))
    ends = rng.choice(("\n", "\r\n"))
    return f"{start}{text}{rng.choice(('', '# the end', chr(10) * 3))}".replace("\n", ends).encode()


def trap(text: bytes, rng: random.Random) -> bytes:
    """A text with an alias bomb, tags, anchors, merges, directives, or deeper than anybody nests."""
    return rng.choice((_bomb, _deep, _tags, _aliases, _keys, _documents, _many))(text, rng)


def _change(tree: dict[str, Any], trees: Sequence[dict[str, Any]], rng: random.Random) -> None:
    paths = places(tree)
    if not paths:
        return
    path = rng.choice(paths)
    within, step = at(tree, path[:-1]), path[-1]
    match rng.choice(
        ("like", "like", "like", "like", "delete", "value", "exchange", "graft", "swap", "nest", "key", "list")
    ):
        case "like":
            leaves = [each for each in paths if not isinstance(at(tree, each), dict | list)]
            if leaves:
                path = rng.choice(leaves)
                at(tree, path[:-1])[path[-1]] = _typed(odd_words.like(str(at(tree, path)), rng), rng)
        case "delete":
            del within[step]
        case "value":
            within[step] = _value(rng, 2)
        case "exchange":
            within[step] = copy.deepcopy(at(tree, rng.choice(paths)))
        case "graft":
            other = rng.choice(trees)
            found = [each for each in places(other) if each[-1] == step] or places(other)
            within[step] = copy.deepcopy(at(other, rng.choice(found)))
        case "swap":
            other_path = rng.choice(paths)
            if other_path[: len(path)] != path and path[: len(other_path)] != other_path:
                other_within = at(tree, other_path[:-1])
                within[step], other_within[other_path[-1]] = other_within[other_path[-1]], within[step]
        case "nest":
            for _ in range(rng.randint(1, 60)):
                within[step] = [within[step]] if rng.random() < 0.5 else {"x": within[step]}
        case "key" if isinstance(within, dict):
            within[rng.choice((odd_words.a_text(rng, 8), rng.choice(odd_words.ALL), *within))] = within.pop(step)
        case "list" if isinstance(within, list):
            within[:] = within * rng.choice((2, 3, 40))
        case _:
            within[step] = rng.choice(odd_words.ALL)


def _value(rng: random.Random, depth: int) -> Any:
    match rng.randrange(8 if depth else 5):
        case 0:
            return rng.choice((None, True, False))
        case 1:
            return rng.choice(_NUMBERS)
        case 2 | 3:
            return rng.choice(odd_words.ALL)
        case 4:
            return odd_words.a_text(rng)
        case 5:
            return [_value(rng, depth - 1) for _ in range(rng.randint(0, 4))]
        case _:
            return {odd_words.a_text(rng, 8): _value(rng, depth - 1) for _ in range(rng.randint(0, 4))}


def _typed(word: str, rng: random.Random) -> Any:
    return rng.choice(_NUMBERS) if rng.random() < 0.08 else word


def _written(tree: Any, rng: random.Random) -> bytes:
    """As JSON, which is YAML and keeps every character as an escape, or as plain YAML, with values that may then mean
    another thing."""
    if rng.random() < 0.5:
        return json.dumps(tree, indent=rng.choice((None, 1))).encode()
    return encoded("".join(_lines(tree, 0, rng)))


def _lines(tree: Any, depth: int, rng: random.Random) -> Any:
    pad = " " * depth
    if depth > 80 or not isinstance(tree, dict | list) or not tree:
        yield f"{pad}{_scalar(tree, rng)}\n"
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if isinstance(value, dict | list) and value:
                yield f"{pad}{_scalar(key, rng)}:\n"
                yield from _lines(value, depth + 2, rng)
            else:
                yield f"{pad}{_scalar(key, rng)}: {_scalar(value, rng)}\n"
    else:
        for value in tree:
            if isinstance(value, dict | list) and value:
                yield f"{pad}-\n"
                yield from _lines(value, depth + 2, rng)
            else:
                yield f"{pad}- {_scalar(value, rng)}\n"


def _scalar(value: Any, rng: random.Random) -> str:
    if isinstance(value, str):
        return value if rng.random() < 0.7 else json.dumps(value, ensure_ascii=rng.random() < 0.5)
    return json.dumps(value, default=str)


def _bomb(text: bytes, rng: random.Random) -> bytes:
    width, depth = rng.choice(((9, 9), (2, 40), (1, 500))), rng.choice((b"lol", b"goal", b"kpis"))
    lines = [b"a0: &a0 [x, x]"]
    for number in range(1, width[1]):
        lines.append(f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * width[0])}]".encode())
    return b"\n".join([*lines, depth + f": *a{width[1] - 1}".encode(), text])


def _deep(text: bytes, rng: random.Random) -> bytes:
    often = rng.choice((49, 51, 1000, 20_000))
    mark = rng.choice((b"[", b"{a: ", b"- ", b"? ", b"> ", b"[{", b"&a ["))
    return text + b"\ngoal: " + mark * often


def _tags(text: bytes, rng: random.Random) -> bytes:
    tag = rng.choice(
        (
            b"!!python/object/apply:os.system [id]",
            b"!!binary aGk=",
            b"!x y",
            b"!!timestamp 2026-01-01",
            b"!!set {a}",
            b"!!omap [a: b]",
            b"!!float 1",
            b"!!null x",
            b"! x",
            b"!<tag:yaml.org,2002:int> 1",
            b"!!merge x",
        )
    )
    return _value_of_a_line(text, tag, rng)


def _aliases(text: bytes, rng: random.Random) -> bytes:
    text = _value_of_a_line(text, rng.choice((b"&a x", b"&a [*a]", b"&a {b: *a}", b"*nowhere", b"&a *a")), rng)
    return _value_of_a_line(text, b"*a", rng) if rng.random() < 0.6 else text


def _keys(text: bytes, rng: random.Random) -> bytes:
    key = rng.choice(
        (
            b"<<: {a: b}",
            b"? [a, b]\n: c",
            b"? {a: b}\n: c",
            b"[a]: b",
            b"{a: b}: c",
            b"null: x",
            b"1: x",
            b"on: x",
            b"1.5: x",
            b"2026-01-01: x",
            b'"": x',
            b"? \n: x",
            b"<<: [*a, *a]",
            b"*a : x",
            b"&k key: x",
            b"<<: &m {<<: *m}",
        )
    )
    return key + b"\n" + text if rng.random() < 0.5 else text + b"\n" + key


def _documents(text: bytes, rng: random.Random) -> bytes:
    return (
        rng.choice(
            (
                b"%YAML 1.1\n---\n",
                b"%TAG ! tag:x,2026:\n---\n" * rng.choice((1, 2000)),
                b"---\n---\n",
                b"...\n",
                b"%FOO\n---\n",
                b"--- |\n",
                b"--- >-\n",
                b"--- !x\n",
                b"--- &a\n",
            )
        )
        + text
    )


def _many(text: bytes, rng: random.Random) -> bytes:
    """Very many entries of one kind."""
    count = rng.choice((1_000, 20_000))
    line = rng.choice((b"k%d: x", b"- %d", b"  - {id: c%d}", b"  k%d: {name: x}"))
    head = rng.choice((b"", b"people:", b"kpis:", b"triggers:", b"organisations:", b"holidays:", b"layers:"))
    return text + b"\n" + head + b"\n" + b"\n".join(line % number for number in range(count))


def _value_of_a_line(text: bytes, value: bytes, rng: random.Random) -> bytes:
    lines = text.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at] = lines[at].partition(b":")[0] + b": " + value
    return b"\n".join(lines)


def _shuffled(tree: Any, rng: random.Random) -> Any:
    if isinstance(tree, dict):
        return {key: _shuffled(tree[key], rng) for key in rng.sample(list(tree), len(tree))}
    return [_shuffled(each, rng) for each in tree] if isinstance(tree, list) else tree


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path of the tree but its root."""
    steps = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree)) if isinstance(tree, list) else []
    return [found for step, value in steps for found in [(*path, step), *places(value, (*path, step))]]


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree
