"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from faq import downloads, feeds, health, machines, metrics, preview, sitemaps, views

urlpatterns = [
    path("", views.home, name="home"),
    path("faq/", RedirectView.as_view(pattern_name="whole_help", permanent=True)),
    path("faq/<slug:slug>/", views.entry, name="entry"),
    path("faq/<slug:slug>.md", views.entry_markdown, name="entry_markdown"),
    path("faq/<slug:slug>/rueckmeldung/", views.feedback, name="feedback"),
    path("faq/<slug:slug>/rueckmeldung/<slug:said>/", views.feedback, name="feedback_thanks"),
    path("faq/<slug:slug>/handzettel/", views.handout, name="handout"),
    path("faq/<slug:slug>/handzettel/<slug:actor>/", views.handout, name="actor_handout"),
    path("vergleich/", views.comparison, name="comparison"),
    path("alles/", views.whole_help, name="whole_help"),
    path("thema/", views.tags, name="tags"),
    path("thema/<slug:slug>/", views.tag, name="tag"),
    path("glossar/", views.glossary, name="glossary"),
    path("impressum/", views.legal, {"name": "imprint"}, name="imprint"),
    path("datenschutz/", views.legal, {"name": "privacy"}, name="privacy"),
    path("barrierefreiheit/", views.legal, {"name": "accessibility"}, name="accessibility"),
    path("suche/", views.search, name="search"),
    path("suche.json", views.search_json, name="search_json"),
    path("suche/vorschlaege/", views.suggestions, name="suggestions"),
    path("datei/<slug:slug>/", downloads.attachment, name="attachment"),
    path("opensearch.xml", machines.opensearch, name="opensearch"),
    path("sitemap.xml", sitemaps.whole_sitemap, name="sitemap"),
    path("sitemap/<slug:section>.xml", sitemaps.sitemap_part, name="sitemap_part"),
    path("robots.txt", machines.robots, name="robots"),
    path("llms.txt", machines.llms, name="llms"),
    path("feed.xml", feeds.LatestChanges(), name="feed"),
    path("vorschau/<str:token>/", preview.signed_preview, name="preview"),
    path("healthz", health.alive, name="alive"),
    path("metrics", metrics.metrics, name="metrics"),
    path("readyz", health.ready, name="ready"),
    path("admin/", admin.site.urls),
    path("konto/", include("helpdesk.account_urls")),
    path("<slug:slug>/", views.category, name="category"),
]

handler400 = "faq.views.bad_request"
handler404 = "faq.views.not_found"
handler500 = "faq.views.server_error"
handler429 = "faq.limits.too_many"  # allauth asks for it
