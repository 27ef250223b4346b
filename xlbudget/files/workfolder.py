"""A folder to make things in that come into place as a whole; what killed processes left of theirs is taken away."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = ".xlbudget-"
_LOCK = "lock"
_PARTS = {"demo", "old", _LOCK}
_STALE = 600
"""Seconds after which a folder that cannot tell whether somebody works in it belongs to nobody."""


@contextlib.contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """A new folder, locked while we live and gone at the end. Raises OSError where none can be made."""
    _sweep(parent)
    with (
        tempfile.TemporaryDirectory(dir=parent, prefix=PREFIX) as name,
        open(Path(name) / _LOCK, "wb") as lock,
    ):
        _lock(lock.fileno())
        yield Path(name)


def _lock(handle: int) -> bool | None:
    """Lock a file unless another process has; None where the system cannot. The lock ends with its process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK) else None
    return True


def _sweep(parent: Path) -> None:
    """Take away folders of ours in which nobody works any more."""
    with contextlib.suppress(OSError):
        for one in list(os.scandir(parent)):
            if one.name.startswith(PREFIX) and one.is_dir(follow_symlinks=False) and _is_left(Path(one)):
                shutil.rmtree(one.path, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether a folder is one of ours, and its maker is dead."""
    parts = {one.name for one in folder.iterdir()}
    if not parts <= _PARTS:
        return False
    if _LOCK in parts:
        with open(folder / _LOCK, "rb+") as lock:
            free = _lock(lock.fileno())
        if free is not None:
            return free
    elif parts:
        return True
    return time.time() - folder.stat().st_mtime > _STALE
