"""The command line's own words in Chinese: help, and what is said of a command that was typed wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

_TITLES = {"Options": "选项", "Arguments": "参数", "Commands": "命令"}
_WORDS = {
    "Show this message and exit.": "显示这一页",
    "[required]": "（必填）",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 …",
    "COMMAND": "命令",
    " <path>": "",
    " <str>": "",
    "<path>": "FILE",
}
HELP_NAMES = ["-h", "--help"]


def _chinese(text: str) -> str:
    for english, chinese in _WORDS.items():
        text = text.replace(english, chinese)
    return re.sub(r"\[default: (.*)\]", r"（默认 \1）", text).replace("  （", "（")


def _all_commands(command: Any) -> Iterator[Any]:
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from _all_commands(one)


def speaks_chinese(command: Any) -> Any:
    """A command line as typer makes it, its help (also of the commands below) with Chinese headings."""

    class Formatter(command.context_class.formatter_class):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002 (click's)
            plain = re.sub(r"\{(\w+)\}", r"\1", args).replace("[[", "[").replace("]]", "]")
            super().write_usage(prog, _chinese(plain), prefix="用法：")

        def write_heading(self, heading: str) -> None:
            self.write(f"{'':>{self.current_indent}}{_TITLES.get(heading, heading)}：\n")

        def write_dl(self, rows: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
            super().write_dl([(_chinese(a), _chinese(b)) for a, b in rows], *args, **kwargs)

    class Context(command.context_class):  # type: ignore[misc]
        formatter_class = Formatter

    for one in _all_commands(command):
        one.context_class = Context
    command.context_settings = {**command.context_settings, "help_option_names": HELP_NAMES}
    return command


def _suggestion(typed: str | None, known: Iterable[str], call: str) -> str:
    near = get_close_matches(typed or "", list(known), n=1, cutoff=0.5)
    return f"是不是 {call}{near[0]}？" if near else ""


def usage_error(error: Any) -> str:
    """What is wrong with a command line, what may have been meant, and where its help is."""
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", None) or "xlbudget"
    return f"{_message(error, context, path)}用法见：{path} --help"


def _message(error: Any, context: Any, path: str) -> str:
    told = error.format_message()
    unknown = re.search(r"No such command '(.*?)'", told, re.DOTALL)
    extra = re.search(r"unexpected extra argument(?:s|\(s\))? \((.*)\)", told, re.DOTALL)
    if unknown:
        known = getattr(getattr(context, "command", None), "commands", {})
        return f"没有“{unknown[1]}”这个命令。{_suggestion(unknown[1], known, f'{path} ')}"
    if extra:
        return f"多写了参数：{extra[1]}。"
    option, param = getattr(error, "option_name", None), getattr(error, "param", None)
    label = (getattr(param, "metavar", None) or getattr(param, "name", "")) if param is not None else ""
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return "请写上命令，例如 xlbudget check 监控.xlsx。"
        case "NoSuchOption" | "NoSuchOptionError":
            params = getattr(getattr(context, "command", None), "params", ())
            names = [name for one in params for name in one.opts]
            return f"没有 {option} 这个选项。{_suggestion(option, names, '')}"
        case "BadOptionUsage":
            return f"选项 {option} 后面要跟一个值，或者用法不对。"
        case "MissingParameter":
            return f"缺少 {label}。"
        case "BadParameter":
            return f"{label} 的内容不对：{getattr(error, 'message', '')}"
        case "BadArgumentUsage":
            return "参数的个数不对。"
    return f"命令写得不对：{told}"
