"""Whatever happens while files are written, each is the old or the new one, whole, and nobody's work is lost."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple, NoReturn

import pytest

import xlbudget.cli
from benchmarks.kill import NAME, PROCESS, Killer, fault
from tests.files import mark, snapshot
from xlbudget import app
from xlbudget.app import filling
from xlbudget.files import CannotWrite
from xlbudget.files import writing as files

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and signals that kill (POSIX)")
BACKUP = "监控-备份.xlsx"
IN_PLACE = ("run", NAME, "--in-place")


class Books(NamedTuple):
    """The sample before and after `run`, as bytes."""

    old: bytes
    new: bytes


@pytest.fixture(scope="module")
def books(sample_bytes: bytes, tmp_path_factory: pytest.TempPathFactory) -> Books:
    path = tmp_path_factory.mktemp("books") / NAME
    path.write_bytes(sample_bytes)
    app.run(path, app.Destinations(path, in_place=True))
    return Books(sample_bytes, path.read_bytes())


@pytest.fixture
def folder(tmp_path: Path, books: Books, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the workbook and an older Word report; commands run there."""
    place = tmp_path / "work"
    place.mkdir()
    (place / NAME).write_bytes(books.old)
    (place / "r.docx").write_bytes(b"old report")
    monkeypatch.chdir(place)
    return place


class Result(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[..., Result]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `xlbudget …` in this process."""

    def run(*arguments: str | Path) -> Result:
        monkeypatch.setattr(sys, "argv", ["xlbudget", *map(str, arguments)])
        capsys.readouterr()
        return Result(xlbudget.cli._run(), *capsys.readouterr())

    return run


def write_sloppily(outputs: list[tuple[Path, bytes]], original: files.Original) -> None:
    """What this project must not do: the file itself is opened and written, piece by piece; the negative control."""
    original.backup.write_bytes(original.content)
    for path, content in outputs:
        with path.open("wb", buffering=0) as file:
            for start in range(0, len(content), 1024):
                file.write(content[start : start + 1024])
                os.fsync(file.fileno())


# -- killed --------------------------------------------------------------------------------------------


KILLS = 80
"""benchmarks/kill.py does it as often as one likes."""


@posix
def test_killed_at_random_moments(tmp_path: Path) -> None:
    """Forks of this process, over a whole run and, denser, over the time in which it writes."""
    killer = Killer(tmp_path / "run")
    killer.kill(KILLS)
    assert killer.faults == []
    assert killer.counts["old"] + killer.counts["new"] == KILLS
    assert killer.counts["new"] > 0
    assert killer.counts["old, and something beside it"] > 0


@posix
def test_killed_processes_of_their_own(tmp_path: Path) -> None:
    killer = Killer(tmp_path / "run", own=True)
    killer.kill(5)
    assert killer.faults == []
    assert killer.counts["old"] + killer.counts["new"] == 5


@posix
def test_random_kills_find_a_sloppy_writer(tmp_path: Path) -> None:
    killer = Killer(tmp_path / "run", write_sloppily)
    killer.kill(20)
    assert killer.counts["broken"] > 0
    assert killer.faults


def in_fork(step: Callable[[], None]) -> int:
    """Do something in a fork; its exit code: negative when a signal killed it, 77 when it cannot write."""
    process = os.fork()
    if not process:
        code = 70
        try:
            step()
            code = 0
        except CannotWrite:
            code = 77
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


CANNOT_WRITE = 77
WriteAll = Callable[[list[tuple[Path, bytes]], files.Original], None]


def kills_by_line(
    folder: Path, books: Books, write_all: WriteAll, module: str
) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Kill the writer before its first line, its second … until it gets through: number, fault, what is left."""
    path = folder / NAME
    for number in range(1, 2000):
        shutil.rmtree(folder)
        folder.mkdir()
        path.write_bytes(books.old)
        left = number

        def trace(frame: FrameType, event: str, _: object) -> Any:
            nonlocal left
            if frame.f_code.co_filename != module:
                return None
            left -= event == "line"
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return trace

        def step() -> None:
            original = files.Original.of(path, books.old)
            sys.settrace(trace)
            write_all([(path, books.new)], original)

        code = in_fork(step)
        yield number, fault(folder, books.old, books.new), snapshot(folder)
        if code == 0:
            return
        assert code == -signal.SIGKILL
    raise AssertionError("the writer never gets through")


@posix
def test_killed_before_every_line(tmp_path: Path, books: Books) -> None:
    """Also: the backup is there before the original is replaced, and what a killed process left is known as ours."""
    work = tmp_path / "work"
    work.mkdir()
    seen = list(kills_by_line(work, books, files.write_all, files.__file__))
    assert [(number, wrong) for number, wrong, _ in seen if wrong] == []
    assert len(seen) > 50
    states = list(
        dict.fromkeys((left[NAME] == mark(books.new), left.get(BACKUP) is not None) for *_, left in seen)
    )
    assert states == [(False, False), (False, True), (True, True)]
    assert snapshot(work) == {NAME: mark(books.new), BACKUP: mark(books.old)}


@posix
def test_kills_by_line_find_a_sloppy_writer(tmp_path: Path, books: Books) -> None:
    work = tmp_path / "work"
    work.mkdir()
    wrong = [wrong for _, wrong, _ in kills_by_line(work, books, write_sloppily, __file__) if wrong]
    assert any("neither old nor new" in one for one in wrong)


# -- disk full -----------------------------------------------------------------------------------------


def sizes(books: Books) -> list[int]:
    """Where a file may be cut off: at its start, in the middle, and a byte before the end of each of the two."""
    ends = [len(content) - back for content in books for back in (1, 0)]
    return sorted({0, 1, 4095, 4096, *range(8192, max(ends), 8192), *ends})


@posix
@pytest.mark.parametrize("deadly", [False, True], ids=["error", "killed"])
def test_no_room_for_a_file(folder: Path, books: Books, deadly: bool) -> None:
    """The system lets files grow to a limit only; beyond, writing fails, or the process dies in mid-write."""
    import resource

    before = snapshot(folder)
    for limit in sizes(books):

        def step(limit: int = limit) -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL if deadly else signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            original = files.Original.of(Path(NAME), books.old)
            files.write_all([(Path("r.docx"), b"new report"), (Path(NAME), books.new)], original)

        code = in_fork(step)
        left = {name: data for name, data in snapshot(folder).items() if not name.endswith(".tmp")}
        if limit < max(map(len, books)):
            assert (code, left) == (-signal.SIGXFSZ if deadly else CANNOT_WRITE, before), limit
        else:
            assert (code, left[NAME], left[BACKUP]) == (0, mark(books.new), mark(books.old))


class Refusing:
    """The module `os` or `tempfile` for the writer, whose n-th call to the system fails."""

    CALLS = (
        "access",
        "chmod",
        "chown",
        "close",
        "fdopen",
        "fsync",
        "link",
        "mkstemp",
        "open",
        "replace",
        "scandir",
    )

    def __init__(self, module: ModuleType, countdown: list[int]) -> None:
        self._module, self._countdown = module, countdown

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._module, name)
        if name not in self.CALLS:
            return real

        def call(*given: Any, **more: Any) -> Any:
            self._countdown[0] -= 1
            if self._countdown[0] == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*given, **more)

        return call


def with_failing_call(
    folder: Path, books: Books, monkeypatch: pytest.MonkeyPatch, number: int
) -> tuple[str, bool]:
    """Write three files while the n-th call fails; the message, empty when all was written, and whether one failed."""
    countdown = [number]
    outputs = [(folder / "r.docx", b"new"), (folder / "n.docx", b"n"), (folder / NAME, books.new)]
    original = files.Original.of(folder / NAME, books.old)
    with monkeypatch.context() as patch:
        for name in ("os", "tempfile"):
            patch.setattr(files, name, Refusing(getattr(files, name), countdown))
        try:
            files.write_all(outputs, original)
        except CannotWrite as error:
            return str(error), True
    return "", countdown[0] <= 0


def test_disk_full_at_every_call(folder: Path, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call fails: nothing is changed and it is said, or all is written."""
    fresh = snapshot(folder)
    written = {NAME: mark(books.new), BACKUP: mark(books.old), "r.docx": mark(b"new"), "n.docx": mark(b"n")}
    messages: list[str] = []
    failed = True
    while failed:
        message, failed = with_failing_call(folder, books, monkeypatch, len(messages) + 1)
        messages.append(message)
        assert snapshot(folder) == (fresh if message else written), messages
        for name in written:
            (folder / name).unlink(missing_ok=True)
        (folder / NAME).write_bytes(books.old)
        (folder / "r.docx").write_bytes(b"old report")
    refused = [message for message in messages if message]
    assert len(refused) > 15
    assert all("磁盘满了" in message for message in refused)


def test_order_on_the_disk(folder: Path, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contents are on the disk before they get their names, the name of the backup before the original goes.

    (Only a power cut would tell; the order of the calls is what we can see.)
    """
    calls: list[str] = []
    real = {name: getattr(os, name) for name in ("fsync", "link", "replace")}

    def sync(handle: int) -> None:
        calls.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        real["fsync"](handle)

    def placing(name: str) -> Callable[[str, Path], None]:
        def place(source: str, target: Path) -> None:
            calls.append(f"{name} {target.name}")
            real[name](source, target)

        return place

    monkeypatch.setattr(os, "fsync", sync)
    for name in ("link", "replace"):
        monkeypatch.setattr(os, name, placing(name))
    original = files.Original.of(folder / NAME, books.old)
    files.write_all([(folder / "r.docx", b"new"), (folder / NAME, books.new)], original)
    folders = [] if os.name == "nt" else ["sync folder"]
    placed = [f"link {BACKUP}", "replace r.docx", *folders, f"replace {NAME}", *folders]
    assert calls == ["sync file"] * 3 + placed


TMPFS = """
mount -t tmpfs -o size={size}k none "$1/disk" && cp "$1/{name}" "$1/disk" && cd "$1/disk" && {{
"$2" -m xlbudget run {name} --in-place --json >/dev/null 2>"$1/err"
echo $? >"$1/code"; mkdir "$1/left"; cp -a . "$1/left"; }}
"""


def private_mounts() -> bool:
    """Whether we may mount a file system that nobody else sees."""
    return (
        shutil.which("unshare") is not None
        and subprocess.run(
            ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True, check=False
        ).returncode
        == 0
    )


@pytest.mark.skipif(not private_mounts(), reason="needs the right to mount a small disk (Linux, root)")
@pytest.mark.parametrize(("size", "code"), [(40, 2), (80, 2), (100, 2), (400, 0)])
def test_small_disk(tmp_path: Path, books: Books, size: int, code: int) -> None:
    """A disk of so many KiB: room for the file, for the backup too, for a part of the rest, for all."""
    for name in ("disk", "large"):
        (tmp_path / name).mkdir()
    for place in (tmp_path, tmp_path / "large"):
        (place / NAME).write_bytes(books.old)
    script = TMPFS.format(size=size, name=NAME)
    subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", tmp_path, sys.executable], check=True)
    assert (tmp_path / "code").read_text().strip() == str(code)
    left = snapshot(tmp_path / "left")
    if code:
        assert "磁盘满了" in (tmp_path / "err").read_text("utf-8")
        assert left == {NAME: mark(books.old)}
    else:
        subprocess.run([*PROCESS, *IN_PLACE], cwd=tmp_path / "large", capture_output=True, check=True)
        assert left == snapshot(tmp_path / "large")
        assert left[BACKUP] == mark(books.old)


def test_what_cannot_be_undone_is_said(folder: Path, books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails for good after the first output: the message names the file that is already new."""
    real = os.replace
    done: list[Path] = []

    def once(source: str, target: Path) -> None:
        if done:
            raise OSError(errno.EIO, "Input/output error")
        real(source, target)
        done.append(target)

    monkeypatch.setattr(os, "replace", once)
    with pytest.raises(CannotWrite, match=r"磁盘读写出错.*“.*r.docx”已经是这一次的内容"):
        files.write_all([(folder / "r.docx", b"new"), (folder / NAME, books.new)])
    assert (folder / NAME).read_bytes() == books.old


# -- changed by somebody else --------------------------------------------------------------------------


def saved_by_excel(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes() + b"somebody's work")
    os.replace(other, path)


def same_size_and_time(path: Path) -> None:
    known, content = path.stat(), bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


def half_written(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def renamed(path: Path) -> None:
    path.rename(path.with_name("别名.xlsx"))


CHANGES = (saved_by_excel, same_size_and_time, half_written, renamed, Path.unlink)
MOMENTS = {
    "computing": (filling, "fill_workbook"),
    "preparing": (os, "fsync"),
    "backup in place": (os, "link"),
}


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, place: ModuleType, name: str, change: Callable[[], object]
) -> None:
    """Do something once, just after a function was called for the first time."""
    real = getattr(place, name)
    waiting = [change]

    def call(*given: Any, **more: Any) -> Any:
        result = real(*given, **more)
        if waiting:
            waiting.pop()()
        return result

    monkeypatch.setattr(place, name, call)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize("change", CHANGES, ids=[one.__name__ for one in CHANGES])
def test_changed_meanwhile(
    folder: Path,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    moment: tuple[ModuleType, str],
    change: Callable[[Path], object],
) -> None:
    after: dict[str, str] = {}

    def interfere() -> None:
        change(folder / NAME)
        after.update(snapshot(folder))

    monkeypatch.setattr("xlbudget.export.docx.render_docx", lambda _: b"new report")
    meanwhile(monkeypatch, *moment, interfere)
    result = command(*IN_PLACE, "--docx", "r.docx", "--json")
    assert (result.code, result.out) == (2, "")
    words = ("移走或删除",) if change in (renamed, Path.unlink) else ("改过", "没有覆盖")
    assert [word for word in (NAME, "计算期间", "再运行一次", *words) if word not in result.err] == []
    left = snapshot(folder)
    assert left == {
        name: data for name, data in after.items() if not name.endswith(".tmp") and name != BACKUP
    }
    assert left["r.docx"] == mark(b"old report")


@pytest.mark.parametrize("change", [Path.touch, lambda path: path.chmod(0o640)], ids=["touched", "mode"])
def test_same_content_is_no_change(
    folder: Path,
    books: Books,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], object],
) -> None:
    meanwhile(monkeypatch, filling, "fill_workbook", lambda: change(folder / NAME))
    assert command(*IN_PLACE).code == 0
    assert (folder / NAME).read_bytes() == books.new


def test_only_in_place_minds_changes(
    folder: Path, books: Books, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An output is replaced whatever it is; the source is not written to."""
    meanwhile(monkeypatch, filling, "fill_workbook", lambda: saved_by_excel(folder / NAME))
    assert command("run", NAME, "-o", "out.xlsx").code == 0
    assert (folder / NAME).read_bytes() == books.old + b"somebody's work"
    assert (folder / "out.xlsx").read_bytes() == books.new


@pytest.fixture(params=[True, False], ids=["hard links", "FAT"])
def links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a disk with hard links, and on one without."""

    def none(*_: object) -> NoReturn:
        raise OSError(errno.EPERM, "Operation not permitted")

    if not request.param:
        monkeypatch.setattr(os, "link", none)


@pytest.mark.usefixtures("links")
def test_name_of_the_backup_taken_meanwhile(
    folder: Path, books: Books, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, os, "fsync", lambda: (folder / BACKUP).write_bytes(b"somebody's"))
    result = command(*IN_PLACE)
    assert result.code == 2
    assert BACKUP in result.err
    assert "再运行一次" in result.err
    assert (folder / BACKUP).read_bytes() == b"somebody's"
    assert (folder / NAME).read_bytes() == books.old
    assert command(*IN_PLACE).code == 0
    assert (folder / "监控-备份2.xlsx").read_bytes() == books.old
    assert len(snapshot(folder)) == 4


@posix
def test_two_at_once(folder: Path, books: Books) -> None:
    """Two runs on one file: it is the new one, no backup is lost, and who comes too late is told."""
    for _ in range(10):
        (folder / NAME).write_bytes(books.old)
        for path in folder.glob("*备份*"):
            path.unlink()
        started = []
        for _ in range(2):
            process = os.fork()
            if not process:
                sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
                sys.argv = ["xlbudget", *IN_PLACE]
                os._exit(xlbudget.cli._run())
            started.append(process)
        codes = {os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in started}
        assert 0 in codes
        assert codes <= {0, 2}
        assert fault_of_two(folder, books) == ""


def fault_of_two(folder: Path, books: Books) -> str:
    backups = {path.read_bytes() for path in folder.glob("*备份*")}
    whole = books.old in backups and backups <= set(books) and (folder / NAME).read_bytes() == books.new
    return "" if whole and not list(folder.glob("*.tmp")) else str(snapshot(folder))


# -- open elsewhere ------------------------------------------------------------------------------------

LOCKS = {"Excel": f"~${NAME}", "WPS": f".~{NAME}", "LibreOffice": f".~lock.{NAME}#"}


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_open_in_an_office_program(folder: Path, books: Books, command: Command, lock: str) -> None:
    """In place is refused before any work, with what to do, also when nobody has it open; the rest goes on."""
    (folder / lock).write_bytes(b"somebody")
    before = snapshot(folder)
    result = command(*IN_PLACE, "--json")
    assert (result.code, result.out) == (2, "")
    for word in (NAME, "打开", f"“{lock}”", "保存并关闭", "没有改动", "删除"):
        assert word in result.err
    assert snapshot(folder) == before
    assert command("check", NAME).code == 0
    assert command("run", NAME, "-o", "out.xlsx").code == 0
    (folder / lock).unlink()
    assert command(*IN_PLACE).code == 0
    assert (folder / NAME).read_bytes() == books.new


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_opened_meanwhile(
    folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch, moment: tuple[ModuleType, str]
) -> None:
    before = snapshot(folder)
    meanwhile(monkeypatch, *moment, (folder / LOCKS["LibreOffice"]).touch)
    result = command(*IN_PLACE)
    assert result.code == 2
    assert "保存并关闭" in result.err
    assert snapshot(folder) == before | {LOCKS["LibreOffice"]: mark(b"")}


def test_open_behind_a_link(folder: Path, command: Command) -> None:
    """LibreOffice resolves a link before it locks; a lock beside the link counts too."""
    (folder / "other").mkdir()
    link = folder / "other" / "链接.xlsx"
    link.symlink_to(folder / NAME)
    for lock in (folder / LOCKS["LibreOffice"], link.with_name("~$链接.xlsx")):
        lock.touch()
        assert command("run", link, "--in-place").code == 2
        lock.unlink()
    assert command("run", link, "--in-place").code == 0
    assert link.is_symlink()


@pytest.mark.parametrize("name", [f"~${NAME}x", f"~$2{NAME}", ".~lock.2监控.xlsx#", "~$r.docx", f"{NAME}#"])
def test_locks_of_other_files(folder: Path, command: Command, name: str) -> None:
    (folder / name).touch()
    assert command(*IN_PLACE).code == 0


# -- Windows -------------------------------------------------------------------------------------------


def held(code: int) -> PermissionError:
    """What Windows raises when another program holds a file."""
    error = PermissionError(errno.EACCES, "Permission denied")
    vars(error)["winerror"] = code
    return error


@pytest.mark.parametrize("code", [5, 32, 33])
@pytest.mark.parametrize("times", [1, 3, 99])
def test_held_by_another_program(
    folder: Path, books: Books, command: Command, monkeypatch: pytest.MonkeyPatch, code: int, times: int
) -> None:
    """A virus scanner lets go soon; Excel does not, and is named."""
    before = snapshot(folder)
    real, left = os.replace, [times]
    slept: list[float] = []

    def replace(source: str, target: Path) -> None:
        left[0] -= 1
        if left[0] >= 0:
            raise held(code)
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(time, "sleep", slept.append)
    result = command(*IN_PLACE)
    if times < 99:
        assert (result.code, (folder / NAME).read_bytes(), len(slept)) == (0, books.new, times)
    else:
        assert result.code == 2
        assert re.search("正被 Excel、WPS(或| 或)?", result.err)
        assert ("没有权限" in result.err) == (code == 5)
        assert snapshot(folder) == before
        assert sum(slept) < 1


@pytest.mark.usefixtures("folder")
def test_no_permission_is_not_tried_again(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[object] = []

    def replace(*given: object) -> NoReturn:
        tries.append(given)
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", replace)
    assert command(*IN_PLACE).code == 2
    assert len(tries) == 1


# -- what a file is besides its content ----------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_permissions_stay(folder: Path, command: Command, mode: int) -> None:
    """The backup is as private as the file; a new output follows the umask."""
    (folder / NAME).chmod(mode)
    old = os.umask(0o027)
    try:
        assert command(*IN_PLACE, "--docx", "n.docx").code == 0
    finally:
        os.umask(old)
    modes = {name: (folder / name).stat().st_mode & 0o777 for name in (NAME, BACKUP, "n.docx")}
    assert modes == {NAME: mode, BACKUP: mode, "n.docx": 0o640}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_owner_stays(folder: Path, command: Command) -> None:
    os.chown(folder / NAME, 65534, 65534)
    assert command(*IN_PLACE).code == 0
    owners = [((folder / name).stat().st_uid, (folder / name).stat().st_gid) for name in (NAME, BACKUP)]
    assert owners == [(65534, 65534)] * 2


def test_other_names_of_the_file_keep_the_old_content(folder: Path, books: Books, command: Command) -> None:
    os.link(folder / NAME, folder / "b.xlsx")
    assert command(*IN_PLACE).code == 0
    assert (folder / "b.xlsx").read_bytes() == books.old


def test_leftovers_of_killed_processes_go(folder: Path, command: Command) -> None:
    """Only ours, and only those that no living process can still need."""
    for name, age in (
        (".xlbudget-old.tmp", 3600),
        (".xlbudget-young.tmp", 0),
        ("old.tmp", 3600),
        (".xlbudget-a", 3600),
    ):
        path = folder / name
        path.write_bytes(b"x")
        os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
    (folder / ".xlbudget-folder.tmp").mkdir()
    assert command(*IN_PLACE).code == 0
    left = set(snapshot(folder))
    assert left == {
        NAME, BACKUP, "r.docx", ".xlbudget-young.tmp", "old.tmp", ".xlbudget-a", ".xlbudget-folder.tmp",
    }  # fmt: skip
