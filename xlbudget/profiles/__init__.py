"""Shipped profiles, and the loading of a place's own: its file in the workbook's folder wins."""

from __future__ import annotations

import contextlib
import hashlib
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xlbudget.domain.profile import OwnFile, Profile
from xlbudget.domain.registry import declare
from xlbudget.domain.told import Told

DEFAULT = "hebei-county"
MAX_FILE = 2**20
"""Bytes of a profile file that are read."""
_SHOWN = 60
Raw = dict[str, Any]


class BrokenProfile(Told):
    """A profile file cannot be used; the text names the file and the key."""


class UnknownProfile(Told):
    """No profile has this id or name; the text lists those there are."""


_DEEP = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++\s*+\.\s*+){50}")
"""A key of so many parts: for it tomllib takes a time that grows with the square of their number."""
_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no document can hold."""


def _too_deep(origin: str) -> BrokenProfile:
    return BrokenProfile(f"监控口径文件“{origin}”里的设置套得太深，读不出来（TOML）。")


def _toml(text: str, origin: str) -> Raw:
    if _DEEP.search(text):
        raise _too_deep(origin)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError:
        raise _too_deep(origin) from None
    except (ValueError, ArithmeticError) as error:  # also numbers that Python does not take
        raise BrokenProfile(f"监控口径文件“{origin}”的格式不对，读不出来（TOML）：{error}。") from None


def _merge(base: Raw, own: Raw) -> Raw:
    """Own settings over the base's: tables merge key by key, everything else replaces."""
    merged = dict(base)
    for key, value in own.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


_PLAIN_WORDS = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项，请核对拼写",
    "string_type": "应为文字，要加引号",
    "bool_type": "应为 true 或 false",
    "int_type": "应为整数",
    "tuple_type": "应为列表，写在 [ ] 里",
    "dict_type": "应为一组设置",
    "string_too_short": "不能为空",
    "too_short": "不能为空",
    "string_pattern_mismatch": "只能用小写字母、数字和连字符",
}


def _words(error: ErrorDetails) -> str:
    """Say in Chinese what pydantic found."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _PLAIN_WORDS:
        return _PLAIN_WORDS[kind]
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    if kind == "enum":
        return f"应为 {context.get('expected', '')} 之一".replace(" or ", "、")
    if kind.startswith("decimal"):
        return "应为数字"
    if kind.startswith("date"):
        return "应为日期，例如 2024-01-01"
    limits = {
        "greater_than": "大于",
        "greater_than_equal": "不小于",
        "less_than": "小于",
        "less_than_equal": "不大于",
    }
    if kind in limits:
        return f"应{limits[kind]} {next(iter(context.values()), '')}"
    return f"内容不对（{error['msg']}）"


def _odd_texts(value: Any, place: str = "") -> Iterator[str]:
    """Keys of the texts in which there are characters that no document can hold."""
    if isinstance(value, str) and _ODD.search(value):
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _odd_texts(one, f"{place}.{key}" if place else str(key))


def _validate(raw: Raw, origin: str) -> Profile:
    odd = [f"  {place}：有不能显示的控制字符，请删掉" for place in _odd_texts(raw)]
    if odd:
        raise BrokenProfile("\n".join([f"监控口径文件“{origin}”有 {len(odd)} 处不对：", *odd]))
    try:
        return Profile.model_validate({key: value for key, value in raw.items() if key != "extends"})
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, one['loc'])) or '整个文件'}：{_words(one)}" for one in error.errors()]
        raise BrokenProfile("\n".join([f"监控口径文件“{origin}”有 {len(lines)} 处不对：", *lines])) from None


def _shipped_text(name: str) -> str | None:
    files = {one.name: one for one in resources.files(__package__).iterdir()}
    file = files.get(f"{name}.toml")
    return file.read_text("utf-8") if file else None


def _resolve(raw: Raw, origin: str) -> Raw:
    """Put a profile over the shipped one that it extends (and that one over its own base)."""
    base = raw.get("extends")
    if base is None:
        return raw
    text = _shipped_text(base) if isinstance(base, str) else None
    if text is None:
        raise BrokenProfile(f"监控口径文件“{origin}”的 extends：没有自带的口径“{base}”。")
    return _merge(_resolve(_toml(text, f"{base}.toml"), f"{base}.toml"), raw)


def parse(text: str, origin: str) -> Profile:
    """Read a profile from TOML, over the shipped one that it `extends`. Raises BrokenProfile naming the keys."""
    try:
        return _validate(_resolve(_toml(text, origin), origin), origin)
    except RecursionError:
        raise _too_deep(origin) from None


def shipped() -> dict[str, Profile]:
    """The profiles that come with xlbudget, by id."""
    files = sorted(resources.files(__package__).iterdir(), key=lambda one: one.name)
    found: dict[str, Profile] = {}
    for one in files:
        if one.name.endswith(".toml"):
            profile = parse(one.read_text("utf-8"), one.name)
            declare(found, profile.id, profile)
    return found


def read(path: Path) -> Profile:
    """A profile file of one's own. Raises BrokenProfile."""
    text, digest = _text(path)
    profile = parse(text, path.name)
    replaces = any(profile.id == one.id or profile.name == one.name for one in shipped().values())
    return profile.read_from(OwnFile(path.name, digest, replaces))


def _text(path: Path) -> tuple[str, str]:
    """The text of a profile file and a short hash of it; a pipe or a device is never opened. Raises BrokenProfile."""
    try:
        if not path.is_file():
            raise BrokenProfile(f"打不开监控口径文件“{path}”，它不是普通的文件。请核对文件名和所在文件夹。")
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
        if len(content) > MAX_FILE:
            raise BrokenProfile(
                f"监控口径文件“{path.name}”超过 {MAX_FILE >> 20} MB，没有读。请核对是不是这个文件。"
            )
        return content.decode("utf-8-sig"), hashlib.blake2s(content, digest_size=4).hexdigest()
    except UnicodeDecodeError:
        raise BrokenProfile(f"监控口径文件“{path.name}”不是 UTF-8 编码。请另存为 UTF-8 再试。") from None
    except (OSError, ValueError):
        raise BrokenProfile(f"打不开监控口径文件“{path}”。请核对文件名和所在文件夹。") from None


def _files(folder: Path) -> list[Path]:
    """The .toml files of a folder, and nothing that only bears such a name."""
    found = []
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob("*.toml")):
            with contextlib.suppress(OSError):
                # Some of the system's have a size of 0 and never end.
                if path.is_file() and path.stat().st_size:
                    found.append(path)
    return found


def _own(folder: Path | None, wanted: str) -> Profile | None:
    """The profile among a folder's .toml files that is meant; other TOML files are none of our business."""
    for path in _files(folder) if folder else ():
        try:
            text, _ = _text(path)
            if path.stem != wanted and wanted not in text and "\\" not in text:
                continue  # it cannot bear that id or name
            raw = _toml(text, path.name)
        except BrokenProfile:
            if path.stem == wanted:
                raise
            continue
        if wanted in (raw.get("id"), raw.get("name")):
            return read(path)
    return None


def _shipped_id(name: str) -> str | None:
    """The id of a shipped profile by its Chinese name: a file of that id takes its place, whatever it is called."""
    files = [one for one in resources.files(__package__).iterdir() if one.name.endswith(".toml")]
    line = f'\nname = "{name}"\n'
    return next((one.name.removesuffix(".toml") for one in files if line in one.read_text("utf-8")), None)


def load(name: str | None, folder: Path | None = None) -> Profile:
    """The profile of an id or a Chinese name, the folder's own first; DEFAULT for None.

    Raises UnknownProfile and BrokenProfile.
    """
    wanted = (name or DEFAULT).strip()
    known_as = [wanted, *filter(None, [_shipped_id(wanted)])]
    for called in known_as:
        own = _own(folder, called)
        if own is not None:
            return own
    for called in known_as:
        text = _shipped_text(called)
        if text is not None:
            return parse(text, f"{called}.toml")
    listed = "、".join(f"{profile.id}（{profile.name}）" for profile in shipped().values())
    shown = wanted if len(wanted) <= _SHOWN else f"{wanted[: _SHOWN - 1]}…"
    raise UnknownProfile(
        f"没有“{shown}”这个监控口径。自带的有：{listed}。自己的口径文件（.toml）要和工作簿放在同一个文件夹。"
    )
