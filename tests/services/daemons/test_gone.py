"""A daemon that is gone keeps nothing: what it had in hand is another's."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from scheduler.domain.record.daemon_state import GONE, GOVERNS, STOPPED
from scheduler.services import daemons as peers
from scheduler.services import processes
from scheduler.services.processes import is_gone, new_name
from scheduler.store import claims, delivery, outbox, partnerships
from tests import daemons as on_record
from tests.services.daemons.conftest import Host
from tests.services.town import DAY_ONE
from tests.store.remembered import ACME_GLOBEX, a_row
from tests.store.test_outbox import a_letter

Start = Callable[..., Host]


def name_of_a_process_that_ended() -> str:
    told = "from scheduler.services.processes import new_name; print(new_name())"
    return subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout.strip()


def put_letter(host: Host, claimed_by: str) -> None:
    with host.app.store.write() as db:
        partnerships.save(db, a_row())
        outbox.add(db, [a_letter("x", created_at=DAY_ONE, due_at=DAY_ONE, expires_at=None)])
        assert len(delivery.claim(db, claimed_by, DAY_ONE)) == 1


def states(host: Host) -> list[str]:
    with host.app.store.read() as db:
        return [each.state for each in outbox.listing(db)]


def test_no_two_names_are_the_same_and_a_process_that_lives_is_not_gone() -> None:
    names = [new_name() for _ in range(100)]
    assert len({*names}) == 100
    assert not any(map(is_gone, names))
    assert is_gone(name_of_a_process_that_ended())


def test_a_number_that_another_process_bears_now_is_not_taken_for_the_one_before() -> None:
    host, pid, which = new_name().rsplit("/", 2)
    _started, *rest = which.split("-")
    assert is_gone("/".join([host, pid, "-".join(["1", *rest])]))


@pytest.mark.parametrize("name", ["one", "courier-5f1c02", "alpha/4711/token", "alpha/x/1-2-3", ""])
def test_of_a_name_of_another_kind_nothing_is_known(name: str) -> None:
    assert not is_gone(name)


def test_of_a_process_on_another_machine_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = name_of_a_process_that_ended()
    monkeypatch.setattr(processes, "_kernel", lambda: "another1")
    assert not is_gone(ended)


def test_where_the_system_tells_nothing_of_its_processes_a_signal_that_does_nothing_asks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: "os.PathLike[str]"
) -> None:
    monkeypatch.setattr(processes, "_PROC", tmp_path)
    assert not is_gone(new_name())
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host, _pid, which = new_name().rsplit("/", 2)
    assert is_gone(f"{host}/{ended.pid}/{which}")


def test_what_one_of_this_machine_had_claimed_is_due_at_once(host: Start) -> None:
    alpha = host("alpha")
    put_letter(alpha, f"{name_of_a_process_that_ended()} mail")
    peers.see_to_the_gone(alpha.app)
    assert states(alpha) == ["due"]


def test_a_partnership_that_one_of_this_machine_had_claimed_is_free_at_once(host: Start) -> None:
    alpha, ended = host("alpha"), name_of_a_process_that_ended()
    with alpha.app.store.write() as db:
        partnerships.save(db, a_row())
        claims.take(db, "partnership", [ACME_GLOBEX], ended)
        claims.take(db, "person", ["tom.reyes@globex.example"], ended)
        assert claims.take(db, "partnership", [ACME_GLOBEX], alpha.app.by) == []
    peers.see_to_the_gone(alpha.app)
    with alpha.app.store.write() as db:
        assert claims.take(db, "partnership", [ACME_GLOBEX], alpha.app.by) == [ACME_GLOBEX]
        assert claims.take(db, "person", ["tom.reyes@globex.example"], alpha.app.by) != []


def test_what_one_elsewhere_has_claimed_is_due_once_it_was_not_heard_of_for_two_minutes(host: Start) -> None:
    alpha, beta = host("alpha"), host("beta")
    put_letter(alpha, f"{beta.app.by} mail")
    beta.is_silent_for(seconds=100)
    peers.see_to_the_gone(alpha.app)
    assert states(alpha) == ["claimed"]
    beta.is_silent_for(seconds=130)
    peers.see_to_the_gone(alpha.app)
    assert states(alpha) == ["due"]


def test_a_start_takes_nothing_from_those_that_are_alive(host: Start) -> None:
    alpha = host("alpha")
    put_letter(alpha, f"{alpha.app.by} mail")
    host("beta")
    assert states(alpha) == ["claimed"]


def test_one_of_this_machine_whose_process_ended_is_gone_at_once_and_is_told(host: Start) -> None:
    alpha, ended = host("alpha"), name_of_a_process_that_ended()
    with alpha.app.store.write() as db:
        on_record.put(db, ended)
    peers.see_to_the_gone(alpha.app)
    assert {each.process: each.state for each in alpha.known()}[ended] == GONE
    assert alpha.log.of("daemon.gone") == [{"process": ended}]
    peers.see_to_the_gone(alpha.app)
    assert len(alpha.log.of("daemon.gone")) == 1


def test_two_on_one_host_are_told_apart_and_one_that_starts_takes_the_place_of_the_one_that_is_over(
    host: Start,
) -> None:
    one = host("alpha")
    two = Host(replace(one.app, by=new_name()), one.log)
    peers.begin(two.app)
    assert len(one.known()) == 2
    two.stops()
    three = two.starts_again()
    assert {each.process for each in one.known()} == {one.app.by, three.app.by}


def test_one_that_is_gone_for_a_day_is_forgotten_where_another_runs(host: Start) -> None:
    alpha = host("alpha")
    beta, gamma = host("beta"), host("gamma")
    beta.is_silent_for(hours=23)
    gamma.is_silent_for(hours=25)
    delta = host("delta")
    assert [each.name for each in delta.known()] == ["alpha", "beta", "delta"]
    assert [each.is_running for each in alpha.known()] == [True, False, True]


def test_what_it_does_is_on_record(host: Start) -> None:
    alpha = host("alpha")
    alpha.define()
    alpha.cycle()
    [seen] = alpha.known()
    assert (seen.name, seen.pid, seen.state, seen.folder) == (
        "alpha",
        os.getpid(),
        GOVERNS,
        str(alpha.definitions),
    )
    assert seen.environment.fingerprint == alpha.app.environment
    alpha.stops()
    assert [each.state for each in alpha.known()] == [STOPPED]
