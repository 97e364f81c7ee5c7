"""The editors' guide, the same text as in docs/redaktion.md."""

import re

import markdown
from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import mark_safe

# Leads from the page that is open to the form of its entry: of an entry's own page, or of what the address names on another one.
BOOKMARK = (
    "javascript:void(function(){{var m=location.pathname.match(/^\\/faq\\/([^\\/.]+)/)||location.hash.match(/^#([a-z0-9-]+)/);"
    "m?location.href='{origin}/faq/'+m[1]+'/bearbeiten':alert('Bitte öffnen Sie zuerst einen Eintrag.')}}())"
)


def show(request, site):
    """The guide as a page of the admin. Its text is our own, so it needs no cleaning."""
    text = (settings.BASE_DIR / "docs" / "redaktion.md").read_text(encoding="utf-8")
    title, _, text = text.partition("\n")
    html = markdown.markdown(text, extensions=["tables", "sane_lists"])
    html = re.sub(r'src="\.\./static/([^"]+)"', lambda match: f'src="{static(match[1])}"', html)
    html = html.replace('href="#lesezeichen"', f'href="{BOOKMARK.format(origin=settings.PUBLIC_URL)}"')
    return site.render(request, "admin/guide.html", title.removeprefix("# "), html=mark_safe(html))  # noqa: S308
