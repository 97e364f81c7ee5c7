"""`buttons [NUMBER] [SEED]`: so many generated texts, places in them and buttons of a Markdown field; what is wrong with what they made."""

import random
import sys

from playwright.sync_api import sync_playwright

from tests import markdown_buttons
from tests.browser.conftest import CHROMIUM, FLAGS


def main(number=20_000, seed=1):
    chosen = random.Random(int(seed))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for buttons in (markdown_buttons.WANTED, markdown_buttons.KEYS):
            some = markdown_buttons.cases(chosen, int(number), [*buttons])
            found = markdown_buttons.problems(browser, some)
            print(f"{len(found)} of {number}: {', '.join(buttons)}")
            for case, made, wrong in found:
                print(case, made, wrong, sep="\n  ", end="\n\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
