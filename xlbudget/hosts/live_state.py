"""The program around an open workbook: kept quiet while we write, given back as it was whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import xlwings as xw

PREFIX = "xlbudget："
"""What our texts in the status bar begin with."""
_QUIET: dict[str, object] = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
    "calculation": "manual",
}


@dataclass(slots=True)
class Quiet:
    """A program that is kept quiet."""

    app: xw.App
    lost: list[str]
    """What could not be given back, by its name in xlwings."""

    def tell(self, text: str) -> None:
        """Show in the status bar what is being done; that is never worth a failure."""
        with suppress(Exception):
            self.app.status_bar = f"{PREFIX}{text}"


@contextmanager
def quiet(app: xw.App, lost: list[str] | None = None) -> Iterator[Quiet]:
    """Screen, events, alerts and computing stand still inside; afterwards each is as it was.

    What the program does not let us read or set is left alone; what it does not take back is added to `lost`. Where the user
    computes by hand, everything is computed first: what is read is never older than what was typed.
    """
    held = Quiet(app, [] if lost is None else lost)
    saved: dict[str, object] = {}
    bar = _bar(app)
    for name, value in _QUIET.items():
        with suppress(Exception):
            saved[name] = getattr(app, name)
            setattr(app, name, value)
    try:
        if saved.get("calculation") == "manual":
            held.tell("正在重新计算……")
            app.calculate()
        yield held
    finally:
        for name, value in reversed(saved.items()):
            _give_back(held, name, value)
        _give_back(held, "status_bar", bar)


def _bar(app: xw.App) -> object:
    """What others show in the status bar; False hands it to the program."""
    with suppress(Exception):
        shown = app.status_bar
        if isinstance(shown, str) and not shown.startswith(PREFIX):
            return shown
    return False


def _give_back(held: Quiet, name: str, value: object) -> None:
    for _ in range(2):
        with suppress(Exception):
            setattr(held.app, name, value)
            return
    held.lost.append(name)


def spare_other_programs() -> None:
    """Keep xlwings from killing Excel processes without a visible workbook, which it does when Python ends, too."""
    for engine in xw.engines:
        type(engine.impl.apps).cleanup = staticmethod(_nothing)


def _nothing() -> None:
    pass
