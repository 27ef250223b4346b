"""Mutations of a zip package: headers and directory as bytes, members as such."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile

from benchmarks.fuzzing.kinds import PACKAGE, RAW, TEXTS, Dice, Parts, bytes_of, cut, flipped, kind

ODD = (
    0,
    1,
    2,
    8,
    9,
    12,
    14,
    20,
    45,
    63,
    99,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFE,
    0xFFFFFFFF,
)
LOCAL = {"signature": (0, 4), "version": (4, 2), "flags": (6, 2), "method": (8, 2), "time": (10, 2), "date": (12, 2), "crc": (14, 4),
         "packed size": (18, 4), "size": (22, 4), "name length": (26, 2), "extra length": (28, 2)}  # fmt: skip
CENTRAL = {"signature": (0, 4), "made by": (4, 2), "version": (6, 2), "flags": (8, 2), "method": (10, 2), "time": (12, 2), "date": (14, 2),
           "crc": (16, 4), "packed size": (20, 4), "size": (24, 4), "name length": (28, 2), "extra length": (30, 2),
           "comment length": (32, 2), "disk": (34, 2), "attributes": (38, 4), "offset": (42, 4)}  # fmt: skip
END = {"signature": (0, 4), "disk": (4, 2), "directory disk": (6, 2), "entries here": (8, 2), "entries": (10, 2), "directory size": (12, 4),
       "directory offset": (16, 4), "comment length": (20, 2)}  # fmt: skip


def unpacked(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [(info.filename, package.read(info)) for info in package.infolist()]


def packed(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method, compresslevel=1) as package:
        warnings.simplefilter("ignore")  # A name twice is meant.
        for name, content in parts:
            package.writestr(_info(name, method), content)
    return buffer.getvalue()


def _info(name: str, method: int) -> zipfile.ZipInfo:
    """An entry of just this name, which ZipInfo would cut at a NUL."""
    info = zipfile.ZipInfo("x")
    info.filename, info.compress_type = name, method
    return info


def _set(dice: Dice, content: bytes, start: int, field: tuple[int, int]) -> bytes:
    offset, size = start + field[0], field[1]
    old = int.from_bytes(content[offset : offset + size], "little")
    near = old + dice.choice((-1, 1, -2, 2, 46, -46, 256))
    new = dice.choice(
        (dice.choice(ODD), near, dice.getrandbits(8 * size), old ^ (1 << dice.randrange(8 * size)))
    )
    changed: int = new % 256**size
    return content[:offset] + changed.to_bytes(size, "little") + content[offset + size :]


def _central(content: bytes) -> list[int]:
    """Where the entries of the directory stand."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        place, found = package.start_dir, []
        for _ in package.infolist():
            found.append(place)
            place += 46 + sum(struct.unpack_from("<HHH", content, place + 28))
    return found


@kind(RAW, "local header")
def local_header(dice: Dice, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        places = [info.header_offset for info in package.infolist()]
    return _set(dice, content, dice.choice(places), dice.choice([*LOCAL.values()]))


@kind(RAW, "central directory")
def central_directory(dice: Dice, content: bytes) -> bytes:
    return _set(dice, content, dice.choice(_central(content)), dice.choice([*CENTRAL.values()]))


@kind(RAW, "end of directory")
def end_of_directory(dice: Dice, content: bytes) -> bytes:
    return _set(dice, content, len(content) - 22, dice.choice([*END.values()]))


@kind(RAW, "flags of a member")
def flags(dice: Dice, content: bytes) -> bytes:
    """One flag, in the local header and in the directory alike."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        index = dice.randrange(len(package.infolist()))
        start = package.infolist()[index].header_offset
    bit, changed = 1 << dice.randrange(16), bytearray(content)
    for place in (start + 6, _central(content)[index] + 8):
        struct.pack_into("<H", changed, place, struct.unpack_from("<H", changed, place)[0] ^ bit)
    return bytes(changed)


@kind(RAW, "sizes of a member")
def sizes(dice: Dice, content: bytes) -> bytes:
    """Size or CRC said wrongly, in the local header and in the directory alike."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        index = dice.randrange(len(package.infolist()))
        start = package.infolist()[index].header_offset
    name = dice.choice(("crc", "packed size", "size"))
    new, changed = (
        dice.choice((dice.choice(ODD), dice.getrandbits(32), dice.getrandbits(12))),
        bytearray(content),
    )
    struct.pack_into("<I", changed, start + LOCAL[name][0], new)
    struct.pack_into("<I", changed, _central(content)[index] + CENTRAL[name][0], new)
    return bytes(changed)


@kind(RAW, "truncated")
def truncated(dice: Dice, content: bytes) -> bytes:
    return cut(dice, content)


@kind(RAW, "bytes changed")
def bytes_changed(dice: Dice, content: bytes) -> bytes:
    return flipped(dice, content)


@kind(RAW, "bytes inserted")
def bytes_inserted(dice: Dice, content: bytes) -> bytes:
    place = dice.choice((0, len(content), dice.randrange(len(content))))
    return content[:place] + bytes_of(dice, 3000) + content[place:]


@kind(RAW, "piece over another")
def spliced(dice: Dice, content: bytes) -> bytes:
    size = dice.randint(1, min(2000, len(content) - 1))
    here, there = dice.randrange(len(content) - size), dice.randrange(len(content) - size)
    return content[:here] + content[there : there + size] + content[here + size :]


@kind(RAW, "comment")
def commented(dice: Dice, content: bytes) -> bytes:
    """A comment that may hold what looks like another end."""
    comment = dice.choice((bytes_of(dice, 200), content[-22:], b"PK\x05\x06" * 9, b"\0" * 0xFFFF))
    return content[:-2] + struct.pack("<H", len(comment)) + comment


@kind(PACKAGE, "name of a part")
def renamed(dice: Dice, parts: Parts) -> Parts:
    index = dice.randrange(len(parts))
    name = parts[index][0]
    odd = (
        name.upper(), name.lower(), name.swapcase(), name.replace("/", "\\"), f"./{name}", f"/{name}", f"../{name}", f"{name}/", f"{name} ",
        name.replace("/", "//"), f"x/../{name}", name + "\0x", name.replace(".", "%2E"), name.replace("s", "ſ"), f"{name}.bak", "x" * 300,
        name.replace("xl/", "XL/"), name.encode().decode("latin-1"), f"C:\\{name}", "项目.xml", dice.choice(TEXTS)[:60000], "", "_xmlsignatures/x",
    )  # fmt: skip
    return [*parts[:index], (dice.choice(odd), parts[index][1]), *parts[index + 1 :]]


@kind(PACKAGE, "all names")
def all_renamed(dice: Dice, parts: Parts) -> Parts:
    change = dice.choice(
        (
            str.lower,
            str.upper,
            lambda n: n.replace("/", "\\"),
            lambda n: f"/{n}",
            lambda n: f"./{n}",
            str.title,
        )
    )
    return [(change(name), content) for name, content in parts]


@kind(PACKAGE, "order of parts")
def reordered(dice: Dice, parts: Parts) -> Parts:
    return dice.sample(parts, len(parts))


@kind(PACKAGE, "part twice")
def doubled(dice: Dice, parts: Parts) -> Parts:
    name, content = dice.choice(parts)
    other = dice.choice((content, b"", dice.choice(parts)[1], content[: len(content) // 2]))
    place = dice.randrange(len(parts) + 1)
    return [*parts[:place], (dice.choice((name, name, name.upper(), f"/{name}")), other), *parts[place:]]


@kind(PACKAGE, "part dropped")
def dropped(dice: Dice, parts: Parts) -> Parts:
    index = dice.randrange(len(parts))
    return [*parts[:index], *parts[index + 1 :]]


@kind(PACKAGE, "part without content")
def emptied(dice: Dice, parts: Parts) -> Parts:
    index = dice.randrange(len(parts))
    odd = (
        b"",
        b"\0" * 9,
        b" ",
        b"<x/>",
        b"<?xml version='1.0'?>",
        b"\xef\xbb\xbf",
        bytes_of(dice, 500),
        b"\0" * 2**20,
    )
    return [*parts[:index], (parts[index][0], dice.choice(odd)), *parts[index + 1 :]]


@kind(PACKAGE, "parts exchanged")
def exchanged(dice: Dice, parts: Parts) -> Parts:
    one, other = dice.randrange(len(parts)), dice.randrange(len(parts))
    changed = [*parts]
    changed[one], changed[other] = (parts[one][0], parts[other][1]), (parts[other][0], parts[one][1])
    return changed


@kind(PACKAGE, "part added")
def added(dice: Dice, parts: Parts) -> Parts:
    name = dice.choice(("xl/calcChain.xml", "xl/sharedStrings.xml", "xl/comments1.xml", "xl/vbaProject.bin", "customXml/item1.xml", "mimetype",
                        "docProps/thumbnail.jpeg", "xl/worksheets/sheet99.xml", "__MACOSX/._x", "xl/", "EncryptedPackage", "word/document.xml",
                        "content.xml", "xl/workbook.bin", "xl/worksheets/_rels/sheet1.xml.rels", "word/footnotes.xml"))  # fmt: skip
    return [*parts, (name, dice.choice((bytes_of(dice, 900), b"", dice.choice(parts)[1])))]


@kind(PACKAGE, "part cut or damaged")
def damaged(dice: Dice, parts: Parts) -> Parts:
    index = dice.randrange(len(parts))
    name, content = parts[index]
    new = cut(dice, content) if dice.random() < 0.5 else flipped(dice, content)
    return [*parts[:index], (name, new), *parts[index + 1 :]]


@kind(RAW, "method of packing")
def other_method(dice: Dice, content: bytes) -> bytes:
    method = dice.choice((zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    return packed(unpacked(content), method)


@kind(RAW, "written as a stream")
def streamed(dice: Dice, content: bytes) -> bytes:
    """Sizes behind the data, as writers that cannot go back have them; sometimes zip64."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    pipe, big = Pipe(), dice.random() < 0.5
    with zipfile.ZipFile(pipe, "w") as package:
        for name, part in unpacked(content):
            with package.open(_info(name, zipfile.ZIP_DEFLATED), "w", force_zip64=big) as member:
                member.write(part)
    return pipe.getvalue()
