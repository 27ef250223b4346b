"""The workbook that somebody works on, as the buttons see it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import xlwings as xw

from xlbudget import app
from xlbudget.hosts.live import Live
from xlbudget.hosts.live_state import Quiet, quiet

_SAVE_FIRST = "工作簿还没有保存。请先保存，再点一次：文件要放在它旁边。"
_IN_THE_CLOUD = (
    "这个工作簿在网盘上（OneDrive 或 SharePoint），找不到它在本机的文件夹。请另存到本机，再点一次。"
)


@dataclass
class Desk:
    """The workbook that somebody works on, and the program that has it open."""

    book: xw.Book
    answer: str = ""
    """What VBA asked for before: a file, a name."""
    lost: list[str] = field(default_factory=list)
    """Settings that the program did not take back."""

    @cached_property
    def host(self) -> Live:
        return Live(self.book)

    @cached_property
    def path(self) -> Path | str:
        """Where the workbook lies, or why there is no such place."""
        try:
            name = self.book.fullname
        except Exception:  # xlwings finds no file for a URL
            return _IN_THE_CLOUD
        if "://" in name:
            return _IN_THE_CLOUD
        return Path(name) if "/" in name or "\\" in name else _SAVE_FIRST

    @property
    def folder(self) -> Path | None:
        """Where profiles of one's own are looked for."""
        return self.path.parent if isinstance(self.path, Path) else None

    def beside(self) -> Path:
        """The workbook's file, beside which others are put. Raises CannotGoOn where there is none."""
        if isinstance(self.path, str):
            raise app.CannotGoOn(self.path)
        return self.path

    def open(self) -> app.Opened:
        return app.open_host(self.host, self.folder)

    def quiet(self) -> AbstractContextManager[Quiet]:
        """Keep the program quiet; what it does not take back afterwards is in `lost`."""
        return quiet(self.book.app, self.lost)
