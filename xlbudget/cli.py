"""The command line: arguments in, app called, tables or JSON out. Exit codes: SPEC 8."""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache, wraps
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from xlbudget import __version__, app, profiles, results, streams
from xlbudget.domain.finding import Severity
from xlbudget.domain.told import Told
from xlbudget.export.exporters import EXPORTERS
from xlbudget.files.workfolder import work_folder
from xlbudget.files.writing import cannot_write, lock_of
from xlbudget.streams import Unheard, say, tell
from xlbudget.usage import speaks_chinese, usage_error

OK, ERRORS, CANNOT_GO_ON, OUR_FAULT = 0, 1, 2, 3
INTERRUPTED = 130
NOBODY_READS = 141
"""What a shell gives for a program that writes into a pipe that is closed: neither findings nor our fault."""
MARKER = ".xlbudget-demo"

cli = typer.Typer(
    name="xlbudget",
    help="预算绩效运行监控：校验、计算、生成报告。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
profiles_cli = typer.Typer(help="查看监控口径。", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(profiles_cli, name="profiles")
addin_cli = typer.Typer(help="Excel 加载项。", no_args_is_help=True, rich_markup_mode=None)
cli.add_typer(addin_cli, name="addin")

File = Annotated[Path, typer.Argument(metavar="FILE", help="工作簿（.xlsx 或 .xlsm）", readable=False)]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON（供其他程序读取）")]


def emit(value: dict[str, Any]) -> None:
    print(results.dumps(value))


def _opened(file: Path) -> app.Opened:
    """Read and check a workbook; say when somebody else has it open."""
    opened = app.open_workbook(file)
    _note_lock(file)
    return opened


def _note_lock(file: Path) -> None:
    lock = lock_of(file)
    if lock:
        say(
            f"“{file.name}”好像正在 Excel、WPS 或 LibreOffice 里打开（同一文件夹里有“{lock}”）："
            "还没有保存的改动不在结果里，请先保存，再运行一次。没有人打开它的话，可以不管。"
        )


def _version(wanted: bool) -> None:
    if wanted:
        tell(f"xlbudget {__version__}")
        raise typer.Exit


@cli.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本")
    ] = False,
) -> None:
    """预算绩效运行监控：校验、计算、生成报告。"""


@cli.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="要新建的 .xlsx 或 .xlsm 文件")],
    sample: Annotated[bool, typer.Option("--sample", help="带一份填好的样例")] = False,
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="P", help="监控口径，编号或名称")
    ] = None,
) -> int:
    """新建一个空白（或样例）工作簿。"""
    path = app.create(file, profile=profile, sample=sample)
    tell(f"已新建：{path}")
    return OK


@cli.command()
def check(file: File, as_json: AsJson = False) -> int:
    """只校验，不改动文件。"""
    opened = _opened(file)
    if as_json:
        emit(results.of_run(opened.case, opened.findings, []))
    else:
        from xlbudget import terminal

        terminal.show_findings(opened.findings)
    return ERRORS if opened.draft else OK


def _note(suffixes: Iterable[str]) -> None:
    """Say what the user should know of reports that were made here."""
    for suffix in suffixes:
        if note := EXPORTERS[suffix].note():
            say(note)


def _with_reports(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command an option for each kind of file that a report is written as, in place of its **reports."""
    signature = inspect.signature(command, eval_str=True)
    options = [
        inspect.Parameter(
            one.option,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                Path | None, typer.Option(f"--{one.option}", metavar="F", help=f"导出 {one.title} 报告")
            ],
        )
        for one in EXPORTERS.values()
    ]
    own = [one for one in signature.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]

    @wraps(command)
    def called(**given: Any) -> int:
        return command(**given)

    called.__signature__ = signature.replace(parameters=[*named, *options])  # type: ignore[attr-defined]
    called.__annotations__ = {one.name: one.annotation for one in (*named, *options)}
    return called


@cli.command()
@_with_reports
def run(
    file: File,
    out: Annotated[
        Path | None, typer.Option("-o", metavar="OUT", help="结果工作簿，默认在原文件旁边")
    ] = None,
    forms: Annotated[
        Path | None,
        typer.Option("--forms", metavar="DIR", help="每个项目导出一份 Word 监控表，放在这个文件夹"),
    ] = None,
    as_json: AsJson = False,
    in_place: Annotated[bool, typer.Option("--in-place", help="直接改原文件，先留备份")] = False,
    **reports: Path | None,
) -> int:
    """计算，填写结果和报告，导出 Word、PDF。"""
    target = out or (file if in_place else app.default_output(file))
    wanted = {one.suffix: path for one in EXPORTERS.values() if (path := reports[one.option])}
    opened, written = app.run(file, app.Destinations(target, wanted, in_place, forms), say)
    _note_lock(file)
    _note(wanted)
    if as_json:
        emit(results.of_run(opened.case, opened.findings, written))
    else:
        from xlbudget import terminal

        terminal.show_run(opened.case, opened.findings, written)
    return ERRORS if opened.draft else OK


@cli.command()
def explain(
    file: File,
    project: Annotated[
        str | None, typer.Argument(metavar="[PROJECT]", help="项目编号或名称，不写就是全部")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """说明每个数是怎么算出来的，用到哪些单元格。"""
    opened, explanations = app.explain_workbook(file, project)
    _note_lock(file)
    if as_json:
        emit(results.of_explanations(explanations))
    else:
        from xlbudget import terminal

        terminal.show_explanations(explanations)
    return ERRORS if opened.draft else OK


@cli.command()
def audit(
    document: Annotated[Path, typer.Argument(metavar="DOC", help="报告：Word、PDF、文本或工作簿")],
    against: Annotated[
        Path | None, typer.Option("--against", metavar="FILE", help="与这个工作簿核对")
    ] = None,
    docx: Annotated[
        Path | None, typer.Option("--docx", metavar="F", help="写回 Word，问题标成批注（原文件不动）")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="F", help="写成网页，问题标在原文上")] = None,
    as_json: AsJson = False,
) -> int:
    """核对一份报告：数字前后是否一致，与工作簿是否一致。"""
    from xlbudget import auditing

    witness = auditing.witness_of(_opened(against)) if against else None
    audited = auditing.audit_document(document, witness=witness, docx=docx, html=html)
    for note in audited.notes:
        say(note)
    claims, findings = audited.audit.claims, audited.audit.findings
    if as_json:
        emit(results.of_audit(claims, findings))
    else:
        from xlbudget import terminal

        terminal.show_audit(findings, len(claims))
        for path in audited.written:
            tell(f"已写好：{path}")
    return ERRORS if any(one.severity is Severity.ERROR for one in findings) else OK


@cli.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="结果放在哪个文件夹")] = Path(
        "xlbudget-demo"
    ),
) -> int:
    """用样例走一遍：新建、计算、生成报告，并说明结果在哪里。"""
    target = folder.resolve()
    if app.exists(target) and not (target / MARKER).is_file():
        raise app.CannotGoOn(f"“{folder}”已经有了，而且不是演示文件夹，没有改动它。请换一个文件夹名。")
    app.check_folder(target)
    try:
        opened = _make_demo(target)
    except OSError as error:
        raise cannot_write(folder, error) from error
    _note(EXPORTERS)
    from xlbudget import terminal

    terminal.show_demo(opened.case, opened.findings, sorted(target.glob("*.*")))
    return OK


def _make_demo(target: Path) -> app.Opened:
    """Make everything in a folder beside the target and put it in place at the end; the old one stays until then."""
    with work_folder(target.parent) as work:
        made, old = work / "demo", work / "old"
        made.mkdir()
        (made / MARKER).write_text("这个文件夹由 xlbudget demo 生成，可以整个删除。\n", encoding="utf-8")
        source = app.create(made / "样例.xlsx", sample=True)
        reports = {suffix: made / f"监控报告{suffix}" for suffix in EXPORTERS}
        to = app.Destinations(app.default_output(source), reports)
        opened, _ = app.run(source, to)
        if target.exists():
            os.replace(target, old)
        try:
            os.replace(made, target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    return opened


@cli.command()
def release(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="压缩包放在哪个文件夹")],
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", metavar="DIR", help="把 addin bundle 做好的离线版也放进去"),
    ] = None,
) -> int:
    """做好发给各单位的压缩包：空白工作簿、样例、使用手册。"""
    from xlbudget.machine.release import release as make

    for path in make(folder, bundle):
        tell(f"已做好：{path.resolve()}")
    return OK


@profiles_cli.command("list")
def list_profiles() -> int:
    """列出自带的监控口径。"""
    for profile in profiles.shipped().values():
        mark = "（默认）" if profile.id == profiles.DEFAULT else ""
        tell(f"{profile.id}  {profile.name}{mark}")
    return OK


@profiles_cli.command("show")
def show_profile(name: Annotated[str, typer.Argument(metavar="NAME", help="口径的编号或名称")]) -> int:
    """显示一个监控口径的各项规定。"""
    from xlbudget import terminal

    terminal.show_profile(app.load_profile(name, Path.cwd()))
    return OK


@profiles_cli.command("check")
def check_profile(file: Annotated[Path, typer.Argument(metavar="FILE", help="口径文件（.toml）")]) -> int:
    """检查自己写的监控口径文件。"""
    profile = app.sound(profiles.read(file))
    tell(
        f"没有问题：{profile.id}（{profile.name}）。和工作簿放在同一个文件夹，首页“监控口径”填 {profile.id} 即可使用。"
    )
    return OK


@addin_cli.command("build")
def build_addin(folder: Annotated[Path, typer.Argument(metavar="DIR", help="文件放在哪个文件夹")]) -> int:
    """做好空白的 .xlsm 工作簿和 .xlam 加载项。"""
    from xlbudget.machine.build import build

    for path in build(folder):
        tell(f"已做好：{path}")
    return OK


@addin_cli.command("install")
def install_addin(
    trust: Annotated[
        Path | None,
        typer.Option("--trust", metavar="DIR", help="把这个文件夹设为受信任位置，并放一个空白的 .xlsm"),
    ] = None,
) -> int:
    """把加载项装进 Excel（只对当前用户，不需要管理员权限）。"""
    from xlbudget.machine.doctor import this_patient
    from xlbudget.machine.install import install

    patient = this_patient()
    tell("\n".join(install(patient.machine, patient.build, trust)))
    return OK


@addin_cli.command("uninstall")
def uninstall_addin() -> int:
    """卸载加载项，其他文件和设置不动。"""
    from xlbudget.machine.install import uninstall
    from xlbudget.machine.windows import this_machine

    tell("\n".join(uninstall(this_machine())))
    return OK


@addin_cli.command("doctor")
def examine_addin(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="有问题的工作簿，一起检查", readable=False)
    ] = None,
    as_json: AsJson = False,
    self_test: Annotated[bool, typer.Option("--self-test", help="再用 Excel 实际运行一遍，写出报告")] = False,
    relink: Annotated[
        bool, typer.Option("--relink", help="把工作簿里加载项的链接改成不带路径的，另存一份，不做检查")
    ] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="与 --relink 一起用：直接改原文件，先留备份")
    ] = False,
) -> int:
    """检查 Excel 与 Python 之间的每一环，说明怎么办。"""
    from xlbudget.machine import doctor, links

    if relink or in_place:
        if file is None or not relink:
            raise app.CannotGoOn("改链接要写明工作簿和 --relink：xlbudget addin doctor 监控.xlsx --relink。")
        tell("\n".join(links.relink(file, in_place=in_place)))
        return OK
    patient = doctor.this_patient(file)
    if self_test:
        return _self_test(patient)
    results = doctor.examine(patient)
    if as_json:
        emit(doctor.as_json(results))
    else:
        tell(doctor.text(results))
    return doctor.exit_code(results)


def _self_test(patient: Any) -> int:
    from xlbudget.machine import doctor, selftest

    selftest.check_machine(patient.machine)
    diagnosis = doctor.text(doctor.examine(patient))
    report = Path.cwd() / selftest.REPORT
    app.check_folder(report)
    with tempfile.TemporaryDirectory(prefix="xlbudget-", ignore_cleanup_errors=True) as work:
        steps = selftest.self_test(Path(work), selftest.LiveExcel)
    selftest.write_report(report, steps, diagnosis)
    tell(selftest.text(steps, diagnosis))
    tell(f"报告在 {report}，请发给维护人员。")
    return OK if all(one.passed for one in steps) else ERRORS


@addin_cli.command("bundle")
def make_bundle(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="离线版放在哪个文件夹")],
    python: Annotated[
        Path, typer.Option("--python", metavar="ZIP", help="Python 官网的 embeddable package（64 位）")
    ],
    wheels: Annotated[
        Path | None, typer.Option("--wheels", metavar="DIR", help="已经取好的 wheel，不写就用 pip 去取")
    ] = None,
) -> int:
    """做一个离线版，给没有 Python、没有网络的电脑。"""
    from xlbudget.machine.bundle import bundle

    tell("\n".join(bundle(folder, python, wheels)))
    return OK


@cache
def command_line() -> Any:
    """The commands as they are called."""
    return speaks_chinese(typer.main.get_command(cli))


def main() -> NoReturn:
    """Run the command line; never show a traceback for what the user can mend."""
    streams.prepare()
    code = _run()
    streams.let_go()
    sys.exit(code)


def _run() -> int:
    try:
        code = command_line()(standalone_mode=False)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        if sys.stdout:
            sys.stdout.flush()
    except Told as error:
        say(str(error))
        return CANNOT_GO_ON
    except (KeyboardInterrupt, typer.Abort):
        say("已中断，没有写完的文件不会留下。")
        return INTERRUPTED
    except Unheard as unheard:
        if unheard.pipe_closed:
            return NOBODY_READS
        say(str(unheard))
        return CANNOT_GO_ON
    except Exception as error:
        if hasattr(error, "format_message"):
            say(usage_error(error))
            return CANNOT_GO_ON
        return _our_fault(error)
    return code if isinstance(code, int) else OK


def _our_fault(error: Exception) -> int:
    """An error of ours: say so, and keep the details in a file for the maintainers."""
    import traceback

    details = "".join(traceback.format_exception(error))
    try:
        handle, name = tempfile.mkstemp(prefix="xlbudget-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(details)
        say(f"程序出错了，这不是您的问题（{type(error).__name__}）。详情在 {name}，请发给维护人员。")
    except OSError:
        say(f"程序出错了，这不是您的问题。\n{details}")
    return OUR_FAULT
