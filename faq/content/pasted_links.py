"""Links as they should be stored: where they lead, without who is watching on the way."""

import re
from urllib.parse import parse_qs, urlsplit

from bs4 import NavigableString

from faq.dialect.inline import BARE, bare_address

_TRACKS = re.compile(
    r"(?:utm_\w*|gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|wt\.mc_id|ocid)(?:=|$)",
    re.I,
)
# Who leads on to another address, and the parameter that has it.
_DETOURS = (
    (re.compile(r"https?://[\w.-]*\.safelinks\.protection\.outlook\.com/", re.I), ("url",)),
    (re.compile(r"https?://statics\.teams\.cdn\.office\.net/.*safelinks", re.I), ("url",)),
    (re.compile(r"https?://www\.google\.(?:com|de)/url\?", re.I), ("q", "url")),
    (re.compile(r"https?://l\.facebook\.com/l\.php\?", re.I), ("u",)),
)
_WRAPPED = re.compile(r"https?://urldefense\.(?:com|proofpoint\.com)/v3/__(.+?)__;")
_ADDRESS = re.compile(BARE)
_SLUG = r"([a-z0-9]+(?:-[a-z0-9]+)*)"
_PAGE = re.compile(rf"/faq/{_SLUG}(?:/|\.md)?(?:#{_SLUG})?")
_ON_A_PAGE = re.compile(rf"/(?!glossar/|vor-mir/)(?:thema/)?{_SLUG}/#{_SLUG}(?:_{_SLUG})?")
_FILE = re.compile(rf"/datei/{_SLUG}/?")


def clean(soup, origin):
    """Give each link the address that is meant; addresses that stand in the text become links."""
    for text in soup.find_all(string=_ADDRESS):
        if type(text) is NavigableString and not text.find_parent(
            ["a", "code", "pre", "kbd", "samp", "tt", "style", "script"]
        ):
            _link(soup, text)
    for link in soup.find_all("a", href=True):
        link["href"], shown = meant(link["href"], origin), link.get_text().strip()
        if re.match(r"https?://|www\.", shown) and meant(shown, origin) in (link["href"], link["href"].rstrip("/")):
            link.string = "" if link["href"].startswith(("faq:", "datei:")) else meant(shown, origin)
        if link.get("title") and (link["title"] == shown or re.match(r"https?:|mailto:", link["title"])):
            del link["title"]  # how Outlook and Teams show where a link leads


def _link(soup, text):
    parts, behind = [], 0
    for match in _ADDRESS.finditer(text):
        address = bare_address(match[0])
        if not re.match(r"(?:https?://|www\.)\w|[^/:]+@", address):
            continue
        scheme = "" if "://" in address else "http://" if address.startswith("www.") else "mailto:"
        link = soup.new_tag("a", href=scheme + address)
        link.string = address
        parts += [text[behind : match.start()], link]
        behind = match.start() + len(address)
    for part in [*parts, text[behind:]]:
        text.insert_before(part)
    text.extract()


def meant(address, origin=""):
    """Where an address leads: behind detours, without what tracks its reader; `faq:…` for a page of the portal."""
    address = address.strip()
    for _ in range(3):
        address = _behind(address)
    before, _, fragment = address.partition("#")
    path, _, query = before.partition("?")
    kept = "&".join(part for part in query.split("&") if part and not _TRACKS.match(part))
    fragment = fragment.partition(":~:")[0]
    address = path + (f"?{kept}" if kept else "") + (f"#{fragment}" if fragment else "")
    return _of_portal(address, origin) or address


def _behind(address):
    for detour, names in _DETOURS:
        if detour.match(address):
            asked = parse_qs(urlsplit(address).query)
            return next((asked[name][0] for name in names if name in asked), address)
    wrapped = _WRAPPED.match(address)
    return wrapped[1] if wrapped else address


def _of_portal(address, origin):
    if not origin or not address.lower().startswith(origin.lower()):
        return None
    path = address[len(origin) :]
    if found := _FILE.fullmatch(path):
        return f"datei:{found[1]}"
    if found := _PAGE.fullmatch(path):
        slug, step = found.groups()
    elif found := _ON_A_PAGE.fullmatch(path):
        _, slug, step = found.groups()
    else:
        return None
    return f"faq:{slug}" + (f"#{step}" if step else "")
