"""Structured data (schema.org) of the pages, as the text of a JSON-LD script."""

import json

from django.utils.safestring import mark_safe

from faq.origin import absolute

# So that no text can end the script element.
_ESCAPES = {">": "\\u003E", "<": "\\u003C", "&": "\\u0026"}


def category_page(category, entries, links):
    """FAQPage with those of the category's questions that are answered on the page, and the way to it."""
    breadcrumb = _breadcrumb((category.title, category))
    if not entries:
        return _script(breadcrumb)
    questions = [
        {
            "@type": "Question",
            "name": entry.title,
            "url": absolute(entry.get_absolute_url()),
            "acceptedAnswer": {"@type": "Answer", "text": answer_text(entry, links)} | _image(links, *texts(entry)),
        }
        for entry in entries
    ]
    return _script({"@type": "FAQPage", "inLanguage": "de", "mainEntity": questions}, breadcrumb)


def entry_page(entry, links, description):
    """HowTo for a walkthrough, else an FAQPage of one question, and the way to it."""
    url = absolute(entry.get_absolute_url())
    if entry.is_walkthrough:
        steps = [
            {
                "@type": "HowToStep",
                "position": step.number,
                "name": step.title,
                "text": links.plain(step.body_html) or step.title,
                "url": f"{url}#{step.name}",
            }
            | _image(links, step.body_html)
            for step in entry.steps.all()
        ]
        about = {"@type": "HowTo", "name": entry.title, "description": description, "inLanguage": "de", "step": steps}
        about |= _image(links, entry.body_html)
    else:
        answer = {"@type": "Answer", "text": answer_text(entry, links), "url": url}
        answer |= _image(links, entry.body_html)
        question = {"@type": "Question", "name": entry.title, "acceptedAnswer": answer}
        about = {"@type": "FAQPage", "inLanguage": "de", "mainEntity": [question]}
    about["url"] = url
    if entry.updated:
        about["dateModified"] = entry.updated.isoformat()
    return _script(about, _breadcrumb((entry.category.title, entry.category), (entry.title, entry)))


def answer_text(entry, links):
    """An entry's answer in plain words; for a walkthrough its intro and the titles of its steps."""
    steps = " ".join(f"{step.number}. {step.title}." for step in entry.steps.all()) if entry.is_walkthrough else ""
    return f"{links.plain(entry.body_html)} {steps}".strip()


def texts(entry):
    """The HTML of an answer, piece by piece."""
    return [entry.body_html, *(step.body_html for step in entry.steps.all())]


def _image(links, *htmls):
    """What schema.org calls the pictures of a text; nothing where there are none."""
    addresses = [absolute(picture.address) for picture in links.pictures(*htmls)]
    return {"image": addresses} if addresses else {}


def _breadcrumb(*places):
    items = [("Start", "/"), *((name, place.get_absolute_url()) for name, place in places)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate(items, 1)
        ],
    }


def _script(*things):
    text = json.dumps({"@context": "https://schema.org", "@graph": things}, ensure_ascii=False)
    for sign, escape in _ESCAPES.items():  # str.translate takes far longer
        text = text.replace(sign, escape)
    return mark_safe(text)  # noqa: S308  nothing in it can end the script
