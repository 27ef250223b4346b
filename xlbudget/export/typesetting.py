"""Typst with the fonts of the standard or what stands in for them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

FAMILIES = {
    "fang": ("FangSong_GB2312", "FangSong", "仿宋_GB2312", "仿宋", "STFangsong"),
    "hei": ("SimHei", "黑体", "STHeiti"),
    "kai": ("KaiTi_GB2312", "KaiTi", "楷体_GB2312", "楷体", "STKaiti"),
    "song": ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "方正小标宋_GBK", "SimSun", "宋体", "STSong"),
}
"""Families that the standard asks for, by every name they bear, best first."""
FALLBACK = {"fang": "Noto Serif SC", "hei": "Noto Sans SC", "kai": "Noto Serif SC", "song": "Noto Serif SC"}
_NAMES = {"fang": "仿宋", "hei": "黑体", "kai": "楷体", "song": "小标宋"}


@cache
def _fonts() -> Any:
    import typst
    from pylopdf_fonts_zh_cn import sans_path

    return typst.Fonts(include_system_fonts=True, font_paths=[str(sans_path().parent)])


def chosen_fonts() -> dict[str, list[str]]:
    """For each role the families that this machine has, and the font that comes with xlbudget last."""
    present = set(_fonts().families())
    return {
        role: [name for name in names if name in present] + [FALLBACK[role]]
        for role, names in FAMILIES.items()
    }


def font_note() -> str | None:
    """Which fonts of the standard are missing here and replaced; None when all are there."""
    missing = [_NAMES[role] for role, names in chosen_fonts().items() if len(names) == 1]
    if not missing:
        return None
    return f"本机没有{'、'.join(missing)}字体，PDF 里用思源宋体、思源黑体代替。"


_FILES = ("report.typ", "picture.typ", "chart.typ")


def typeset(
    name: str,
    given: dict[str, Any],
    kind: str,
    *,
    dated: datetime | None = None,
    ppi: float = 144,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Typeset one of our .typ files with data given as JSON: the same data give the same bytes on a machine.

    `pictures` are files that it may show, by name.
    """
    here = resources.files(__package__)
    files = {"main.typ": (here / name).read_bytes(), **{one: (here / one).read_bytes() for one in _FILES}}
    inputs = {key: json.dumps(value, ensure_ascii=False) for key, value in given.items()}
    if not pictures:
        return _compiled(files, kind, inputs, dated, ppi)
    with tempfile.TemporaryDirectory(prefix="xlbudget-") as folder:  # typst takes no pictures from memory
        for file, content in {**files, **pictures}.items():
            (Path(folder) / file).write_bytes(content)
        return _compiled(str(Path(folder) / "main.typ"), kind, inputs, dated, ppi)


def _compiled(source: object, kind: str, inputs: dict[str, str], dated: datetime | None, ppi: float) -> bytes:
    import typst

    made = typst.compile(
        cast(Any, source),
        font_paths=_fonts(),
        format=cast(Any, kind),
        ppi=ppi,
        sys_inputs=inputs,
        timestamp=dated,
    )
    assert isinstance(made, bytes)
    return made
