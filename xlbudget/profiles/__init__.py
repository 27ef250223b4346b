"""Shipped profiles, and the loading of a place's own: its file in the workbook's folder wins."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path

from pydantic import ValidationError

from xlbudget.domain.profile import Profile

DEFAULT = "hebei-county"


class BrokenProfile(Exception):  # noqa: N818  (a fault of the file, told to whoever wrote it)
    """A profile file cannot be used; the text names the file and the key."""


class UnknownProfile(Exception):  # noqa: N818
    """No profile has this id or name; the text lists those there are."""


def parse(text: str, origin: str) -> Profile:
    """Read a profile from TOML. Raises BrokenProfile naming the key that is wrong."""
    try:
        return Profile.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise BrokenProfile(f"监控口径文件 {origin} 不是有效的 TOML：{error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "（整个文件）"
        raise BrokenProfile(f"监控口径文件 {origin} 的 {key} 不对：{first['msg']}") from None


def shipped() -> dict[str, Profile]:
    """The profiles that come with xlbudget, by id."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda one: one.name)
    found = [parse(one.read_text("utf-8"), one.name) for one in files if one.name.endswith(".toml")]
    return {profile.id: profile for profile in found}


def _ships(name: str) -> str | None:
    file = resources.files(__package__) / f"{name}.toml"
    return file.read_text("utf-8") if file.is_file() else None


def _own(folder: Path | None) -> dict[str, Profile]:
    """Profiles in a folder: its .toml files that say an id and a method."""
    found = {}
    for path in sorted(folder.glob("*.toml")) if folder else ():
        text = path.read_text("utf-8", errors="replace")
        if "method" in text and "id" in text and "[report]" in text:
            profile = parse(text, str(path))
            found[profile.id] = profile
    return found


def load(name: str | None, folder: Path | None = None) -> Profile:
    """The profile of an id or a Chinese name, the folder's own first; DEFAULT for None.

    Raises UnknownProfile and BrokenProfile.
    """
    wanted = (name or DEFAULT).strip()
    own = _own(folder)
    if wanted in own:
        return own[wanted]
    text = _ships(wanted) if wanted.isascii() and wanted.replace("-", "").isalnum() else None
    if text is not None:
        return parse(text, f"{wanted}.toml")
    everything = shipped() | own
    for profile in everything.values():
        if wanted in (profile.id, profile.name):
            return profile
    known = "、".join(f"{profile.id}（{profile.name}）" for profile in everything.values())
    raise UnknownProfile(f"没有“{wanted}”这个监控口径。可用的有：{known}。")
