"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path, re_path, register_converter
from django.urls.converters import StringConverter
from django.views.generic import RedirectView

from faq.files import serving
from faq.operations import health, metrics
from faq.public import feedback, feeds, in_hand, news, pages, preview, search, sitemaps, text_files, walkthrough_pages
from faq.step_facts import ACTORS


def one_of(words):
    """A path converter: an address with any other word is none."""
    return type("OneOf", (StringConverter,), {"regex": "|".join(words)})


register_converter(one_of(actor.lower() for actor in ACTORS), "actor")
register_converter(one_of(feedback.THANKED), "said")
register_converter(news.MonthConverter, "month")

urlpatterns = [
    path("", pages.home, name="home"),
    path("faq/", RedirectView.as_view(pattern_name="whole_help", permanent=True)),
    path("faq/<slug:slug>/", pages.entry, name="entry"),
    *(
        path(f"faq/<slug:slug>/bearbeiten{end}", RedirectView.as_view(pattern_name="admin:edit"), name="edit")
        for end in ("", "/")
    ),
    path("faq/<slug:slug>.md", pages.entry_markdown, name="entry_markdown"),
    path("faq/<slug:slug>/feed.xml", feeds.entry_feed, name="entry_feed"),
    path("faq/<slug:slug>/rueckmeldung/", feedback.feedback, name="feedback"),
    path("faq/<slug:slug>/rueckmeldung/<said:said>/", feedback.feedback, name="feedback_thanks"),
    path("faq/<slug:slug>/handzettel/", walkthrough_pages.handout, name="handout"),
    path("faq/<slug:slug>/handzettel/<actor:actor>/", walkthrough_pages.handout, name="actor_handout"),
    path("vergleich/", walkthrough_pages.comparison, name="comparison"),
    path("alles/", pages.whole_help, name="whole_help"),
    path("neues/", news.news, name="news"),
    path("neues/<month:month>/", news.month, name="news_month"),
    path("thema/", pages.tags, name="tags"),
    path("thema/<slug:slug>/", pages.tag, name="tag"),
    path("thema/<slug:slug>/feed.xml", feeds.tag_feed, name="tag_feed"),
    path("vor-mir/", in_hand.in_hand, name="in_hand"),
    path("glossar/", pages.glossary, name="glossary"),
    path("impressum/", pages.legal, {"name": "imprint"}, name="imprint"),
    path("datenschutz/", pages.legal, {"name": "privacy"}, name="privacy"),
    path("barrierefreiheit/", pages.legal, {"name": "accessibility"}, name="accessibility"),
    path("suche/", search.search, name="search"),
    path("suche.json", search.search_json, name="search_json"),
    path("suche/vorschlaege/", search.suggestions, name="suggestions"),
    path("suche/feld.json", search.field_json, name="field_json"),
    path("datei/<slug:slug>/", serving.attachment, name="attachment"),
    re_path(r"^bild/(?P<name>[0-9a-f]{64}\.[a-z]+)$", serving.picture, name="picture"),
    path("opensearch.xml", text_files.opensearch, name="opensearch"),
    path("sitemap.xml", sitemaps.whole_sitemap, name="sitemap"),
    path("sitemap/<slug:section>.xml", sitemaps.sitemap_part, name="sitemap_part"),
    path("favicon.ico", text_files.favicon, name="favicon"),
    path("robots.txt", text_files.robots, name="robots"),
    path(".well-known/security.txt", text_files.security, name="security"),
    path("llms.txt", text_files.llms, name="llms"),
    path("feed.xml", feeds.feed, name="feed"),
    path("vorschau/<str:token>/", preview.signed_preview, name="preview"),
    path("healthz", health.alive, name="alive"),
    path("metrics", metrics.metrics, name="metrics"),
    path("readyz", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    path("konto/", include("helpdesk.account_urls")),
    path("<slug:slug>/", pages.category, name="category"),
    path("<slug:slug>/feed.xml", feeds.category_feed, name="category_feed"),
]

handler400 = "faq.public.errors.bad_request"
handler403 = "faq.admin.refusals.forbidden"
handler404 = "faq.public.errors.not_found"
handler500 = "faq.public.errors.server_error"
handler429 = "faq.public.errors.too_many"  # allauth asks for it
