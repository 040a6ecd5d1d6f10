"""Whatever a definition may hold, loading it does not raise: it gives a partnership, or problems that name a line."""

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scheduler.definitions.loading import Loaded, load
from scheduler.definitions.playbooks import playbooks
from scheduler.definitions.yaml_text.reading import read
from scheduler.domain.record.review import Window
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.settings import shipped
from tests.fuzz.yaml_trees import at, places

PLAYBOOKS = playbooks(shipped("playbooks"))
GOOD = [file.read_text(encoding="utf-8") for file in sorted((Path(__file__).parent.parent / "examples/good").iterdir())]
TREES: list[dict[str, Any]] = [json.loads(json.dumps(read(text, "good.yaml").tree, default=str)) for text in GOOD]
TODAY = date(2027, 3, 1)

ODD_WORDS = r"""any|../x|İ|𒐫|null|no|on|{{ x }}|${HOME}|%s|-1|0000-00-00|0001-01-01|9999-12-31|2028-02-29|2027-02-29
24:00|00:00|16:30|23:59-24:00|99999 years|99999 working days|0 days|1 minute|999 years|999 weeks|day 31|working day 999
fifth friday of month 3|FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30|FREQ=DAILY;COUNT=1|FREQ=SECONDLY|>= 999999999999999|3..1|yes
0001-01-01/9999-12-31|2027-01-01/2031-01-01|Europe/Berlin|acme|halden|norr|ines|joint_venture|consortium|year|half-year
week|tacit|express"""
odd_words = st.sampled_from([*ODD_WORDS.replace("\n", "|").split("|"), "", " ", "\t", "\u202e", "x" * 5000])
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([10**30, -(10**18), 2**63, 0.1, 1e300, -0.0]),
        st.dates().map(str),
        st.text(max_size=20),
        odd_words,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def mutants(draw: st.DrawFn) -> Any:
    """A good definition with a few places deleted, replaced, exchanged, nested or grown."""
    tree = copy.deepcopy(draw(st.sampled_from(TREES)))
    for _ in range(draw(st.integers(1, 3))):
        paths = places(tree)
        if not paths:
            break
        path = draw(st.sampled_from(paths))
        within, step = at(tree, path[:-1]), path[-1]
        match draw(st.sampled_from(["delete", "replace", "word", "exchange", "nest", "grow"])):
            case "delete":
                del within[step]
            case "replace":
                within[step] = draw(values)
            case "word":
                within[step] = draw(odd_words)
            case "exchange":
                within[step] = copy.deepcopy(at(tree, draw(st.sampled_from(paths))))
            case "nest":
                for _ in range(draw(st.integers(1, 60))):
                    within[step] = [within[step]] if draw(st.booleans()) else {"x": within[step]}
            case "grow" if isinstance(within, dict):
                within[draw(st.one_of(st.text(max_size=10), odd_words, st.sampled_from(list(within))))] = draw(values)
    return tree


@st.composite
def damaged_texts(draw: st.DrawFn) -> str:
    """A good definition's text with a few stretches cut out, doubled or overwritten."""
    text = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        put = draw(
            st.one_of(st.text(max_size=10), odd_words, st.sampled_from(["\n", ":", "- ", "&a ", "*a", "{", "]", "'"]))
        )
        text = text[:start] + draw(st.sampled_from([put, "", text[start:end] * 2])) + text[end:]
    return text


def holds_up(loaded: Loaded, text: str) -> None:
    """A partnership comes out just where there is no error, and each problem names a line that the file has."""
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    assert (loaded.partnership is None) == bool(errors)
    for problem in loaded.problems:
        assert problem.what
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + text.count("\r") + 1
        assert problem.line is not None or problem.where == ""
    if loaded.partnership is not None:
        plan_reviews(loaded.partnership, PLAYBOOKS, Window.rolling(datetime(2027, 3, 1, tzinfo=UTC), 60))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutants())
@example({**TREES[0], "triggers": [[[[]]]]})
def test_a_definition_with_wrong_values_gives_problems_or_what_can_be_planned(tree: Any) -> None:
    text = json.dumps(tree)
    holds_up(load(text, "<typed>", PLAYBOOKS, TODAY), text)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damaged_texts())
def test_a_damaged_text_gives_problems_or_what_can_be_planned(text: str) -> None:
    holds_up(load(text, "<typed>", PLAYBOOKS, TODAY), text)
