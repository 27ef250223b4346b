"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from xlbudget.hosts import CannotWrite


def reason(error: OSError) -> str:
    """Say in a few words why a file operation failed."""
    if isinstance(error, PermissionError):
        return "没有权限，或者文件正被 Excel、WPS 打开"
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "文件夹不存在"
    if isinstance(error, IsADirectoryError):
        return "同名的是一个文件夹"
    return {28: "磁盘满了", 30: "磁盘是只读的", 36: "文件名太长"}.get(
        error.errno or 0, str(error.strerror or error)
    )


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    return CannotWrite(f"写不了“{path}”：{reason(error)}。请关闭打开它的程序，或换一个位置再试。")


def write_atomic(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step. Raises CannotWrite; an existing file then stays as it was."""
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
        os.replace(temporary, target)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise cannot_write(path, error) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def backup(path: Path) -> Path:
    """Copy a file beside itself as <stem>-备份<suffix>, never over an older copy. Raises CannotWrite."""
    for number in range(1, 10_000):
        name = f"{path.stem}-备份{number if number > 1 else ''}{path.suffix}"
        copy = path.with_name(name)
        if not copy.exists():
            try:
                write_atomic(copy, path.read_bytes())
            except OSError as error:
                raise cannot_write(copy, error) from error
            return copy
    raise CannotWrite(f"“{path.parent}”里的备份太多了，请整理后再试。")
