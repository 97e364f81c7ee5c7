"""Hostile requests of somebody who is logged in, to every address of the admin: no answer from 500 on, on either database.

They run in this process, through Django's test client, which shows what a view raised.
"""

import json
import random
from collections import Counter
from urllib.parse import quote

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from benchmarks.attacks.addresses import HOSTILE, routes

# Ends the session that all others need, or answers to who it is only.
LEFT_OUT = ("admin/logout/", "admin/password_change/", "admin/password_change/done/", "admin/login/")
VALUES = (
    *HOSTILE,
    "99999",
    "0",
    "-1",
    "2026",
    "2026-13-45",
    "99999-01-01",
    "9" * 25,
    "1,a",
    "1,99999999999999999999",
    "\0",
    "a\0",
    "²",
    "1²",
    "true",
    "\ud800",
)
LOOKUPS = (
    "", "__exact", "__isnull", "__in", "__gte", "__lt", "__range", "__year", "__month", "__day", "__date", "__year__gte", "__contains",
    "__regex", "__iexact", "__hour", "__week_day", "__id__exact", "__pk",
)  # fmt: skip
READ = ("q", "o", "p", "e", "all", "_facets", "a", "b", "fassung", "next", "title", "_popup", "_to_field", "_changelist_filters", "app_label", "model_name", "field_name", "term")  # fmt: skip
POSTED = (
    "_why", "_base", "_save", "_continue", "_publish", "_preview", "_selected_action", "_selected_action", "action", "action", "index", "select_across", "post",
    "links_to", "kept", "over_newer", "upload", "conflict", "wanted", "spelling", "term", "name", "address", "target", "steps-TOTAL_FORMS", "steps-INITIAL_FORMS",
    "form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id", "form-0-position", "_saveasnew",
)  # fmt: skip
MUCH = {"steps-TOTAL_FORMS": "1", "steps-INITIAL_FORMS": "0", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"}


def model_of(route):
    """The model whose pages stand at an address of the admin, or None."""
    parts = route.split("/")
    return apps.all_models.get(parts[1], {}).get(parts[2]) if len(parts) > 3 else None


class Insider:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.routes = [r for r in routes() if r.startswith("admin/") and r not in LEFT_OUT and "%(url)s" not in r]
        self.lists = [
            f"admin/{model._meta.app_label}/{model._meta.model_name}/"
            for model in apps.get_models()
            if admin.site.is_registered(model)
        ]

    def value(self):
        return self.rng.choice(VALUES)

    def key(self, model):
        """The key of a row there is, or something else."""
        if model is None or self.rng.random() < 0.3:
            return self.value()
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        return str(self.rng.choice(keys or [7]))

    def names(self, model):
        """Parameters that a list of a model may read."""
        if model is None or not admin.site.is_registered(model):
            return READ
        filters = [
            f if isinstance(f, str) else getattr(f, "parameter_name", "q")
            for f in admin.site.get_model_admin(model).list_filter
        ]
        return [*READ, *(f"{name}{lookup}" for name in filters for lookup in LOOKUPS)]

    def request(self, route=None, method=None):
        """Method, path, and what is sent with it."""
        rng = self.rng
        route = route or rng.choice(self.lists if rng.random() < 0.4 else self.routes)
        model = model_of(route)
        path = "/" + "".join(
            piece if place % 2 == 0 else self.quoted(self.key(model))
            for place, piece in enumerate(route.replace("%(", ")s").split(")s"))
        )
        method = method or rng.choice(("get", "get", "post"))
        if method == "get":
            return method, path, {name: self.value() for name in rng.sample(self.names(model), rng.choice((1, 1, 2)))}
        fields = [f.name for f in model._meta.get_fields() if not f.auto_created] if model else []
        chosen = rng.sample([*POSTED, *fields], rng.randint(1, 6))
        data = {name: self.key(model) if name == "_selected_action" else self.value() for name in chosen} | MUCH
        if model and admin.site.is_registered(model) and "action" in chosen and rng.random() < 0.7:
            data["action"] = rng.choice([*admin.site.get_model_admin(model).actions, "delete_selected"])
            data["action"] = getattr(data["action"], "__name__", data["action"])
        return method, path, data

    def quoted(self, text):
        """As a part of a path: hostile, but still one part."""
        return quote(text.encode("utf-8", "replace"), safe="")


def _insider():
    """Who asks: there again, should an attack have deleted the account."""
    rights = {"is_active": True, "is_staff": True, "is_superuser": True}
    return User.objects.update_or_create(username="insider", defaults=rights)[0]


def attacked(number, seed=1):
    """So many requests on the database of this process: counted by status, and those that went wrong."""
    client, insider = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1"), Insider(seed)
    counts, bad = Counter(), []
    every = [(route, None) for route in insider.routes] + [(None, None)] * number
    for route, method in every[:number] if number < len(every) else every:
        method, path, data = insider.request(route, method)
        client.force_login(_insider())
        with_lone = {name: value.encode("utf-8", "replace").decode() for name, value in data.items()}
        response = getattr(client, method)(path, with_lone)
        if response.streaming:
            list(response)  # read to its end it closes its file
        counts[response.status_code] += 1
        if response.status_code >= 500:
            bad.append(
                (response.status_code, method, path, with_lone, repr(getattr(response, "exc_info", ("",) * 2)[1])[:200])
            )
    return counts, bad


def main(number):
    counts, bad = attacked(int(number))
    print(json.dumps([counts, [list(map(str, one)) for one in bad]]))
