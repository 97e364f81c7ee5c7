"""The start page: what waits for who looks at it, then what waits for all, and what there is, by what one does with it."""

from django.contrib.auth.models import User
from django.db.models import Count
from django.urls import reverse

from faq.admin.extra_pages import admin_url
from faq.editing.owners import name_of
from faq.editing.writing import PUBLISH
from faq.models import Version
from faq.operations import to_do
from faq.words import counted

# The models by task, the rare ones last. What is in none of them comes with the last.
GROUPS = {
    "Inhalte": ["Entry", "Review", "SourceDocument", "Category"],
    "Nachschlagen": ["Term", "Contact", "Attachment", "Picture", "Gap", "Tag"],
    "Pflege": ["Notice", "Feedback", "SearchQuery", "WebLink"],
    "Verlauf": ["Version", "Gone", "Alias"],
    "Verwaltung": ["Site", "User", "Group"],
}

SHOWN = 5  # of each list


def grouped(apps):
    """What `AdminSite.get_app_list` gives, by task in place of by app."""
    models = {model["object_name"]: model for app in apps for model in app["models"]}
    groups = {name: [models.pop(model) for model in chosen if model in models] for name, chosen in GROUPS.items()}
    groups["Verwaltung"] += models.values()
    start = reverse(
        "admin:index"
    )  # with what follows it is an address that no page is below: no group is the current one
    return [
        {
            "name": name,
            "app_label": name.lower(),
            "app_url": f"{start}#{name}",
            "has_module_perms": True,
            "models": found,
        }
        for name, found in groups.items()
        if found
    ]


def sections(user):
    """What waits, as far as the user may see it: for them, and for all."""
    mine, left_behind = to_do.mine(user), to_do.left_behind(user)
    lists = to_do.lists() | {"left_behind": left_behind}
    if user.has_perm("faq.add_entry"):
        lists["documents"] = to_do.documents()
    handed_over = [to_do.section(name, rows, most=SHOWN) for name, rows in to_do.reviews(user).items()]
    handed_over = list(filter(None, handed_over))
    for_me = [
        to_do.section(name, mine[name], more="&zustaendig=ich", most=SHOWN) for name in mine if _may_see(user, name)
    ]
    for_me.append(to_do.section("unpublished", to_do.in_hand(user), most=SHOWN))
    _add_versions(for_me[-1])
    for_all = {
        name: to_do.section(name, lists[name], most=SHOWN)
        for name in to_do.KINDS
        if name in lists and _may_see(user, name)
    }
    if section := for_all.get("left_behind"):
        _add_colleagues(section, left_behind)
    for section in filter(None, (for_me[-1], for_all.get("unpublished"))):
        section["address"] = reverse("admin:faq_entry_in_work")
    for section in handed_over:
        section["address"] = reverse("admin:faq_review_changelist")
    if section := for_all.get("old_texts"):
        section["places"] = [
            (admin_url(row) if user.has_perm(f"faq.view_{row._meta.model_name}") else "", name, old.reasons)
            for old in section["rows"]
            for row, name in old.places()
        ]
    if section := for_all.get("legal"):
        section["gaps"] = section["rows"][0].legal_gaps
        section["heading"] = counted(len(section["gaps"]), *to_do.KINDS["legal"][:2])
        section["address"] = admin_url(section["rows"][0])
    if (section := for_all.get("conflicts")) and user.has_perm(PUBLISH):
        section["address"] = reverse("admin:exchange")
    return {"for_me": [*handed_over, *filter(None, for_me)], "for_all": list(filter(None, for_all.values()))}


def _may_see(user, name):
    return name == "documents" or user.has_perm(f"faq.view_{to_do.KINDS[name].model}")


def _add_versions(section):
    """What became of the public text since a working copy was made."""
    rows = section["rows"] if section else []
    newer = Version.objects.select_related("who").in_bulk([row.newest for row in rows if row.newest != row.base_id])
    for row in rows:
        row.since = newer.get(row.newest)


def _add_colleagues(section, texts):
    """Who left them, with how much; and their names."""
    counts = texts.order_by().values("holder").annotate(count=Count("pk")).order_by("-count")[:SHOWN]
    counts = {row["holder"]: row["count"] for row in counts}
    accounts = User.objects.in_bulk({*counts, *(row.holder for row in section["rows"])})
    section["colleagues"] = [(key, name_of(accounts[key]), count) for key, count in counts.items()]
    for row in section["rows"]:
        row.left_by = name_of(accounts[row.holder])
