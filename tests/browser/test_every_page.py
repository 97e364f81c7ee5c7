"""What must hold on every kind of page: accessible, at any width, in light and dark, and light on the wire."""

from importlib.resources import files

import pytest

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
# Every rule, the best practices too; target-size is off by default.
ALL = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
# What colours and sizes can break.
VISIBLE = {"runOnly": ["color-contrast", "target-size", "link-in-text-block"], "resultTypes": ["violations"]}
PAGES = [
    "/",
    "/bestellprozess/",
    "/faq/stornierung/",
    "/faq/bestellvorgang-olp/",
    "/faq/bestellvorgang-open-value/handzettel/",
    "/faq/bestellvorgang-open-value/handzettel/endkunde/",
    "/vergleich/",
    "/suche/",
    "/suche/?q=lizenzen",
    "/suche/?q=xqzwvkjy",
    "/glossar/",
    "/thema/",
    "/thema/olp/",
    "/alles/",
    "/datenschutz/",
    "/barrierefreiheit/",
    "/gibt-es-nicht/",
    "/faq/geloescht/",
]
# Between them everything that can have the focus.
WALKED = [
    "/",
    "/bestellprozess/",
    "/faq/bestellvorgang-olp/",
    "/vergleich/",
    "/suche/",
    "/suche/?q=lizenzen",
    "/glossar/",
]
LOOKS = [(320, "light", ALL), (320, "dark", VISIBLE), (1280, "light", VISIBLE), (1280, "dark", ALL)]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_light_or_dark_on_a_phone_or_a_desk(visit, path):
    page = visit(path)
    page.evaluate(AXE)
    found = []
    for width, scheme, options in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
        found += [(width, scheme, v["id"], [node["html"] for node in v["nodes"]][:3]) for v in violations]
    assert found == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_off_at_320_pixels_and_nothing_moves_while_loading(visit, path):
    page = visit(path, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shift = page.evaluate(
        """() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value))
                .observe({type: 'layout-shift', buffered: true});
            setTimeout(() => done(sum), 50);
        })"""
    )
    assert shift < 0.01


@pytest.mark.parametrize("path", WALKED)
def test_the_keyboard_reaches_everything_and_one_always_sees_where_one_is(visit, path):
    page = visit(path, height=600, reduced_motion="reduce")
    everything = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input, select, textarea')]
            .filter(e => e.checkVisibility({visibilityProperty: true})).length"""
    )
    reached = 0
    for _ in range(everything):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
                const e = document.activeElement, box = e.getClientRects()[0], style = getComputedStyle(e);
                if (e === document.body) return null;
                const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return {
                    what: e.outerHTML.slice(0, 90),
                    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                    uncovered: there !== null && (e.contains(there) || there.contains(e)),
                };
            }"""
        )
        if seen is None:
            break
        assert seen["outlined"], seen
        assert seen["uncovered"], seen
        reached += 1
    assert reached == everything


@pytest.mark.parametrize("path", PAGES)
def test_a_first_visit_takes_three_requests_and_less_than_20_kilobytes(visit, path):
    page = visit()
    # What really came over the wire, headers too.
    network, bytes_, kinds = page.context.new_cdp_session(page), [], []
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: bytes_.append(event["encodedDataLength"]))
    page.on("request", lambda request: kinds.append(request.url))
    page.goto(path)
    fetched = [url for url in kinds if not url.startswith("data:")]
    assert len(fetched) <= 3, fetched
    assert sum(bytes_) < 20_000


def test_the_second_page_needs_the_document_alone(visit):
    page = visit("/")
    network, asked, cached = page.context.new_cdp_session(page), {}, set()
    network.send("Network.enable")
    network.on("Network.requestServedFromCache", lambda event: cached.add(event["requestId"]))
    network.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    page.goto("/bestellprozess/")
    assert [url for key, url in asked.items() if key not in cached] == [page.url]
    assert len(cached) >= 2


def test_pages_follow_the_readers_colour_scheme(visit):
    page = visit("/", color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) != light
