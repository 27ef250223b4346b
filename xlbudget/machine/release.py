"""What a county hands out: a zip with workbooks, samples, the manual as Word and PDF, and perhaps the offline bundle."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from xlbudget import __version__, app
from xlbudget.export.exporters import EXPORTERS
from xlbudget.files.writing import write_atomic
from xlbudget.machine.manual import manual_docx, manual_folder, manual_pdf, parts_of

_MOMENT = (2022, 1, 1, 0, 0, 0)
_READ_ME = """预算绩效运行监控 xlbudget {version}

空白工作簿    .xlsm 带“预算绩效”选项卡和函数，.xlsx 不带宏
样例          填好的工作簿，和由它生成的结果、Word、PDF
使用手册      Word 和 PDF 各一份，内容相同
{offline}
填表只要有 Excel 或 WPS。校验和出报告要装 xlbudget，见使用手册“开始之前”{by_bundle}。
"""


def _workbooks() -> Iterator[tuple[str, bytes]]:
    for suffix in (".xlsm", ".xlsx"):
        yield (
            f"空白工作簿/预算绩效监控{suffix}",
            app.new_workbook(None, sample=False, macros=suffix == ".xlsm"),
        )


def _samples() -> Iterator[tuple[str, bytes]]:
    """The sample, and everything that a run makes of it."""
    with tempfile.TemporaryDirectory(prefix="xlbudget-") as name:
        folder = Path(name)
        source = app.create(folder / "样例.xlsx", sample=True)
        reports = {suffix: folder / f"样例-监控报告{suffix}" for suffix in EXPORTERS}
        _, written = app.run(
            source, app.Destinations(app.default_output(source), reports, forms=folder / "监控表")
        )
        for path in (source, *written):
            yield f"样例/{path.relative_to(folder.resolve()).as_posix()}", path.read_bytes()


def _manual() -> Iterator[tuple[str, bytes]]:
    folder = manual_folder()
    parts = parts_of((folder / "README.zh-CN.md").read_text("utf-8"))
    yield "使用手册.docx", manual_docx(parts, folder)
    yield "使用手册.pdf", manual_pdf(parts, folder)


def _offline(bundle: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(bundle.rglob("*")):
        if path.is_file():
            yield f"离线版/{path.relative_to(bundle).as_posix()}", path.read_bytes()


def release(folder: Path, bundle: Path | None = None) -> list[Path]:
    """Write the zip into a folder; the same version gives the same bytes on a machine. Raises Told."""
    if bundle is not None and not bundle.is_dir():
        raise app.CannotGoOn(f"“{bundle}”不是文件夹。--bundle 后面写 xlbudget addin bundle 做好的文件夹。")
    app.check_folder(folder)
    folder.mkdir(exist_ok=True)
    offline = "离线版        没有 Python、不能上网的电脑用，双击 install.cmd" if bundle else ""
    read_me = _READ_ME.format(
        version=__version__, offline=offline, by_bundle="，或者用离线版" if bundle else ""
    )
    files = [
        ("说明.txt", read_me.replace("\n", "\r\n").encode("utf-8-sig")),
        *_workbooks(),
        *_samples(),
        *_manual(),
    ]
    files += _offline(bundle) if bundle else []
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(
                zipfile.ZipInfo(f"xlbudget-{__version__}/{name}", _MOMENT), content, zipfile.ZIP_DEFLATED
            )
    target = folder / f"xlbudget-{__version__}.zip"
    write_atomic(target, buffer.getvalue())
    return [target]
