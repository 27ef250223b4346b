"""The one root of what is told to the user."""

from __future__ import annotations


class Told(Exception):  # noqa: N818  (facts about files and requests, no errors of the program)
    """Something that the user has to change before we can go on. The text says in Chinese what, where, and what to do."""
