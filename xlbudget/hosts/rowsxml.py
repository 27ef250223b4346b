"""The rows of a worksheet part: text, of which one block at a time is a tree, while it is read or edited.

A tree takes thirty times the room of its text; a sheet of 5,000 indicators would take 60 MB.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2s
from itertools import pairwise
from typing import cast

from lxml import etree

from xlbudget.files.xml import (
    Element,
    parse,
    put,
    serialize,
)
from xlbudget.hosts.plainrows import Found, cells, edited
from xlbudget.hosts.rowtree import DATA, Block, Edit, PutValue, found_in

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet."""
BLOCK = 500
"""Rows that are a tree together."""
FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s>/]")
_MAY_HIDE = re.compile(rb"\shidden\s*=|\sht\s*=\s*[\"']0")
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^>]*\?>)?")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_ATTRIBUTES = rb"(?:\s(?:[^>\"']|\"[^\"]*\"|'[^']*')*)?"
_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData" + _ATTRIBUTES + rb">")


def taken_apart(content: bytes, part: str) -> tuple[Element, Rows]:
    """A worksheet part as a tree without its rows, and the rows. Raises CannotOpen when it is damaged."""
    found = _plain_area(content)
    if found:
        start, end = found
        root = parse(content[:start] + content[end:], part)
        data = root.find(DATA)
        if data is not None:
            return root, Rows(part, root, data, content[start:end], plain=True)
    root = parse(content, part)
    data = root.find(DATA)
    if data is None:
        data = etree.Element(DATA)
        put(root, data, ORDER)
    alone, holder = _alone(root, data)
    holder.text, data.text = data.text, None
    holder.extend(list(data))
    return root, Rows(part, root, data, _inner(alone) if len(holder) else b"", plain=False)


def _plain_area(content: bytes) -> tuple[int, int] | None:
    """Where the rows of a part begin and end.

    None for whatever is not written as all programs write it: then the whole has to be parsed first.
    """
    declaration = _DECLARATION.match(content)
    rest = declaration.end() if declaration else 0
    odd = _ENCODING.search(content, 0, rest) or b"\0" in content[:200]
    if odd or content.find(b"<!", rest) >= 0 or content.find(b"<?", rest) >= 0:
        return None
    found = _DATA.search(content) if content.count(b"sheetData") == 2 else None
    end = content.find(b"</" + found[1] + b"sheetData", found.end()) if found else -1
    return None if found is None or end < 0 else (found.end(), end)


def _plain_blocks(text: bytes, prefix: bytes) -> tuple[list[bytes], list[int]] | None:
    """Rows as blocks, with the number of the last row of each; None where they cannot be told apart safely."""
    rows = [*re.compile(b"<" + prefix + rb"row\s(?:[^>]*?\s)?r=\"([0-9]{1,7})\"").finditer(text)]
    numbers = [int(row[1]) for row in rows]
    known = len(rows) == len(re.findall(b"<" + prefix + rb"row[\s/>]", text))
    ascending = all(one < other for one, other in pairwise(numbers))
    # Cells that share a formula, and what programs of the future add, have to be seen together.
    if not numbers or not known or not ascending or b'"shared"' in text or b"extLst" in text:
        return None
    cuts = [0, *(row.start() for row in rows[BLOCK::BLOCK]), len(text)]
    blocks = [text[one:other] for one, other in pairwise(cuts)]
    return blocks, [*numbers[BLOCK - 1 : -1 : BLOCK], numbers[-1]][: len(blocks)]


def _alone(root: Element, data: Element) -> tuple[Element, Element]:
    """A worksheet with no more than an empty <sheetData>, and that."""
    alone = etree.Element(root.tag, nsmap=cast("dict[str, str]", root.nsmap))
    return alone, etree.SubElement(alone, DATA, nsmap=cast("dict[str, str]", data.nsmap))


def _inner(alone: Element) -> bytes:
    """The text of the rows of such a worksheet. (No > stands in an attribute that lxml writes.)"""
    return (
        etree.tostring(alone, encoding="UTF-8", xml_declaration=False).split(b">", 2)[2].rsplit(b"</", 2)[0]
    )


class Rows:
    """The rows of a worksheet part; `data`, where they go, holds a mark in their place."""

    def __init__(self, part: str, root: Element, data: Element, text: bytes, *, plain: bool) -> None:
        self._part, self._uncut, self._plain = part, text, plain
        self._blocks: list[bytes] = []
        self._lasts: Sequence[int] = []
        """Number of the last row of each block, where there are several."""
        alone, holder = _alone(root, data)
        holder.text = "|"
        self._head, _, self._tail = etree.tostring(alone, encoding="UTF-8").rpartition(b"|")
        self._mark = etree.Comment(f"xlbudget {blake2s(serialize(root)).hexdigest()}")
        data[:] = [self._mark]
        self.prefix = f"{data.prefix}:" if data.prefix else ""
        self._sound = False
        """Whether all blocks were parsed before."""
        self.formulas_changed = False
        """Whether cells that had a formula lost or changed it, or others got one."""

    def _cut(self) -> None:
        """Cut the rows into blocks when they are needed: a sheet that is filled anew needs none."""
        if self._uncut:
            found = _plain_blocks(self._uncut, self.prefix.encode()) if self._plain else None
            self._blocks, self._lasts = found or ([self._uncut], [])
            self._uncut, self._plain = b"", found is not None and not self.prefix

    def clear(self) -> None:
        """Take all rows away."""
        self.formulas_changed |= any(map(FORMULA.search, (self._uncut, *self._blocks)))
        self._uncut, self._blocks, self._lasts = b"", [], []

    def around(self, content: bytes) -> tuple[bytes, bytes]:
        """What stands before and after the rows in the serialized part."""
        before, after = content.split(f"<!--{self._mark.text}-->".encode())
        return before, after

    @property
    def text(self) -> Sequence[bytes]:
        self._cut()
        return self._blocks

    def read(self) -> Iterator[tuple[int, Iterable[Found]]]:
        """The cells of rows by number; rows are not always in order."""
        for content in self.text:
            root = self._parsed(content)  # regular expressions would pass over damage
            found: Iterable[tuple[int, Iterable[Found]]] | None = cells(content) if self._plain else None
            if found is None:
                block = Block(root, self._part)
                found = ((row, map(found_in, sorted(block.cells(row).items()))) for row in sorted(block.rows))
            yield from found
        self._sound = True

    def trees_with_formulas(self) -> Iterator[Block]:
        """The blocks in which there are formulas."""
        for content in self.text:
            if FORMULA.search(content):
                yield self._tree(content)

    def hidden(self) -> Iterator[int]:
        """The numbers of the rows that are not seen."""
        for content in self.text:
            if _MAY_HIDE.search(content):
                rows = self._tree(content).rows
                yield from (number for number, row in rows.items() if _is_hidden(row))

    def _parsed(self, content: bytes) -> Element:
        """The tree of a block. Raises CannotOpen when it is damaged."""
        return parse(self._head + content + self._tail, self._part)

    def _tree(self, content: bytes) -> Block:
        return Block(self._parsed(content), self._part)

    def edit(self, edits: Mapping[int, Sequence[Edit]], styles: Mapping[int, str]) -> list[tuple[int, int]]:
        """Edit rows by number; the places of cells that were not there. `styles` are those of columns."""
        if not self.text:
            self._blocks, self._plain = [b""], False
        wanted: dict[int, list[int]] = {}
        for row in sorted(edits):
            wanted.setdefault(min(bisect_left(self._lasts, row), len(self._blocks) - 1), []).append(row)
        added: list[tuple[int, int]] = []
        for number, rows in sorted(wanted.items()):
            here = {row: edits[row] for row in rows}
            new = self._edited_as_text(number, here, styles) or self._edited_as_tree(number, here, styles)
            self._blocks[number] = new[0]
            added += new[1]
        return added

    def _edited_as_text(
        self, number: int, edits: Mapping[int, Sequence[Edit]], styles: Mapping[int, str]
    ) -> tuple[bytes, list[tuple[int, int]]] | None:
        if not self._plain or not all(isinstance(one, PutValue) for row in edits.values() for one in row):
            return None
        if not self._sound:
            self._parsed(self._blocks[number])
        values = {
            row: {one.column: one.value for one in several if isinstance(one, PutValue)}
            for row, several in edits.items()
        }
        if any(len(values[row]) < len(one) for row, one in edits.items()):
            return None  # a cell that is written twice
        return edited(self._blocks[number], values, styles)

    def _edited_as_tree(
        self, number: int, edits: Mapping[int, Sequence[Edit]], styles: Mapping[int, str]
    ) -> tuple[bytes, list[tuple[int, int]]]:
        block = self._tree(self._blocks[number])
        block.styles = styles
        block.above = self._tree(self._blocks[number - 1]) if number else None
        for row, several in edits.items():
            for edit in several:
                block.apply(row, edit)
        self.formulas_changed |= block.formulas_changed
        return _inner(block.root), block.added


def _is_hidden(row: Element) -> bool:
    """Whether a row is hidden, or has no height."""
    height = row.get("ht", "")
    flat = re.fullmatch(r"0+(?:\.0*)?", height) is not None
    return row.get("hidden") in ("1", "true") or flat
