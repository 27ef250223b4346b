"""What a command says: results on stdout, everything else on stderr; and what becomes of it when nobody reads on."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys

from xlbudget.domain.visible import visible
from xlbudget.files.writing import reason


def say(text: str) -> None:
    """Progress and notes go to stderr."""
    with contextlib.suppress(OSError, Unheard):  # nobody reads them
        print(visible(text), file=sys.stderr)


def tell(text: str) -> None:
    """A result for people, on stdout."""
    print(visible(text))


class Unheard(Exception):  # noqa: N818  (a fact about whoever reads, not an error of ours)
    """Stdout takes nothing any more. The text is for the user."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"结果显示不出来：{reason(error)}。请换一个地方存放输出，再试。")
        self.pipe_closed = error.errno in (errno.EPIPE, errno.EINVAL)
        """Whether the program that reads has gone, as head does. Windows calls that EINVAL."""


class _Stdout(io.TextIOWrapper):
    """Stdout whose failures are told from those of other files: typer and rich would leave with 1, as for findings."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise Unheard(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise Unheard(error) from error


def prepare() -> None:
    """Let both streams take any text, and stdout say when nobody reads it."""
    out, err = sys.stdout, sys.stderr
    if isinstance(err, io.TextIOWrapper):
        err.reconfigure(encoding="utf-8", errors="backslashreplace")
    if isinstance(out, io.TextIOWrapper):
        lines, through = out.line_buffering, out.write_through
        sys.stdout = _Stdout(out.detach(), "utf-8", "backslashreplace", None, lines, through)
        if err is out:
            sys.stderr = sys.stdout


def let_go() -> None:
    """Write what the streams still hold; where that fails, keep the interpreter from trying again and complaining."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, Unheard):
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
