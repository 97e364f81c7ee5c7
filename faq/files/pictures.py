"""What a picture may be: a still PNG, JPEG or WebP file with nothing in it but what one sees; and the sizes that readers get of it.

A file with more in it (metadata, a colour profile, anything before, between or behind) is drawn anew. One without stays as it is, byte
for byte, so that what was exported comes back the same. Readers get what is drawn of it, never the file itself.
"""

import io
import re
from contextlib import suppress
from typing import NamedTuple

from PIL import Image, ImageCms, ImageOps

from faq.files.types import Refused

KINDS = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp"}
LONGEST_SIDE, MOST_PIXELS = 8_000, 16_000_000
# How wide readers get it, in pixels: in a text on a phone, on a screen, and opened large.
WIDTHS = (480, 960, 1920)
QUALITY = 82
MOST_PIXELS_WITHOUT_LOSS = 3_000_000  # more would take too much memory
# Modes of Pillow that readers' screens have not.
_CONVERTED = ("CMYK", "I", "I;16", "I;16B")
_DRAWN_ANEW = {
    "png": {"format": "PNG"},
    "jpg": {"format": "JPEG", "quality": 92},
    "webp": {"format": "WEBP", "lossless": True},
}
_TOO_LARGE = (
    f"Das Bild ist zu groß: Höchstens {LONGEST_SIDE // 1000}.000 Pixel je Seite und {MOST_PIXELS // 1_000_000} Millionen "
    "Pixel im Ganzen sind möglich."
)
# Of a PNG file what draws, and small facts about it with the most bytes that they have.
_PNG_CHUNKS = {b"IHDR": 13, b"PLTE": 768, b"tRNS": 256, b"IDAT": None, b"IEND": 0, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32, b"pHYs": 9}  # fmt: skip
_WEBP_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
# Of a JPEG file: frames, tables, scans and restarts, and JFIF or Adobe in the only size that they need.
_JPEG_SEGMENTS = {0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD}
_JPEG_HEADS = {0xE0: (b"JFIF\0", 16), 0xEE: (b"Adobe", 14)}
_JPEG_SCAN = re.compile(rb"(?:[^\xff]|\xff[\x00\xd0-\xd7])*+")


class Rendition(NamedTuple):
    """A picture as readers get it, a WebP file, with its size in pixels."""

    data: bytes
    width: int
    height: int


def draw(data):
    """The kind of a file, a value of KINDS; what to keep of it; and its Renditions, the smallest first. Raises Refused for anything but a still picture of a bearable size."""
    try:
        with Image.open(io.BytesIO(data), formats=list(KINDS)) as image:
            kind = KINDS[image.format]
            _check(image)
            is_plain = image.mode not in _CONVERTED and _PLAIN[kind](data)
            image.draft("RGB", (WIDTHS[-1], 1))  # a large photograph is read at half its size, or less
            image.load()
            seen = _as_seen(image)
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise Refused(_TOO_LARGE) from None
    except Exception as error:  # what a broken file makes of a reader is without number
        raise Refused("Die Datei lässt sich nicht als Bild lesen. Möglich sind PNG, JPEG und WebP.") from error
    renditions = []
    for width in reversed(_widths(seen.width)):
        seen = _resized(seen, width)
        if not renditions and not is_plain:
            data = _saved(seen, **_DRAWN_ANEW[kind])
        renditions.insert(0, Rendition(_webp(seen, is_drawn=kind != "jpg"), *seen.size))
    return kind, data, tuple(renditions)


def _check(image):
    if max(image.size) > LONGEST_SIDE or image.width * image.height > MOST_PIXELS:
        raise Refused(_TOO_LARGE)
    if getattr(image, "n_frames", 1) > 1:
        raise Refused("Das Bild ist bewegt. Bitte nehmen Sie ein einzelnes Bild daraus.")


def _as_seen(image):
    """Upright, in the colours of screens (sRGB), eight bits each, and without anything else; RGBA where one sees through it."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling them
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, OSError):
            inside = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, inside, ImageCms.createProfile("sRGB"), outputMode=mode)
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
    place = 8
    while place < len(data):
        length, name = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        most = _PNG_CHUNKS.get(name, -1)
        if most is not None and length > most:
            return False
        place += 12 + length
        if name == b"IEND":
            return place == len(data)
    return False


def _is_plain_webp(data):
    if int.from_bytes(data[4:8], "little") + 8 != len(data):
        return False
    place = 12
    while place < len(data):
        if data[place : place + 4] not in _WEBP_CHUNKS:
            return False
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return place == len(data)


def _is_plain_jpeg(data):
    place = 2
    while data[place : place + 1] == b"\xff":
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker == 0xD9:
            return place + 2 == len(data)
        begins, whole = _JPEG_HEADS.get(marker, (b"", length))
        if marker not in _JPEG_SEGMENTS | {*_JPEG_HEADS} or length != whole or not data.startswith(begins, place + 4):
            return False
        place += 2 + length
        if marker == 0xDA:
            place = _JPEG_SCAN.match(data, place).end()
    return False


_PLAIN = {"png": _is_plain_png, "jpg": _is_plain_jpeg, "webp": _is_plain_webp}
