"""What is told when something goes wrong behind a button, and where the details are kept."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from xlbudget import __version__
from xlbudget.domain.visible import visible
from xlbudget.vba.buttons import BUTTONS

_LONGEST = 900
"""VBA's own message box, which shows where Windows' may not be called, takes 1,023 characters."""
_LARGEST_LOG = 1_000_000
_GIVE_BACK = {
    "calculation": "请在“公式”里的“计算选项”选“自动”。",
    "screen_updating": "画面如果不动，请保存后重新打开 Excel。",
    "enable_events": "请保存后重新打开 Excel。",
    "display_alerts": "请保存后重新打开 Excel。",
    "status_bar": "状态栏的字不用管。",
}


def not_given_back(lost: Sequence[str]) -> str:
    """What to do by hand when the program did not take back its settings."""
    remedies = "".join(dict.fromkeys(_GIVE_BACK[name] for name in lost))
    return f"另外，Excel 的设置没能全部恢复。{remedies}"


def _own_folder() -> Path:
    """The folder for logs: each user's own on Windows."""
    folder = Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir()) / "xlbudget"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def our_fault(button: str, error: Exception) -> str:
    """Keep the details of an error of ours in the log; what to tell the user."""
    label = BUTTONS[button].label if button in BUTTONS else button
    told = f"“{label}”没有做完：程序出错了，这不是您的问题（{type(error).__name__}）。填报的内容没有动。"
    try:
        log = _own_folder() / "xlbudget.log"
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.replace(log.with_name("xlbudget-旧.log"))
        head = f"{datetime.now():%Y-%m-%d %H:%M:%S} xlbudget {__version__} {button}, Python {platform.python_version()}, {sys.platform}"
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{head}\n{''.join(traceback.format_exception(error))}\n")
    except OSError:
        return f"{told}\n{traceback.format_exc(limit=-2)}"[:_LONGEST]
    return f"{told}详情在“{log}”，请发给维护人员。结果请再点一次重做。"


def fitting(text: str) -> str:
    """A message as long as a message box takes; the whole of a longer one goes to a file that it names."""
    text = visible(text)
    if len(text) <= _LONGEST:
        return text
    place = ""
    with suppress(OSError):
        file = _own_folder() / "消息.txt"
        file.write_text(text, encoding="utf-8-sig")
        place = f"\n全文在“{file}”。"
    return f"{text[: _LONGEST - len(place) - 1]}…{place}"


def open_folder(folder: Path) -> None:
    """Show a folder in the system's own program for files."""
    if sys.platform == "win32":
        os.startfile(folder)
    else:
        subprocess.run(["open" if sys.platform == "darwin" else "xdg-open", folder], check=True)
