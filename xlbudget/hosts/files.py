"""Files written whole or not at all, alone or several together."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlbudget.hosts import CannotWrite

_REASONS = {
    errno.EIO: "磁盘读写出错",
    errno.ENOSPC: "磁盘满了",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ETIMEDOUT: "网络没有响应",
}


def reason(error: OSError) -> str:
    """Say in a few words why a file operation failed."""
    if isinstance(error, PermissionError):
        return "没有权限，或者文件正被 Excel、WPS 打开"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "文件夹不存在，或者不能在里面写文件"
    if isinstance(error, IsADirectoryError):
        return "同名的是一个文件夹"
    return _REASONS.get(error.errno or 0, f"系统报告错误 {error.errno}")


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"写不了“{path}”：{reason(error)}。请关闭打开它的程序，或换一个位置再试。")


@contextlib.contextmanager
def _staged(path: Path, content: bytes) -> Iterator[tuple[Path, str]]:
    """The content in a temporary file beside its target, gone at the end unless it was moved away."""
    target = Path(os.path.realpath(path))
    temporary = None
    try:
        if target.is_dir():
            raise IsADirectoryError
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError
        handle, temporary = tempfile.mkstemp(prefix=".~", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mode = target.stat().st_mode if target.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode & 0o777)
        yield target, temporary
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def write_atomic(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step. Raises CannotWrite; an existing file then stays as it was."""
    write_all([(path, content)])


def write_all(files: Sequence[tuple[Path, bytes]]) -> None:
    """Replace several files: all are prepared first, and when one cannot be put in place, none is changed.

    Each file is replaced in one step, the last of the sequence last. Raises CannotWrite.
    """
    with contextlib.ExitStack() as stack:
        staged = [(path, *stack.enter_context(_staged(path, content))) for path, content in files]
        undo: list[tuple[Path, bytes | None]] = []
        for path, target, temporary in staged:
            try:
                old = target.read_bytes() if target.exists() else None
                os.replace(temporary, target)
            except OSError as error:
                _restore(undo)
                raise cannot_write(path, error) from error
            undo.append((target, old))


def _restore(undo: Sequence[tuple[Path, bytes | None]]) -> None:
    for target, old in reversed(undo):
        with contextlib.suppress(OSError, CannotWrite):
            if old is None:
                target.unlink()
            else:
                write_atomic(target, old)


_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST_NAME = 75
"""Characters: three bytes each and a suffix still make a file name everywhere."""


def file_name(text: str) -> str:
    """A text as the name of a file on any system, without suffix."""
    return _NOT_IN_NAMES.sub("_", text)[:_LONGEST_NAME].strip(". ") or "_"


def make_folder(path: Path) -> None:
    """Make a folder in an existing one, unless it is there. Raises CannotWrite."""
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def backup_of(path: Path) -> Path:
    """A free name beside a file for its backup: <stem>-备份<suffix>, then -备份2 … Raises CannotWrite."""
    for number in range(1, 10_000):
        copy = path.with_name(f"{path.stem}-备份{number if number > 1 else ''}{path.suffix}")
        try:
            if not copy.exists():
                return copy
        except OSError as error:
            raise cannot_write(copy, error) from error
    raise CannotWrite(f"“{path.parent}”里的备份太多了，请整理后再试。")
