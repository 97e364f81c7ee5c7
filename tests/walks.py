"""Random ways through the admin, as an editor's browser would go them: every form filled in with whatever somebody may type."""

import random
import unicodedata

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from faq.models import Alias, Attachment, Category, Contact, Entry, Gap, Gone, Notice, Site, Tag, Term, Version
from tests.forms import filled_in
from tests.papers import pdf

LINES = [
    "2FA einrichten", "2026-01-01", "0365", "CON", "Con.", "aux", "Frage...", "Übergröße?", unicodedata.normalize("NFD", "Größe für Ämter"),
    "- a: b", "'", '"Zitat" und \'mehr\'', "# kein Kommentar", "@wer", "`Code`", "a | b", "null", "~", "yes", "[x]", "{y}", "a, b", "!wichtig",
    "&anker", "*stern", "%prozent", "Wer: Reseller", "schritt-1", "Neues", "API", "a" * 300, "🙂 Kurz", "Å Ω", "e\u0301", "VLSC", "vlsc", "ﬁn",
    "A:", ": b", "a #b", "\\", "\u00a0x", "x\u200b", "-", "?", "? x", "---", "...", "<Enter> & Co.", "Wie\tgeht", " Rand ", "a\u0085b",
]  # fmt: skip
SLUGS = "2fa 365 con nul com1 neues bild faq a-b a--b x 0 schritt-2 gross-klein umzug zweite dritte".split()
BODIES = [
    "Antwort.", "", "    eingerückt\n\nText", "- Punkt\n- noch einer\n\n1. eins\n2. zwei", "```\ncode  \n\n  mit Rand\n```", "a | b\n--- | ---\n1 | 2",
    "!!! hinweis\n    Achtung.", "#### Titel\n\nText", "Zeile  \nUmbruch", unicodedata.normalize("NFD", "Größe ä ö ü"), "---", "> Zitat",
    "- Wer: Reseller", "## Überschrift\n\nText", "*a* **b** `c`", "<b>roh</b> &amp; &", "Ende mit Rückstrich\\", "\u2028x", "a\r\nb\r\n", "\n\n  Rand  \n\n",
    "[dort](offen:neue-stelle)", "[](offen:{gap})", "[dort](faq:{entry})", "[](faq:{entry})", "[S](faq:{entry}#schritt-1)", "[T](faq:{entry}#schritt-2)", "[](kontakt:{contact})", "[Papier](datei:{attachment})",
    "[Seite](https://example.org/a_b)", "- note: x\n\n---\ntitle: y\n---",
]  # fmt: skip
DAYS = ["", "2026-01-01", "31.12.2027", "1.1.1999", "29.02.2024"]
MOMENTS = ["", "2026-01-01T00:00", "2027-12-31T08:30", "2025-03-30T02:30", "31.12.2027 08:30"]
MODELS = [Entry, Entry, Entry, Category, Contact, Term, Notice, Site, Gap, Tag, Alias, Attachment]
LISTS = {Entry: ["delete_selected", "merge_two", "duplicate"], Tag: ["delete_selected", "merge_two"], Term: ["delete_selected", "merge_two"],
         Contact: ["delete_selected"], Notice: ["delete_selected"], Alias: ["delete_selected"], Attachment: ["delete_selected"],
         Category: ["delete_selected"], Gone: ["bring_back"]}  # fmt: skip
OWN = ["copy", "publish", "discard", "still_true", "publish_form"]


class Walk:
    """One editor, of whom chance is the seed."""

    def __init__(self, client, seed):
        self.client, self.rng = client, random.Random(seed)

    def step(self):
        """What was posted, once the portal has taken something."""
        while True:
            way = self.rng.choices([self._change, self._add, self._list, self._own, self._restore], [8, 5, 3, 3, 1])[0]
            url, data = way()
            if not url:
                continue
            response = self.client.post(url, data)
            assert response.status_code < 500, (url, data)
            if response.status_code == 302:
                return url, data

    def _add(self):
        model = self.rng.choice([m for m in MODELS if m not in (Site, Gap)])
        return self._fill(model, reverse(f"admin:faq_{model._meta.model_name}_add"), changes=6)

    def _change(self):
        row = self._any(self.rng.choice(MODELS))
        if row is None:
            return "", {}
        return self._fill(type(row), reverse(f"admin:faq_{row._meta.model_name}_change", args=[row.pk]), changes=3)

    def _fill(self, model, url, changes):
        data = filled_in(self.client, url)
        names = [name for name in data if not name.startswith("_") and "_FORMS" not in name and "csrf" not in name]
        if model is Entry and self.rng.random() < 0.3:
            names += self._new_step(data)
        wanted = {
            name
            for name in names
            if url.endswith("add/") and name in ("title", "name", "category", "phone", "text", "entry")
        }
        chosen = wanted | set(self.rng.sample(names, min(changes, len(names))))
        data |= {name: value for name in sorted(chosen) if (value := self._value(model, name)) is not None}
        if model is Attachment and (url.endswith("add/") or "upload" in chosen):
            data["upload"] = SimpleUploadedFile("x.pdf", pdf(str(self.rng.random())))
        return url, data

    def _new_step(self, data):
        number = int(data["steps-TOTAL_FORMS"][0])
        data |= {"kind": "walkthrough", "steps-TOTAL_FORMS": str(number + 1), f"steps-{number}-place": ""}
        fields = ("section", "title", "duration", "applies_to", "needs", "gets", "body")
        data |= {f"steps-{number}-{name}": "" for name in fields} | {f"steps-{number}-title": self.rng.choice(LINES)}
        return [f"steps-{number}-{name}" for name in fields]

    def _value(self, model, name):
        """Something to type into a field; None for one that stays as it is."""
        field = name.rpartition("-")[2]
        choice = self.rng.choice
        if field in ("body", "intro", "text", "definition", "imprint_text", "privacy_text", "accessibility_text"):
            return "\n\n".join(self._linked(choice(BODIES)) for _ in range(self.rng.randint(1, 3)))
        if name.startswith("steps-") and field in ("entry", "id"):
            return None
        if field in ("category", "contact", "entry", "tag"):
            row = self._any({"category": Category, "contact": Contact, "entry": Entry, "tag": Tag}[field])
            return row.pk if row else ""
        if field in ("tags", "aliases", "search"):
            return (", " if field == "tags" else "\n").join(self.rng.sample(LINES, self.rng.randint(0, 4)))
        if field.startswith(("publish_at", "expire_at", "begins", "ends")):
            return choice(MOMENTS)
        return {
            "slug": lambda: choice(SLUGS), "kind": lambda: choice(["question", "walkthrough"]), "actors": lambda: choice(["Reseller", "Microsoft"]),
            "status": lambda: choice(["published", "draft"]), "position": lambda: choice(["", "0", "7"]), "place": lambda: choice(["", "1", "3"]),
            "review": lambda: choice(DAYS), "reviewed": lambda: choice(DAYS), "updated": lambda: choice(DAYS), "note": lambda: choice(LINES + BODIES),
            "email": lambda: choice(["", "a@example.org"]), "phone": lambda: choice(["05744 - 1", *LINES]), "in_charge": lambda: None,
            "url": lambda: choice(["", "https://example.org/ä"]), "imprint": lambda: "https://example.org/",
            "privacy": lambda: "", "accessibility": lambda: "", "DELETE": lambda: choice(["", "on"]), "upload": lambda: None,
        }.get(field, lambda: choice(LINES))()  # fmt: skip

    def _linked(self, text):
        for name, model in (("gap", Gap), ("entry", Entry), ("contact", Contact), ("attachment", Attachment)):
            row = self._any(model) if f"{{{name}}}" in text else None
            text = text.replace(f"{{{name}}}", row.slug if row else "gibt-es-nicht")
        return text

    def _list(self):
        model = self.rng.choice(list(LISTS))
        action, number = self.rng.choice(LISTS[model]), 1
        number = 2 if action == "merge_two" else 1
        keys = [row.pk for row in self._rows(model)]
        if len(keys) < number:
            return "", {}
        chosen = self.rng.sample(keys, number)
        data = {"action": action, "_selected_action": chosen, "post": "yes", "links_to": "", "kept": chosen[0]}
        if model is Entry and self.rng.random() < 0.5 and (target := self._any(Entry)):
            data["links_to"] = target.pk
        return reverse(f"admin:faq_{model._meta.model_name}_changelist"), data

    def _own(self):
        name = self.rng.choice(OWN)
        rows = Entry.rows.filter(copy_of__isnull=name not in ("publish", "discard")).order_by("pk")
        if not rows:
            return "", {}
        row = self.rng.choice(list(rows))
        if name == "publish_form":
            url = reverse("admin:faq_entry_change", args=[row.pk])
            return url, filled_in(self.client, url) | {"_publish": "1"}
        return reverse(f"admin:faq_entry_{name}", args=[row.pk]), {"over_newer": "1"}

    def _restore(self):
        versions = list(Version.objects.of_entries().exclude(document="").order_by("pk"))
        if not versions:
            return "", {}
        return reverse("admin:faq_entry_restore", args=[self.rng.choice(versions).pk]), {}

    def _rows(self, model):
        return list((Entry.rows if model is Entry else model.objects).order_by("pk"))

    def _any(self, model):
        rows = self._rows(model)
        return self.rng.choice(rows) if rows else None
