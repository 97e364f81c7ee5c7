"""Makers of small pictures: a window with a headline and rows of text, as a screenshot has them."""

import io

from PIL import Image, ImageDraw


def screenshot(width=800, height=500, *, text="Setup-Dashboard", mode="RGB"):
    """A drawing of a window, as an image of Pillow."""
    image = Image.new("RGB", (width, height), "#f3f6f6")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 56), fill="#165a72")
    draw.text((20, 20), text, fill="white", font_size=20)
    for row in range(80, height - 30, 50):
        draw.rounded_rectangle((20, row, width - 20, row + 40), 6, fill="white", outline="#73818a")
        draw.text((34, row + 12), f"{text}, Zeile {row}", fill="#1a2226", font_size=14)
    return image.convert(mode)


def sketch(width, height):
    """Dark lines on nothing, which one sees through, as a PNG file."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((4, 4, width - 5, height - 5), outline="#111", width=4)
    return saved(image)


def saved(image, kind="PNG", **options):
    """The bytes of an image of Pillow as a file."""
    file = io.BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


def png(**options):
    """A screenshot as a PNG file."""
    return saved(screenshot(**options))
