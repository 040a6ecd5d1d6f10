"""The shipped playbooks hold the figures of governance practice, and an operator's own file comes before them."""

import json
import re
import shutil
from pathlib import Path

import pytest

from scheduler.definitions.playbooks import BadPlaybooks, filled_in, playbook_file, playbook_text, playbooks
from scheduler.definitions.yaml_text.reading import read
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Kind, Model, Role, Unit
from scheduler.domain.errors import UserError
from scheduler.domain.phrases import LAST, Span

SHIPPED = Path(__file__).parents[2] / "config" / "playbooks"


@pytest.fixture(scope="module")
def shipped() -> dict[Model, Playbook]:
    return playbooks(SHIPPED)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An operator's folder that holds a copy of every playbook."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "playbooks"))


def edit(folder: Path, model: Model, old: str, new: str) -> Path:
    file = folder / f"{model}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def text_of(folder: Path, model: Model) -> str:
    return (folder / f"{model}.yaml").read_text(encoding="utf-8")


YEARLY = ("45 cd", "21 cd", "14 cd", "10 cd", "15 cd")
TABLE = {
    # (title, every, minutes, notice, agenda, items until, minutes by, objections until): cd days, wd working days
    Model.CONTRACTUAL_ALLIANCE: {
        "pipeline": ("Pipeline review", "week", 30, None, "1 wd", "0 cd", "1 wd", None),
        "operating": ("Operating review", "month", 60, "10 cd", "5 cd", "2 wd", "5 wd", "5 wd"),
        "health-audit": ("Strategic health audit", "quarter", 90, "45 cd", "10 cd", "5 cd", "5 wd", "10 wd"),
        "sponsors": ("Executive sponsors", "half-year", 45, "30 cd", "5 cd", None, "5 wd", None),
        "strategy": ("Annual strategy, renewal and exit review", "year", 180, *YEARLY),
    },
    Model.JOINT_VENTURE: {
        "pipeline": ("Management committee", "week", 60, None, "1 wd", "0 cd", "2 wd", None),
        "operating": ("Operating committee", "month", 120, "10 cd", "10 cd", "5 cd", "5 wd", "15 cd"),
        "health-audit": ("Board", "quarter", 240, "21 cd", "10 cd", "5 cd", "10 cd", "15 cd"),
        "strategy": ("Owners' strategy and board self-assessment", "year", 480, *YEARLY),
    },
    Model.CONSORTIUM: {
        "operating": ("Work-package leads", "month", 60, None, "2 wd", "1 wd", "5 wd", None),
        "health-audit": ("Executive board", "quarter", 120, "14 cd", "7 cd", "2 cd", "10 cd", "15 cd"),
        "strategy": ("General assembly", "year", 240, *YEARLY),
    },
    Model.EQUITY_ALLIANCE: {
        "pipeline": ("Commercial pipeline", "2 weeks", 30, None, "1 wd", "0 cd", "1 wd", None),
        "health-audit": ("Commercial steering", "quarter", 90, "30 cd", "10 cd", "5 cd", "5 wd", "10 wd"),
        "board": ("Board of the investee", "quarter", 180, "14 cd", "7 cd", "2 cd", "10 cd", "15 cd"),
        "strategy": ("Investment thesis review", "year", 120, "45 cd", "21 cd", "14 cd", "10 cd", None),
    },
    Model.REVENUE_SHARING: {
        "pipeline": ("Pipeline review", "2 weeks", 30, None, "1 wd", "0 cd", "1 wd", None),
        "operating": ("Settlement review", "month", 45, "5 wd", "3 wd", "1 wd", "3 wd", "10 wd"),
        "health-audit": ("Business review", "quarter", 75, "30 cd", "7 cd", "3 cd", "5 wd", "10 wd"),
        "strategy": ("Audit window and rate review", "year", 120, *YEARLY),
    },
}  # fmt: skip


def row(playbook: Playbook, key: str) -> tuple[object, ...]:
    series, short = playbook.series[key], {"day": "cd", "working day": "wd"}
    clocks = [None if span is None else f"{span.count} {short[span.unit]}" for _, span in series.clocks]
    return (series.title, str(series.every), int(series.length.duration.total_seconds() // 60), *clocks)


@pytest.mark.parametrize("model", Model)
def test_every_meeting_has_the_frequency_length_and_clocks_of_governance_practice(
    model: Model, shipped: dict[Model, Playbook]
) -> None:
    assert {key: row(shipped[model], key) for key in shipped[model].series} == TABLE[model]


@pytest.mark.parametrize("model", Model)
def test_every_number_of_a_playbook_has_its_source_beside_it(model: Model) -> None:
    for line in playbook_text(model, [SHIPPED])[1].split("\nmodel: ", 1)[1].splitlines():
        value, _, comment = line.strip().partition(" #")
        if re.search(r"\d", value) and not value.lstrip().startswith(("#", "title:")):
            assert re.match(r" \[[SD]\] .{8}", comment), line


@pytest.mark.parametrize("model", Model)
def test_a_playbook_says_on_its_first_page_how_its_sources_are_marked_and_that_it_is_no_legal_advice(
    model: Model,
) -> None:
    head = playbook_text(model, [SHIPPED])[1].split("\nmodel: ", 1)[0]
    assert "[S]" in head
    assert "[D]" in head
    assert "legal advice" in head


@pytest.mark.parametrize("model", Model)
def test_a_checkpoint_comes_after_90_days_on_a_working_day_before_with_its_evidence_call_and_pre_read(
    model: Model, shipped: dict[Model, Playbook]
) -> None:
    playbook = shipped[model]
    assert playbook.checkpoint_after == Span(90, "day")
    assert playbook.checkpoint.day_off == "previous"
    assert 60 <= playbook.checkpoint.length.duration.total_seconds() / 60 <= 90
    assert (playbook.checkpoint.clocks.notice, playbook.checkpoint.clocks.agenda) == (Span(14, "day"), Span(7, "day"))
    assert [step.day for step in playbook.launch_track] == [0, 14, 30, 45, 60, 76, 83, 180]


@pytest.mark.parametrize("model", Model)
def test_the_ladder_climbs_from_the_owner_to_the_steering_agenda_and_then_repeats_weekly(
    model: Model, shipped: dict[Model, Playbook]
) -> None:
    ladder = shipped[model].kpis.ladder
    assert [rung.at for rung in ladder] == [-5, -1, 0, 1, 3, 6, 10, 15]
    assert ladder[4].tell == ("owner", "deputy", "alliance_manager")
    assert "sponsor" in ladder[5].tell
    assert "sponsor" not in ladder[4].tell
    assert (ladder[6].agenda, ladder[7].repeat) == (Kind.HEALTH_AUDIT, 5)


@pytest.mark.parametrize("model", Model)
def test_a_monthly_review_follows_its_data_by_five_to_eight_working_days(
    model: Model, shipped: dict[Model, Playbook]
) -> None:
    day, due = shipped[model].on[Unit.MONTH], shipped[model].kpis.due[Unit.MONTH]
    assert day.kind == "working day"
    assert day.number != LAST
    assert due.unit == "working day"
    assert 5 <= day.number - due.count <= 8


@pytest.mark.parametrize("model", Model)
def test_alliance_managers_meet_often_and_sponsors_join_them_for_audit_strategy_checkpoint_and_formal_review(
    model: Model, shipped: dict[Model, Playbook]
) -> None:
    playbook = shipped[model]
    for key in {"pipeline", "operating"} & playbook.series.keys():
        assert Role.ALLIANCE_MANAGER in playbook.series[key].attendees
        assert Role.SPONSOR not in playbook.series[key].attendees
    for meeting in (
        playbook.series["health-audit"],
        playbook.series["strategy"],
        playbook.checkpoint,
        playbook.formal_review,
    ):
        assert {Role.SPONSOR, Role.ALLIANCE_MANAGER} <= set(meeting.attendees)


def test_executive_sponsors_meet_among_themselves(shipped: dict[Model, Playbook]) -> None:
    assert shipped[Model.CONTRACTUAL_ALLIANCE].series["sponsors"].attendees == (Role.SPONSOR,)


def test_the_board_of_an_equity_alliance_follows_the_fiscal_quarters_of_the_investee(
    shipped: dict[Model, Playbook],
) -> None:
    assert shipped[Model.EQUITY_ALLIANCE].series["board"].fiscal == "investee"


def test_an_operators_playbook_comes_before_the_shipped_one_and_the_others_stay(own: Path) -> None:
    """Ines wants her operating reviews to last 75 minutes; she keeps a copy of one file only."""
    edit(own, Model.CONTRACTUAL_ALLIANCE, "length: 60 minutes", "length: 75 minutes")
    for model in Model:
        if model is not Model.CONTRACTUAL_ALLIANCE:
            (own / f"{model}.yaml").unlink()
    both = playbooks(own, SHIPPED)
    assert both[Model.CONTRACTUAL_ALLIANCE].series["operating"].length == Span(75, "minute")
    assert both[Model.CONSORTIUM].series["operating"].length == Span(60, "minute")
    assert playbook_file(Model.CONSORTIUM, [own, SHIPPED]).parent == SHIPPED


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("    quorum: ", "series.operating.quorum"),
        ("    year: 20 working days", "kpis.due.year"),
        ("  week: wednesday", "on.week"),
        ("checkpoint_after: 90 days", "checkpoint_after"),
        ("  decide: 30 days", "agreement.decide"),
        ('    asks: "goals', "agendas.health-audit.asks"),
    ],
)
def test_a_key_that_an_operators_playbook_lacks_comes_from_the_shipped_one_and_is_named(
    own: Path, shipped: dict[Model, Playbook], line: str, where: str
) -> None:
    """Ines copied her playbooks from an earlier version; the new one asks for more."""
    text = text_of(own, Model.CONSORTIUM)
    number, gone = next(each for each in enumerate(text.splitlines(keepends=True), 1) if each[1].startswith(line))
    edit(own, Model.CONSORTIUM, gone, "")
    assert playbooks(own, SHIPPED) == shipped
    (named,) = filled_in(Model.CONSORTIUM, [own, SHIPPED])
    assert (named.severity, named.where, named.file) == ("warning", where, str(own / "consortium.yaml"))
    assert named.hint.startswith(f"copy it from line {number} of {SHIPPED / 'consortium.yaml'}")


def test_a_whole_block_that_is_missing_is_named_once(own: Path, shipped: dict[Model, Playbook]) -> None:
    text = text_of(own, Model.JOINT_VENTURE)
    whole = text[: text.index("\nactions:")] + text[text.index("\nagendas:") :]
    (own / "joint_venture.yaml").write_text(whole, encoding="utf-8")
    assert playbooks(own, SHIPPED) == shipped
    assert [each.where for each in filled_in(Model.JOINT_VENTURE, [own, SHIPPED])] == [
        "actions",
        "agreement",
        "decisions",
        "standing",
        "health_check",
        "exit",
        "competition_law",
    ]


def test_a_series_or_a_clock_that_is_left_out_is_left_out(own: Path) -> None:
    """What a playbook may leave out is the operator's word, not a gap."""
    text = re.sub(r"(?ms)^  operating:.*?(?=^  health-audit:)", "", text_of(own, Model.CONSORTIUM), count=1)
    text = text.replace("      notice: 14 days", "", 1)
    (own / "consortium.yaml").write_text(text, encoding="utf-8")
    ours = playbooks(own, SHIPPED)[Model.CONSORTIUM]
    assert list(ours.series) == ["health-audit", "strategy"]
    assert ours.series["health-audit"].clocks.notice is None
    assert filled_in(Model.CONSORTIUM, [own, SHIPPED]) == []


def test_nothing_is_named_where_every_playbook_is_whole(own: Path) -> None:
    assert [problem for model in Model for problem in filled_in(model, [own, SHIPPED])] == []


def test_a_misspelt_key_stays_an_error_though_the_right_one_is_filled_in(own: Path) -> None:
    edit(own, Model.CONSORTIUM, "launch_track:", "launch_trick:")
    with pytest.raises(BadPlaybooks) as caught:
        playbooks(own, SHIPPED)
    assert [problem.where for problem in caught.value.problems] == ["launch_trick"]


def test_a_misspelt_key_of_a_playbook_is_named_with_its_line_and_its_near_miss(own: Path) -> None:
    file = edit(own, Model.CONSORTIUM, "    quorum: {share: 1/2}", "    qourum: {share: 1/2}")
    with pytest.raises(BadPlaybooks) as caught:
        playbooks(own)
    unknown = next(problem for problem in caught.value.problems if "qourum" in problem.what)
    assert unknown.file == str(file)
    assert unknown.line == 1 + file.read_text().splitlines().index(
        next(line for line in file.read_text().splitlines() if "qourum" in line)
    )
    assert "quorum" in unknown.hint


def test_the_faults_of_all_playbooks_are_told_at_once(own: Path) -> None:
    edit(own, Model.CONSORTIUM, "every: month", "every: moon")
    edit(own, Model.JOINT_VENTURE, "launch_track:", "launch_trick:")
    (own / "equity_alliance.yaml").write_text("model: [", encoding="utf-8")
    with pytest.raises(BadPlaybooks) as caught:
        playbooks(own)
    assert {Path(problem.file).stem for problem in caught.value.problems} == {
        "consortium",
        "joint_venture",
        "equity_alliance",
    }
    assert "moon" in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("model: consortium", "model: joint_venture", "model"),
        ("  week: wednesday", "  week: second wednesday", "on.week"),
        ("  quarter: third tuesday", "  quarter: wednesday # third tuesday", "on.quarter"),
        ("    every: quarter", "    every: week", "series.health-audit.on"),
        ("length: 60 minutes", "length: 2 days", "series.operating.length"),
        ("length: 60 minutes", "length: 0 minutes", "series.operating.length"),
        ("agenda: 7 days", "agenda: 7 hours", "series.health-audit.clocks.agenda"),
        ("checkpoint_after: 90 days", "checkpoint_after: 3 months", "checkpoint_after"),
        ("checkpoint_after: 90 days", "checkpoint_after: 0 days", "checkpoint_after"),
        ("  week: wednesday", "  # nothing", "on"),
        ("    year: 20 working days", "", "kpis.due"),
        ("  pipeline:\n    asks:", "  kick-off:\n    asks:", "agendas.kick-off"),
        ("  capital:\n", "  money:\n", "traits.money"),
        ("share: 5,", "share: 0,", "agendas.pipeline.topics[0].share"),
        ("month: 8 working days", "month: 8 hours", "kpis.due.month"),
        ("  operating:", "  checkpoint:", "series.checkpoint"),
        ("  ends: 120 days", "  ends: 120 hours", "exit.ends"),
        ("owner: alliance_manager, by: 5 working days", "owner: alliance_manager", "exit.tasks[0]"),
        ("by: 5 working days}", "by: 5 working days, before: 2 days}", "exit.tasks[0]"),
        ("by: 5 working days}", "by: 5 minutes}", "exit.tasks[0].by"),
        ("    - {by: 45 days}", "    - {by: 45 hours}", "exit.reviews[0].by"),
        ("stops: [pipeline, strategy]", "stops: [pipeline, board]", "exit.stops[1]"),
    ],
)
def test_a_playbook_by_which_nothing_could_be_planned_is_refused_at_its_place(
    own: Path, old: str, new: str, where: str
) -> None:
    edit(own, Model.CONSORTIUM, old, new)
    with pytest.raises(BadPlaybooks) as caught:
        playbooks(own)
    assert where in [problem.where for problem in caught.value.problems]
    assert all(problem.hint for problem in caught.value.problems)


def test_a_playbook_without_a_series_is_refused(own: Path) -> None:
    file = own / f"{Model.CONSORTIUM}.yaml"
    tree = read(file.read_text("utf-8"), file.name).tree
    file.write_text(json.dumps({**tree, "series": {}}, default=str), encoding="utf-8")
    with pytest.raises(BadPlaybooks, match="it has no review series"):
        playbooks(own)


def test_a_model_without_a_playbook_says_where_it_was_looked_for(own: Path, tmp_path: Path) -> None:
    (own / "consortium.yaml").unlink()
    with pytest.raises(UserError) as caught:
        playbooks(tmp_path / "nowhere", own)
    assert "consortium" in caught.value.what
    assert str(own / "consortium.yaml") in caught.value.hint
    assert str(tmp_path / "nowhere") in caught.value.hint


def test_a_playbook_that_is_no_text_is_a_clean_error(own: Path) -> None:
    (own / "consortium.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError):
        playbook_text(Model.CONSORTIUM, [own])
    with pytest.raises(BadPlaybooks):
        playbooks(own)
