"""Files written whole or not at all, alone or several together.

Whenever the process is killed or the disk is full, each file is the old one or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
import time
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbudget.domain.visible import visible
from xlbudget.files import CannotWrite

_NETWORK = "网络没有响应"
_IN_USE = "文件正被 Excel、WPS 或别的程序打开"
_REASONS = {
    errno.EBUSY: _IN_USE,
    errno.EDQUOT: "磁盘配额用完了",
    errno.EFBIG: "文件大于系统允许的大小",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
    errno.ETIMEDOUT: _NETWORK,
    errno.ECONNABORTED: _NETWORK,
    errno.ECONNRESET: _NETWORK,
    errno.EHOSTDOWN: _NETWORK,
    errno.EHOSTUNREACH: _NETWORK,
    errno.ENETUNREACH: _NETWORK,
    errno.ESTALE: _NETWORK,
}
_ACCESS_DENIED, _SHARING_VIOLATION, _LOCK_VIOLATION = 5, 32, 33
_WINDOWS_REASONS = {
    _SHARING_VIOLATION: _IN_USE,
    _LOCK_VIOLATION: _IN_USE,
    53: _NETWORK,
    59: _NETWORK,
    64: _NETWORK,
    67: _NETWORK,
    121: _NETWORK,
}
"""Codes of Windows that Python folds into a general errno."""


def _windows_code(error: OSError) -> int:
    return getattr(error, "winerror", None) or 0


def reason(error: OSError) -> str:
    """Say in a few words why a file operation failed."""
    if _windows_code(error) in _WINDOWS_REASONS:
        return _WINDOWS_REASONS[_windows_code(error)]
    if isinstance(error, PermissionError):
        return "没有权限，或者文件正被 Excel、WPS 打开"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "文件夹不存在，或者不能在里面写文件"
    if isinstance(error, IsADirectoryError):
        return "同名的是一个文件夹"
    return _REASONS.get(error.errno or 0, f"系统报告错误 {error.errno}")


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    if isinstance(error, FileExistsError):
        return CannotWrite(f"“{path}”刚刚由别的程序建立，没有覆盖它，也没有改动别的文件。请再运行一次。")
    return CannotWrite(f"写不了“{path}”：{reason(error)}。请关闭打开它的程序，或换一个位置再试。")


# -- a file that is rewritten in place -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Original:
    """A file about to be replaced by a new version of itself: what was read from it, where its backup goes."""

    path: Path
    content: bytes
    backup: Path

    @classmethod
    def of(cls, path: Path, content: bytes) -> Original:
        """The original with a free name for its backup. Raises CannotWrite, also when somebody has it open."""
        refuse_if_open(path)
        return cls(path, content, backup_of(path))

    def check(self) -> None:
        """Raise CannotWrite when an office program has the file open, or it is no longer what was read.

        Contents are compared: times can stay the same when a file changes, and change when it does not.
        """
        refuse_if_open(self.path)
        try:
            now = self.path.read_bytes()
        except FileNotFoundError:
            raise CannotWrite(
                f"“{self.path}”在计算期间被移走或删除了，没有写入。请找到它现在的位置，再运行一次。"
            ) from None
        except OSError as error:
            raise cannot_write(self.path, error) from error
        if now != self.content:
            raise CannotWrite(
                f"“{self.path}”在计算期间被别人或别的程序改过，没有覆盖它。"
                "请关闭打开它的程序，等同步完成，再运行一次。"
            )


def lock_of(path: Path) -> str | None:
    """The name of the file that an office program leaves beside a workbook while it has it open, if there is one.

    Excel and WPS leave `~$name` or `.~name` beside it, LibreOffice `.~lock.name#` beside what a link means.
    """
    for place in dict.fromkeys((path, Path(os.path.realpath(path)))):
        for name in (f"~${place.name}", f".~{place.name}", f".~lock.{place.name}#"):
            if os.path.lexists(place.with_name(name)):
                return name
    return None


def refuse_if_open(path: Path) -> None:
    """Refuse a file that an office program has open: it would save its own version over ours. Raises CannotWrite."""
    name = lock_of(path)
    if name:
        raise CannotWrite(
            f"“{path}”正被 Excel、WPS 或 LibreOffice 打开（同一文件夹里有“{name}”），没有改动它。"
            f"请保存并关闭后再运行。如果确实没有人打开它，是程序异常退出留下的，请删除“{name}”后再试。"
        )


def backup_of(path: Path) -> Path:
    """A free name beside a file for its backup: <stem>-备份<suffix>, then -备份2 … Raises CannotWrite."""
    return _free(path, (f"-备份{number if number > 1 else ''}" for number in range(1, _MOST_BACKUPS)))


def numbered_backup(path: Path, taken: Collection[Path] = ()) -> Path:
    """A free name beside a file for what somebody made of it: <stem>-备份1<suffix>, -备份2 … Raises CannotWrite."""
    return _free(path, (f"-备份{number}" for number in range(1, _MOST_BACKUPS)), taken)


_MOST_BACKUPS = 10_000


def _free(path: Path, endings: Iterable[str], taken: Collection[Path] = ()) -> Path:
    for ending in endings:
        copy = path.with_name(f"{path.stem}{ending}{path.suffix}")
        if copy in taken:
            continue
        try:
            copy.lstat()
        except FileNotFoundError:
            return copy
        except OSError as error:
            raise cannot_write(copy, error) from error
    raise CannotWrite(f"“{path.parent}”里的备份太多了，请整理后再试。")


# -- prepare -------------------------------------------------------------------------------------------

_PREFIX, _SUFFIX = ".xlbudget-", ".tmp"
_STALE = 600
"""Seconds: no living process needs a temporary file that long, and one that lost it only has to run again."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file ready to be put in place; `fresh` when it must not replace anything."""

    path: Path
    target: Path
    temporary: str
    fresh: bool


@contextlib.contextmanager
def _staged(path: Path, content: bytes, like: Path | None = None) -> Iterator[_Staged]:
    """The content in a temporary file beside its target, on the disk; gone at the end unless it was moved away.

    A link keeps pointing to its target, which is replaced. `like` is the file that a fresh one copies: that
    never goes through a link that somebody puts in its place.
    """
    target = Path(os.path.realpath(path)) if like is None else Path(os.path.realpath(path.parent)) / path.name
    temporary = None
    try:
        if target.is_dir():
            raise IsADirectoryError
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError
        handle, temporary = tempfile.mkstemp(prefix=_PREFIX, suffix=_SUFFIX, dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            _permit(temporary, like or (target if target.exists() else None))
            os.fsync(file.fileno())
        yield _Staged(path, target, temporary, like is not None)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _permit(temporary: str, like: Path | None) -> None:
    """Give a new file the permissions of another one and, as far as we may, its group and owner."""
    if like is None:
        os.chmod(temporary, 0o666 & ~_umask())
        return
    known = like.stat()
    if hasattr(os, "chown"):
        for owner, group in ((-1, known.st_gid), (known.st_uid, -1)):
            with contextlib.suppress(OSError):
                os.chown(temporary, owner, group)
    os.chmod(temporary, known.st_mode & 0o777)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(staged: Sequence[_Staged]) -> None:
    """Remove temporary files that killed processes left beside ours. Their age is by the clock of the folder."""
    for folder in {one.target.parent for one in staged}:
        with contextlib.suppress(OSError):
            now = max(one.target.stat().st_mtime for one in staged if one.target.parent == folder)
            for left in list(os.scandir(folder)):
                ours = left.name.startswith(_PREFIX) and left.name.endswith(_SUFFIX)
                if ours and left.is_file(follow_symlinks=False) and now - left.stat().st_mtime > _STALE:
                    os.unlink(left.path)


# -- put in place --------------------------------------------------------------------------------------


def write_atomic(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step. Raises CannotWrite; an existing file then stays as it was."""
    write_all([(path, content)])


def write_all(files: Sequence[tuple[Path, bytes]], original: Original | None = None) -> None:
    """Replace several files: all are prepared first, and when one cannot be put in place, none is changed.

    Each file is replaced in one step, the last of the sequence last. Where that one is an `original`, its backup
    is on the disk before, and what was read is compared with what is there just before. Raises CannotWrite.
    """
    if original:
        original.check()
    with contextlib.ExitStack() as stack:
        staged: list[_Staged] = []
        if original:
            backup = _staged(original.backup, original.content, original.path)
            staged.append(stack.enter_context(backup))
        staged += [stack.enter_context(_staged(path, content)) for path, content in files]
        _place_all(staged, original)
        _sweep(staged)


def _place_all(staged: Sequence[_Staged], original: Original | None) -> None:
    """Put prepared files in place; undo what was done when one fails. After the last nothing can fail."""
    undo: list[tuple[Path, bytes | None]] = []
    for one in staged[:-1]:
        with _undone(one.path, undo):
            old = one.target.read_bytes() if not one.fresh and one.target.exists() else None
            _place(one)
            undo.append((one.target, old))
    last = staged[-1]
    with _undone(last.path, undo):
        for folder in {target.parent for target, _ in undo}:
            _sync_folder(folder)
        if original:
            original.check()
        _place(last)
    with contextlib.suppress(OSError):
        _sync_folder(last.target.parent)


def _place(one: _Staged) -> None:
    """Give a prepared file its name, in one step. Raises OSError."""
    if one.fresh:
        _link(one.temporary, one.target)
    else:
        _replace(one.temporary, one.target)


def _link(temporary: str, target: Path) -> None:
    """Give a file a name that is free. Raises FileExistsError when it no longer is."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:  # no hard links on FAT and some network drives
        if os.path.lexists(target):
            raise FileExistsError from error
        _replace(temporary, target)


_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds: on Windows virus scanners and indexers hold a file for a moment."""


def _replace(temporary: str, target: Path) -> None:
    for pause in _PAUSES:
        try:
            os.replace(temporary, target)
            return
        except PermissionError as error:
            if _windows_code(error) not in (_ACCESS_DENIED, _SHARING_VIOLATION, _LOCK_VIOLATION):
                raise
            time.sleep(pause)
    os.replace(temporary, target)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system offers that (Windows does not)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(handle)


@contextlib.contextmanager
def _undone(path: Path, undo: Sequence[tuple[Path, bytes | None]]) -> Iterator[None]:
    """Undo what was put in place when the next step fails; the message then says what could not be undone."""
    try:
        yield
    except (OSError, CannotWrite) as error:
        told = error if isinstance(error, CannotWrite) else cannot_write(path, error)
        kept = "、".join(f"“{one}”" for one in _restore(undo))
        raise CannotWrite(f"{told}{kept}已经是这一次的内容，没能恢复原样。" if kept else str(told)) from error


def _restore(undo: Sequence[tuple[Path, bytes | None]]) -> list[Path]:
    """Put old contents back, the last change first. Returns the files where that failed."""
    failed = []
    for target, old in reversed(undo):
        try:
            if old is None:
                target.unlink()
            else:
                write_atomic(target, old)
        except (OSError, CannotWrite):
            failed.append(target)
    return failed


# -- names and folders ---------------------------------------------------------------------------------

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE)
"""Names that mean a device on Windows, whatever follows a dot."""
_LONGEST_NAME = 75
"""Characters, and three times as many bytes: with a suffix they still make a file name everywhere."""


def file_name(text: str, end: str = "") -> str:
    """A text as the name of a file on any system, without suffix; `end` stands at its end, however long it is."""
    name = _NOT_IN_NAMES.sub("_", visible(text))[: _LONGEST_NAME - len(end)]
    room = 3 * _LONGEST_NAME - len(end.encode())
    name = name.encode()[:room].decode(errors="ignore").strip(". ")
    return ("_" if not name or _DEVICES.fullmatch(name) else "") + name + end


def file_names(texts: Iterable[str]) -> Iterator[str]:
    """Texts as names of files in one folder: none twice, also where capitals and composed letters are the same."""
    taken: set[str] = set()
    last: dict[str, int] = {}
    for text in texts:
        name = first = file_name(text)
        while _folded(name) in taken:
            last[_folded(first)] = number = last.get(_folded(first), 1) + 1
            name = file_name(text, f"-{number}")
        taken.add(_folded(name))
        yield name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold())


@contextlib.contextmanager
def folder_for(path: Path) -> Iterator[None]:
    """A folder in an existing one, made where it is missing; it goes again when filling it fails. Raises CannotWrite."""
    made = not path.is_dir()
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            if made:
                path.rmdir()
        raise
