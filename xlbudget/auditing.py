"""The use case audit: a report read, checked, written back with what was found."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from xlbudget import app
from xlbudget.audit.against import Witness
from xlbudget.audit.audit import Audit, audit
from xlbudget.audit.own_report import own_report
from xlbudget.audit.source import Source, is_too_long
from xlbudget.audit.truth import Truth
from xlbudget.files.writing import write_all
from xlbudget.readers import content_of, read_bytes, too_long


@dataclass(frozen=True, slots=True)
class Audited:
    """A document, what was found in it, and what could not be read of it."""

    source: Source
    audit: Audit
    notes: tuple[str, ...]
    written: tuple[Path, ...]


def audit_document(
    path: Path, *, witness: Witness | None = None, docx: Path | None = None, html: Path | None = None
) -> Audited:
    """Whether a report agrees with itself and with a workbook; write it back with comments, or as a page. Raises Told."""
    for target, suffix in ((docx, ".docx"), (html, ".html")):
        _check_audit_output(path, target, suffix)
    content = content_of(path)
    reading = read_bytes(path, content)
    if is_too_long(reading.source):
        raise too_long(path)
    result = audit(reading.source, witness, with_claims=True, processes=os.cpu_count() or 1)
    files = []
    if docx:
        from xlbudget.export.comments import annotate

        files.append((docx, annotate(content, result.findings, path)))
    if html:
        from xlbudget.export.audit_html import render_html

        files.append((html, render_html(path.name, reading.source, result.findings).encode("utf-8")))
    if files:
        write_all(files)
    return Audited(reading.source, result, reading.notes, tuple(target.resolve() for target, _ in files))


def _check_audit_output(path: Path, target: Path | None, suffix: str) -> None:
    if target is None:
        return
    if target.suffix.lower() != suffix:
        raise app.CannotGoOn(f"“{target.name}”的扩展名应为 {suffix}。")
    if suffix == ".docx" and path.suffix.lower() != ".docx":
        raise app.CannotGoOn(f"“{path.name}”不是 Word 文档，不能写批注。请用 --html 另存一份标注好的网页。")
    if target.resolve() == path.resolve():
        raise app.CannotGoOn("输出文件就是原文件。请换一个文件名，原文件不会改动。")
    app.check_folder(target)


def witness_of(opened: app.Opened) -> Witness:
    """A workbook as the witness of an audit."""
    return Witness(Truth(opened.case), own_report(opened.report).source)
