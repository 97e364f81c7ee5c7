"""Pictures that somebody uploads or imports: refused, or harmless and as one sees them; and who gets them."""

import io
import random
import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image, PngImagePlugin

from faq.files import storing, types
from faq.models import Picture, StoredFile
from tests.drawings import png, saved, screenshot
from tests.forms import errors
from tests.papers import pdf, zipped

pytestmark = pytest.mark.django_db

ADD = "/admin/faq/picture/add/"
EVIL = b"<script>alert('hier steckt noch etwas anderes')</script>"
PLACE = b"Lat 52.38, Lon 8.62: Zwackelstrasse 7"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    """A folder of its own for the files of each test."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def upload(client, data, name="fenster.png", **fields):
    file = SimpleUploadedFile(name, data)
    return client.post(ADD, {"description": "Fenster mit Liste", "slug": "fenster", "upload": file} | fields)


def everything_kept():
    """The bytes of each stored file: what was kept, and all sizes."""
    return [storing.read(stored.file) for stored in StoredFile.objects.all()]


# Makers of what could do harm


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def raw_png(width, height, rows=b"", *, bits=8, colours=2, interlaced=0, before=b"", behind=b"", in_data=b""):
    """A PNG file from its parts; `rows` as the pixels are before they are packed."""
    head = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, interlaced)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + chunk(b"IDAT", zlib.compress(rows) + in_data)
        + behind + chunk(b"IEND", b"")
    )  # fmt: skip


DOT = {"width": 1, "height": 1, "rows": b"\0\1\2\3"}
SMALL = screenshot(120, 80)
JPEG, WEBP = saved(SMALL, "JPEG"), saved(SMALL, "WEBP", lossless=True)
SCAN = JPEG.index(b"\xff\xda")


def in_jpeg(*segments):
    return JPEG[:2] + b"".join(b"\xff%c%s%s" % (m, struct.pack(">H", len(c) + 2), c) for m, c in segments) + JPEG[2:]


def in_riff(*chunks):
    """A WebP file with further chunks."""
    body = WEBP[12:] + b"".join(n + struct.pack("<I", len(c)) + c + b"\0" * (len(c) % 2) for n, c in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def exif(orientation=1):
    made = Image.Exif()
    made[0x0112], made[0x010E], made[0x8825] = orientation, PLACE.decode(), {1: "N", 2: (52.0, 22.0, 48.0)}
    return made


def text_chunks():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", EVIL.decode())
    info.add_text("packed", EVIL.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    return info


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
AVIF = b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miafMA1B" + b"\0" * 200
BROKEN_PROFILE = b"\0\0\x02\x0cappl" + EVIL * 10
MOVING = {"save_all": True, "append_images": [screenshot(120, 80, text="Zwei")]}
A_PDF, A_ZIP = pdf(EVIL.decode()), zipped({"boese.txt": EVIL})

# What is refused: by name what it is, its name, its bytes.
REFUSED = {
    "SVG": ("x.svg", SVG),
    "SVG as PNG": ("x.png", SVG),
    "HTML as PNG": ("x.png", b"<html>" + EVIL),
    "a PDF as PNG": ("x.png", A_PDF),
    "a PDF by its name too": ("x.pdf", A_PDF),
    "a ZIP as JPEG": ("x.jpg", A_ZIP),
    "AVIF as PNG": ("x.png", AVIF),
    **{f"{kind} as PNG": ("x.png", saved(SMALL, kind)) for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA")},
    **{f"{kind}": (f"x.{kind.lower()}", saved(SMALL, kind)) for kind in ("GIF", "BMP", "TIFF", "ICO")},
    "a GIF that is a script": ("x.png", b"GIF89a/*" + b"\0" * 20 + b"*/=1;" + EVIL),
    "JPEG as PNG": ("x.png", JPEG),
    "PNG as JPEG": ("x.jpg", png(width=120, height=80)),
    "WebP as PNG": ("x.png", WEBP),
    "PNG without an ending": ("x", png(width=120, height=80)),
    "PNG that is a script by its last ending": ("x.png.js", png(width=120, height=80)),
    "0 bytes": ("x.png", b""),
    "only its first bytes": ("x.png", b"\x89PNG\r\n\x1a\n"),
    "only zeros": ("x.png", b"\0" * 5_000),
    "a claim of 2³¹ × 2³¹": ("x.png", raw_png(2**31 - 1, 2**31 - 1)),
    "a claim of 0 × 0": ("x.png", raw_png(0, 0)),
    "a claim of 4,000 × 4,000 with nothing in it": ("x.png", raw_png(4_000, 4_000)),
    "a bomb: 64 million pixels in 190 KB": ("x.png", raw_png(8_000, 8_000, bytes(8_000 * 24_001))),
    "30,000 × 1": ("x.png", raw_png(30_000, 1, bytes(90_001))),
    "1 × 30,000": ("x.png", raw_png(1, 30_000, bytes(4 * 30_000))),
    "a JPEG that claims 65,500 × 65,500": (
        "x.jpg",
        re.sub(rb"(\xff\xc0..\x08)....", lambda head: head[1] + b"\xff\xdc" * 2, JPEG, count=1, flags=re.S),
    ),
    "a WebP of 16 million pixels": ("x.webp", saved(Image.new("RGB", (4_000, 4_000)), "WEBP", lossless=True)),
    "a text chunk that is a bomb": (
        "x.png",
        raw_png(**DOT, before=chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))),
    ),
    "a profile that is a bomb": (
        "x.png",
        raw_png(**DOT, before=chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(80_000_000)))),
    ),
    "moving PNG": ("x.png", saved(SMALL, "PNG", **MOVING)),
    "moving WebP": ("x.webp", saved(SMALL, "WEBP", **MOVING)),
    "a JPEG segment without a length": ("x.jpg", JPEG[:2] + b"\xff\xdb\0\0" * 50 + JPEG[2:]),
    "a PNG with a second head": ("x.png", raw_png(**DOT, before=chunk(b"IHDR", b"\xff" * 13))),
    "a WebP whose part is longer than the file": ("x.webp", WEBP[:16] + b"\xff\xff\xff\x7f" + WEBP[20:]),
    **{
        f"{name[2:]} cut after {share} %": (name, data[: len(data) * share // 100])
        for name, data in (("x.png", png(width=120, height=80)), ("x.jpg", JPEG), ("x.webp", WEBP))
        for share in (1, 10, 50, 90)
    },
}

# What may be taken, if what was planted is in nothing that is kept or served.
CLEANED = {
    "text chunks": ("x.png", saved(SMALL, pnginfo=text_chunks())),
    "EXIF with a place in a PNG": ("x.png", saved(SMALL, exif=exif())),
    "EXIF with a place in a JPEG": ("x.jpg", saved(SMALL, "JPEG", exif=exif())),
    "EXIF with a place in a WebP": ("x.webp", saved(SMALL, "WEBP", exif=exif())),
    "XMP in a JPEG": ("x.jpg", in_jpeg((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE))),
    "XMP in a WebP": ("x.webp", saved(SMALL, "WEBP", xmp=PLACE)),
    "IPTC": ("x.jpg", in_jpeg((0xED, b"Photoshop 3.0\0008BIM\x04\x04\0\0\0\x30" + PLACE))),
    "a comment": ("x.jpg", in_jpeg((0xFE, EVIL))),
    **{f"APP{number}": ("x.jpg", in_jpeg((0xE0 + number, EVIL))) for number in range(16)},
    "a JFIF head with more in it": ("x.jpg", in_jpeg((0xE0, b"JFIF\0" + EVIL))),
    "PNG and HTML": ("x.png", png(width=120, height=80) + EVIL),
    "PNG and ZIP": ("x.png", png(width=120, height=80) + A_ZIP),
    "PNG and PDF": ("x.png", png(width=120, height=80) + A_PDF),
    "PNG and PHP": ("x.png", png(width=120, height=80) + b"<?php system('" + EVIL + b"');"),
    "JPEG and HTML": ("x.jpg", JPEG + EVIL),
    "JPEG and ZIP": ("x.jpg", JPEG + A_ZIP),
    "before the end of a JPEG": ("x.jpg", JPEG[:-2] + EVIL + JPEG[-2:]),
    "between the parts of a JPEG": ("x.jpg", JPEG[:SCAN] + b"\xff" * 100 + JPEG[SCAN:-2] + EVIL + b"\xff\xd9"),
    "a ZIP before the end of a JPEG": ("x.jpg", JPEG[:-2] + A_ZIP + JPEG[-2:]),
    "an unknown part of a WebP": ("x.webp", in_riff((b"BOES", EVIL))),
    "a second picture in a WebP": ("x.webp", in_riff((b"VP8L", EVIL))),
    "behind a WebP": ("x.webp", WEBP + EVIL),
    "in the last part of a WebP": (
        "x.webp",
        b"RIFF" + struct.pack("<I", len(WEBP) - 8 + len(EVIL)) + WEBP[8:16]
        + struct.pack("<I", int.from_bytes(WEBP[16:20], "little") + len(EVIL)) + WEBP[20:] + EVIL,
    ),
    "behind the packed pixels": ("x.png", raw_png(**DOT, in_data=EVIL)),
    "more packed data than pixels": ("x.png", raw_png(1, 1, DOT["rows"] + EVIL)),
    "packed data that is never used": ("x.png", raw_png(**DOT, behind=chunk(b"IDAT", EVIL))),
    "a palette without a use": ("x.png", raw_png(**DOT, before=chunk(b"PLTE", EVIL[:54]))),
    "a private part": ("x.png", raw_png(**DOT, before=chunk(b"boEs", EVIL))),
    "a part behind the pixels": ("x.png", raw_png(**DOT, behind=chunk(b"tEXt", b"a\0" + EVIL))),
    "the same small part again and again": (
        "x.png",
        raw_png(**DOT, before=b"".join(chunk(b"cHRM", EVIL[n : n + 32].ljust(32)) for n in range(0, 56, 8))),
    ),
    "a broken profile in a PNG": ("x.png", saved(SMALL, icc_profile=BROKEN_PROFILE)),
    "a broken profile in a JPEG": ("x.jpg", saved(SMALL, "JPEG", icc_profile=BROKEN_PROFILE)),
    "a broken profile in a WebP": ("x.webp", saved(SMALL, "WEBP", icc_profile=BROKEN_PROFILE)),
    "a photograph with further ones behind it": (
        "x.jpg",
        saved(SMALL, "MPO", save_all=True, append_images=[screenshot(120, 80, text="Geheim")], exif=exif()),
    ),
}  # fmt: skip
PLANTED = (b"alert", b"Zwackel", b"boese", b"GPS", b"Exif", b"MPF", b"ICC", b"<?php", b"%PDF", b"PK\5\6")


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_still_picture_of_a_bearable_size_is_refused_with_a_sentence(admin_client, uploads, what):
    name, data = REFUSED[what]
    response = upload(admin_client, data, name)
    assert response.status_code == 200
    (said,) = errors(response)
    assert re.search(r">[A-ZÄÖÜ„][^<]{20,}\.<", said), said
    assert not StoredFile.objects.exists()
    assert not uploads.exists() or list(uploads.iterdir()) == []


@pytest.mark.parametrize("what", CLEANED)
def test_what_is_in_a_picture_beside_the_picture_is_neither_kept_nor_served(admin_client, what):
    name, data = CLEANED[what]
    response = upload(admin_client, data, name)
    if response.status_code == 200:
        assert errors(response)
        assert not StoredFile.objects.exists()
        return
    kept = everything_kept()
    assert kept
    assert [mark for mark in PLANTED for each in kept if mark in each] == []


@pytest.mark.sqlite
def test_an_import_refuses_and_cleans_the_same(tmp_path, uploads):
    """All at once: the list names each that is refused on its line."""
    folder = tmp_path / "content"
    (folder / "_bilder").mkdir(parents=True)
    everything = {**REFUSED, **CLEANED}
    rows = []
    for number, (what, (name, data)) in enumerate(everything.items()):
        ending = name.rpartition(".")[2] if "." in name else "txt"
        file = f"{'r' if what in REFUSED else 'c'}{number}.{ending}"
        if ending in ("png", "jpg", "webp"):
            (folder / "_bilder" / file).write_bytes(data)
            rows.append(f"- slug: b{number}\n  file: {file}\n  description: Fenster\n")
    (folder / "_bilder" / "_bilder.yaml").write_text("".join(rows))
    with pytest.raises(CommandError) as refused:
        call_command("import_content", folder)
    lines = [line for line in str(refused.value).split("\n") if line.startswith("_bilder/_bilder.yaml:")]
    wrong = set(re.findall(r"„([rc]\d+\.\w+)“: ", str(refused.value)))
    assert len(lines) == len(wrong)
    assert {row.split("file: ")[1].split("\n")[0] for row in rows if "file: r" in row} <= wrong
    assert not StoredFile.objects.exists()
    assert not uploads.exists() or list(uploads.iterdir()) == []
    for file in wrong:
        (folder / "_bilder" / file).unlink()
    good = [row for row in rows if row.split("file: ")[1].split("\n")[0] not in wrong]
    (folder / "_bilder" / "_bilder.yaml").write_text("".join(good))
    call_command("import_content", folder)
    assert Picture.objects.count() == len(good) > 30
    assert [mark for mark in PLANTED for each in everything_kept() if mark in each] == []


def test_a_picture_that_takes_too_long_is_refused(admin_client, monkeypatch):
    """A hundred scans, each over four million pixels, in 30 KB."""
    monkeypatch.setattr(types, "DRAWING_SECONDS", 1)
    many = saved(Image.new("RGB", (2_000, 2_000)), "JPEG", progressive=True)
    last = many[many.rindex(b"\xff\xda") : -2]
    assert "zu aufwendig" in str(errors(upload(admin_client, many[:-2] + last * 1_500 + many[-2:], "x.jpg")))


# As one sees it


def drawn(data, name="x.png"):
    """What readers get of a file, the largest size."""
    return Image.open(io.BytesIO(types.check(name, data, 20).renditions[-1].data)).convert("RGBA")


def near(one, other, most=6):
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


HALVES = Image.new("RGB", (200, 100), (200, 30, 60))
HALVES.paste((20, 160, 90), (100, 0, 200, 100))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_photograph_is_upright(kind, orientation):
    name = "x." + {"JPEG": "jpg"}.get(kind, kind.lower())
    seen = drawn(saved(HALVES, kind, exif=exif(orientation), quality=95), name)
    red = {1: (50, 50), 2: (150, 50), 3: (150, 50), 4: (50, 50), 5: (50, 50), 6: (50, 50), 7: (50, 150), 8: (50, 150)}
    assert seen.size == ((200, 100) if orientation < 5 else (100, 200))
    assert near(seen.getpixel(red[orientation]), (200, 30, 60, 255), 8)


def grey16(*values):
    rows = b"".join(b"\0" + struct.pack(f">{len(values)}H", *values) for _ in range(4))
    return raw_png(len(values), 4, rows, bits=16, colours=0)


@pytest.mark.parametrize(
    ("what", "name", "data", "expected"),
    [
        ("16 bit grey", "x.png", grey16(0, 0, 0, 0, 32_896, 32_896, 32_896, 32_896), {(0, 1): (0, 0, 0, 255), (6, 1): (128, 128, 128, 255)}),
        ("16 bit colours", "x.png", raw_png(1, 1, b"\0" + struct.pack(">3H", 65_535, 32_896, 0), bits=16), {(0, 0): (255, 128, 0, 255)}),
        ("CMYK", "x.jpg", saved(HALVES.convert("CMYK"), "JPEG", quality=95), {(50, 50): (200, 30, 60, 255), (150, 50): (20, 160, 90, 255)}),
        ("grey", "x.jpg", saved(Image.new("L", (9, 9), 77), "JPEG"), {(4, 4): (77, 77, 77, 255)}),
        ("one bit", "x.png", saved(Image.new("1", (9, 9), 1)), {(4, 4): (255, 255, 255, 255)}),
        ("grey with transparency", "x.png", saved(Image.new("LA", (9, 9), (77, 100))), {(4, 4): (77, 77, 77, 100)}),
        ("transparent", "x.webp", saved(Image.new("RGBA", (9, 9), (9, 99, 199, 100)), "WEBP", lossless=True), {(4, 4): (9, 99, 199, 100)}),
        ("a palette with a transparent colour", "x.png", saved(HALVES.quantize(4), transparency=HALVES.quantize(4).getpixel((50, 50))), {(150, 50): (20, 160, 90, 255)}),
        ("interlaced", "x.png", raw_png(1, 1, b"\0\xc8\x1e\x3c", interlaced=1), {(0, 0): (200, 30, 60, 255)}),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)  # fmt: skip
def test_colours_are_those_of_the_file(what, name, data, expected):
    seen = drawn(data, name)
    for place, colour in expected.items():
        assert near(seen.getpixel(place), colour), (place, seen.getpixel(place))
    if "palette" in what:
        assert seen.getpixel((50, 50))[3] == 0


def test_where_one_sees_through_a_picture_nothing_of_the_colours_behind_comes_out_when_it_is_made_smaller():
    """A transparent green beside a red: between them is a paler red, no brown."""
    image = Image.new("RGBA", (1_000, 100), (0, 255, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 501, 100))
    small = types.check("x.png", saved(image), 20).renditions[0]
    seen = Image.open(io.BytesIO(small.data)).convert("RGBA")
    edge = [seen.getpixel((x, 20)) for x in range(seen.width)]
    assert all(green < 30 for _, green, _, alpha in edge if alpha > 30)


def display_p3():
    """A profile of screens that show more colours than sRGB, as of phones and newer computers."""

    def xyz(*values):
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65_536)) for value in values)

    tags = {
        b"wtpt": xyz(0.9642, 1, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2920, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1571, 0.0666, 0.7841),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), b"curv\0\0\0\0" + struct.pack(">IHH", 1, 563, 0)),  # gamma 2.2
    }
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += name + struct.pack(">II", 132 + 12 * len(tags) + len(body), len(content))
        body += content
    head = (
        b"\0\0\0\0\0\0\0\0\2\x20\0\0mntrRGB XYZ "
        + bytes(12)
        + b"acsp"
        + bytes(28)
        + xyz(0.9642, 1, 0.8249)[8:]
        + bytes(48)
    )
    return struct.pack(">I", len(head + table + body)) + head[4:] + table + body


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_the_colours_of_another_profile_become_those_of_screens(mode):
    halves = HALVES.quantize(4) if mode == "P" else HALVES.convert(mode)
    seen = drawn(saved(halves, icc_profile=display_p3()))
    # By the formulas of both: #14a05a of Display P3 is greener than sRGB can show, #c81e3c redder.
    assert near(seen.getpixel((50, 50)), (219, 0, 54, 255), 6)
    assert near(seen.getpixel((150, 50)), (0, 162, 84, 255), 6)


@pytest.mark.parametrize(("name", "data"), [
    ("x.png", png()), ("x.jpg", saved(screenshot(), "JPEG")), ("x.jpeg", saved(screenshot(), "JPEG", quality=70)),
    ("x.jpg", saved(screenshot(), "JPEG", progressive=True)), ("x.webp", saved(screenshot(), "WEBP")),
    ("x.webp", saved(screenshot(mode="RGBA"), "WEBP", lossless=True)), ("x.png", saved(screenshot().quantize(32))),
    ("x.png", png(mode="L")), ("x.png", png(mode="RGBA")), ("x.png", saved(screenshot(), dpi=(144, 144))),
])  # fmt: skip
def test_a_picture_with_nothing_else_in_it_keeps_its_bytes(name, data):
    assert types.check(name, data, 20).data == data


@pytest.mark.parametrize("what", [what for what, (name, _) in CLEANED.items() if not name.endswith("png")])
def test_what_was_drawn_anew_once_stays_as_it_is(what):
    try:
        name, data = CLEANED[what]
        first = types.check(name, data, 20).data
    except types.Refused:
        return
    assert types.check(name, first, 20).data == first


# At random


def mutated(data, dice):
    """A file with some of its bytes turned, cut out, doubled or put elsewhere."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8))):
        place, length = dice.randrange(len(data)), dice.choice((1, 2, 4, 16))
        match dice.randrange(5):
            case 0:
                data[place] = dice.randrange(256)
            case 1:
                data[place : place + length] = dice.choice((b"\0", b"\xff", b"\x7f\xff\xff\xff")) * length
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = data[place : place + length * 4]
            case 4:
                data[place:place] = EVIL
        if len(data) < 30:
            break
    return bytes(data)


def fuzz(times, seed):
    """What becomes of changed files: how many were taken. Whatever is no refusal, or holds what was planted, raises."""
    dice, taken = random.Random(seed), 0
    good = [("x.png", png(width=60, height=40)), ("x.jpg", saved(screenshot(60, 40), "JPEG")), ("x.jpg", saved(screenshot(60, 40), "JPEG", progressive=True)),
            ("x.webp", saved(screenshot(60, 40), "WEBP")), ("x.webp", saved(screenshot(60, 40, mode="RGBA"), "WEBP", lossless=True)),
            ("x.png", saved(screenshot(60, 40).quantize(16), exif=exif(), icc_profile=BROKEN_PROFILE))]  # fmt: skip
    for _ in range(times):
        name, data = dice.choice(good)
        data = mutated(data, dice)
        try:
            checked = types.check(name, data, 20)
        except types.Refused:
            continue
        taken += 1
        assert not any(EVIL in each for each in (checked.data, *(size.data for size in checked.renditions))), data
        assert types.check(name, checked.data, 20).data == checked.data
    return taken


def test_whatever_is_changed_in_a_file_it_is_refused_or_harmless():
    assert 30 < fuzz(400, seed=7) < 400
