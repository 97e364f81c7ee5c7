"""In which texts something stands."""

from django.contrib import admin
from django.utils.html import format_html_join

from faq.admin.extra_pages import admin_url
from faq.models import Reference

COPY = " (Arbeitskopie)"


def links_to(sources):
    """To the forms of what has texts, by name."""
    rows = [(admin_url(row), row, COPY if getattr(row, "copy_of_id", None) else "") for row in sorted(sources, key=str)]
    return format_html_join(", ", '<a href="{}">{}</a>{}', rows)


class PlacesAdmin(admin.ModelAdmin):
    """Of what texts refer to: with the column „Steht in“."""

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related(*(f"references__{name}" for name in Reference.SOURCES))

    @admin.display(description="Steht in")
    def places(self, row):
        """Links to the forms of everything whose text refers to a row."""
        sources = {reference.source for reference in row.references.all()} if row.pk else set()
        return links_to(sources) or "–"
