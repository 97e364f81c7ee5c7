"""What must hold on every kind of page: accessible, at any width, in light and dark, and light on the wire."""

import re
import zipfile
from importlib.resources import files

import pytest
from allauth.mfa.totp.internal import auth
from django.conf import settings
from playwright.sync_api import expect

from tests.browser.conftest import SHIFT
from tests.browser.pages import PAGES
from tests.browser.prepared import SECOND

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
# Every rule, the best practices too; target-size is off by default.
ALL = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"], "preload": False}
# What colours and sizes can break.
VISIBLE = {
    "runOnly": ["color-contrast", "target-size", "link-in-text-block"],
    "resultTypes": ["violations"],
    "preload": False,
}
LOOKS = [(320, "light", ALL), (320, "dark", VISIBLE), (1280, "light", VISIBLE), (1280, "dark", ALL)]


# What Django's own markup does and we do not rewrite for it.
EXCEPT = {
    "label-title-only": "#searchbar",  # its label is a picture with an alternative text, which is enough
    "aria-input-field-name": ".select2-container *",  # select2 names its fields by the value they show
}
VIOLATIONS = """async ({options, except}) => (await axe.run(document, options)).violations.flatMap(found => found.nodes
    .map(node => document.querySelector(node.target[0]))
    .filter(element => !(except[found.id] && element.matches(except[found.id])))
    .map(element => `${found.id}: ${element.outerHTML.slice(0, 200)}`))"""


def violations(page, looks=LOOKS):
    """What axe has against a page as it is shown now, in light and dark, on a phone and on a desk."""
    page.evaluate(AXE)
    found = []
    for width, scheme, options in looks:
        page.set_viewport_size({"width": width, "height": 800})
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": height})  # a bar that stays in view hides nothing then
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [
            (page.url, width, scheme, what)
            for what in page.evaluate(VIOLATIONS, {"options": options, "except": EXCEPT})
        ]
    return found


@pytest.mark.sampled(8)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_light_or_dark_on_a_phone_or_a_desk(visit, path):
    assert violations(visit(path)) == []


def test_axe_finds_nothing_on_a_preview(visit, prepared):
    assert violations(visit(prepared["preview"])) == []


def test_wide_tables_and_long_code_are_reached_by_keyboard_and_named(visit, prepared):
    page = visit(prepared["wide"], width=360)
    assert violations(page) == []
    scrolling = page.evaluate(
        "[...document.querySelectorAll('.prose *')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.matches('div, pre')).length"
    )
    names = []
    for _ in range(60):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.matches('.prose *') && document.activeElement.ariaLabel"))
    assert [name for name in names if name][:3] == ["Tabelle", "Tabelle", "Code"]
    assert scrolling == 3


@pytest.mark.parametrize("status", ["429", "500", "503"])
def test_axe_finds_nothing_when_the_portal_cannot_answer(visit, prepared, status):
    page = visit()
    page.route("**/gestoert/", lambda route: route.fulfill(content_type="text/html", body=prepared["troubles"][status]))
    page.goto("/gestoert/")
    assert page.get_by_role("heading", level=1).count() == 1
    assert violations(page) == []


@pytest.mark.sampled(1)
@pytest.mark.parametrize("part", range(4))
def test_axe_finds_nothing_on_any_page_of_the_admin(admin, prepared, part):
    found = []
    for path in prepared["admin"][part::4]:
        assert admin.goto(path).status == 200, path
        assert admin.url.endswith(path)
        found += violations(admin, LOOKS[::3])
    assert found == []


def test_axe_finds_nothing_where_editors_are_asked_or_told_something(admin, prepared, tmp_path):
    found = violations(admin)
    for path in ("suche/?q=olp", "ersetzen/?find=Lizenz&replacement=Recht&whole=on"):
        admin.goto(f"/admin/{path}")
        found += violations(admin)
    for name, action, asks in (("tag", "merge_two", "Was soll bleiben?"), ("entry", "change_many", "Um diese geht es")):
        admin.goto(f"/admin/faq/{name}/")
        for box in admin.locator("input.action-select").all()[:2]:
            box.check()
        admin.locator("select[name=action]").select_option(action)
        admin.locator("button[name=index]").click()
        expect(admin.get_by_text(asks)).to_be_visible()
        found += violations(admin)
    admin.goto("/admin/faq/entry/offen/")
    admin.get_by_role("button", name="Verwerfen").first.click()
    expect(admin.get_by_role("heading", name="Arbeitskopie verwerfen?")).to_be_visible()
    found += violations(admin)
    admin.goto("/admin/inhalte/")
    changed = tmp_path / "neu.zip"
    with zipfile.ZipFile(changed, "w") as archive:
        archive.write(settings.BASE_DIR / "content/allgemein/_category.md", "allgemein/_category.md")
        archive.writestr("allgemein/neu.md", "---\ntitle: Ganz neu?\n---\n\nJa.\n")
    admin.locator("input[type=file]").set_input_files(changed)
    admin.get_by_role("button", name="Hochladen und ansehen").click()
    expect(admin.get_by_text("Ganz neu?").first).to_be_visible()
    found += violations(admin)
    admin.goto("/admin/faq/entry/add/")
    admin.locator("input[name=_save]").click()
    expect(admin.locator(".errorlist").first).to_be_visible()
    found += violations(admin)
    assert found == []


def test_axe_finds_nothing_on_the_way_from_the_login_to_a_second_factor(visit, prepared):
    page = visit("/konto/password/reset/")
    found = violations(page)
    page.goto("/admin/")
    found += violations(page)
    page.get_by_label("Anmeldename").fill(SECOND["username"])
    page.get_by_label("Passwort").fill("falsch")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist, .errornote").first).to_be_visible()
    found += violations(page)
    page.get_by_label("Passwort").fill(SECOND["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Anleitung")).to_be_visible()
    for path in ("/konto/2fa/", "/konto/2fa/webauthn/add/", "/konto/2fa/totp/activate/"):
        page.goto(path)
        assert page.url.endswith(path)
        found += violations(page)
    secret = page.locator("code").inner_text()
    [counter, *_] = auth.yield_hotp_counters_from_time()
    page.get_by_label("Code").fill(auth.format_hotp_value(auth.hotp_value(secret, counter)))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Wiederherstellungscodes")).to_be_visible()
    found += violations(page)
    for path in ("/konto/2fa/", "/konto/2fa/recovery-codes/generate/", "/konto/2fa/totp/deactivate/"):
        page.goto(path)
        found += violations(page)
    page.get_by_role("button", name="Abmelden").click()
    page.goto("/admin/")
    page.get_by_label("Anmeldename").fill(SECOND["username"])
    page.get_by_label("Passwort").fill(SECOND["password"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/konto/2fa/authenticate/"))
    found += violations(page)
    assert found == []


@pytest.mark.sampled(8)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_cut_off_at_320_pixels_and_nothing_moves_while_loading(visit, path):
    page = visit(path, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate(SHIFT) < 0.01


@pytest.mark.sampled(8)
@pytest.mark.parametrize("path", PAGES)
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


@pytest.mark.sampled(8)
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
