"""Puts the portal's models on the admin site, once all other apps' are there: some of those go again."""

from django.apps import apps
from django.contrib import admin

from faq.admin import (  # noqa: F401  each registers its models
    accounts,
    aliases,
    attachments,
    categories,
    contacts,
    entries,
    feedback,
    gaps,
    glossary,
    history,
    notices,
    pictures,
    reviews,
    search_queries,
    site,
    sources,
    tags,
    weblinks,
)

# The login's own tables hold secrets: accounts keep their second factor themselves, and `reset_second_factor` takes it away.
for label in ("account", "mfa", "socialaccount"):
    for model in apps.get_app_config(label).get_models():
        if admin.site.is_registered(model):
            admin.site.unregister(model)
