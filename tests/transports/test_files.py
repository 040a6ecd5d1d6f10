"""What is written into a folder is there whole or not at all, inside the folder, and touched only when it differs."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.errors import UserError
from scheduler.transports import eml_folder
from scheduler.transports.delivery_errors import DeliveryError
from scheduler.transports.files import remove, write

AGENDA = "agendas/acme-globex/pipeline/2026-W49.md"


def everything(root: Path) -> set[str]:
    """All files below `root`, hidden ones too."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_review_id_becomes_a_path_of_folders(tmp_path: Path) -> None:
    assert write(tmp_path, AGENDA, "# Pipeline — Inès and Dev\n")
    assert (tmp_path / AGENDA).read_text("utf-8") == "# Pipeline — Inès and Dev\n"
    assert everything(tmp_path) == {AGENDA}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes files for others")
def test_what_root_writes_belongs_to_whom_the_folder_belongs(tmp_path: Path) -> None:
    """`cadence once` by root beside the service, which is another user and goes on writing there."""
    os.chown(tmp_path, 65534, 65534)
    assert write(tmp_path / "data", AGENDA, "# Pipeline\n")
    assert write(tmp_path / "data", AGENDA, "# Pipeline, again\n")
    eml_folder.put(tmp_path / "data" / "outbox", "1.eml", b"Subject: Hello\r\n")
    assert {path.stat().st_uid for path in tmp_path.rglob("*")} == {65534}


def test_the_root_is_made_where_it_is_missing(tmp_path: Path) -> None:
    assert write(tmp_path / "export" / "new", "calendars/acme-globex.ics", b"BEGIN:VCALENDAR\r\n")
    assert (tmp_path / "export/new/calendars/acme-globex.ics").read_bytes() == b"BEGIN:VCALENDAR\r\n"


def test_equal_content_touches_nothing(tmp_path: Path) -> None:
    write(tmp_path, AGENDA, "same")
    before = (tmp_path / AGENDA).stat()
    assert not write(tmp_path, AGENDA, b"same")
    after = (tmp_path / AGENDA).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_other_content_replaces_the_file_in_one_step(tmp_path: Path) -> None:
    """Whoever has the old file open goes on reading the old file, whole."""
    write(tmp_path, AGENDA, "old " * 1000)
    with (tmp_path / AGENDA).open() as reading:
        assert reading.read(4) == "old "
        assert write(tmp_path, AGENDA, "new")
        assert reading.read() == "old " * 999
    assert (tmp_path / AGENDA).read_text() == "new"


def test_a_person_s_mail_address_is_a_file_name(tmp_path: Path) -> None:
    assert write(tmp_path, "calendars/people/ines.falk+work@acme.example.ics", "x")


@pytest.mark.parametrize(
    "relative",
    [
        "../outside.md",
        "agendas/../../outside.md",
        "agendas/..",
        "/etc/cadence.md",
        "agendas//x.md",
        "agendas/",
        "",
        ".",
        "./x.md",
        ".hidden",
        "a\0b",
        "a\nb.md",
    ],
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, relative: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    with pytest.raises(DeliveryError, match="no path inside a folder"):
        write(root, relative, "evil")
    with pytest.raises(DeliveryError):
        remove(root, relative)
    assert everything(tmp_path) == set()


@given(st.text(max_size=40))
def test_whatever_the_name_the_file_is_inside_or_refused(
    tmp_path_factory: pytest.TempPathFactory, relative: str
) -> None:
    outer = tmp_path_factory.mktemp("any", numbered=True)
    try:
        write(outer / "root", relative, "x")
    except DeliveryError:
        assert everything(outer) == set()
    else:
        assert everything(outer) == {f"root/{relative}"}


def test_a_name_longer_than_a_file_system_allows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="too long"):
        write(tmp_path, "é" * 130, "x")
    assert write(tmp_path, "é" * 125, "x")


def test_a_link_in_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "root"
    elsewhere.mkdir()
    root.mkdir()
    (root / "agendas").symlink_to(elsewhere)
    with pytest.raises(DeliveryError, match="a link stands where a folder is needed"):
        write(root, "agendas/x.md", "secret")
    assert everything(elsewhere) == set()


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "diary.txt"
    target.write_text("Marta's diary")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "x.md").symlink_to(target)
    with pytest.raises(DeliveryError, match="symbolic link"):
        write(tmp_path / "root", "x.md", "Marta's diary")
    assert target.read_text() == "Marta's diary"


def test_a_link_in_place_of_the_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "diary.txt"
    target.write_text("Marta's diary")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / ".x.md.new").symlink_to(target)
    with pytest.raises(DeliveryError, match="symbolic link"):
        write(tmp_path / "root", "x.md", "agenda")
    assert target.read_text() == "Marta's diary"


def test_the_root_itself_may_be_a_link(tmp_path: Path) -> None:
    """It is the operator's word where files go; only what lies below is not trusted."""
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "disk")
    assert write(tmp_path / "data", "x.md", "x")
    assert everything(tmp_path / "disk") == {"x.md"}


def test_a_folder_in_place_of_the_file_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    with pytest.raises(DeliveryError, match="a folder stands where the file is to be") as raised:
        write(tmp_path, "x.md", "x")
    assert raised.value.hint == "move it away"
    assert isinstance(raised.value, UserError)


def test_a_file_in_place_of_a_folder_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "agendas").write_text("")
    with pytest.raises(DeliveryError, match="a file or a link stands where a folder is needed"):
        write(tmp_path, "agendas/x.md", "x")


def test_a_disk_that_is_full_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    """The limit on a file's size stands in for the disk's: the write fails half way through."""
    write(tmp_path, AGENDA, "old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        with pytest.raises(DeliveryError, match="cannot be written"):
            write(tmp_path, AGENDA, "new " * 4096)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / AGENDA).read_text() == "old"
    assert everything(tmp_path) == {AGENDA}


def test_a_writer_killed_half_way_leaves_the_old_file_and_the_next_one_clears_up(tmp_path: Path) -> None:
    write(tmp_path, AGENDA, "old")
    killed = subprocess.run(
        [sys.executable, "-c", dedent(f"""
            import os
            from pathlib import Path
            from scheduler.transports import files
            os.fsync = lambda fd: os._exit(9)
            files.write(Path({str(tmp_path)!r}), {AGENDA!r}, "half of the new one")
        """)],
        check=False,
    )  # fmt: skip
    assert killed.returncode == 9
    assert (tmp_path / AGENDA).read_text() == "old"
    assert write(tmp_path, AGENDA, "new")
    assert (tmp_path / AGENDA).read_text() == "new"
    assert everything(tmp_path) == {AGENDA}


def test_writers_of_one_file_take_turns(tmp_path: Path) -> None:
    """Six processes write one of two texts over and over; whoever reads sees one of them, whole."""
    script = dedent(f"""
        import sys
        from pathlib import Path
        from scheduler.transports import files
        for turn in range(15):
            files.write(Path({str(tmp_path)!r}), "x.md", "ab"[(turn + int(sys.argv[1])) % 2] * 50_000)
    """)
    writers = [subprocess.Popen([sys.executable, "-c", script, str(number)]) for number in range(6)]
    seen: set[str] = set()
    while any(writer.poll() is None for writer in writers):
        if (tmp_path / "x.md").exists():
            seen.add((tmp_path / "x.md").read_text())
    assert [writer.returncode for writer in writers] == [0] * 6
    assert seen <= {"a" * 50_000, "b" * 50_000}
    assert everything(tmp_path) == {"x.md"}


def test_a_file_is_removed_once(tmp_path: Path) -> None:
    write(tmp_path, AGENDA, "x")
    write(tmp_path, "agendas/acme-globex/pipeline/2026-W50.md", "y")
    assert remove(tmp_path, AGENDA)
    assert not remove(tmp_path, AGENDA)
    assert not remove(tmp_path, "agendas/never/there.md")
    assert not remove(tmp_path / "nowhere", AGENDA)
    assert everything(tmp_path) == {"agendas/acme-globex/pipeline/2026-W50.md"}


def test_removing_a_link_leaves_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("Marta's diary")
    (tmp_path / "x.md").symlink_to(tmp_path / "diary.txt")
    assert remove(tmp_path, "x.md")
    assert everything(tmp_path) == {"diary.txt"}


def test_nothing_stays_open(tmp_path: Path) -> None:
    (tmp_path / "x.md").mkdir()
    before = open_files()
    for _ in range(20):
        write(tmp_path, AGENDA, "x")
        with pytest.raises(DeliveryError):
            write(tmp_path, "x.md", "x")
    assert open_files() == before
