"""The JSON Schemas that editors get say what the checks say, as far as a schema can."""

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft7Validator

from scheduler.definitions.keys import noun_at
from scheduler.definitions.loading import load, load_file
from scheduler.definitions.playbooks import BadPlaybooks, playbooks
from scheduler.definitions.schemas import partnership_schema, playbook_schema
from scheduler.definitions.yaml_text.reading import read, read_file
from scheduler.domain.definition.partnership import Partnership
from scheduler.settings import shipped
from tests.definitions.test_examples import EXAMPLES, PLAYBOOKS, files
from tests.definitions.test_fuzz import mutants

REFERS = "a name has to stand at another place of the file, or in the playbook"
ORDER = "dates, spans or numbers are compared with each other"
SUM = "numbers are added up"
TWICE = "two entries of a list or two keys may not be the same"
PLANNED = "only the calendar shows it"
ELSEWHERE = "it rests on what the playbook or the file's own name says"

BEYOND_A_SCHEMA = {
    "actor-kpi-owned-by-another-side": REFERS,
    "day-that-does-not-fit": ELSEWHERE,
    "deadlock-that-goes-nowhere": REFERS,
    "document-expires-before-signed": ORDER,
    "dropped-review-in-trigger": REFERS,
    "ends-before-it-starts": ORDER,
    "file-named-otherwise": ELSEWHERE,
    "key-twice": TWICE,
    "ladder-that-tells-strangers": REFERS,
    "layer-after-the-end": ORDER,
    "layer-named-like-a-series": REFERS,
    "layer-outside-the-agreement": ORDER,
    "new-series-without-title": ELSEWHERE,
    "renewal-without-a-working-day": PLANNED,
    "rule-that-never-fires": PLANNED,
    "shares-of-ninety": SUM,
    "stake-in-itself": TWICE,
    "stranger-in-a-layer": REFERS,
    "trigger-that-never-fires": ORDER,
    "unknown-document-in-trigger": REFERS,
    "unknown-kpi": REFERS,
    "unknown-launch-step": REFERS,
    "unknown-organisation": REFERS,
    "unknown-owner": REFERS,
    "unknown-people-in-a-review": REFERS,
    "unknown-review-in-adherence": REFERS,
    "unknown-review-in-trigger": REFERS,
    "unknown-review-not-closed": REFERS,
    "weekends-that-leave-no-day": PLANNED,
}
"""The faulty examples whose faults no schema can say, each with why: `docs/editors.md` has the list."""


def validator(schema: dict[str, Any]) -> Draft7Validator:
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)


SCHEMA = validator(partnership_schema())
OF_PLAYBOOKS = validator(playbook_schema())


def as_json(value: Any) -> Any:
    """What an editor's YAML server hands to the schema: dates are texts there, and numbers inexact."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def faults(tree: Any, schema: Draft7Validator = SCHEMA) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in schema.iter_errors(as_json(tree))]


@pytest.mark.parametrize("file", [*files("good"), *files("careless")], ids=lambda file: file.stem)
def test_what_the_checks_take_the_schema_takes(file: Path) -> None:
    assert faults(read_file(file).tree) == []


@pytest.mark.parametrize("file", sorted((shipped("playbooks").parent / "partnerships").glob("*.yaml")))
def test_the_worked_examples_fit_the_schema(file: Path) -> None:
    assert faults(read_file(file).tree) == []


@pytest.mark.parametrize("file", files("bad"), ids=lambda file: file.stem)
def test_what_the_checks_refuse_the_schema_refuses_where_it_can_say_so(file: Path) -> None:
    reading = read_file(file)
    if reading.readable:  # a text that is no YAML is told by the editor itself
        assert bool(faults(reading.tree)) == (file.stem not in BEYOND_A_SCHEMA)


def test_each_example_beyond_a_schema_is_there() -> None:
    assert BEYOND_A_SCHEMA.keys() <= {file.stem for file in files("bad")}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutants())
def test_no_editor_marks_what_the_checks_take(tree: Any) -> None:
    text = json.dumps(tree)
    if load(text, "<typed>", PLAYBOOKS).partnership is not None:
        assert faults(read(text, "<typed>").tree) == []


def good() -> dict[str, Any]:
    return read_file(EXAMPLES / "good" / "equity-layered.yaml").tree


SHAPES: list[tuple[str, Any]] = [
    ("kpis.cells.every", "fortnight"),
    ("kpis.cells.target", "at least 3"),
    ("kpis.cells.due", "8 hours"),
    ("kpis.cells.of", "halden"),
    ("kpis.cells.owner", None),
    ("agreement.effective", "2026-02-30"),
    ("agreement.renewal.kind", "silent"),
    ("people.ines.email", "ines@halden.example, tom@halden.example"),
    ("people.ines.tell", "chat"),
    ("people.ines.successor", "tom"),
    ("people.ines.role", "boss"),
    ("organisations.halden.hours", "from nine to five"),
    ("organisations.halden.weekend", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
    ("organisations.halden.timezone", "Europe/Atlantis"),
    ("organisations.halden.country", "Atlantis"),
    ("reviews.operating", {"every": "month", "rule": "FREQ=MONTHLY"}),
    ("reviews.operating", {"at": "25:00"}),
    ("reviews.operating", {"quorum": {"per_side": 1, "share": "2/3"}}),
    ("reviews.operating", {"quorum": {"including": {"role": "sponsor"}}}),
    ("reviews.operating", {"on": "day 32"}),
    ("reviews.operating", {"on": "working day 0"}),
    ("success_at_90_days.criteria", []),
    ("success_at_90_days.criteria", [{"id": "a", "says": "b"}]),
    ("agreement.documents", [{"kind": "nda", "file": "nda.pdf"}]),
    ("agreement.documents", [{"kind": "nda", "link": "ftp://files.example"}]),
    ("agreement.decides", [{"body": "board", "rule": "share"}]),
    ("agreement.decides", [{"body": "board", "rule": "chair"}]),
    ("agreement.decides", [{"body": "board", "deadlock": [{"for": "2 weeks"}]}]),
    ("agreement.termination", {"says": "x", "survives": "2 years", "until": "2030-01-01"}),
    ("triggers", [{"when": "late", "kpi": "any"}]),
    ("triggers", [{"when": "off_target", "kpi": "any"}]),
    ("triggers", [{"when": "off_target", "kpi": "any", "by": "200%"}]),
    ("triggers", [{"kpi": "any"}]),
    ("leverage", ["luck"]),
    ("model", "merger"),
    ("partnership", "Equity Layered"),
    ("colour", "red"),
]


@pytest.mark.parametrize(("path", "value"), SHAPES, ids=lambda each: str(each)[:40])
def test_each_rule_of_shape_is_said_by_both(path: str, value: Any) -> None:
    tree = copy.deepcopy(good())
    assert faults(tree) == []
    *above, last = path.split(".")
    within = tree
    for step in above:
        within = within[step]
    within[last] = value
    assert load(json.dumps(as_json(tree)), "<typed>", PLAYBOOKS).partnership is None
    assert faults(tree)


def nouns(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"whole": schema, **schema["definitions"]}


@pytest.mark.parametrize("schema", [partnership_schema(), playbook_schema()], ids=["partnership", "playbook"])
def test_each_key_says_what_it_is_for(schema: dict[str, Any]) -> None:
    silent = [
        f"{name}.{key}"
        for name, noun in nouns(schema).items()
        for key, each in noun.get("properties", {}).items()
        if not each.get("description")
    ]
    assert silent == []


@pytest.mark.parametrize("schema", [partnership_schema(), playbook_schema()], ids=["partnership", "playbook"])
def test_nothing_stands_beside_a_reference_since_draft_7_would_overlook_it(schema: Any) -> None:
    def walk(value: Any) -> None:
        if isinstance(value, dict):
            assert "$ref" not in value or len(value) == 1
            assert not str(value.get("$ref", "#/definitions/")).startswith("#/$defs")
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(each)

    walk(schema)


@pytest.mark.parametrize("file", sorted(shipped("playbooks").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_shipped_playbooks_fit_their_schema(file: Path) -> None:
    assert faults(read_file(file).tree, OF_PLAYBOOKS) == []


def playbook(tmp_path: Path, path: str, value: Any) -> tuple[Any, bool]:
    """A shipped playbook with one value changed (None: taken away), and whether it can be read."""
    tree = copy.deepcopy(read_file(shipped("playbooks") / "consortium.yaml").tree)
    *above, last = path.split(".")
    within: Any = tree
    for step in above:
        within = within[step]
    if value is None:
        del within[last]
    else:
        within[last] = value
    (tmp_path / "consortium.yaml").write_text(json.dumps(as_json(tree)), encoding="utf-8")
    try:
        playbooks(tmp_path, shipped("playbooks"))
    except BadPlaybooks:
        return tree, False
    return tree, True


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cure", None), ("series.operating.at", None), ("agendas.exit", None), ("kpis.due.week", None),
        ("standing", None), ("series", {}), ("series.operating.every", "sometimes"), ("agendas.lunch", {}),
        ("kpis.ladder", [{"name": "due"}]), ("closing", []), ("exit.tasks", [{"says": "x", "owner": "sponsor"}]),
    ],
)  # fmt: skip
def test_of_a_playbook_both_give_one_verdict(tmp_path: Path, path: str, value: Any) -> None:
    tree, is_good = playbook(tmp_path, path, value)
    assert (faults(tree, OF_PLAYBOOKS) == []) is is_good


def test_a_trigger_is_told_by_what_its_when_names() -> None:
    tree = good() | {"triggers": [{"when": "vacant", "kpi": "any"}]}
    said = " ".join(faults(tree))
    assert "'role' is a required property" in said
    assert "off_target" not in said


def test_the_root_of_the_schema_is_the_noun_that_reads_the_file() -> None:
    assert noun_at((), good()) is Partnership
    assert set(partnership_schema()["properties"]) == set(Partnership.model_fields)
    assert load_file(EXAMPLES / "good" / "minimal.yaml", PLAYBOOKS).problems == ()
