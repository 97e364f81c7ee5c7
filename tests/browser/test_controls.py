"""What one taps is large enough for a thumb: on a phone each control is 44 pixels high, or so far from the others that 44 fit."""

import pytest

from tests.browser.pages import PAGES

# Each control that stands in no running text (WCAG 2.5.8 leaves that to the lines), and is less than 44 pixels high, with those
# whose 44 pixels reach into its own.
TOO_SMALL = """() => {
    const inText = e => {
        if (getComputedStyle(e).display !== "inline") return false;
        const block = e.closest("p, li, dd, dt, td, th, figcaption, small, label, h1, h2, h3, h4");
        if (!block || e.matches("input, select, textarea, button")) return false;
        const rest = block.cloneNode(true);
        rest.querySelectorAll("a, button, .visually-hidden").forEach(link => link.remove());
        return /\\p{L}{2}/u.test(rest.textContent);
    };
    const found = [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])")]
        .map(e => e.matches("input[type=checkbox], input[type=radio]") ? e.closest("label") ?? e : e)
        .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".skip, .trap, .visually-hidden") && !inText(e));
    const boxes = found.map(e => {
        const {x, y, width, height} = e.getBoundingClientRect(), more = Math.max(0, 44 - height) / 2, wide = Math.max(0, 44 - width) / 2;
        return {e, height, left: x - wide, right: x + width + wide, top: y - more, bottom: y + height + more};
    });
    const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const name = box => `${box.e.tagName.toLowerCase()} ${(box.e.innerText || box.e.name || "").trim().slice(0, 40)} ${box.height.toFixed(0)}`;
    return boxes.flatMap(box => {
        if (box.height > 43.5) return [];
        const near = boxes.filter(other => other !== box && !other.e.contains(box.e) && !box.e.contains(other.e) && meet(box, other));
        return near.length ? [`${name(box)} beside ${name(near[0])}`] : [];
    });
}"""


@pytest.mark.parametrize("path", PAGES)
def test_a_thumb_hits_what_it_aims_at(visit, path):
    page = visit(path, width=390, height=844)
    assert page.evaluate(TOO_SMALL) == []
