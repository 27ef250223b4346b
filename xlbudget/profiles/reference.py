"""The table of shipped profiles in docs/profiles.md, written from their files."""

from __future__ import annotations

from importlib import resources

from xlbudget import profiles

BEGIN, END = "<!-- 这张表由程序从口径文件生成，不要手工修改 -->\n", "<!-- 表到此为止 -->\n"


def profile_table() -> str:
    """A row a profile: id, name, document, and what the first line of its file says."""
    lines = ["| 编号 | 名称 | 依据 | 特点 |", "|---|---|---|---|"]
    for one in profiles.shipped().values():
        file = resources.files(profiles) / f"{one.id}.toml"
        said = file.read_text("utf-8").partition("\n")[0].removeprefix("# ")
        mark = "（默认）" if one.id == profiles.DEFAULT else ""
        lines.append(f"| `{one.id}` | {one.name}{mark} | {one.basis} | {said.partition('：')[2]} |")
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """The page with its table made anew."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{profile_table()}\n{END}{rest.partition(END)[2]}"
