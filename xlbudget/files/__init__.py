"""Files: archives with limits, their parts as XML, and writing that leaves nothing half-done."""

from __future__ import annotations

from xlbudget.domain.told import Told


class CannotOpen(Told):
    """The file is no workbook that can be worked on."""


class CannotWrite(Told):
    """A file cannot be written."""
