"""Two people at one text that was handed over: they edit, publish, hand back, discard it at once. `reviews [ROUNDS]`, 200 unless told.

At random, on SQLite and on PostgreSQL, with a mail server: is anything lost of what was said to be saved, does anything fail, is
anything published or mailed twice?
"""

import random
import sys
import time
from collections import Counter

from aiosmtpd.controller import Controller

from benchmarks.portal import DATABASES, new_portal, print_table
from tests import running
from tests.editors import Editors

ROUNDS = 200
WAYS = ("edit_copy", "hand_over", "publish", "hand_back", "comment", "take", "withdraw", "publish_copy", "discard_copy")
# Both want a mail of everything.
PREPARED = """
from django.contrib.auth.models import User
from faq.models import ReviewMail
for number in (1, 2):
    user, _ = User.objects.get_or_create(username=f"editor-{number}", defaults={"is_staff": True, "is_superuser": True})
    User.objects.filter(pk=user.pk).update(email=f"editor-{number}@example.org")
    ReviewMail.objects.get_or_create(user=user)
"""
# What there is in the end: all texts that ever were, comments, and by review what was done, with whom it concerned.
LOOK = """
from faq.models import Comment, Review, Version
result = {
    "texts": "\\n".join(Version.objects.values_list("document", flat=True)),
    "comments": list(Comment.objects.filter(act="").values_list("text", flat=True)),
    "acts": list(Comment.objects.exclude(act="").values_list("review", "act", "who__username")),
    "states": list(Review.objects.values_list("pk", "state")),
}
"""


class Letters:
    """A mail server that keeps the subjects of what it is handed, by receiver."""

    def __init__(self):
        self.found = []

    async def handle_DATA(self, server, session, envelope):
        head = envelope.content.decode("utf-8", "replace")
        subject = next(line for line in head.splitlines() if line.startswith("Subject:"))
        self.found += [(to, subject) for to in envelope.rcpt_tos]
        return "250 OK"


def rounds(portal, number, seed=3, seconds=float("inf")):
    """Go through so many rounds, or as many as fit in; returns how many there were, and a list of what went wrong."""
    rng, wrong, end, done = random.Random(seed), [], time.monotonic() + seconds, []
    portal.edit(PREPARED)
    editors = Editors(portal.env)
    try:
        for turn in range(number):
            if time.monotonic() > end:
                number = turn
                break
            editors.at_once(("handed_over", turn * 10 + 9), ("read", 0))
            ways = [(rng.choice(WAYS), turn * 10 + editor) for editor in (1, 2)]
            both = editors.at_once(*ways)
            wrong += [f"round {turn}, {ways}: {one}" for one in both if one["status"] in (0, 400, 500, 503)]
            done += both
    finally:
        editors.close()  # mail that waits goes out before
    return number, [*wrong, *_lost(portal.edit(LOOK), done)]


def _lost(there, done):
    """What was said to be written and is not there, and what was done twice."""
    written = [one["written"] for one in done if "written" in one]
    yield from (f"text {number} is lost" for number in written if f"[Stand {number}]" not in there["texts"])
    comments = Counter(there["comments"])
    said = [one["commented"] for one in done if "commented" in one]
    yield from (f"comment {n}: {comments[f'Kommentar {n}']} times" for n in said if comments[f"Kommentar {n}"] != 1)
    ended = Counter((review, act) for review, act, *_ in there["acts"] if act in ("published", "withdrawn"))
    yield from (f"review {review}: {act} {times} times" for (review, act), times in ended.items() if times > 1)
    over = [review for review, _ in ended]
    yield from (f"review {review} is over twice" for review, times in Counter(over).items() if times > 1)


def mailed_wrongly(portal, letters):
    """Mails that nothing stands behind: to each, of each kind, at most as many as there were acts of somebody else that concern them."""
    acts = portal.edit(LOOK)["acts"]
    kinds = {
        "handed": "Zur Freigabe",
        "returned": "Zur=C3=BCckgegeben",
        "published": "Freigegeben",
        "withdrawn": "Zur=C3=BCckgezogen",
    }
    for name in ("editor-1", "editor-2"):
        for act, begins in kinds.items():
            gave = {review for review, done, who in acts if (done, who) == ("handed", name)}
            concern = [review for review, done, who in acts if done == act and who != name]
            most = sum(1 for review in concern if act == "handed" or review in gave)
            sent = sum(1 for to, subject in letters if to.startswith(name) and begins in subject)
            if sent > most:
                yield f"{name}: {sent} mails „{act}“ for {most} acts"


def main(number=str(ROUNDS)):
    rows, failed = [], []
    for database in DATABASES:
        letters = Letters()
        server = Controller(letters, hostname="127.0.0.1", port=running.free_port())
        server.start()
        with new_portal(database, EMAIL_URL=f"smtp://127.0.0.1:{server.port}") as portal:
            running.manage(portal.env, "prepare")
            done, wrong = rounds(portal, int(number))
            wrong += mailed_wrongly(portal, letters.found)
            reviews = Counter(state for _, state in portal.edit(LOOK)["states"])
        server.stop()
        rows.append(
            [database, done, len(wrong), *(reviews[state] for state in ("published", "withdrawn")), len(letters.found)]
        )
        failed += wrong
    print_table(["database", "rounds of two", "wrong", "published", "withdrawn", "mails"], rows)
    print("\n".join(map(str, failed[:20])))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
