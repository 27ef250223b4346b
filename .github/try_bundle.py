"""Try an offline bundle on Windows as somebody would who has no Python: `python .github/try_bundle.py BUNDLE`.

The machine that this is for (GitHub's windows-latest) has no Excel. So this tries everything up to Excel's door: the
commands, Python with our packages, installing and uninstalling in the real registry, real Marks of the Web, and the COM
server that Excel's VBA would call. Whether Excel opens the add-in, shows the ribbon and computes, it cannot tell.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MARK = "[ZoneTransfer]\r\nZoneId=3\r\n"
COM_ID = "{0F1C9A63-5D0B-4C7C-9E0B-6B1B6C3E7A11}"
GOOD = (
    "Python",
    "组件",
    "离线版的文件",
    "xlwings",
    "xlwings 的 DLL",
    "pywin32",
    "可写的文件夹",
    "生成加载项",
)
"""What the doctor must find in order in a bundle; what it says about Excel is printed, not judged."""
INSTALLED = ("加载项", "“来自其他计算机”标记", "被 Excel 停用", "xlwings 的设置")

SERVE = f"import xlwings; xlwings.serve('{COM_ID}')"
CALL = f"""
import sys, time
import pythoncom, win32com.client
for _ in range(60):
    try:
        made = pythoncom.CoCreateInstance('{COM_ID}', None, pythoncom.CLSCTX_LOCAL_SERVER, pythoncom.IID_IDispatch)
        break
    except pythoncom.com_error:
        time.sleep(1)
else:
    sys.exit('the COM server does not answer')
server = win32com.client.Dispatch(made)
print(server.CallUDF('xlbudget.addin.udfs', 'YEAR_ON_YEAR', ('', 7.0, 10.0)))
"""
PACKAGES = """
import sys, xlwings, pythoncom, pywintypes, win32com, lxml, typst, docx, pydantic, xlsxwriter
assert not [one for one in sys.modules if one.startswith('xlwings.pro')]
print(xlwings.__version__, win32com.__gen_path__)
"""

INSTALL_REFUSED = """
import subprocess, sys
done = subprocess.run([sys.executable, '-m', 'xlbudget', 'addin', 'install'], capture_output=True)
assert done.returncode == 2, done
sys.stdout.buffer.write(done.stdout + done.stderr)
"""


def run(*command: str, code: int = 0) -> str:
    """Run a command that must end with a code; a key waits for `pause`. Returns what it says."""
    print(f"> {' '.join(command)}", flush=True)
    done = subprocess.run(command, input=b"\r\n", capture_output=True, check=False)
    said = done.stdout.decode("utf-8", "replace")
    print(said, done.stderr.decode("utf-8", "replace"), sep="\n", flush=True)
    if done.returncode != code:
        sys.exit(f"expected exit code {code}, got {done.returncode}")
    return said


def doctor(bundle: Path, good: tuple[str, ...]) -> None:
    """The doctor must end with 2, because there is no Excel, and find the rest in order."""
    said = run(str(bundle / "xlbudget.cmd"), "addin", "doctor", "--json", code=2)
    states = {one["name"]: one["state"] for one in json.loads(said)["checks"]}
    wrong = {name: states.get(name) for name in good if states.get(name) != "good"}
    if wrong or states["Excel"] != "stop":
        sys.exit(f"the doctor finds {wrong}, Excel: {states['Excel']}")


def com_server(bundle: Path) -> None:
    """Python as VBA starts it, and a worksheet function called through COM."""
    python = bundle / "python"
    server = subprocess.Popen([str(python / "pythonw.exe"), "-B", "-c", SERVE])
    try:
        said = run(str(python / "python.exe"), "-c", CALL)
    finally:
        server.kill()
    if float(said) != -30.0:
        sys.exit(f"YEAR_ON_YEAR(7, 10) is {said}")


def installed(bundle: Path) -> None:
    """Install with marks on the files, look, uninstall; nothing may be left."""
    addin = Path(os.environ["APPDATA"]) / "Microsoft" / "Excel" / "XLSTART" / "xlbudget.xlam"
    marked = [bundle / "install.cmd", bundle / "python" / "python.exe"]
    for path in marked:
        Path(f"{path}:Zone.Identifier").write_text(MARK)
    work = bundle.parent / "工作簿 一"
    work.mkdir()
    run(str(bundle / "install.cmd"), "--trust", str(work))
    if any(Path(f"{path}:Zone.Identifier").exists() for path in marked):
        sys.exit("a mark is still there")
    if not addin.is_file() or not (work / "xlbudget.xlsm").is_file():
        sys.exit("the add-in or the workbook is not where it should be")
    doctor(bundle, GOOD + INSTALLED)
    run(str(bundle / "uninstall.cmd"))
    settings = Path(os.environ["USERPROFILE"]) / ".xlwings" / "xlwings.conf"
    if addin.exists() or settings.exists() or (work / "xlbudget.xlsm").exists():
        sys.exit("something was left behind")


def main() -> None:
    bundle = Path(sys.argv[1]).resolve()
    python = str(bundle / "python" / "python.exe")
    run(python, "-c", PACKAGES)
    run(str(bundle / "xlbudget.cmd"), "demo", str(bundle.parent / "演示 结果"))
    run(str(bundle / "xlbudget.cmd"), "addin", "build", str(bundle.parent / "built"))
    doctor(bundle, GOOD)
    com_server(bundle)
    if str(bundle).isascii():
        installed(bundle)
    else:  # the runner's code page is 1252: VBA could not find that Python, so it must be refused
        assert "系统字符集" in run(python, "-c", INSTALL_REFUSED)


if __name__ == "__main__":
    main()
