"""What of a text people may be shown: no characters that turn lines around, move the cursor or cannot be seen."""

from __future__ import annotations

import unicodedata

_TAKEN_OUT = {"Cc", "Cf", "Cs"}
"""Controls, format signs (directions, zero widths, tags) and halves of characters."""
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters and marks that have no shape."""
_BLANKS = "\t\v\f\r\x85\u2028\u2029"


class _Shown(dict[int, str | None]):
    """What each character is shown as, found when it is first met."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        hidden = unicodedata.category(sign) in _TAKEN_OUT or sign in _FILLERS
        self[code] = shown = " " if sign in _BLANKS else None if hidden else sign
        return shown


_SHOWN = _Shown({ord("\n"): "\n"})


def visible(text: str) -> str:
    """A text as it may be shown on a terminal, in a message, in the name of a file; its line feeds stay."""
    plain = text.isprintable() and _FILLERS.isdisjoint(text)
    return text if plain else text.translate(_SHOWN)
