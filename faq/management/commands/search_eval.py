"""How well the search answers queries whose answers are known."""

import time
from collections import defaultdict
from pathlib import Path
from statistics import median

from django.core.management.base import BaseCommand, CommandError

from faq.models import Entry
from faq.search import evaluation


class Command(BaseCommand):
    help = "Prints MRR@10, R@1 and R@5 of the queries in a file (query, expected slugs, kind; tab-separated), by kind."

    def add_arguments(self, parser):
        parser.add_argument("queries", type=Path, metavar="QUERIES.tsv")
        parser.add_argument(
            "--typing", action="store_true", help="ask for suggestions, not for results, and say how fast they come"
        )
        parser.add_argument(
            "--answers",
            action="store_true",
            help="the file has question, slug, sentence, kind: say how often that sentence is quoted",
        )
        parser.add_argument("--fails", action="store_true", help="list the queries that were not answered rightly")

    def handle(self, queries, fails, typing, answers, **options):
        try:
            if answers:
                return self._quote(evaluation.quote(queries, Entry.objects.published()), fails)
            asked = evaluation.read(queries)
        except (OSError, KeyError) as error:
            raise CommandError(f"{queries}: cannot be read as queries ({error})") from error
        entries = Entry.objects.published()
        ask = evaluation.suggested if typing else evaluation.answer
        answers, times = [], []
        for each in asked:
            began = time.perf_counter()
            answers.append(ask(each, entries))
            times.append(time.perf_counter() - began)
        kinds = defaultdict(list)
        for each in answers:
            kinds[each.asked.kind].append(each)
        silent = kinds.pop(evaluation.NONE, [])
        kinds["all"] = [each for some in kinds.values() for each in some]
        self.stdout.write(f"{'kind':14}{'queries':>8}{'MRR@10':>8}{'R@1':>8}{'R@5':>8}{'sure':>8}")
        for kind, some in kinds.items():
            count, *shares = evaluation.figures(some).values()
            self.stdout.write(f"{kind:14}{count:8}" + "".join(f"{share:8.3f}" for share in shares))
        if silent:
            share = sum(each.right for each in silent) / len(silent)
            self.stdout.write(f"{'none':14}{len(silent):8}   left without a confident hit: {share:.3f}")
        if typing:
            self.stdout.write(f"median of an answer: {1000 * median(times):.1f} ms")
        for each in answers if fails else ():
            if not each.right:
                expected = "|".join(sorted(each.asked.expected)) or "nothing sure"
                self.stdout.write(f"  {each.asked.kind}: {each.asked.query!r} wants {expected}, finds {each.found[:3]}")

    def _quote(self, questions, fails):
        """Of each kind: how many, how many with a quotation, how many of these are right, and how many wrong."""
        kinds = defaultdict(list)
        for each in questions:
            kinds[each.kind].append(each)
        answered = [each for each in questions if each.sentence]
        self.stdout.write(f"{'kind':14}{'questions':>10}{'quoted':>8}{'right':>8}{'wrong':>8}")
        for kind, some in {**kinds, "answered": answered, "all": questions}.items():
            counts = [
                sum(map(bool, flags)) for flags in zip(*((q.quotation, q.right, q.wrong) for q in some), strict=True)
            ]
            self.stdout.write(f"{kind:14}{len(some):10}" + "".join(f"{count:8}" for count in counts))
        for each in questions if fails else ():
            if (each.quotation or each.sentence) and not each.right:
                self.stdout.write(
                    f"  {each.kind}: {each.question!r} wants {each.sentence or 'nothing'!r}, gets {each.quotation!r}"
                )
