"""What reports are written as: one line a kind of file; command line, buttons and checks of paths come from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from xlbudget.report.document import Document


@dataclass(frozen=True, slots=True)
class Exporter:
    """A kind of file that a report is written as."""

    suffix: str
    title: str
    """What people call it."""
    button: str
    """Id of the button that writes one beside the workbook."""
    render: Callable[[Document], bytes]
    note: Callable[[], str] = lambda: ""
    """What the user should know of files made on this machine."""

    @property
    def option(self) -> str:
        """Its name on the command line: --docx."""
        return self.suffix.removeprefix(".")


# What renders is loaded where it is used: python-docx and typst take a third of a second.


def _docx(document: Document) -> bytes:
    from xlbudget.export.docx import render_docx

    return render_docx(document)


def _pdf(document: Document) -> bytes:
    from xlbudget.export.pdf import render_pdf

    return render_pdf(document)


def _pdf_note() -> str:
    from xlbudget.export.typesetting import font_note

    return font_note() or ""


EXPORTERS = {
    one.suffix: one
    for one in (
        Exporter(".docx", "Word", "word", _docx),
        Exporter(".pdf", "PDF", "pdf", _pdf, _pdf_note),
    )
}
"""By suffix."""
