"""Strategies for generated content: documents of every form, with all that editors paste."""

import string

from django.core.exceptions import ValidationError
from hypothesis import strategies as st

from faq.content import values, walkthrough_text
from faq.content.documents import Change, Entry, Step, newest_first
from faq.models.announcements import validate_sentence
from faq.step_facts import ACTORS

LETTERS = string.ascii_letters + "äöüÄÖÜß0123456789 :#,.-'\"[]{}()&*!|>%@`?=_/\\„“–…€🙂é"
lines = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
slugs = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?", fullmatch=True).filter(
    lambda s: not s.startswith("schritt")
)
blocks = st.one_of(
    lines.filter(lambda text: not text.lstrip().startswith(("#", "```", "~~~", "- ", "* ", "+ "))),
    lines.map(lambda text: f"- {text}\n    - innen\n- noch eins"),
    lines.map(lambda text: f"a | b\n--- | ---\n{text.replace('|', '')} | ä"),
    lines.map(lambda text: f"```\n## {text.replace('`', '')}\n    eingerückt\n```"),
    lines.map(lambda text: f"    {text}"),
    lines.map(lambda text: f"#### {text}"),
    lines.map(lambda text: f"!!! hinweis\n    {text}"),
)
bodies = st.lists(blocks, max_size=4).map("\n\n".join)
step_bodies = bodies.filter(lambda body: not walkthrough_text.step_problems(body))
facts = st.one_of(st.just(""), lines)


def is_sentence(text):
    try:
        validate_sentence(text)
    except ValidationError:
        return False
    return True


changes = st.lists(st.builds(Change, st.dates(), lines.filter(is_sentence)), max_size=3)


@st.composite
def walkthrough_steps(draw):
    steps, section = [], ""
    for place in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            section = f"{draw(lines)} {place}"
        actors = draw(st.lists(st.sampled_from(ACTORS), unique=True, max_size=2))
        facts_ = {name: draw(facts) for name in ("duration", "applies_to", "needs", "gets")}
        steps.append(Step(draw(lines), section, ", ".join(actors), body=draw(step_bodies), **facts_))
    return steps


@st.composite
def entries(draw):
    steps = draw(st.one_of(st.just([]), walkthrough_steps()))
    moment = st.datetimes(timezones=st.just(values.TIME_ZONE)).filter(lambda m: 2000 < m.year < 2100)
    publish_at = draw(st.none() | moment.map(lambda m: m.replace(second=0, microsecond=0, hour=12)))
    return Entry(
        title=draw(lines),
        short=draw(facts),
        position=draw(st.none() | st.integers(0, 999)),
        kind="walkthrough" if steps else "question",
        status=draw(st.sampled_from(["published", "draft"])),
        tags=draw(st.lists(lines, unique=True, max_size=4)),
        aliases=draw(st.lists(slugs, unique=True, max_size=2)),
        publish_at=publish_at,
        review=draw(st.none() | st.dates()),
        changes=newest_first(draw(changes)),
        note=draw(st.lists(lines, max_size=3).map("\n".join)),
        body=draw(step_bodies if steps else bodies),
        steps=steps,
    )
