"""From a document to the canonical text of its file; knows no database.

Keys in order, empty ones left out, lists on one line but for changes, quotes only where YAML needs them, LF, one newline at the end. Whatever was
read and is written again keeps its meaning, and canonical files keep their bytes.
"""

from datetime import date, datetime

import yaml

from faq.content import walkthrough_text
from faq.content.documents import Change, Entry, Text
from faq.content.values import TIME_ZONE


def write(document):
    """The text of the file of an Entry, Category, Site or Text."""
    if isinstance(document, Text):
        return document.body + "\n"
    parts = [document.body] if document.body else []
    if isinstance(document, Entry):
        parts += walkthrough_text.write(document)
    return f"---\n{_yaml(_values(document))}---\n" + "".join(f"\n{part}\n" for part in parts)


def write_list(documents, without=()):
    """The text of a file that is a list: of Term, Contact, Gap, Attachment, Picture or Notice; `without` names what is left out."""
    return _yaml([_values(document, without) for document in documents])


def _values(document, without=()):
    values = ((each, getattr(document, each.name)) for each in document.given() if each.name not in without)
    return {each.name: _value(value) for each, value in values if value not in ("", None, [], each.default)}


def _value(value):
    if value is True:
        return "yes"
    if isinstance(value, list):
        return (
            [f"{each.day} {each.text}" if each.day else each.text for each in value]
            if isinstance(value[0], Change)
            else _OneLine(value)
        )
    if isinstance(value, datetime):
        local = value.astimezone(TIME_ZONE)
        return local.date().isoformat() if (local.hour, local.minute) == (0, 0) else local.isoformat(" ")[:16]
    return value.isoformat() if isinstance(value, date) else str(value)


class _OneLine(list):
    """A list that is written on one line."""


class _Dumper(yaml.BaseDumper):
    """Writes text as text: without implicit types nothing needs quotes for looking like a number or a date."""

    def ignore_aliases(self, data):
        return True


_Dumper.add_representer(
    str,
    lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:str", value, style='"' if "\n" in value else None),
)
_Dumper.add_representer(dict, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value))
_Dumper.add_representer(list, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value))
_Dumper.add_representer(
    _OneLine, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


def _yaml(value):
    options = {"allow_unicode": True, "width": float("inf"), "default_flow_style": False, "sort_keys": False}
    return yaml.dump(value, Dumper=_Dumper, **options) if value else ""
