"""What a picture may be: a still PNG, JPEG or WebP file with nothing in it but what one sees; and the sizes that readers get of it.

A file with more in it (metadata, a colour profile, anything before, between or behind) is drawn anew. One without stays as it is, byte
for byte, so that what was exported comes back the same. Readers get what is drawn of it, never the file itself.
"""

import io
import re
import zipfile
import zlib
from contextlib import suppress
from typing import NamedTuple

from PIL import Image, ImageCms, ImageOps

from faq.files.types import Refused

# As Pillow names them; MPO is a photograph of a phone with further pictures behind it.
KINDS = {"PNG": "png", "JPEG": "jpg", "MPO": "jpg", "WEBP": "webp"}
LONGEST_SIDE, MOST_PIXELS = 8_000, 16_000_000
MOST_PIXELS_OF_WEBP = 8_300_000  # a screen of 3840 × 2160: while it is read, four copies are in memory
# How wide readers get it, in pixels: in a text on a phone, on a screen, and opened large.
WIDTHS = (480, 960, 1920)
QUALITY = 82
MOST_PIXELS_WITHOUT_LOSS = 3_000_000  # more would take too much memory
# Modes of Pillow that are kept as they are.
_KEPT = ("1", "L", "LA", "P", "RGB", "RGBA")
_DRAWN_ANEW = {
    "png": {"format": "PNG"},
    "jpg": {"format": "JPEG", "quality": 92},
    "webp": {"format": "WEBP", "lossless": True},
}
_TOO_LARGE = (
    f"Das Bild ist zu groß: Höchstens {LONGEST_SIDE // 1000}.000 Pixel je Seite und {MOST_PIXELS // 1_000_000} Millionen "
    "Pixel im Ganzen sind möglich, bei WebP 8,3 Millionen. Bitte schneiden Sie es zu, oder verkleinern Sie es."
)
# Of a PNG file what draws, each once and in an order that makes sense, and small facts about it with the most bytes that they have.
_PNG_ORDER = re.compile(rb"IHDR (?:(sRGB|gAMA|cHRM|pHYs|PLTE|tRNS) (?!.*\1))*(?:IDAT )+IEND")
_PNG_MOST = {b"IHDR": 13, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"pHYs": 9, b"PLTE": 768, b"tRNS": 256, b"IEND": 0}
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_WEBP_ORDER = re.compile(rb"VP8X (?:ALPH )?VP8[L ] |VP8[L ] ")
# Of a JPEG file: frames, tables, scans and restarts, and JFIF or Adobe in the only size that they need.
_JPEG_SEGMENTS = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}
_JPEG_HEADS = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 14)}
_JPEG_SCAN = re.compile(rb"(?:[^\xff]|\xff[\x00\xd0-\xd7])*+")
_JPEG_MOST_BESIDE_SCANS = 4_000
# Packed colours hardly ever make so long a row of signs, but for repeated ones: it may be what some other program reads.
_READABLE = re.compile(rb"(?:(?!(.{1,4})\1\1)[\t\n\r -~]){24}", re.S)


class Rendition(NamedTuple):
    """A picture as readers get it, a WebP file, with its size in pixels."""

    data: bytes
    width: int
    height: int


def draw(data):
    """The kind of a file, a value of KINDS; what to keep of it; and its Renditions, the smallest first. Raises Refused for anything but a still picture of a bearable size."""
    try:
        kind, is_plain, is_drawn, seen = _read(data)
        if not is_plain:
            data = _saved(seen, **_DRAWN_ANEW[kind])
        renditions = []
        for width in reversed(_widths(seen.width)):
            seen = _resized(seen, width)
            renditions.insert(0, Rendition(_webp(seen, is_drawn), *seen.size))
    except (Refused, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise Refused(_TOO_LARGE) from None
    except Exception as error:  # what a broken file makes of a reader is without number
        raise Refused("Die Datei lässt sich nicht als Bild lesen. Möglich sind PNG, JPEG und WebP.") from error
    return kind, data, tuple(renditions)


def _read(data):
    """The kind of a file, whether it has nothing in it but the picture, whether that was drawn, and the picture as one sees it."""
    with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as image:
        kind = KINDS[image.format]
        _check(image)
        is_plain = image.mode in _KEPT and not zipfile.is_zipfile(io.BytesIO(data)) and _PLAIN[kind](data)
        # Of a photograph nothing is smaller without loss, and trying takes seconds.
        is_drawn = kind != "jpg" and len(data) < image.width * image.height
        return kind, is_plain, is_drawn, _as_seen(image)


def _check(image):
    most = MOST_PIXELS_OF_WEBP if image.format == "WEBP" else MOST_PIXELS
    if max(image.size) > LONGEST_SIDE or image.width * image.height > most:
        raise Refused(_TOO_LARGE)
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        raise Refused("Das Bild ist bewegt. Bitte nehmen Sie ein einzelnes Bild daraus.")


def _as_seen(image):
    """Upright, no wider than readers get it, in the colours of screens (sRGB), eight bits each, and without anything else; RGBA where one sees through it."""
    image.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # a large photograph is read at half its size, or less
    image.load()
    ImageOps.exif_transpose(image, in_place=True)  # a copy of a large one would take as much memory again
    mode = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling them
        image.info.pop("transparency", None)
        image, mode = image.point(lambda value: value / 256).convert("L"), "RGB"
    elif image.mode not in ("L", "CMYK", mode):
        image = image.convert(mode)
    image = _resized(image, min(image.width, WIDTHS[-1]))
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            inside = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, inside, ImageCms.createProfile("sRGB"), outputMode=mode)
    if image.mode != mode:
        image = image.convert(mode)
    image.info.clear()
    return image


def _widths(width):
    """Those that make a difference, and the largest."""
    largest = min(width, WIDTHS[-1])
    return [*(each for each in WIDTHS[:-1] if each < 0.8 * largest), largest]


def _resized(image, width):
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS) if width < image.width else image


def _webp(image, is_drawn):
    """The smaller one of two ways: screens and drawings are often best without loss, and sharp; photographs never are."""
    tries = [_saved(image, format="WEBP", quality=QUALITY)]
    if is_drawn and image.width * image.height <= MOST_PIXELS_WITHOUT_LOSS:
        tries.append(_saved(image, format="WEBP", lossless=True, method=1))
    return min(tries, key=len)


def _saved(image, **options):
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()


# Nothing but what draws


def _is_plain_png(data):
    chunks, place = [], 8
    while place < len(data):
        length = int.from_bytes(data[place : place + 4])
        name, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += 12 + length
        if length > _PNG_MOST.get(name, len(data)) or zlib.crc32(name + content) != int.from_bytes(
            data[place - 4 : place]
        ):
            return False
        chunks.append((name, content))
    if place != len(data) or not _PNG_ORDER.fullmatch(b" ".join(name for name, _ in chunks)):
        return False
    width, height = (int.from_bytes(chunks[0][1][start : start + 4]) for start in (0, 4))
    bits, colours, _, _, interlaced = chunks[0][1][8:]
    palette = {name: len(content) for name, content in chunks if name in (b"PLTE", b"tRNS")}
    if interlaced or (colours != 3 and (b"PLTE" in palette or palette.get(b"tRNS", 0) > 6)):
        return False
    row = 1 + (width * bits * _PNG_CHANNELS[colours] + 7) // 8
    return _unpacks_to(row * height, b"".join(content for name, content in chunks if name == b"IDAT"))


def _unpacks_to(size, data):
    """Whether packed data is so many bytes, and nothing stands behind it; a bomb is not unpacked further than that."""
    unpacker, unpacked = zlib.decompressobj(), 0
    with suppress(zlib.error):
        while unpacked <= size and (piece := unpacker.decompress(data, 1_000_000)):
            unpacked, data = unpacked + len(piece), unpacker.unconsumed_tail
        return unpacked == size and unpacker.eof and not unpacker.unused_data
    return False


def _is_plain_webp(data):
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        return False
    names, place = b"", 12
    while place < len(data):
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        names += data[place : place + 4] + b" "
        place += 8 + length + length % 2
        if names == b"VP8X " and length != 10:
            return False
    return place == len(data) and bool(_WEBP_ORDER.fullmatch(names)) and not _READABLE.search(data)


def _is_plain_jpeg(data):
    place, beside = 2, 0
    while data[place : place + 1] == b"\xff" and beside <= _JPEG_MOST_BESIDE_SCANS:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker == 0xD9:
            return place + 2 == len(data)
        begins, whole = _JPEG_HEADS.get(marker, (b"", length))
        if marker not in _JPEG_SEGMENTS | {*_JPEG_HEADS} or length != whole or not data.startswith(begins, place + 4):
            return False
        place, beside = place + 2 + length, beside + 2 + length
        if marker == 0xDA:
            scan = _JPEG_SCAN.match(data, place)
            if _READABLE.search(data, place, scan.end()):
                return False
            place = scan.end()
    return False


_PLAIN = {"png": _is_plain_png, "jpg": _is_plain_jpeg, "webp": _is_plain_webp}
