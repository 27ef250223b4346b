"""A page of a PDF as pdfium sees it: characters and ruling lines, in points from the page's upper left corner."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_OBJECTS = 50_000
"""Drawn objects of a page that are looked at for lines of tables; a page with more is a map or the like."""
MAX_CHARS = 500_000
"""Characters of a page."""
_MAX_SEGMENTS = 200
_THIN = 2.6
_SHORT = 3.0
_DEEPEST = 5
# Radicals that fonts name instead of the characters which look the same, and that have no compatibility form.
_RADICALS = dict(
    zip(
        "⺟⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻨⻩⻬⻮⻰⺠⻄⻑⻁⻤⻪⻫⻭⻯",
        "母见角贝车长门青韦页风飞食马骨鱼鸟麦黄齐齿龙民西長虎鬼黾齊歯竜",
        strict=True,
    )
)


class Char(NamedTuple):
    """A character: its left and right end, baseline, height, number in the file, and whether a blank is before it."""

    text: str
    left: float
    right: float
    base: float
    height: float
    number: int
    after_blank: bool = False


class Rule(NamedTuple):
    """A straight line: its place across, and where it begins and ends."""

    at: float
    start: float
    end: float


class PageContent(NamedTuple):
    """What stands on a page. `garbled` counts characters that nobody can tell, `drawn` objects; `cut` is more than can be read."""

    chars: list[Char]
    across: list[Rule]
    down: list[Rule]
    height: float
    garbled: int
    drawn: int
    scanned: bool
    """Whether it is a picture without text."""
    cut: bool


Turn = Callable[[float, float], tuple[float, float]]


def read_page(page: Any) -> PageContent:
    """The characters and lines of a page, turned so that most of its text runs from left to right."""
    text_page = page.get_textpage()
    try:
        found = list(_raw_chars(text_page))
    finally:
        text_page.close()
    angle = Counter(one[0] for one in found if one[0] is not None).most_common(1)
    turn, height = _turning(page, angle[0][0] if angle else 0)
    chars, garbled = _chars(found, turn, height)
    across, down = _rules(page, turn)
    scanned = not chars and any(kind == raw.FPDF_PAGEOBJ_IMAGE for kind in _kinds(page))
    drawn = raw.FPDFPage_CountObjects(page)
    return PageContent(chars, across, down, height, garbled, drawn, scanned, len(found) >= MAX_CHARS)


def _kinds(page: Any) -> Iterator[int]:
    for index in range(min(MAX_OBJECTS, raw.FPDFPage_CountObjects(page))):
        yield raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, index))


def _turning(page: Any, angle: int) -> tuple[Turn, float]:
    """How points of the page become points from the upper left corner; the height of the page."""
    left, bottom, right, top = page.get_mediabox()
    cos, sin = ((1, 0), (0, -1), (-1, 0), (0, 1))[angle // 90]  # pdfium's angles run clockwise

    def turned(x: float, y: float) -> tuple[float, float]:
        return x * cos + y * sin, y * cos - x * sin

    corners = [turned(x, y) for x in (left, right) for y in (bottom, top)]
    west, north = min(x for x, _ in corners), max(y for _, y in corners)

    def turn(x: float, y: float) -> tuple[float, float]:
        new_x, new_y = turned(x, y)
        return new_x - west, north - new_y

    return turn, north - min(y for _, y in corners)


# -- characters ------------------------------------------------------------------------------------------

RawChar = tuple[int | None, int, tuple[float, float, float, float], tuple[float, float]]
"""Angle in degrees (None when it is oblique), code, box and origin."""


def _raw_chars(text_page: Any) -> Iterator[RawChar]:
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(min(MAX_CHARS, raw.FPDFText_CountChars(text_page))):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if raw.FPDFText_IsGenerated(text_page, index) == 1 or code in (10, 13):
            continue
        if not raw.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        degrees = math.degrees(raw.FPDFText_GetCharAngle(text_page, index))
        right_angle = round(degrees / 90) * 90
        straight = abs(degrees - right_angle) < 3
        edges = box.left, box.bottom, box.right, box.top
        yield right_angle % 360 if straight else None, code, edges, (x.value, y.value)


def _chars(found: list[RawChar], turn: Turn, page_height: float) -> tuple[list[Char], int]:
    chars: list[Char] = []
    garbled, blank = 0, False
    for angle, code, (left, bottom, right, top), origin in found:
        text = _sign(code)
        if angle is None:  # a watermark
            continue
        if text is None:
            garbled += 1
            continue
        if text.isspace() or not text:
            blank = True
            continue
        (x0, y0), (x1, y1) = turn(left, bottom), turn(right, top)
        base = turn(*origin)[1]
        low, high = min(y0, y1), max(y0, y1)
        base = base if low - 1 <= base <= high + 1 else high
        if -1 <= base <= page_height + 1 and high > low:
            chars.append(Char(text, min(x0, x1), max(x0, x1), base, high - low, len(chars), blank))
        blank = False
    return chars, garbled


def _sign(code: int) -> str | None:
    """The character of a code, look-alike radicals replaced; None for one that stands for nothing known."""
    if code in (2, 0xFFFE):
        return "-"
    if code < 32 or code == 0xFFFD or 0xD800 <= code < 0xF900 or code > 0xEFFFF:
        return " " if code in (9, 11, 12) else None
    sign = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFB06:
        return _RADICALS.get(sign) or unicodedata.normalize("NFKC", sign)
    return "" if code in (0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF) else sign


# -- lines -----------------------------------------------------------------------------------------------


def _rules(page: Any, turn: Turn) -> tuple[list[Rule], list[Rule]]:
    across: list[Rule] = []
    down: list[Rule] = []
    for x0, y0, x1, y1 in _strokes(page):
        (left, top), (right, bottom) = turn(x0, y0), turn(x1, y1)
        wide, high = abs(right - left), abs(bottom - top)
        if high <= _THIN and wide > _SHORT:
            across.append(Rule((top + bottom) / 2, min(left, right), max(left, right)))
        elif wide <= _THIN and high > _SHORT:
            down.append(Rule((left + right) / 2, min(top, bottom), max(top, bottom)))
    return across, down


Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]


def _strokes(page: Any) -> Iterator[Box]:
    """The straight strokes and thin bars of a page."""
    count = raw.FPDFPage_CountObjects(page)
    if count > MAX_OBJECTS:
        return
    left = [MAX_OBJECTS]
    for index in range(count):
        yield from _strokes_of(raw.FPDFPage_GetObject(page, index), (1, 0, 0, 1, 0, 0), 0, left)


def _strokes_of(item: Any, outer: Matrix, depth: int, left: list[int]) -> Iterator[Box]:
    """Those of an object or, of a form, of what is in it, as long as there are `left` objects to look at."""
    left[0] -= 1
    kind = raw.FPDFPageObj_GetType(item)
    if left[0] < 0 or kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
        return
    own = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, own)
    matrix = _times((own.a, own.b, own.c, own.d, own.e, own.f), outer)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield from _strokes_of_path(item, matrix)
    elif depth < _DEEPEST:
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _strokes_of(raw.FPDFFormObj_GetObject(item, index), matrix, depth + 1, left)


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _strokes_of_path(path: Any, matrix: Matrix) -> Iterator[Box]:
    fill, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroked)
    if not (fill.value or stroked.value):
        return
    for points in _outlines(path, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield box
        elif stroked.value:
            yield from ((*first, *second) for first, second in pairwise(points))


def _outlines(path: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The polygons of a path; one with curves or very many corners is left out."""
    count = raw.FPDFPath_CountSegments(path)
    if count > _MAX_SEGMENTS:
        return
    a, b, c, d, e, f = matrix
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if kind == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append((x.value * a + y.value * c + e, x.value * b + y.value * d + f))
        if raw.FPDFPathSegment_GetClose(segment):
            yield [*points, points[0]]
            points = [points[0]]
    if len(points) > 1:
        yield points


def open_pdf(content: bytes) -> Any:
    """An open PDF. Raises pdfium.PdfiumError."""
    return pdfium.PdfDocument(content)
