"""Editors in processes of their own, who use the admin at the same time; for tests and measurements of what happens then.

What one can do is a function of `Ways`; each posts what a browser would, and returns what became of it.
"""

import json
import random
import subprocess
import sys
from contextlib import suppress

from tests.running import PATIENCE, ROOT

_PROCESS = """
import json, sys
import django
django.setup()
from tests.editors import Ways
ways = Ways(int(sys.argv[1]))
for line in sys.stdin:
    name, number = json.loads(line)
    try:
        print(json.dumps(ways.do(name, number)), flush=True)
    except Exception as error:
        print(json.dumps({"way": name, "status": 0, "error": repr(error)}), flush=True)
"""
# The slugs of the entries they work at, those of `content/`.
SLUGS = (
    "stornierung",
    "mindestanzahl",
    "ansprechpartner",
    "vlsc-probleme",
    "bestellvorgang-olp",
    "bestellvorgang-open-value",
)
# Links whose words are those of what they lead to.
UNNAMED = "[](faq:spezielle-gruppen) [](kontakt:lizenzteam) [](offen:eagreement)"


class Ways:
    """What an editor does; `number` is another one each time, and tells the texts apart."""

    def __init__(self, seed):
        from django.contrib.auth.models import User
        from django.test import Client

        self.rng = random.Random(seed)
        user, _ = User.objects.get_or_create(
            username=f"editor-{seed}", defaults={"is_staff": True, "is_superuser": True}
        )
        self.client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
        self.client.force_login(user)

    @classmethod
    def names(cls):
        return sorted(name.removeprefix("do_") for name in dir(cls) if name.startswith("do_"))

    def do(self, name, number):
        """The way, the status of its answer, and the text that was saved, if any: by the slug of its entry."""
        from django.core.exceptions import ObjectDoesNotExist

        done = {"way": name, "status": 404, "saved": {}}
        with suppress(ObjectDoesNotExist, IndexError):  # the other one has just taken it away
            response = getattr(self, f"do_{name}", None) or getattr(self, name)
            response = response(number, done)
            done["status"] = response.status_code if response else 404
            done["address"] = response.headers.get("Location", "") if response else ""
        return done

    # Entries

    def do_save_text(self, number, done):
        from faq.models import Entry

        entry = Entry.objects.get(slug=self.rng.choice(SLUGS))
        unnamed = "".join(f" [](datei:{slug})" for slug in self._files())
        body = f"{entry.body.partition(' [Stand')[0]} [Stand {number}](https://example.org/{number}){unnamed} {UNNAMED}"
        response = self._form(entry, body=body)
        if response is not None and response.status_code == 302:
            done["saved"] = {entry.slug: number}
        return response

    def do_reorder_steps(self, number, done):
        from faq.models import Entry

        entry = Entry.objects.filter(kind="walkthrough").order_by("slug")[0]
        return self._form(entry, **{"steps__0__place": str(self.rng.randrange(1, 8))})

    def do_still_true(self, number, done):
        return self._post("faq_entry_still_true", self._entry())

    def do_position(self, number, done):
        import re

        from django.urls import reverse

        url = reverse("admin:faq_entry_changelist")
        html = self.client.get(url).content.decode()
        keys = re.findall(r'name="form-(\d+)-id" value="(\d+)"', html)
        values = dict(re.findall(r'name="initial-form-(\d+)-position" value="(\d*)"', html))
        data = {"form-TOTAL_FORMS": len(keys), "form-INITIAL_FORMS": len(keys), "_save": "1"}
        for place, key in keys:
            data |= {f"form-{place}-id": key, f"initial-form-{place}-position": values.get(place, "")}
            data |= {f"form-{place}-position": values.get(place, "")}
        data["form-0-position"] = number % 50 + 1
        return self.client.post(url, data)

    def do_rename_entry(self, number, done):
        from faq.models import Entry

        entry = Entry.objects.filter(aliases__slug="spezielle-gruppen").first() or Entry.objects.get(
            slug="spezielle-gruppen"
        )
        return self._form(entry, slug=f"gruppen-{number}", title=f"Gibt es Lizenzen für Gruppen {number}?")

    def do_start_copy(self, number, done):
        return self._post("faq_entry_copy", self._entry())

    def do_publish_copy(self, number, done):
        return self._post("faq_entry_publish", self._copy(), {"over_newer": "1"})

    def do_discard_copy(self, number, done):
        return self._post("faq_entry_discard", self._copy())

    def do_duplicate(self, number, done):
        return self._action("entry", "duplicate", [self._entry().pk])

    def do_delete_copies(self, number, done):
        from faq.models import Entry

        drafts = Entry.objects.filter(status="draft").order_by("pk")
        return self._action("entry", "delete_selected", [drafts[0].pk], post="yes", links_to="")

    def do_bring_back(self, number, done):
        from faq.models import Gone

        return self._action("gone", "bring_back", [Gone.objects.order_by("-pk")[0].pk])

    def do_restore(self, number, done):
        from faq.models import Version

        version = Version.objects.filter(entry=self._entry()).exclude(document="").order_by("pk")[0]
        return self._post("faq_entry_restore", version)

    # The same at one entry, for what is tried there

    def still_true_stornierung(self, number, done):
        return self._post("faq_entry_still_true", self._stornierung())

    def copy_of_stornierung(self, number, done):
        return self._post("faq_entry_copy", self._stornierung())

    def position_of_stornierung(self, number, done):
        """The list was opened before."""
        import re

        from django.urls import reverse

        url = reverse("admin:faq_entry_changelist")
        key = str(self._stornierung().pk)
        keys = re.findall(r'name="form-(\d+)-id" value="(\d+)"', self.client.get(url).content.decode())
        data = {"form-TOTAL_FORMS": len(keys), "form-INITIAL_FORMS": len(keys), "_save": "1"}
        for place, other in keys:
            value = number if other == key else 7
            data |= {f"form-{place}-id": other, f"form-{place}-position": value, f"initial-form-{place}-position": 7}
        return self.client.post(url, data)

    def _stornierung(self):
        from faq.models import Entry

        return Entry.objects.get(slug="stornierung")

    # Handing over: what a draft or working copy goes through

    def do_hand_over(self, number, done):
        return self._post("faq_entry_submit", self._copy(), {"to": "", "remark": f"Übergabe {number}"})

    def do_decide(self, number, done):
        """Publish what waits as somebody would who has its page open, or hand it back."""
        review = self._review("waiting")
        if number % 2:
            return self._post("faq_review_hand_back", review, {"reason": f"Grund {number}"})
        return self._decided(review)

    def do_comment(self, number, done):
        response = self._post(
            "faq_review_comment", self._review("waiting", "returned"), {"text": f"Kommentar {number}"}
        )
        if response.status_code == 302 and "faq/review" in response.url:
            done["commented"] = number
        return response

    def do_take(self, number, done):
        return self._post("faq_review_take", self._review("waiting"))

    def do_withdraw(self, number, done):
        return self._post("faq_review_withdraw", self._review("waiting", "returned"))

    def do_edit_copy(self, number, done):
        copy = self._copy()
        response = self._form(copy, body=f"{copy.body.partition(' [Stand')[0]} [Stand {number}](https://example.org/)")
        if response is not None and response.status_code == 302:
            done["written"] = number
        return response

    def _decided(self, review):
        import re

        from django.urls import reverse

        page = self.client.get(reverse("admin:faq_review_change", args=[review.pk])).content.decode()
        seen = re.search(r'name="seen" value="(\w+)"', page)
        return self._post("faq_review_publish", review, {"seen": seen[1]}) if seen else None

    def _review(self, *states):
        from faq.models import Review

        return Review.objects.open().filter(state__in=states)[0]

    # What entries share

    def do_rename_tag(self, number, done):
        from faq.models import Tag

        tag = Tag.objects.filter(taggings__content_object__slug="vlsc-zugriff").order_by("pk")[0]
        return self._form(tag, name=f"Thema {number}")

    def do_merge_tags(self, number, done):
        from faq.models import Tag

        chosen = list(Tag.objects.filter(merged_into=None, taggings__isnull=False).distinct().order_by("pk")[:2])
        keys = [tag.pk for tag in chosen]
        return self._action("tag", "merge_two", keys, kept=keys[0])

    def do_new_number(self, number, done):
        from faq.models import Contact

        return self._form(Contact.objects.get(slug="lizenzteam"), phone=f"05744 {number}")

    def do_rename_gap(self, number, done):
        from faq.models import Gap

        return self._form(Gap.objects.get(slug="eagreement"), name=f"Beschreibung {number}")

    def do_file(self, number, done):
        """The first time a file is put in, then it is called otherwise."""
        from django.core.files.uploadedfile import SimpleUploadedFile
        from django.urls import reverse

        from faq.models import Attachment
        from tests.papers import pdf

        if found := Attachment.objects.first():
            return self._form(found, title=f"Antrag {number}")
        upload = SimpleUploadedFile("antrag.pdf", pdf())
        return self.client.post(
            reverse("admin:faq_attachment_add"), {"title": "Antrag", "slug": "antrag", "upload": upload}
        )

    def _files(self):
        from faq.models import Attachment

        return Attachment.objects.values_list("slug", flat=True)

    def do_rename_category(self, number, done):
        from faq.models import Category

        category = Category.objects.order_by("pk")[0]
        return self._form(category, title=f"Allgemeines {number}", slug=f"allgemein-{number}")

    def do_spelling(self, number, done):
        from faq.models import Term

        return self._form(Term.objects.get(slug="olp"), search=f"Open {number}")

    def do_replace_link(self, number, done):
        from faq.models import WebLink

        link = WebLink.objects.filter(references__isnull=False).order_by("pk")[0]
        return self._post("faq_weblink_replace", link, {"address": f"https://example.org/neu/{number}"})

    def do_import(self, number, done):
        from django.core import signing
        from django.urls import reverse

        return self.client.post(
            reverse("admin:exchange_confirm"), {"upload": signing.dumps("installed", salt="faq.exchange")}
        )

    # Not editors, but at the same rows

    def do_feedback(self, number, done):
        return self.client.post(
            f"/faq/{self._entry().slug}/rueckmeldung/", {"hilfreich": "nein", "text": f"Nummer {number}"}
        )

    def do_read(self, number, done):
        return self.client.get(f"/faq/{self._entry().slug}/")

    def _entry(self):
        from faq.models import Entry

        return Entry.objects.get(slug=self.rng.choice(SLUGS))

    def _copy(self):
        from faq.models import Entry

        return Entry.rows.filter(copy_of__isnull=False).order_by("pk")[0]

    def _form(self, stored, **changes):
        from django.urls import reverse

        from tests.forms import filled_in

        url = reverse(f"admin:faq_{stored._meta.model_name}_change", args=[stored.pk])
        data = filled_in(self.client, url, **changes)
        return self.client.post(url, data) if "csrfmiddlewaretoken" in data or "_base" in data else None

    def _post(self, name, stored, data=()):
        from django.urls import reverse

        return self.client.post(reverse(f"admin:{name}", args=[stored.pk]), dict(data))

    def _action(self, model, action, chosen, **more):
        from django.urls import reverse

        data = {"action": action, "_selected_action": chosen, **more}
        return self.client.post(reverse(f"admin:faq_{model}_changelist"), data)


class Editors:
    """Two of them, each in a process of its own on a portal that was prepared; `env` is the portal's."""

    def __init__(self, env, number=2):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [sys.executable, "-W", "ignore", "-c", _PROCESS]
        self._processes = [
            subprocess.Popen([*command, str(seed)], cwd=ROOT, env=env, **pipes) for seed in range(1, number + 1)
        ]

    def begin(self, *ways):
        """Let each editor go a way: a pair of its name and a number."""
        for process, way in zip(self._processes, ways, strict=True):
            process.stdin.write(json.dumps(way) + "\n")
            process.stdin.flush()

    def results(self):
        """What became of the ways that were begun."""
        return [json.loads(process.stdout.readline()) for process in self._processes]

    def at_once(self, *ways):
        """What became of ways that were gone at the same time."""
        self.begin(*ways)
        return self.results()

    def close(self):
        for process in self._processes:
            process.stdin.close()
            process.wait(PATIENCE)
            process.stdout.close()
