"""What each piece of a section stands for: a placeholder before or behind the point, a comma, minutes or a month."""

from __future__ import annotations

from typing import NamedTuple

from xlbudget.reading.formats.code import Part, Piece, Unclear


class Roles(NamedTuple):
    """The pieces of a section, each with its part, and what was read out of commas and percent signs."""

    pieces: list[Piece]
    power: int = 0
    percent: bool = False
    grouped: bool = False


# -- numbers -------------------------------------------------------------------------------------------


def as_number(given: list[Piece]) -> Roles:
    """A section for numbers: placeholders before and behind the point or E, what commas and percent signs do."""
    pieces, shift, grouped = _with_commas(given)
    percents = sum(piece.part is Part.PERCENT for piece in pieces)
    if percents > 1 or (percents and shift):
        raise Unclear
    power = 2 * percents - 3 * shift
    pieces = _as_text(pieces, Part.PERCENT)
    if any(piece.part is Part.DIVIDED for piece in pieces):
        return Roles(_as_fraction(pieces), power, percents > 0, grouped)
    pieces = _placed(pieces)
    _check_number(_joined(pieces), power, grouped=grouped)
    return Roles(_joined(_as_text(pieces, Part.DIGIT)), power, percents > 0, grouped)


def _placed(pieces: list[Piece]) -> list[Piece]:
    """Placeholders told apart by the point and the E before them; a point without any is but a sign."""
    role = Part.WHOLE if any(piece.part is Part.WHOLE for piece in pieces) else Part.TEXT
    made = []
    for piece in pieces:
        if piece.part is Part.WHOLE:
            made.append(Piece(role, piece.code))
        elif piece.part is Part.POINT and role is not Part.WHOLE:
            made.append(Piece(Part.TEXT, piece.code))
        else:
            made.append(piece)
            role = {Part.POINT: Part.DECIMALS, Part.EXPONENT: Part.POWER}.get(piece.part, role)
    return made


def _as_text(pieces: list[Piece], *parts: Part) -> list[Piece]:
    """Pieces of these parts are shown as they are written."""
    return [Piece(Part.TEXT, piece.code) if piece.part in parts else piece for piece in pieces]


def _with_commas(given: list[Piece]) -> tuple[list[Piece], int, bool]:
    """Commas between placeholders set thousands apart, behind the last one they divide, elsewhere they are shown.

    Returns the other pieces, how many commas divide, and whether thousands are set apart. Raises Unclear for what
    programs understand differently (0,.0).
    """
    pieces: list[Piece] = []
    shift, grouped = 0, False
    last = max((index for index, piece in enumerate(given) if piece.part is Part.WHOLE), default=-1)
    for index, piece in enumerate(given):
        before = given[index - 1].part if index else Part.TEXT
        if piece.part is not Part.COMMA:
            pieces.append(piece)
        elif before is Part.WHOLE and index < last:
            if given[index + 1].part is Part.POINT:
                raise Unclear
            grouped = grouped or all(one.part is not Part.POINT for one in given[:index])
        elif before is Part.WHOLE or (before is Part.POINT and last > -1):
            shift += len(piece.code)
        elif len(piece.code) > 1:
            raise Unclear
        else:
            pieces.append(Piece(Part.TEXT, piece.code))
    return pieces, shift, grouped


def _check_number(pieces: list[Piece], power: int, *, grouped: bool) -> None:
    """Refuse what Excel refuses, and what is too odd to be sure of."""
    parts = [piece.part for piece in pieces]
    placed = Part.WHOLE in parts or Part.DECIMALS in parts
    general = parts.count(Part.GENERAL)
    odd = (
        general > 1
        or (general and (placed or power))
        or (Part.CELL_TEXT in parts and (placed or general))
        or (placed and Part.DIGIT in parts)
        or (grouped and (Part.EXPONENT in parts or parts.count(Part.WHOLE) > 1))
    )
    if odd or (Part.EXPONENT in parts and not _has_power(pieces)):
        raise Unclear


def _has_power(pieces: list[Piece]) -> bool:
    """Whether E is followed by zeros at once, as in E+00, and stands once."""
    at = [index for index, piece in enumerate(pieces) if piece.part in (Part.EXPONENT, Part.POWER)]
    return len(at) == 2 and at[1] == at[0] + 1 and not pieces[at[1]].code.strip("0")


_RUNS = {Part.TEXT, Part.WHOLE, Part.DECIMALS, Part.POWER, Part.SUBSECOND}


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Placeholders that follow each other, and texts, as one piece."""
    made: list[Piece] = []
    for piece in pieces:
        if made and made[-1].part is piece.part and piece.part in _RUNS:
            made[-1] = Piece(piece.part, made[-1].code + piece.code)
        else:
            made.append(piece)
    return made


_LARGEST_BELOW = 4
"""Digits of a denominator, beyond which nobody reads a fraction."""


def _as_fraction(pieces: list[Piece]) -> list[Piece]:
    """# ?/? and # ??/100: at most one whole, a blank, one numerator and one denominator, and words around."""
    made = _joined(pieces)
    slash, *more = [index for index, piece in enumerate(made) if piece.part is Part.DIVIDED]
    if more or slash in (0, len(made) - 1) or made[slash - 1].part is not Part.WHOLE:
        raise Unclear
    below = made[slash + 1]
    if below.part not in (Part.WHOLE, Part.DENOMINATOR) or len(below.code) > _LARGEST_BELOW:
        raise Unclear
    made[slash - 1] = Piece(Part.NUMERATOR, made[slash - 1].code)
    made[slash + 1] = Piece(Part.DENOMINATOR, below.code)
    before = [piece.part for piece in made[: slash - 1]]
    behind = [piece.part for piece in made[slash + 2 :]]
    if (
        set(before) - {Part.TEXT, Part.BLANK, Part.WHOLE}
        or before.count(Part.WHOLE) > 1
        or set(behind) - {Part.TEXT, Part.BLANK}
    ):
        raise Unclear
    return made


# -- dates ---------------------------------------------------------------------------------------------


def as_date(given: list[Piece]) -> Roles:
    """A section for dates: minutes told from months, zeros behind a point as parts of a second."""
    made: list[Piece] = []
    for piece in _as_text(given, Part.DIVIDED, Part.DENOMINATOR, Part.COMMA, Part.DIGIT):
        if piece.part in (Part.GENERAL, Part.CELL_TEXT, Part.EXPONENT, Part.PERCENT):
            raise Unclear
        if piece.part is Part.WHOLE:
            _add_subsecond(made, piece.code)
        else:
            made.append(piece)
    return Roles(_with_minutes(_joined(_as_text(made, Part.POINT))))


def _add_subsecond(made: list[Piece], sign: str) -> None:
    """The 0 of ss.0, which joins the point before it."""
    last = made[-1].part if made else None
    clock = any(one.part is Part.ELAPSED or (one.part is Part.DATE and one.code[0] in "hs") for one in made)
    if sign != "0" or not clock or last not in (Part.POINT, Part.SUBSECOND):
        raise Unclear
    if last is Part.POINT:
        made.pop()
    made.append(Piece(Part.SUBSECOND, ".0" if last is Part.POINT else "0"))


def _with_minutes(pieces: list[Piece]) -> list[Piece]:
    """m and mm are minutes behind hours or seconds, and before seconds; each of these tells of one m only."""
    timed = [index for index, piece in enumerate(pieces) if piece.part in (Part.DATE, Part.ELAPSED)]
    used: set[int] = set()
    for order, index in enumerate(timed):
        code = pieces[index].code
        if pieces[index].part is not Part.DATE or code not in ("m", "mm"):
            continue
        near = [timed[other] for other in (order - 1, order + 1) if 0 <= other < len(timed)]
        tells = [
            one for one in near
            if one not in used and pieces[one].code.strip("[]")[0] in ("hs" if one < index else "s")
        ]  # fmt: skip
        if tells:
            used.add(tells[0])
            pieces[index] = Piece(Part.DATE, "M" * len(code))
    return pieces
