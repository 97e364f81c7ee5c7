"""`attacks.pictures [FILES]`: hostile uploads, all at a real portal, and what they take of its memory; then so many pictures changed at random."""

import os
import re
import sys
from collections import Counter
from importlib import import_module
from itertools import chain
from pathlib import Path

import django
from PIL import Image

from benchmarks.portal import print_table, served_portal
from tests.drawings import saved

FILES = 20_000
BOUNDARY = "----portal"


def large():
    """Pictures as large as they may be, by their names."""
    noise = Image.effect_noise((4_000, 4_000), 40)
    yield "grey.png", saved(noise.resize((3_000, 3_000)))
    yield "photo.jpg", saved(noise.convert("RGB"), "JPEG", quality=75)
    yield "turned.jpg", saved(noise.convert("RGB").resize((5_300, 3_000)), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0")  # fmt: skip
    yield "clear.png", saved(Image.new("RGBA", (4_000, 4_000), (9, 99, 199, 50)))
    yield "screen.webp", saved(noise.convert("RGB").resize((3_840, 2_160)), "WEBP")


def post(portal, cookie, number, name, data):
    """Upload a picture, or anything else as an attachment; the status of the answer."""
    model = "picture" if re.search(r"\.(png|jpe?g|webp|svg)$", name) else "attachment"
    fields = {"csrfmiddlewaretoken": "x" * 32, "title": f"A {number}", "description": f"Bild {number}, ein Fenster", "slug": f"a-{number}"}  # fmt: skip
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    parts.append(f'name="upload"; filename="{name}"\r\n\r\n'.encode() + data)
    begin = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(begin + part + b"\r\n" for part in parts) + f"--{BOUNDARY}--\r\n".encode()
    headers = {"Cookie": cookie, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return portal.get(f"/admin/faq/{model}/add/", method="POST", body=body, **headers).status


def peak(pid):
    """The most memory that a process ever had, in MB."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def uploaded(hostile, session):
    """Rows: what was uploaded, how many by the status of the answer, and the most memory of a worker and of a helper of one."""
    with served_portal() as portal:
        cookie = f"csrftoken={'x' * 32}; sessionid={portal.edit(session)}"
        number = 0
        for what, files in (("hostile", hostile), ("as large as may be", large())):
            statuses, peaks = Counter(), Counter()
            for name, data in files:
                number += 1
                statuses[post(portal, cookie, number, name, data)] += 1
                for worker in portal.workers():
                    peaks["worker"] = max(peaks["worker"], peak(worker))
                    # Begun by any of its threads.
                    helpers = (file.read_text().split() for file in Path(f"/proc/{worker}/task").glob("*/children"))
                    peaks["helper"] = max([peaks["helper"], *map(peak, chain.from_iterable(helpers))])
            yield [what, dict(statuses), *(f"{peaks[role]:.0f} MB" for role in ("worker", "helper"))]


def main(files=str(FILES)):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    papers, pictures, fresh = map(
        import_module, ("tests.files.test_attachments", "tests.files.test_pictures", "tests.helpdesk.test_fresh")
    )
    hostile = [*papers.HOSTILE.values(), *pictures.REFUSED.values(), *pictures.CLEANED.values()]
    print_table(["uploads", "by status", "most of a worker", "most of its helper"], uploaded(hostile, fresh.SESSION))
    taken = pictures.fuzz(int(files), seed=1)
    print(f"\n{files} pictures changed at random: {taken} taken, none with what was planted\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
