"""A screen of its own with LibreOffice on it, and keys that are really pressed (Xvfb, openbox, xdotool)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("Xvfb", "openbox", "xdotool", "soffice")
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Save/Document"><prop oor:name="WarnAlienFormat" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse"><value>99.9</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="ShowTipOfTheDay" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
"""Nothing asks before a workbook is saved as what it was."""


def missing() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


class Screen:
    """A display with a window of LibreOffice; keys go to the window in front."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"}

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout.strip()

    def wait_for(self, title: str, seconds: float = 120) -> str:
        """The window whose title has this text, in front."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.xdotool("search", "--onlyvisible", "--name", title).splitlines()
            if found:
                self.xdotool("windowactivate", "--sync", found[-1])
                return found[-1]
            time.sleep(0.5)
        raise TimeoutError(f"no window {title!r}")

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "60", text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.xdotool("key", "--clearmodifiers", key)
            time.sleep(0.3)


def _stop(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        try:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def open_in_window(path: Path, profile: Path) -> Iterator[Screen]:
    """A workbook open in a real window of LibreOffice, with a private profile."""
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(writer,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, text=True,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as told:
        screen = Screen(f":{told.readline().strip()}")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager = subprocess.Popen(
        ["openbox"], env=screen.environment, start_new_session=True, text=True, **quiet
    )  # type: ignore[call-overload]
    office = subprocess.Popen(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--norestore", "--nologo", "--calc", str(path)],
        env=screen.environment, start_new_session=True, text=True, **quiet,
    )  # type: ignore[call-overload]  # fmt: skip
    try:
        yield screen
    finally:
        _stop(office, manager, server)
