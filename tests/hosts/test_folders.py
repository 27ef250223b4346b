"""Links in the way of backups, folders that go again after an error, and what killed processes left."""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import pytest

import xlbudget.cli
import xlbudget.export.docx
import xlbudget.export.pdf
from benchmarks.kill import NAME
from tests.files import snapshot
from tests.hosts.test_files_whole import (  # noqa: F401  (fixtures)
    BACKUP,
    IN_PLACE,
    Books,
    Command,
    books,
    command,
    folder,
    links,
    meanwhile,
    posix,
)
from xlbudget import app
from xlbudget.files.workfolder import work_folder

# ruff: noqa: F811

# -- links in the way ----------------------------------------------------------------------------------


@pytest.mark.parametrize("meant", ["有.xlsx", "没有.xlsx", "夹", "没有/x.xlsx"])
def test_backup_does_not_go_through_a_link(folder: Path, books: Books, command: Command, meant: str) -> None:
    """Whatever a link at the name of the backup means, the backup takes the next name."""
    elsewhere = folder / "elsewhere"
    (elsewhere / "夹").mkdir(parents=True)
    (elsewhere / "有.xlsx").write_bytes(b"somebody's")
    (folder / BACKUP).symlink_to(elsewhere / meant)
    before = snapshot(elsewhere)
    assert command(*IN_PLACE).code == 0
    assert snapshot(elsewhere) == before
    assert (folder / BACKUP).readlink() == elsewhere / meant
    assert (folder / "监控-备份2.xlsx").read_bytes() == books.old
    assert (folder / NAME).read_bytes() == books.new


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize("meant", ["有.xlsx", "没有.xlsx"])
def test_a_link_that_takes_the_name_meanwhile(
    folder: Path, books: Books, command: Command, monkeypatch: pytest.MonkeyPatch, meant: str
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "有.xlsx").write_bytes(b"somebody's")
    before = snapshot(elsewhere)
    meanwhile(monkeypatch, os, "fsync", lambda: (folder / BACKUP).symlink_to(elsewhere / meant))
    assert command(*IN_PLACE).code == 2
    assert snapshot(elsewhere) == before
    assert (folder / NAME).read_bytes() == books.old


# -- folders -------------------------------------------------------------------------------------------


def test_folder_of_forms_goes_when_they_cannot_be_written(
    folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is made last, and nothing is left of it after an error; one that was there stays as it was."""
    before = snapshot(folder)
    places: list[bool] = []

    def none(*_: object) -> NoReturn:
        places.append((folder / "表").exists())
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(xlbudget.export.docx, "render_docx", none)
        with pytest.raises(OSError, match="No space"):
            app.run(folder / NAME, app.Destinations(folder / "o.xlsx", forms=folder / "表"))
    assert not any(places)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", none)
        assert command("run", NAME, "--forms", "表").code == 2
    assert places[-1]
    assert snapshot(folder) == before
    (folder / "表").mkdir()
    (folder / "表" / "我的.txt").write_bytes(b"mine")
    before = snapshot(folder)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", none)
        assert command("run", NAME, "--forms", "表").code == 2
    assert snapshot(folder) == before
    assert command("run", NAME, "--forms", "表").code == 0
    assert len(list((folder / "表").glob("*.docx"))) == 4


def test_folder_of_forms_is_not_made_for_a_workbook_that_is_none(folder: Path, command: Command) -> None:
    (folder / "a.xlsx").write_bytes(b"x")
    before = snapshot(folder)
    assert command("run", "a.xlsx", "--forms", "表").code == 2
    assert snapshot(folder) == before


@posix
@pytest.mark.parametrize("moment", ["run", "replace"])
def test_demo_sweeps_what_a_killed_one_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Killed while it makes things, or between taking the old folder away and putting the new one in its place."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(xlbudget.export.pdf, "render_pdf", lambda _: b"pdf")
    monkeypatch.setattr(sys, "argv", ["xlbudget", "demo", "d"])
    assert xlbudget.cli._run() == 0
    whole = snapshot(tmp_path)
    process = os.fork()
    if not process:
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if moment == "run":
            monkeypatch.setattr(app, "run", die)
        else:
            real = os.replace
            monkeypatch.setattr(os, "replace", lambda a, b: die() if Path(b).name == "d" else real(a, b))
        xlbudget.cli._run()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    left = [path.name for path in tmp_path.iterdir() if path.name.startswith(".xlbudget-")]
    assert len(left) == 1
    assert (tmp_path / "d").exists() == (moment == "run")
    assert xlbudget.cli._run() == 0
    assert snapshot(tmp_path) == whole


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_work_folders_of_the_living_and_of_others_stay(tmp_path: Path) -> None:
    foreign = tmp_path / ".xlbudget-mine"
    foreign.mkdir()
    (foreign / "a.txt").write_bytes(b"mine")
    young, old, before = (tmp_path / f".xlbudget-{name}" for name in ("young", "old", "before"))
    young.mkdir()
    old.mkdir()
    os.utime(old, (1_600_000_000, 1_600_000_000))
    (before / "demo").mkdir(parents=True)
    (tmp_path / ".xlbudget-link").symlink_to(foreign)
    (tmp_path / ".xlbudget-x.tmp").write_bytes(b"x")
    with work_folder(tmp_path) as first, work_folder(tmp_path) as second:
        assert first.exists()
        assert second.exists()
    assert {path.name for path in tmp_path.iterdir()} == {
        ".xlbudget-mine", ".xlbudget-young", ".xlbudget-link", ".xlbudget-x.tmp",
    }  # fmt: skip
