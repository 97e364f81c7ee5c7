"""Filters of the lists."""

from django.contrib import admin


class ChoicesFilter(admin.SimpleListFilter):
    """A filter that says what there is to choose: by the value in the address, its label and what narrows the rows."""

    options = {}

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in self.options.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.options:
            return queryset
        _, narrow = self.options[self.value()]
        return narrow(queryset)
