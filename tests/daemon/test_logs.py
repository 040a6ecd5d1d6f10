"""One structured line an event, whatever is in it."""

import json
import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from scheduler.daemon.logs import logger

FORGED = 'x.yaml\n{"event": "all is well"}\r\x1b[2J\x00'


@pytest.fixture(autouse=True)
def _as_it_was() -> object:
    last_resort = logging.lastResort
    yield
    structlog.reset_defaults()
    logging.lastResort = last_resort


def test_an_event_is_one_line_of_json_with_its_moment_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    before = datetime.now(UTC)
    logger("json", "info").info("definition.in_force", partnership="acme-globex")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    moment = datetime.fromisoformat(said.pop("timestamp"))
    assert said == {"event": "definition.in_force", "level": "info", "partnership": "acme-globex"}
    assert moment.utcoffset() == timedelta(0)
    assert before <= moment <= datetime.now(UTC)


@pytest.mark.parametrize("style", ["json", "text"])
def test_nothing_in_a_name_forges_a_line_or_steers_a_terminal(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    logger(style, "info").error("definition.refused", file=FORGED, what=FORGED)  # type: ignore[arg-type]
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    assert not {"\x1b", "\x00", "\r"} & set(err)


def test_in_json_what_was_said_can_be_read_back_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    logger("json", "info").error("definition.refused", file=FORGED, path=datetime(2027, 1, 1, tzinfo=UTC))
    assert json.loads(capsys.readouterr().err)["file"] == FORGED


def test_an_exception_is_one_line_of_json_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    log = logger("json", "info")
    try:
        raise KeyError("tom\nforged")
    except KeyError:
        log.exception("cycle.failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "KeyError" in json.loads(line)["exception"]


def test_what_is_below_the_level_is_not_said(capsys: pytest.CaptureFixture[str]) -> None:
    log = logger("json", "warning")
    log.info("review.schedule")
    log.warning("kpi.overdue")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "kpi.overdue"


def test_what_a_library_warns_of_is_an_event_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    logger("json", "info")
    assert logging.lastResort is not None
    logging.lastResort.handle(
        logging.LogRecord(
            "apscheduler.scheduler", logging.WARNING, "", 0, "Run time of job %r was missed", ("cycle",), None
        )
    )
    said = json.loads(capsys.readouterr().err)
    assert (said["event"], said["level"], said["library"]) == ("library.said", "warning", "apscheduler.scheduler")
    assert said["what"] == "Run time of job 'cycle' was missed"


def test_without_a_terminal_auto_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    logger("auto", "info").info("daemon.ready")
    assert json.loads(capsys.readouterr().err)["event"] == "daemon.ready"


def test_a_full_disk_under_the_log_stops_nothing_and_the_next_line_says_how_many_were_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = (tmp_path / "log").open("w")
    full = os.open("/dev/full", os.O_WRONLY)
    kept = os.dup(written.fileno())
    monkeypatch.setattr("sys.stderr", written)
    log = logger("json", "info")
    os.dup2(full, written.fileno())
    for number in range(3):
        log.info("cycle.done", number=number)
    os.dup2(kept, written.fileno())
    log.info("cycle.done", number=3)
    log.info("cycle.done", number=4)
    said = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [(each["number"], each.get("lines_lost")) for each in said] == [(3, 3), (4, None)]
    for each in (full, kept):
        os.close(each)
    written.close()
