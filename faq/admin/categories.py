"""Categories."""

from django.contrib import admin

from faq.admin.addresses import AddressedAdmin, AddressForm
from faq.admin.forms import CheckedMarkdownField
from faq.admin.proposals import ProposalsAdmin
from faq.models import Category


class CategoryForm(AddressForm):
    intro = CheckedMarkdownField(label="Einleitung", rows=5)

    class Meta:
        model = Category
        fields = ["title", "slug", "position", "intro"]


@admin.register(Category)
class CategoryAdmin(ProposalsAdmin, AddressedAdmin):
    form = CategoryForm
    list_display = ["title", "slug", "position"]
    fields = ["title", "slug", "former_slugs", "position", "intro"]
    readonly_fields = ["former_slugs"]

    def view_on_site(self, category):
        return category.get_absolute_url() if Category.objects.with_page().filter(pk=category.pk).exists() else None
